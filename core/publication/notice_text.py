"""The whole text of a public notice, as it is published (第七条（二）、（四）); its words stand in `notice_text.toml`.

Dates and the number of objects are never typed: they come from what the notice counts with and from its list.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from core.publication.lists import PublicList


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a text is made of. `measure` is the edition's name, `number` the annual notice's ('' where not set).

    `last` is the last day of the period of `days` working days that begins with `published`; `mailbox` may be ''.
    """

    stage: str
    listed: PublicList
    measure: str
    number: str
    published: date
    last: date
    days: int
    count_start: bool
    signed: date
    unit: str
    phone: str
    address: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice ready to be read: title, paragraphs, and below them attachment, signature and day."""

    title: str
    paragraphs: tuple[str, ...]
    attachment: str
    signature: str
    day: str

    @property
    def whole(self) -> str:
        """All of it, a line each, to be copied."""
        return "\n".join((self.title, "", *self.paragraphs, "", self.attachment, "", self.signature, self.day))

    def plain(self) -> dict[str, Any]:
        """The text as the ledger keeps it."""
        return {
            "title": self.title,
            "paragraphs": list(self.paragraphs),
            "attachment": self.attachment,
            "signature": self.signature,
            "day": self.day,
        }


def notice_text(facts: NoticeFacts) -> NoticeText:
    """The text of a notice."""
    words = {**_words()["all"], **_words()[facts.stage]}
    fields = {
        "year": facts.listed.year,
        "measure": facts.measure,
        "annual": words["annual"].format(number=facts.number) if facts.number else "",
        "count": len(facts.listed.objects),
        "list": facts.listed.title,
        "first": chinese_day(facts.published),
        "last": chinese_day(facts.last),
        "days": facts.days,
        "rule": words["with_start" if facts.count_start else "without_start"],
        "unit": facts.unit,
        "phone": facts.phone,
        "address": facts.address,
        "mailbox": facts.mailbox,
    }
    kept = ["lead", "period", "how", "postmark", "outcome", "contact", "phone", "address"]
    if facts.mailbox:
        kept.append("mailbox")
    said = {name: words[name].format_map(fields) for name in ("title", "attachment", "signature", *kept)}
    paragraphs = tuple(said[name] for name in kept)
    return NoticeText(said["title"], paragraphs, said["attachment"], said["signature"], chinese_day(facts.signed))


def from_plain(kept: Mapping[str, Any]) -> NoticeText:
    """The text that `plain` gave."""
    return NoticeText(**{**kept, "paragraphs": tuple(kept["paragraphs"])})


def chinese_day(day: date) -> str:
    """`2026年6月1日`: dates of documents carry no day of the week."""
    return f"{day.year}年{day.month}月{day.day}日"


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
