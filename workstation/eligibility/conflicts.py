"""What tells rows of the same key apart, in the payer's own words and in ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

from workstation.eligibility.codes import INSURANCE_TYPES, PLACES
from workstation.eligibility.model import Row
from workstation.eligibility.sides import ConflictingValue

Token = tuple[str, str]
"""What the file says, and the same for a person to read."""

_circumstances = itemgetter(
    Row._fields.index("place_of_service"), slice(Row._fields.index("level"), None)
)


def distinguish(
    rows: Sequence[Row], value_of: Callable[[Row], int | str | None]
) -> tuple[ConflictingValue, ...]:
    """One value per row, each with only those tokens that not all rows share."""
    if len({_circumstances(row) for row in rows}) == 1:
        # Payers often give two figures and nothing that tells which is for whom.
        bare = [(value_of(row), row.number) for row in rows]
        return tuple([ConflictingValue(v, (), (), n) for v, n in bare if v is not None])
    tokens = [_tokens(row) for row in rows]
    shared = set(tokens[0]).intersection(*tokens[1:])
    values = []
    for row, own in zip(rows, tokens, strict=True):
        value = value_of(row)
        if value is not None:
            told = [token for token in own if token not in shared]
            said, words = zip(*told, strict=True) if told else ((), ())
            values.append(ConflictingValue(value, said, words, row.number))
    return tuple(values)


def _tokens(row: Row) -> list[Token]:
    tokens = _what_and_where(row)
    if row.conditions:
        tokens += [(code, f"condition {code}") for _, code in row.conditions]
    if row.entities:
        tokens += [(name, name) for each in row.entities if (name := each.name or each.id)]
    if row.period:
        tokens.append((row.period, row.period.replace("_", " ")))
    if row.quantity is not None:
        tokens.append((str(row.quantity), f"{row.quantity} {row.quantity_qualifier or ''}".strip()))
    if row.dates:
        tokens += _date_tokens(row)
    if row.level:
        tokens.append((row.level, f"level {row.level}"))
    if row.deliveries or row.references:
        tokens += _delivery_tokens(row)
    return tokens


def _what_and_where(row: Row) -> list[Token]:
    tokens: list[Token] = []
    place = row.place_of_service
    if place:
        tokens.append((place, f"place of service {place} ({PLACES.get(place, 'see code')})"))
    if row.messages:
        tokens += [(message, message) for message in row.messages]
    if row.plan:
        tokens.append((row.plan, f"plan {row.plan}"))
    if row.insurance_type:
        label = INSURANCE_TYPES.get(row.insurance_type, row.insurance_type)
        tokens.append((row.insurance_type, label))
    if row.procedure:
        tokens.append((row.procedure, f"procedure {row.procedure}"))
    if row.modifiers:
        tokens += [(modifier, f"modifier {modifier}") for modifier in row.modifiers]
    return tokens


def _date_tokens(row: Row) -> list[Token]:
    tokens = []
    for value in row.dates:
        text = f"{value.begin or ''}/{value.end or ''}"
        tokens.append((text, f"{value.qualifier} dates {value.begin or '…'} to {value.end or '…'}"))
    return tokens


def _delivery_tokens(row: Row) -> list[Token]:
    tokens = []
    for delivery in row.deliveries:
        text = " ".join(part for part in delivery if part)
        tokens.append((text, f"delivery {text}"))
    return tokens + [(value, f"reference {value}") for _, value, _ in row.references if value]
