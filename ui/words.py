"""What the window says, in English or Spanish, from one catalogue (resources/i18n/es.json).

``say("Take {amount}", amount="$25.00")``: the English sentence is the key; a sentence that the
catalogue lacks is shown in English. Numbers, dates and money keep US forms in every language.
"""

from __future__ import annotations

import json
from pathlib import Path

import resources

LANGUAGES = ("en", "es")


class _Now:
    """The language in force; one per process, as the style is."""

    catalogue: dict[str, str] = {}  # noqa: RUF012 - replaced as a whole by speak()
    language = "en"


def speak(language: str) -> None:
    """Chooses the language of all that is said from now on; open windows are built anew."""
    if language not in LANGUAGES:
        raise ValueError(language)
    _Now.language = language
    _Now.catalogue = {} if language == "en" else catalogue(language)


def language() -> str:
    """``en`` or ``es``."""
    return _Now.language


def catalogue(language: str) -> dict[str, str]:
    """English sentence to its translation."""
    place = Path(resources.__file__).parent / "i18n" / f"{language}.json"
    words: dict[str, str] = json.loads(place.read_text(encoding="utf-8"))
    return words


def say(sentence: str, **values: object) -> str:
    """The sentence in the language in force, with its values put in."""
    words = _Now.catalogue.get(sentence, sentence)
    return words.format(**values) if values else words
