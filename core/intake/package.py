"""What lies around the cells of a workbook: its sheets by name, shared strings, and which styles are dates.

Read here and not by openpyxl, whose loaders refuse a whole book for one style or view they do not know, strip
`_x005F_` from texts, and hold the Chinese built-in date formats (27–36, 50–58) for numbers. Runs in the reader only.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from core.intake.prescreen import Screened
from core.intake.sentences import refused

# ECMA-376 part 1, 18.8.30: formats 27–36 and 50–58 are dates and times where the language is Chinese.
_CHINESE_DATES = frozenset(range(27, 37)) | frozenset(range(50, 59))
_MAX_FORMAT = 255
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Undoes `_x000D_` and its like (ECMA-376 part 1, 22.9.2.19). Signs that no text may hold stay as they are."""
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    plain = code in (0x09, 0x0A, 0x0D) or (0x20 <= code < 0xD800) or (0xE000 <= code < 0xFFFE)
    return chr(code) if plain else found[0]


def local(tag: Any) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def joined_text(element: Any) -> str:
    """Text of a string item, its runs joined; readings (rPh) are no part of it."""
    parts: list[str] = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(run.text or "" for run in child if local(run.tag) == "t")
    return "".join(parts)


class Package:
    """A screened workbook. Raises FileRefused where its parts do not hold together."""

    def __init__(self, archive: zipfile.ZipFile, screened: Screened, name: str) -> None:
        self._archive, self._roots, self._name = archive, screened.roots, name
        self._parts = {part.lower(): part for part in screened.roots}
        main = next((target for kind, target in self._relations("").values() if kind == "officeDocument"), "")
        self._main = self._part(main, "workbook")
        self._related = self._relations(self._main)
        book = self._tree(self._main)
        properties = next((child for child in book if local(child.tag) == "workbookPr"), None)
        self._mac = properties is not None and properties.get("date1904") in ("1", "true")
        self.sheets = tuple(self._list_sheets(book))

    @property
    def epoch(self) -> datetime:
        """The day zero of date cells: 1899-12-30, or 1904-01-01 where the workbook says so."""
        return datetime(1904, 1, 1) if self._mac else datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, in order."""
        from defusedxml.ElementTree import iterparse

        part = self._target("sharedStrings")
        if part is None:
            return []
        found: list[str] = []
        with self._archive.open(self._part(part, "sst")) as source:
            for _, element in iterparse(source):
                if local(element.tag) == "si":
                    found.append(joined_text(element))
                    element.clear()
        return found

    @property
    def date_styles(self) -> frozenset[int]:
        """Cell styles that show a number as a date or a time."""
        return self._styles[0]

    @property
    def duration_styles(self) -> frozenset[int]:
        """Cell styles that show a number as elapsed time, `[h]:mm`."""
        return self._styles[1]

    @cached_property
    def _styles(self) -> tuple[frozenset[int], frozenset[int]]:
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

        part = self._target("styles")
        if part is None:
            return frozenset(), frozenset()
        formats: dict[str, str] = {str(number): code for number, code in BUILTIN_FORMATS.items()}
        used: list[str] = []
        for group in self._tree(self._part(part, "styleSheet")):
            if local(group.tag) == "numFmts":
                formats |= {one.get("numFmtId", ""): one.get("formatCode", "")[:_MAX_FORMAT] for one in group}
            elif local(group.tag) == "cellXfs":
                used = [one.get("numFmtId", "0") for one in group]
        known: dict[str, tuple[bool, bool]] = {}
        for number in set(used):
            code = formats.get(number)
            chinese = code is None and number.isdigit() and int(number) in _CHINESE_DATES
            known[number] = (chinese or is_date_format(code), is_timedelta_format(code))
        return (
            frozenset(index for index, number in enumerate(used) if known[number][0]),
            frozenset(index for index, number in enumerate(used) if known[number][1]),
        )

    def _list_sheets(self, book: Any) -> Iterator[tuple[str, str, str]]:
        """(name, state, part) of each worksheet; chart sheets hold no cells."""
        for group in book:
            if local(group.tag) != "sheets":
                continue
            for sheet in group:
                identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
                kind, target = self._related.get(identity, ("", ""))
                if kind == "worksheet":
                    state = sheet.get("state", "visible")
                    yield unescape(sheet.get("name", "")), state, self._part(target, "worksheet")

    def _target(self, kind: str) -> str | None:
        return next((target for known, target in self._related.values() if known == kind), None)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relations of a part by id: (last word of the type, target part)."""
        folder, _, file = part.rpartition("/")
        listed = self._parts.get(posixpath.join(folder, "_rels", f"{file}.rels").lower())
        if listed is None:
            raise refused(self._name, "damaged")
        return {
            one.get("Id", ""): (
                one.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/"),
            )
            for one in self._tree(listed)
            if one.get("TargetMode") != "External"
        }

    def _part(self, target: str, root: str) -> str:
        """The part as the zip names it, if it was screened as what it is used for."""
        part = self._parts.get(target.lower())
        if part is None or self._roots[part] != root:
            raise refused(self._name, "damaged")
        return part

    def _tree(self, part: str) -> Any:
        from defusedxml.ElementTree import fromstring

        return fromstring(self._archive.read(part))
