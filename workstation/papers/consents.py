"""The forms as dated data, in English and Spanish, read from ``resources/forms``."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from workstation.kernel.errors import Refused
from workstation.papers.model import Form, FormId


@cache
def all_forms() -> tuple[Form, ...]:
    """Every version of every form, in the order in which they are handed over."""
    folder = resources.files("resources.forms")
    forms = [_form(json.loads((folder / f"{name}.json").read_text("utf-8"))) for name in FormId]
    return tuple(sorted(forms, key=lambda form: (form.order, form.effective_from)))


def form_on(form_id: FormId, day: date) -> Form:
    """The version in force on a day.

    Raises Refused ``form_not_in_force`` where there is none: a paper is never shown out of date.
    """
    in_force = [form for form in all_forms() if form.id is form_id and _covers(form, day)]
    if not in_force:
        raise Refused(
            "form_not_in_force",
            "There is no version of this form for the day of the visit.",
            "Ask IT to bring the forms of this desk up to date; use the paper form until then.",
        )
    return in_force[-1]


def form_of(form_id: FormId, version: str) -> Form:
    """One exact version, for showing again what was signed. Raises KeyError for an unknown one."""
    for form in all_forms():
        if form.id is form_id and form.version == version:
            return form
    raise KeyError(f"{form_id} {version}")


def _covers(form: Form, day: date) -> bool:
    return form.effective_from <= day and (
        form.effective_until is None or day <= form.effective_until
    )


def _form(value: dict[str, Any]) -> Form:
    until = value["effective_until"]
    return Form(
        id=FormId(value["id"]),
        version=value["version"],
        effective_from=date.fromisoformat(value["effective_from"]),
        effective_until=date.fromisoformat(until) if until else None,
        order=value["order"],
        purpose=value["purpose"],
        of_money=value["of_money"],
        valid_days=value["valid_days"],
        asks_signature=value["asks_signature"],
        title=value["title"],
        why=value["why"],
        body={language: tuple(parts) for language, parts in value["body"].items()},
    )
