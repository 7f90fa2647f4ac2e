"""What is on file for the question under the cursor, in words for the evidence panel."""

from __future__ import annotations

from ui.words import say
from workstation.interview.fields import Field
from workstation.interview.model import Said
from workstation.interview.paths import get
from workstation.interview.situation import Situation
from workstation.interview.typed import iso_or_none, shown_date, shown_ssn
from workstation.people.phones import shown_phone


def on_file_words(field: Field, situation: Situation) -> str:
    """The answer of a question as the store has it; empty where there is none."""
    known = situation.on_file
    if known is None or field.asked_afresh:
        return ""
    value = get(known, field.key)
    if value in ("", (), None, False) or value is Said.OPEN:
        return ""
    words = {option.code: say(option.label) for option in field.options}
    if isinstance(value, tuple):
        return ", ".join(words.get(str(part), str(part)) for part in value)
    text = str(value)
    if field.key == "identity.ssn":
        return shown_ssn(text)
    if iso_or_none(text):
        return shown_date(text)
    return words.get(text, shown_phone(text) if text.startswith("+1") else text)
