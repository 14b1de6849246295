"""What leaves the house, as texts to be looked through: files opened to the last part, words and orders found."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction

import openpyxl
from scipy import stats

# what says that nothing is ranked is the one place for the word
UNRANKED = re.compile("排名不分先后|不排名次")
RANKS = re.compile(r"名次|排名|位次|第\s*(?:\d+|[一二三四五六七八九十百]+)\s*名(?!称|单|录)|得分|总分|平均分")
FEW = 5  # fewer lines than that fall into any order by chance


def parts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """Every part of a file with its text: sheets row by row, members of an archive as they are and without their tags.

    A calendar's folded lines are put together again.
    """
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {one: archive.read(one) for one in archive.namelist()}
        if "xl/workbook.xml" in members:
            yield from _sheets(name, data)
        for member, content in members.items():
            yield from parts(f"{name}/{member}", content)
        return
    if name.endswith(".jpeg"):  # the picture of a page that python-docx begins a document with
        return
    text = data.decode("utf-8-sig")
    if name.endswith((".xml", ".rels", ".vml")):
        yield name, text
        text = re.sub(r"<[^>]+>", "", text)
    yield name, re.sub(r"\r?\n[ \t]", "", text) if name.endswith(".ics") else text


def _sheets(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    for sheet in book:
        rows = ("\t".join(str(cell.value) for cell in row if cell.value is not None) for row in sheet.iter_rows())
        yield f"{name}/{sheet.title}", "\n".join(rows)
    book.close()


def told(
    files: Mapping[str, bytes], figures: Collection[str], scores: Mapping[str, Fraction], allowed: Collection[str] = ()
) -> list[str]:
    """What files tell that they must not: a figure, a word of ranking, or lines in the order of scores.

    `figures`: as they may be written; `scores` by the name that a line goes by; `allowed`: words of ranking that a
    form needs.
    """
    found = []
    for file, data in files.items():
        for part, text in parts(file, data):
            figures_in = set(re.findall(r"\d+(?:\.\d+)?", text))
            found += [f"{part}: figure {one}" for one in sorted(figures_in & set(figures))]
            words = {match.group() for match in RANKS.finditer(UNRANKED.sub("", text))} - set(allowed)
            found += [f"{part}: word {one}" for one in sorted(words)]
            if follows(text, scores):
                found.append(f"{part}: order of scores")
    return found


def order(text: str, names: Collection[str]) -> list[str]:
    """The names that a text holds, in the order in which it first has them."""
    places = {name: place for name in names if (place := text.find(name)) >= 0}
    return sorted(places, key=places.__getitem__)


def follows(text: str, scores: Mapping[str, Fraction]) -> bool:
    """Whether the lines of a text, if there are enough, stand from best to worst or from worst to best."""
    held = [scores[name] for name in order(text, scores)]
    if len(held) < FEW:
        return False
    return bool(abs(stats.spearmanr(range(len(held)), [float(one) for one in held]).statistic) > 1 - 1e-9)


def is_official(text: str, names: Sequence[str]) -> bool:
    """Whether the names that a text holds stand in the order in which they are given."""
    held = order(text, names)
    return held == [name for name in names if name in held]
