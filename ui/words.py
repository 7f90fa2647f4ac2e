"""What the window says, in English or Spanish, from one catalogue (resources/i18n/es.json).

``say("Take {amount}", amount="$25.00")``: the English sentence is the key; a sentence that the
catalogue lacks is shown in English. Numbers, dates and money keep US forms in every language.
What a rule of ``workstation`` said is a text or a phrase: ``say(error.say)`` says it.
"""

from __future__ import annotations

from workstation.kernel.phrases import catalogue, translated


class _Now:
    """The language in force; one per process, as the style is."""

    language = "en"


def speak(language: str) -> None:
    """Chooses the language of all that is said from now on; open windows are built anew."""
    catalogue(language)
    _Now.language = language


def language() -> str:
    """``en`` or ``es``."""
    return _Now.language


def say(sentence: str, /, **values: object) -> str:
    """The sentence in the language in force, with its values put in."""
    return translated(sentence, _Now.language, **values)
