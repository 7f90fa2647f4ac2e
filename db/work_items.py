"""The table of work items."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Text

from db.tables import Json, entity_table
from workstation.work_items.model import WORK_ITEM

work_item = entity_table(
    WORK_ITEM,
    Column("kind", String(32), nullable=False),
    Column("about_id", String(36), nullable=False),
    Column("person_id", String(36)),
    Column("visit_id", String(36)),
    Column("opened_at", String(32), nullable=False),
    Column("due", String(32)),
    Column("state", String(16), nullable=False),
    Column("owner", String(36)),
    Column("settled_at", String(32)),
    Column("note", Text),
    Column("detail", Json),
)
Index("ix_work_item_state", work_item.c.state, work_item.c.kind, work_item.c.facility)
