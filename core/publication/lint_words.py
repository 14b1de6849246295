"""What must not be read in anything that goes out of the house, as the patterns of `lint.toml` know it (第八条)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from core.standards.reading import Table

FILE: Final = Path(__file__).with_name("lint.toml")
_HASH: Final = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
_DIGITS: Final = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_NO_DIGIT: Final = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class Columns:
    """The words that tell what a column holds, folded like heads."""

    scores: tuple[str, ...]
    score_heads: tuple[str, ...]
    contacts: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    cities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the file holds, ready to be used."""

    passing: re.Pattern[str]
    words: tuple[re.Pattern[str], ...]
    named: tuple[re.Pattern[str], ...]
    phones: tuple[re.Pattern[str], ...]
    codes: tuple[re.Pattern[str], ...]
    columns: Columns
    exact_lines: int
    lines: int
    likeness: Decimal
    fields: frozenset[str]


@cache
def words() -> Words:
    """Those of the file, read once. Raises StandardRefused for a file that is not as it should be."""
    top = Table(tomllib.loads(FILE.read_text("utf-8"), parse_float=Decimal), FILE.name)
    top.day("checked_on")
    texts, columns, phones, codes, order, fields = (
        top.table(name) for name in ("words", "columns", "phones", "codes", "order", "fields")
    )
    separator = phones.text("separator")
    made = Words(
        passing=re.compile("|".join(top.texts("passing"))),
        words=_compiled(texts.texts("patterns")),
        named=_compiled(texts.texts("named")),
        phones=_compiled([one.replace("{s}", separator) for one in phones.texts("patterns")]),
        codes=_compiled(codes.texts("patterns")),
        columns=Columns(
            *(columns.texts(name) for name in ("scores", "score_heads", "contacts", "names", "numbers", "cities"))
        ),
        exact_lines=order.whole("exact_lines"),
        lines=order.whole("lines"),
        likeness=order.number("likeness"),
        fields=frozenset(fields.texts("allowed")),
    )
    for table in (texts, columns, phones, codes, order, fields, top):
        table.done()
    return made


def _compiled(patterns: Collection[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.IGNORECASE | re.MULTILINE) for one in patterns)


def folded(text: str) -> str:
    """A text as patterns are held against it: one width, nothing that does not show."""
    if text.isascii():
        return text
    made = unicodedata.normalize("NFKC", text)
    if made.replace("\n", "").isprintable():  # nearly always, and many times as fast as to ask of each sign
        return made
    return "".join(sign for sign in made if sign.isprintable() or unicodedata.category(sign) != "Cf")


def ranked(text: str, *, name: bool = False) -> str:
    """The first piece of a text that looks like a score or a rank, as `85.5分`; "" where there is none.

    `name`: the text is somebody's name, which may hold such words by chance; only what is written as a score counts.
    """
    known = words()
    read = known.passing.sub("", folded(text))
    patterns = known.named if name else known.words
    return next((found.group() for one in patterns if (found := one.search(read))), "")


def phones_in(text: str) -> Iterator[str]:
    """The phone numbers in a text, each once, as they are written (folded)."""
    read = _HASH.sub("", folded(text))
    for code in codes_in(text):  # what is told as a code is no phone too
        read = read.replace(code, "")
    seen: set[tuple[int, int]] = set()
    for each in (read, read.translate(_DIGITS)):
        for pattern in words().phones:
            for found in pattern.finditer(each):
                start, end = found.span(1)
                if (start, end) not in seen and not any(s <= start and end <= e for s, e in seen):
                    seen.add((start, end))
                    yield read[start:end]


def plain_number(phone: str) -> str:
    """A phone number by its digits alone, however it is written: `+86 024-8000 0000` → `2480000000`."""
    read = folded(phone).translate(_DIGITS).strip()
    digits = _NO_DIGIT.sub("", read)
    abroad = digits.removeprefix("00") if read.startswith(("+", "00")) else ""
    return (abroad.removeprefix("86") or digits).lstrip("0")


def codes_in(text: str) -> list[str]:
    """The codes of organisations and people in a text."""
    read = _HASH.sub("", folded(text))
    return list(dict.fromkeys(found.group() for pattern in words().codes for found in pattern.finditer(read)))


def head(text: str) -> str:
    """A column's head without blanks and marks, in one width and case."""
    return "".join(sign for sign in folded(text).casefold() if sign.isalnum())


def holds(text: str, signs: Collection[str]) -> str:
    """The first of some words that a head holds; "" where it holds none."""
    read = head(text)
    return next((sign for sign in signs if sign in read), "")
