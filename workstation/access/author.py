"""Signs commands: who decided, at which desk's facility, when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.facility.model import Desk
from workstation.kernel.clock import Clock
from workstation.kernel.commands import Change, Command
from workstation.kernel.ids import new_id


class Author:
    """Makes the commands of one person, named by user id, at one desk."""

    def __init__(self, actor: str, desk: Desk, clock: Clock) -> None:
        self._actor = actor
        self._desk = desk
        self._clock = clock

    def command(
        self,
        type_: str,
        subject: str | None,
        changes: tuple[Change, ...],
        *,
        reason: str | None = None,
        key: str | None = None,
        answer: Mapping[str, Any] | None = None,
        id: str | None = None,
    ) -> Command:
        """A command about ``subject``; ``key`` and ``answer`` make it idempotent.

        ``id`` is given where the changes themselves name the command.
        """
        return Command(
            id=id or new_id(),
            type=type_,
            actor=self._actor,
            at=self._clock(),
            facility=self._desk.facility.id,
            changes=changes,
            reason=reason,
            subject=subject,
            key=key,
            answer=dict(answer or {}),
        )
