"""Whom one reaches about what is published: checked, and kept for a round; notices and documents begin with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.publication.lint import check_text
from core.services.accounts import required_reason
from core.store.queries import one
from core.store.tables import round_contacts, rounds
from core.store.unit import Entry

_LABELS: Final = {"unit": "联系单位", "phone": "联系电话", "address": "通讯地址"}
_LONGEST: Final = {"unit": 128, "phone": 128, "address": 500, "mailbox": 128}
_ALL: Final = {**_LABELS, "mailbox": "电子邮箱"}


@dataclass(frozen=True, slots=True)
class Contact:
    """Where objections and questions go, as notices and documents give it. `mailbox` may be empty."""

    phone: str
    address: str
    mailbox: str
    unit: str

    def plain(self) -> dict[str, str]:
        """As the store keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RoundContact:
    """The contact of a round, and the version that goes back with a change; 0 and None before the first."""

    contact: Contact | None
    version: int


def tidied(contact: Contact, *, whose: str = "", meant: str = "") -> Contact:
    """The contact on one line each. Refused where something is not given: `whose` and `meant` go into the sentence."""
    plain: dict[str, Any] = {each.name: " ".join(getattr(contact, each.name).split()) for each in fields(contact)}
    missing = [label for name, label in _LABELS.items() if not plain[name]]
    if missing:
        raise Refused(f"请填写{whose}{'、'.join(missing)}{meant}。")
    return Contact(**plain)


def contact_of(connection: sa.Connection, round_id: int) -> Contact | None:
    """The contact of a round; None while nobody has entered one."""
    return held_contact(connection, round_id).contact


def held_contact(connection: sa.Connection, round_id: int) -> RoundContact:
    """The same with its version."""
    query = sa.select(round_contacts).where(round_contacts.c.round_id == round_id)
    row = connection.execute(query).first()
    if row is None:
        return RoundContact(None, 0)
    return RoundContact(Contact(row.phone, row.address, row.mailbox, row.unit), row.version)


def set_contact(app: App, actor: Actor, round_id: int, version: int, contact: Contact, why: str = "") -> None:
    """Enters or changes the contact of a round; a change asks for its reason.

    `version`: the one that the person had in front of them, 0 for none. Refused: a gap, no change; Stale where
    somebody else came first. Documents and notices made before keep the contact that they went out with.
    """
    actor.require(Permission.MANAGE_ROUND)
    contact = tidied(contact, meant="，对外文稿中要写明")
    why = required_reason(why) if version else why.strip()
    values = contact.plain()
    for name, longest in _LONGEST.items():
        if len(values[name]) > longest:
            raise Refused(f"{_ALL[name]}太长，请不要超过 {longest} 个字。")
    personal = [each for each in check_text("\n".join(values.values()), (contact.phone,)) if each.code == "code"]
    if personal:
        raise Refused("联系方式里有像统一社会信用代码或身份证号的内容，对外文稿中不能写，请改正。")
    with app.unit(actor) as unit:
        year = one(unit.connection, sa.select(rounds.c.year).where(rounds.c.id == round_id), "没有这个年度轮次。").year
        held = held_contact(unit.connection, round_id)
        if held.contact == contact:
            raise Refused("没有改动，无需保存。")
        subject = ("contact", round_id, f"{year}年度的联系方式")
        if held.contact is None and version == 0:
            unit.insert(round_contacts, round_id=round_id, **values)
        else:
            unit.update_version(round_contacts, round_contacts.c.round_id == round_id, version, subject, **values)
        before = {} if held.contact is None else held.contact.plain()
        changed = [_ALL[name] for name, text in values.items() if text != before.get(name, "")]
        what = f"{'修改' if held.contact else '填写'}{year}年度的联系方式：{'、'.join(changed)}"
        unit.record(Entry("round.contact", *subject, what, why, round_id, version, values))
