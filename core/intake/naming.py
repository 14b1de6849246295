"""What the name of a file says: city, year, whether it is a copy, a feedback of ours, or nobody's business."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_TABLES = frozenset(
    {".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm", ".xls", ".xlt", ".et", ".ett", ".ods", ".fods", ".csv"}
)
_TABLES |= {".htm", ".html", ".mht", ".mhtml"}
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})
_NAMED = re.compile(r"\s*(\d{4})\s*年?\s*[-－—–_ ]\s*(.+?)\s*\Z")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
# Patterns of Windows, WPS, macOS and the usual sync programs; their texts differ from one version to the next.
_COPY = re.compile(
    r"""\s*(?:
        [-－—_ ]*\s*副本\s*(?:[(（]\d+[)）]|\d+)?
      | [(（]\s*\d{1,3}\s*[)）]
      | [-－—_ ]*\s*[(（]?[^()（）]*(?:冲突|conflict(?:ed)?)[^()（）]*[)）]?(?:\s*[(（]\d+[)）])?
      | [-－—_ ]+\s*copy(?:\s*[(（]?\d+[)）]?)?
      | [-－—_ ]*\s*(?:备份|backup)\d*
    )\s*\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_COPY_HEAD = re.compile(r"\A(?:副本|复件|复制|copy of)\s*(?:[(（]\d+[)）])?\s*[-－—_ ]*\s*", re.IGNORECASE)
_FEEDBACK = re.compile(r"_审核反馈_\d{8}-\d{4}(?:-\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Named:
    """City and year a name speaks of; `strange` is the city it names that is none of the round's."""

    city: str | None = None
    year: int | None = None
    strange: str | None = None


def is_temporary(name: str) -> bool:
    """A file of a program or system, not of a person: open marks, temporary and hidden files."""
    low = name.lower()
    return (
        name.startswith((".", "~$", "~"))
        or low in _SYSTEM
        or low.endswith((".tmp", ".temp", ".part", ".crdownload", ".lnk~"))
        or re.fullmatch(r"[0-9A-Fa-f]{8}", name) is not None  # Excel writes here first and renames
    )


def is_table(suffix: str) -> bool:
    """A suffix that promises a table (`.xlsx`, `.xls`, `.et`, `.ods`, `.csv`, …), or none at all."""
    return suffix.lower() in _TABLES or suffix == ""


def is_feedback(stem: str) -> bool:
    """A feedback workbook that this program put beside a city's."""
    return _FEEDBACK.search(stem) is not None


def original_of(stem: str) -> str | None:
    """The stem of the file that this one is a copy of by its name; None where it does not look like a copy."""
    folded = stem
    while True:
        shorter = _COPY_HEAD.sub("", _COPY.sub("", folded))
        if shorter == folded or not shorter:
            break
        folded = shorter
    return None if folded == stem else folded


def read_name(stem: str, cities: Sequence[str]) -> Named:
    """City and year out of `2026-沈阳市`, or out of any name that holds exactly one of the round's cities."""
    text = unicodedata.normalize("NFKC", original_of(stem) or stem).strip()
    named = _NAMED.match(text)
    if named:
        year, said = int(named[1]), named[2]
        city = next((one for one in cities if said in (one, one.removesuffix("市"))), None)
        if city is not None:
            return Named(city, year)
    within = [one for one in cities if one in text]
    years = {int(year) for year in _YEAR.findall(text)}
    year_or_none = years.pop() if len(years) == 1 else None
    if len(within) == 1:
        return Named(within[0], year_or_none)
    if named and not within:
        return Named(None, int(named[1]), strange=named[2])
    return Named(None, year_or_none)
