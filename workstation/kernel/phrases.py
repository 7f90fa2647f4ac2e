"""What people read, made once in English and said in their language from one catalogue.

The English sentence is the key (``resources/i18n/es.json``). A rule that puts values into a
sentence makes a :func:`phrase`: English text like any other, for answers, audit and tests, that
still remembers its sentence and values, so that window and paper can say it in Spanish.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import resources

LANGUAGES = ("en", "es")


class Phrase(str):
    """A finished English text with the sentence and values that it was made of."""

    __slots__ = ("sentence", "values")

    sentence: str
    values: Mapping[str, object]

    def __new__(cls, sentence: str, values: Mapping[str, object]) -> Phrase:
        made = super().__new__(cls, sentence.format(**values))
        made.sentence, made.values = sentence, dict(values)
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.sentence, self.values


def phrase(sentence: str, /, **values: object) -> str:
    """``phrase("Copay {amount}.", amount="$25.00")``; a value that is a text of ours, and not a
    name or number, is a phrase itself."""
    return Phrase(sentence, values)


def paragraph(*sentences: str) -> str:
    """Sentences one after another, each said by itself; the empty ones are left out."""
    kept = {f"s{n}": phrase_of(one) for n, one in enumerate(sentences) if one}
    return Phrase(" ".join(f"{{{name}}}" for name in kept), kept)


def sentences(text: str) -> tuple[str, ...]:
    """What :func:`paragraph` was made of; another text is one sentence."""
    if (
        isinstance(text, Phrase)
        and text.values
        and all(name.startswith("s") for name in text.values)
    ):
        return tuple(str(one) for one in text.values.values())
    return (str(text),)


def phrase_of(text: str) -> str:
    """A constant sentence as a phrase; a phrase stays as it is."""
    if isinstance(text, Phrase):
        return text
    return Phrase("{text}", {"text": text}) if "{" in text else Phrase(text, {})


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """English sentence to its translation, empty for English; ValueError for other languages."""
    if language not in LANGUAGES:
        raise ValueError(language)
    if language == "en":
        return {}
    place = Path(resources.__file__).parent / "i18n" / f"{language}.json"
    words: dict[str, str] = json.loads(place.read_text(encoding="utf-8"))
    return words


def language_of(code: str | None) -> str:
    """Ours for a person's language: Spanish for every Spanish, English for all others."""
    return "es" if (code or "").casefold().startswith(("es", "spa")) else "en"


def translated(text: str, language: str, /, **values: object) -> str:
    """The text in a language with its values put in; what the catalogue lacks stays English."""
    sentence = text
    if isinstance(text, Phrase):
        sentence, values = text.sentence, {**text.values, **values}
    words = catalogue(language).get(sentence, sentence)
    if not values:
        return words
    return words.format(
        **{
            name: translated(value, language) if isinstance(value, Phrase) else value
            for name, value in values.items()
        }
    )


def kept(text: str) -> Any:
    """A text as JSON that can be said in any language later: see :func:`said_again`."""
    if not isinstance(text, Phrase):
        return text
    values = {
        name: kept(value) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return {"sentence": text.sentence, "values": values}


def said_again(stored: Any) -> str:
    """The text that :func:`kept` stored; nothing for None."""
    if not isinstance(stored, Mapping):
        return str(stored or "")
    values = {
        name: said_again(value) if isinstance(value, (str, Mapping)) else value
        for name, value in stored["values"].items()
    }
    return Phrase(stored["sentence"], values)
