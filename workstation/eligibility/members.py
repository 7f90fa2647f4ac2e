"""Names, ids and addresses of payer, subscriber and patient from their 2100 loops."""

from __future__ import annotations

from collections.abc import Iterable

from workstation.eligibility.elements import day
from workstation.eligibility.model import Member, Party
from workstation.eligibility.rows import read_entity
from workstation.x12.model import Loop, Segment

_GROUP_REFERENCES = ("6P", "1L")


def read_payer(loop: Loop) -> Party:
    """The information source."""
    entity = read_entity(loop)
    return Party(
        name=entity.name,
        id=entity.id,
        insurance_type=None,
        row=None,
        role="payer",
        id_qualifier=entity.id_qualifier,
        contacts=entity.contacts,
    )


def read_member(segments: Iterable[Segment]) -> Member:
    """The person of a 2100C or 2100D loop; what the payer does not say is None."""
    said: dict[str, Segment] = {}
    group: str | None = None
    for segment in segments:
        if segment.tag == "REF" and segment.get(1) in _GROUP_REFERENCES and group is None:
            group = segment.get(2) or None
        said.setdefault(segment.tag, segment)

    def element(tag: str, place: int) -> str | None:
        segment = said.get(tag)
        return (segment.get(place) or None) if segment is not None else None

    return Member(
        last=element("NM1", 3),
        first=element("NM1", 4),
        middle=element("NM1", 5),
        suffix=element("NM1", 7),
        member_id=element("NM1", 9),
        dob=day(element("DMG", 2) or ""),
        sex=element("DMG", 3),
        relation=element("INS", 2),
        group_number=group,
        street=element("N3", 1),
        street2=element("N3", 2),
        city=element("N4", 1),
        state=element("N4", 2),
        zip=element("N4", 3),
        corrected=(element("INS", 3), element("INS", 4)) == ("001", "25"),
    )
