"""Users, roles and permissions. Whatever is not granted here is denied."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workstation.kernel.errors import NotPermitted


class Role(StrEnum):
    """What a person is at the desk."""

    REGISTRAR = "registrar"
    SUPERVISOR = "supervisor"
    COUNSELLOR = "counsellor"
    IT = "it"
    KIOSK = "kiosk"
    PRIVACY = "privacy"
    """The privacy officer: examines who looked at whom, registers nobody."""
    SERVICE = "service"
    """The automation user that ``portico init`` made; acts for ``portico do``."""


class Permission(StrEnum):
    """One thing that a use case may ask for."""

    SEARCH = "search"
    OPEN_CHART = "open_chart"
    REGISTER = "register"
    REVISE = "revise"
    OPEN_VISIT = "open_visit"
    MOVE_VISIT = "move_visit"
    RECORD_SCREENING = "record_screening"
    CORRECT_CLASS = "correct_class"
    ASK_PAYER = "ask_payer"
    ESTIMATE = "estimate"
    TAKE_PAYMENT = "take_payment"
    REFUND = "refund"
    SIGN_PAPER = "sign_paper"
    CAPTURE = "capture"
    MERGE = "merge"
    RESOLVE_CONFLICT = "resolve_conflict"
    MANAGE_USERS = "manage_users"
    EXPORT = "export"
    SEE_ARRIVALS = "see_arrivals"
    EXAMINE_ACCESS = "examine_access"


_DESK = frozenset(
    {
        Permission.SEARCH,
        Permission.OPEN_CHART,
        Permission.REGISTER,
        Permission.REVISE,
        Permission.OPEN_VISIT,
        Permission.MOVE_VISIT,
        Permission.RECORD_SCREENING,
        Permission.CORRECT_CLASS,
        Permission.ASK_PAYER,
        Permission.ESTIMATE,
        Permission.TAKE_PAYMENT,
        Permission.SIGN_PAPER,
        Permission.CAPTURE,
        Permission.SEE_ARRIVALS,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.REGISTRAR: _DESK,
    Role.SUPERVISOR: _DESK
    | {
        Permission.REFUND,
        Permission.MERGE,
        Permission.RESOLVE_CONFLICT,
        Permission.EXPORT,
        Permission.EXAMINE_ACCESS,
    },
    Role.COUNSELLOR: frozenset(
        {
            Permission.SEARCH,
            Permission.OPEN_CHART,
            Permission.ASK_PAYER,
            Permission.ESTIMATE,
            Permission.TAKE_PAYMENT,
            Permission.SIGN_PAPER,
            Permission.SEE_ARRIVALS,
        }
    ),
    Role.IT: frozenset({Permission.MANAGE_USERS, Permission.EXPORT}),
    Role.PRIVACY: frozenset({Permission.SEARCH, Permission.EXAMINE_ACCESS, Permission.EXPORT}),
    Role.KIOSK: frozenset({Permission.SEARCH, Permission.SIGN_PAPER}),
    Role.SERVICE: frozenset(Permission),
}
"""The role matrix, tested cell by cell (45 CFR 164.308(a)(4), minimum necessary)."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person. Use cases are built for one session and check it on every call."""

    user_id: str
    login: str
    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether this person's role grants it."""
        return permission in GRANTS[self.role]

    def require(self, permission: Permission) -> None:
        """Raises NotPermitted ``not_permitted`` unless the role grants it."""
        if not self.may(permission):
            raise NotPermitted(
                "not_permitted",
                "Your account may not do this.",
                "Ask a supervisor to do it, or to change your role.",
            )
