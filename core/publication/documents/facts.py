"""From what is known to the fields of a template. Pure; dates and counts are never typed, they come from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.publication.documents.kinds import Kind, words
from core.publication.documents.wording import broken, lead
from core.publication.notice_text import NoticeText, chinese_day


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document is made of. `header` and `rows` are those of its list, `list_title` its title.

    `measure` is the edition's name, `annual` the number of the annual notice ('' where there is none), `contact`
    unit, phone, address and mailbox by these names. `more`: fields that only some kinds have.
    """

    kind: Kind
    year: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    list_title: str
    number: str
    signed: date
    measure: str
    annual: str
    contact: Mapping[str, str]
    city: str = ""
    text: NoticeText | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The document's title on one line."""
        return self.kind.title.format(年度=self.year) if self.text is None else self.text.title


def fields(facts: Facts) -> dict[str, Any]:
    """Every field of the kind, by its Chinese name; 名单 without its rows, which `listed` gives."""
    kind, said, text = facts.kind, words(), facts.text
    annex = kind.annex.format(城市=facts.city, 年度=facts.year) if kind.annex else facts.list_title
    named = facts.header.index(kind.lead)
    known = {
        "标题": broken(facts.title, said.breaks),
        "文号": facts.number,
        "主送": kind.to.format(城市=facts.city),
        "年度": facts.year,
        "办法": facts.measure,
        "通知依据": said.annual.format(number=facts.annual) if facts.annual else "",
        "数量": len(facts.rows),
        "列举": lead([row[named] for row in facts.rows]),
        "城市": facts.city,
        "附件说明": f"附件：{annex}" if text is None else text.attachment,
        "附件标题": broken(annex, said.breaks),
        "署名": said.signature if text is None else text.signature,
        "日期": chinese_day(facts.signed),
        "联系单位": facts.contact.get("unit", ""),
        "联系电话": facts.contact.get("phone", ""),
        "通讯地址": facts.contact.get("address", ""),
        "电子邮箱": facts.contact.get("mailbox", ""),
        "正文": [] if text is None else list(text.paragraphs),
        **facts.more,
    }
    return {name: known[name] for name in kind.fields if name != "名单"}


def listed(kind: Kind, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """名单: the rows with the names that templates have for their columns, in their order."""
    places = [(column.field, header.index(column.head)) for column in kind.columns]
    return [{name: row[place] for name, place in places} for row in rows]
