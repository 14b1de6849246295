"""Use cases of the contact of a round: whom one reaches about what it publishes."""

from __future__ import annotations

import sqlalchemy as sa

from core.services.notice_draft import Contact
from core.store.tables import round_contacts


def contact_of(connection: sa.Connection, round_id: int) -> Contact | None:
    """The contact of a round; None while nobody has entered one."""
    table = round_contacts
    query = sa.select(table.c.phone, table.c.address, table.c.mailbox, table.c.unit)
    row = connection.execute(query.where(table.c.round_id == round_id)).first()
    return None if row is None else Contact(*row)
