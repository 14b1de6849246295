"""Pieces of text that documents are made of: the names in the lead, the document's number, a title's lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Final

NAMED: Final = 3  # of a list, in the lead of a document
LINE: Final = 20  # characters of a title that a line holds: 156 mm at 22 points
_BRACKETS: Final = re.compile(r"[\[［【〔﹝(（{｛]\s*((?:19|20)\d{2})\s*[\]］】〕﹞)）}｝]\s*第?\s*0*(\d+)\s*号")
_YEAR: Final = re.compile(r"[\[［【〔﹝(（{｛]\s*((?:19|20)\d{2})\s*[\]］】〕﹞)）}｝]")


def lead(names: Sequence[str]) -> str:
    """The first of a list and how many it has: `甲、乙、丙等5家`; of a single one its name alone."""
    if len(names) == 1:
        return names[0]
    return f"{'、'.join(names[:NAMED])}等{len(names)}家"


def bracketed(number: str) -> str:
    """A document's number as GB/T 9704-2012 writes it: `虚构工信[2026]第09号` becomes `虚构工信〔2026〕9号`.

    Six-corner brackets around the year, no 第, no leading zeros; full-width figures become plain ones.
    """
    plain = "".join(unicodedata.normalize("NFKC", sign) if sign in "０１２３４５６７８９" else sign for sign in number)
    plain = " ".join(plain.split())
    return _YEAR.sub(r"〔\1〕", _BRACKETS.sub(r"〔\1〕\2号", plain))


def broken(title: str, before: Sequence[str]) -> str:
    """A title in as few lines as hold it, the longest of which is as short as can be; broken before words of a list."""
    if _width(title) <= LINE:
        return title
    least = -int(-_width(title) // LINE)
    places = sorted({found.start() for word in before for found in re.finditer(re.escape(word), title)} - {0})
    for count in range(least - 1, least + 1):
        ways = [_cut(title, cuts) for cuts in combinations(places, count)]
        fitting = [lines for lines in ways if max(map(_width, lines)) <= LINE]
        if fitting:
            return "\n".join(
                min(fitting, key=lambda lines: (max(map(_width, lines)), *(-_width(one) for one in lines)))
            )
    return title


def _cut(title: str, cuts: Sequence[int]) -> list[str]:
    edges = [0, *cuts, len(title)]
    return [title[start:end] for start, end in pairwise(edges)]


def _width(text: str) -> float:
    """Characters of Chinese text: figures and letters are half as wide."""
    return sum(0.5 if sign.isascii() else 1 for sign in text)
