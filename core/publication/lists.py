"""Lists for publication (contract §6): which columns, in which order. Never a score, a rank or a phone number."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.publication.harmless import harmless

ORDER_NOTE = "注：按行政区划排列，排名不分先后。"
HEADER = ("序号", "地区", "平台（基地）名称", "类型", "运营主体")
KINDS: dict[str, str] = {
    "creation_candidates": "拟创建对象公示名单",
    "creation_objects": "创建对象名单",
    "recognition_candidates": "拟认定公示名单",
    "recognized": "认定名单",
    "revoked": "撤销名单",
}
KIND_WORDS = {"platform": "平台", "base": "基地"}


@dataclass(frozen=True, slots=True)
class ListedObject:
    """One line of a list: what 第九条 makes public of a platform or base, and nothing else."""

    division_code: str
    city: str
    name: str
    kind: str
    operator: str


Listed = TypeVar("Listed", bound=ListedObject)


@dataclass(frozen=True, slots=True)
class PublicList:
    """A list ready to be written: title, lines in official order."""

    kind: str
    year: int
    objects: tuple[ListedObject, ...]

    @property
    def title(self) -> str:
        """`2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象公示名单`."""
        return f"{self.year}年度辽宁省中小企业公共服务示范平台（基地）{KINDS[self.kind]}"

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells below the header, all text, the number of the line first."""
        return tuple(
            (str(number), each.city, each.name, KIND_WORDS[each.kind], each.operator)
            for number, each in enumerate(self.objects, start=1)
        )

    @property
    def data_sha256(self) -> str:
        """SHA-256 of the data behind the files."""
        text = json.dumps([self.kind, self.year, self.rows], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def in_official_order(objects: Iterable[Listed]) -> tuple[Listed, ...]:
    """Administrative division code, 沈抚示范区 (which has none) last, then name (第八条: no other order)."""
    return tuple(sorted(objects, key=lambda each: (not each.division_code.isdigit(), each.division_code, each.name)))


def as_csv(listed: PublicList) -> bytes:
    """UTF-8 with BOM, as spreadsheets expect; a text that would start a formula is preceded by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows([harmless(cell) for cell in row] for row in listed.rows)
    return text.getvalue().encode("utf-8-sig")


def manifest(listed: PublicList, files: Mapping[str, bytes], *, standard_id: str, program: str, as_of: str) -> bytes:
    """What was exported from what: SHA-256 of every file and of the data behind it.

    Who exported it and when stands in the ledger, so that the same store gives the same bytes here too.
    """
    document = {
        "list": listed.kind,
        "title": listed.title,
        "rows": len(listed.objects),
        "data_sha256": listed.data_sha256,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "as_of": as_of,
        "standard": standard_id,
        "program": program,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def write_files(
    listed: PublicList, formats: Mapping[str, Callable[[PublicList], bytes]], stem: str
) -> dict[str, bytes]:
    """The list in each format, by file name."""
    return {f"{stem}.{suffix}": write(listed) for suffix, write in formats.items()}


def widths(listed: PublicList, most: Sequence[int]) -> list[int]:
    """Column widths in half-width characters: as wide as the widest cell, no wider than `most`."""
    columns = zip(HEADER, *listed.rows, strict=True)
    return [
        min(limit, 2 + max(sum(2 if ord(sign) > 255 else 1 for sign in cell) for cell in column))
        for column, limit in zip(columns, most, strict=True)
    ]
