"""Making this workstation: its id, its receipt code, its service user and automation drawer."""

from __future__ import annotations

import secrets
from dataclasses import asdict

from workstation.access.model import Role, Session
from workstation.access.use_cases import hash_password, put_account
from workstation.facility.model import Desk, Facility
from workstation.facility.time_zone import machine_zone, zone_of
from workstation.kernel.errors import PorticoError, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway

RECEIPT_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a receipt number can be read over the telephone."""

_ROW = "this"


def make_desk(store: StoreGateway, name: str, facility: Facility) -> Desk:
    """Writes the one row that says which desk this store is. Raises Refused ``already_made``."""
    with store.unit_of_work() as work:
        if work.get("desk", _ROW) is not None:
            raise Refused(
                "already_made",
                "This workstation has a store already. Nothing was changed.",
                "Use it as it is, or name another folder in PORTICO_HOME.",
            )
        code = "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(3))
        unknown = hash_password(secrets.token_urlsafe(32))  # nobody signs in as the service
        service = put_account(work, "portico-service", "Portico automation", Role.SERVICE, unknown)
        desk = Desk(new_id(), name, facility, code, new_id())
        work.put_local(
            "desk",
            _ROW,
            {
                "workstation_id": desk.workstation_id,
                "name": name,
                "hospital": asdict(facility),
                "receipt_code": code,
                "drawer": desk.drawer,
                "service_user": service,
            },
        )
        work.audit(service, "workstation_made", desk.workstation_id)
        work.commit()
    return desk


def read_desk(store: Store) -> Desk:
    """This desk. Raises PorticoError ``not_initialised``, ``time_zone_unknown``."""
    row = store.get("desk", _ROW)
    if row is None:
        raise _not_made()
    facility = Facility(**{"time_zone": machine_zone(), **row["hospital"]})
    zone_of(facility.time_zone)  # told now, and not in the middle of a check-in
    return Desk(
        row["workstation_id"],
        row["name"],
        facility,
        row["receipt_code"],
        row["drawer"],
    )


def set_time_zone(store: StoreGateway, name: str) -> None:
    """Sets the facility's zone for this desk, from its next start. Raises NotUnderstood
    ``time_zone_unknown``."""
    zone_of(name)
    with store.unit_of_work() as work:
        row = work.get("desk", _ROW)
        if row is None:
            raise _not_made()
        work.put_local("desk", _ROW, {"hospital": {**row["hospital"], "time_zone": name}})
        work.audit(row["service_user"], "time_zone_set", row["workstation_id"], {"zone": name})
        work.commit()


def service_session(store: Store) -> Session:
    """The automation user that ``init`` made."""
    row = store.get("desk", _ROW)
    user = store.get("local_user", row["service_user"]) if row else None
    if user is None:
        raise PorticoError(
            "not_initialised",
            "This workstation has no automation user.",
            "Run portico init --facility NAME once.",
        )
    return Session(user["id"], user["login"], user["name"], Role(user["role"]))


def _not_made() -> PorticoError:
    return PorticoError(
        "not_initialised",
        "This workstation has no store of its own yet.",
        "Run portico init --facility NAME once.",
    )
