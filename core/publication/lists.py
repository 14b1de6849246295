"""Lists for publication (contract §6): which columns, in which order. Never a score, a rank or a phone number."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from core.publication.harmless import harmless
from core.publication.list_kinds import TOLD, Kind, kinds

KINDS: Final[Mapping[str, str]] = {code: each.name for code, each in kinds().items()}
KIND_WORDS: Final = {"platform": "平台", "base": "基地"}
CSV_END: Final = "\r\n"


@dataclass(frozen=True, slots=True)
class ListedObject:
    """One line of a list: what 第九条 makes public of a platform or base, and nothing else.

    `told`: what the list's own columns say of it, from left to right.
    """

    division_code: str
    city: str
    name: str
    kind: str
    operator: str
    told: tuple[str, ...] = ()


Listed = TypeVar("Listed", bound=ListedObject)


@dataclass(frozen=True, slots=True)
class PublicList:
    """A list ready to be written: title, lines in official order.

    `as_of`: the past day whose state it shows, None for what it is now; a list of no year says so in its title.
    """

    kind: str
    year: int
    objects: tuple[ListedObject, ...]
    as_of: date | None = None

    @property
    def form(self) -> Kind:
        """Its columns and words."""
        return kinds()[self.kind]

    @property
    def title(self) -> str:
        """`2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象公示名单`."""
        title = self.form.title.format(year=self.year)
        return title if self.form.of_year or not self.as_of else f"{title}（截至{_chinese(self.as_of)}）"

    @property
    def header(self) -> tuple[str, ...]:
        """The heads of its columns."""
        return self.form.header

    @property
    def note(self) -> str:
        """What stands below the table."""
        return self.form.note

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells below the header, all text, the number of the line first."""
        values = [column.value for column in self.form.columns]
        return tuple(_row(values, number, each) for number, each in enumerate(self.objects, start=1))

    @property
    def data_sha256(self) -> str:
        """SHA-256 of the data behind the files."""
        return data_digest(self.kind, self.year, self.rows)


def _row(values: list[str], number: int, each: ListedObject) -> tuple[str, ...]:
    told: Iterator[str] = iter(each.told)
    shown = {"number": str(number), "city": each.city, "name": each.name, "operator": each.operator}
    shown["kind"] = KIND_WORDS[each.kind]
    return tuple(next(told) if value == TOLD else shown[value] for value in values)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def data_digest(kind: str, year: int, rows: Iterable[Iterable[str]]) -> str:
    """SHA-256 of the data of a list; the year of one that has none does not count."""
    known = year if kinds()[kind].of_year else None
    text = json.dumps([kind, known, [list(row) for row in rows]], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def in_official_order(objects: Iterable[Listed]) -> tuple[Listed, ...]:
    """Administrative division code, 沈抚示范区 (which has none) last, then name (第八条: no other order)."""
    return tuple(sorted(objects, key=lambda each: (not each.division_code.isdigit(), each.division_code, each.name)))


def as_csv(listed: PublicList) -> bytes:
    """UTF-8 with BOM, as spreadsheets expect; a text that would start a formula is preceded by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=CSV_END)
    writer.writerow(listed.header)
    writer.writerows([harmless(cell) for cell in row] for row in listed.rows)
    return text.getvalue().encode("utf-8-sig")


def manifest(
    listed: PublicList,
    files: Mapping[str, bytes],
    *,
    standard_id: str,
    program: str,
    as_of: str,
    reference_day: str = "",
    who: str = "",
    at: str = "",
) -> bytes:
    """What was exported from what, by whom and when: SHA-256 of every file and of the data behind it.

    `as_of`: the day whose state the data show; `reference_day`: the round's 审核基准日. `who` and `at` are of this
    export alone: the files beside it are the same for the same state, whoever exports them and when.
    """
    document = {
        "list": listed.kind,
        "year": listed.year if listed.form.of_year else None,
        "title": listed.title,
        "rows": len(listed.objects),
        "data_sha256": listed.data_sha256,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "as_of": as_of,
        "reference_day": reference_day,
        "standard": standard_id,
        "program": program,
        "who": who,
        "at": at,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def write_files(
    listed: PublicList, formats: Mapping[str, Callable[[PublicList], bytes]], stem: str
) -> dict[str, bytes]:
    """The list in each format, by file name."""
    return {f"{stem}.{suffix}": write(listed) for suffix, write in formats.items()}
