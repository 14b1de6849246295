"""Stands before every file that leaves the house: no score, no rank, no phone number, no code, no formula (第八条).

What it knows is in `lint.toml`. It tells where a thing stands; `refuse` stops the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import Refused
from core.publication import lint_order
from core.publication.harmless import starts_formula
from core.publication.lint_order import Score
from core.publication.lint_words import codes_in, head, holds, phones_in, plain_number, ranked, words

__all__ = ["Problem", "check_file", "check_rows", "check_text", "ranked", "refuse"]

_TOLD: Final = 20  # more of them in one sentence is read by nobody
_FEW: Final = 5  # fewer lines than that hold the numbers 1 to n in some column by chance


@dataclass(frozen=True, slots=True)
class Problem:
    """A thing that must not go out. `code` is stable; `where` and `what` are Chinese, `what` says what to do too."""

    code: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}{self.what}"


def refuse(problems: Sequence[Problem]) -> None:
    """Stops what would go out. Raises Refused with all of them; beyond twenty with their number."""
    if problems:
        told = "".join(str(each) for each in problems[:_TOLD])
        more = f"另外还有 {len(problems) - _TOLD} 处。" if len(problems) > _TOLD else ""
        raise Refused(f"没有发出，有不能对外公开的内容：{told}{more}")


def check_text(text: str, allowed: Collection[str] = (), *, where: str = "", name: bool = False) -> list[Problem]:
    """What free text must not hold. `allowed`: the office's own phone numbers, in any way of writing.

    `where` goes before each problem; of several lines the line is told. `name`: the text is somebody's name.
    """
    own = _own(allowed)
    if not any(True for _ in _said(text, own, "", name=name)):  # nearly always
        return []
    lines = text.splitlines()
    found: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        place = f"{where}第{number}行" if len(lines) > 1 else where or "文字里"
        found += _said(line, own, place, name=name)
    return found


def check_rows(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    scores: Mapping[str, Score] | None = None,
    where: str = "",
    first: int = 1,
    allowed: Collection[str] = (),
    opens: bool = False,
) -> list[Problem]:
    """What a table must not hold: columns, cells, and an order that follows `scores` (by the name a line goes by).

    `first`: the number that the first row goes by. `opens`: the table is read by programs that take texts for
    formulas, as csv is; elsewhere a text is a text.
    """
    found = list(_heads(header, where))
    refused = {each.where for each in found}
    known = words().columns
    for column, title in enumerate(header):
        place = _column(where, title, column)
        if place in refused:
            continue
        name = bool(holds(title, known.names))
        cells = [row[column] if column < len(row) else "" for row in rows]
        found += _cells(cells, _own(allowed), where, title, column, first, name=name, opens=opens)
        found += _counted(cells, title, place)
    found += _beyond(header, rows, _own(allowed), where, first, opens=opens)
    if scores:
        found += _ordered(header, rows, scores, where)
    return found


def check_file(
    name: str, data: bytes, *, scores: Mapping[str, Score] | None = None, allowed: Collection[str] = ()
) -> list[Problem]:
    """What a finished file (xlsx, docx, csv, html, json, txt, zip of these) must not hold, down to its last part.

    For files of our own making: what strangers send is read elsewhere.
    """
    from core.publication.lint_files import Tabular, opened

    found: list[Problem] = []
    for part in opened(name, data):
        if isinstance(part, Problem):
            found.append(part)
        elif isinstance(part, Tabular):
            found += check_rows(
                part.header,
                part.rows,
                scores=scores,
                where=part.where,
                first=part.first,
                allowed=allowed,
                opens=part.opens,
            )
        else:
            found += check_text(part.text, allowed, where=part.where)
    return found


def _own(allowed: Collection[str]) -> frozenset[str]:
    own = {plain_number(each) for each in allowed}
    return frozenset(own | {plain_number(one) for each in allowed for one in phones_in(each)})


def _said(text: str, own: frozenset[str], where: str, *, name: bool) -> Iterator[Problem]:
    """What one text must not hold."""
    if piece := ranked(text, name=name):
        yield Problem("score", where, f"写着“{piece}”，像得分或名次，对外不写（第八条），请改写。")
    for phone in phones_in(text):
        if plain_number(phone) not in own:
            yield Problem("phone", where, f"有电话号码“{phone}”，不能对外公开，请去掉。")
    for code in codes_in(text):
        yield Problem("code", where, f"有“{code}”，像统一社会信用代码或身份证号，不能对外公开，请去掉。")


def _heads(header: Sequence[str], where: str) -> Iterator[Problem]:
    known = words().columns
    for column, title in enumerate(header):
        place = _column(where, title, column)
        if holds(title, known.scores) or head(title) in known.score_heads:
            yield Problem("score_column", place, "写的是得分或名次，对外不列（第八条），请去掉这一列。")
        elif holds(title, known.contacts):
            yield Problem("contact_column", place, "是联系方式或证件代码，不能对外公开，请去掉这一列。")


def _column(where: str, title: str, column: int) -> str:
    return f"{where}“{title}”列" if title.strip() else f"{where}第{column + 1}列"


def _cells(
    cells: Sequence[str],
    own: frozenset[str],
    where: str,
    title: str,
    column: int,
    first: int,
    *,
    name: bool,
    opens: bool,
) -> Iterator[Problem]:
    """What the cells of one column must not hold. They are read together first: nearly always there is nothing."""
    together = "\n\n".join(dict.fromkeys(each.replace("\n", "") for each in cells))
    suspected = any(True for _ in _said(together, own, "", name=name))
    for number, cell in enumerate(cells, start=first):
        place = f"{where}第{number}行{_column('', title, column)}"
        if opens and starts_formula(cell):
            yield Problem("formula", place, f"以“{cell.strip()[:1]}”开头，表格软件会当作公式，请在前面加一个撇号。")
        if suspected:
            yield from _said(cell.replace("\n", ""), own, place, name=name)


def _counted(cells: Sequence[str], title: str, place: str) -> Iterator[Problem]:
    """A column of the numbers 1 to n in another order than downward is a rank, whatever its head says."""
    numbers = [int(cell) for cell in cells if cell.strip().isdecimal() and len(cell) < 10]
    if len(numbers) != len(cells):
        return
    downward = list(range(1, len(cells) + 1))
    if head(title) in words().columns.numbers:
        if numbers != downward:
            yield Problem("rank", place, "没有从 1 起依次往下编，像是名次（第八条），请按行的次序编号。")
    elif len(cells) >= _FEW and sorted(numbers) == downward:
        yield Problem("rank", place, f"正好是 1 到 {len(cells)} 各一个，像是名次（第八条），请去掉这一列。")


def _beyond(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    own: frozenset[str],
    where: str,
    first: int,
    *,
    opens: bool,
) -> Iterator[Problem]:
    """Cells to the right of the last head."""
    for number, row in enumerate(rows, start=first):
        for column, cell in enumerate(row[len(header) :], start=len(header)):
            yield from _cells([cell], own, where, "", column, number, name=False, opens=opens)


def _ordered(
    header: Sequence[str], rows: Sequence[Sequence[str]], scores: Mapping[str, Score], where: str
) -> Iterator[Problem]:
    """An order of lines that tells the scores, where it is not the official one."""
    cities = next((column for column, title in enumerate(header) if head(title) in words().columns.cities), None)
    names = next((column for column in range(len(header)) if any(_at(row, column) in scores for row in rows)), None)
    if names is None:
        return
    city = ["" if cities is None else _at(row, cities) for row in rows]
    found = lint_order.by_score(city, [_at(row, names) for row in rows], scores)
    if found:
        told = "就是得分高低的次序" if found == "exact" else "和得分高低的次序大体一致"
        yield Problem("order", where, f"各行的次序{told}（第八条），请按行政区划、再按名称排列。")


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""
