"""Reads a list back out of a file's lines, and tells row by row how two lists differ."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from core.publication.harmless import starts_formula
from core.publication.list_kinds import kinds
from core.publication.lists import PublicList

_NUMBER: Final = "序号"
_CITY: Final = "地区"
_FEW: Final = 3  # a head of fewer cells is none of a list's


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as a file holds it. `titles`: what stands before the table, a text each; `lines`: of its rows."""

    titles: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a file departs from what is so today. `text` is a whole sentence in Chinese."""

    kind: Literal["title", "columns", "added", "gone", "changed", "order"]
    text: str


def read_lines(lines: Sequence[tuple[int, Sequence[str]]]) -> ReadList | None:
    """The list in numbered lines of cells; None where nothing looks like the head of one."""
    top = next((at for at, (_, cells) in enumerate(lines) if _is_head(cells)), None)
    if top is None:
        return None
    titles = tuple(cell.strip() for _, cells in lines[:top] for cell in cells if cell.strip())
    header = tuple(_trimmed(lines[top][1]))
    rows, numbers = [], []
    for number, cells in lines[top + 1 :]:
        if sum(1 for cell in cells if cell.strip()) > 1:  # what fills one cell is a note
            rows.append(tuple([*cells, *[""] * len(header)][: max(len(header), len(_trimmed(cells)))]))
            numbers.append(number)
    return ReadList(titles, header, tuple(rows), tuple(numbers))


def _is_head(cells: Sequence[str]) -> bool:
    return _NUMBER in cells and sum(1 for cell in cells if cell.strip()) >= _FEW


def _trimmed(cells: Sequence[str]) -> list[str]:
    last = max((at for at, cell in enumerate(cells, start=1) if cell), default=0)
    return list(cells[:last])


def plain_cell(text: str) -> str:
    """A cell of csv as it was before it was made harmless."""
    return text[1:] if text.startswith("'") and starts_formula(text[1:]) else text


def kind_in(texts: Iterable[str]) -> tuple[str, int | None] | None:
    """Which list a title or a file's name tells, and of which year; None where none does."""
    for text in texts:
        for pattern, code in _titles():
            found = pattern.search(text)
            if found:
                year = found.groupdict().get("year")
                return code, None if year is None else int(year)
    return None


@cache
def _titles() -> tuple[tuple[re.Pattern[str], str], ...]:
    year = "(?P<year>[0-9]{4})"
    return tuple(
        (re.compile(re.escape(words).replace(re.escape("{year}"), year)), kind.code)
        for kind in kinds().values()
        for words in (kind.title, kind.stem)
    )


def differences(held: ReadList, listed: PublicList) -> list[Difference]:
    """How a file's list departs from a list as it is now: titles, columns, then rows in the file's order."""
    found = list(_titles_differ(held, listed))
    header = list(listed.header)
    if list(held.header) != header:
        missing = "、".join(each for each in header if each not in held.header)
        more = "、".join(each or "没有表头的列" for each in held.header if each not in header)
        said = "；".join(
            part for part in (f"少了“{missing}”" if missing else "", f"多了“{more}”" if more else "") if part
        )
        found.append(Difference("columns", f"表头不一样：{said or '各栏的次序不同'}。"))
    common = [each for each in header if each in held.header and each != _NUMBER]
    now = [_by_head(header, row, common) for row in listed.rows]
    theirs = [_by_head(held.header, row, common) for row in held.rows]
    rows = list(_rows_differ(theirs, held.lines, now))
    found += rows
    if not rows and (theirs != now or not _counted(held)):
        found.append(Difference("order", "各行都在，但排列的次序或序号不一样。"))
    return found


def _titles_differ(held: ReadList, listed: PublicList) -> Iterator[Difference]:
    # csv has no title; that of a list of no year says as of when
    wanted = listed.title.partition("（截至")[0]
    # above the table of an official document stands its text, and a title that is broken into lines
    if held.titles and not any("".join(title.split()).startswith(wanted) for title in held.titles):
        yield Difference("title", f"标题不一样：文件里是“{held.titles[-1]}”，现在是“{listed.title}”。")


def _counted(held: ReadList) -> bool:
    at = held.header.index(_NUMBER)
    return [row[at] for row in held.rows] == [str(number) for number in range(1, len(held.rows) + 1)]


def _by_head(header: Sequence[str], row: Sequence[str], heads: Sequence[str]) -> Mapping[str, str]:
    cells = dict(zip(reversed(header), reversed(row[: len(header)]), strict=False))
    return {head: cells.get(head, "") for head in heads}


def _rows_differ(
    theirs: Sequence[Mapping[str, str]], lines: Sequence[int], now: Sequence[Mapping[str, str]]
) -> Iterator[Difference]:
    """Rows that are the same are paired first, then those of the same city and name; what is left came or went."""
    same = Counter(map(_whole, now))
    left: list[tuple[int, Mapping[str, str]]] = []
    for line, row in zip(lines, theirs, strict=True):
        if same[_whole(row)]:
            same[_whole(row)] -= 1
        else:
            left.append((line, row))
    open_rows: dict[tuple[str, ...], list[Mapping[str, str]]] = defaultdict(list)
    for row in now:
        if same[_whole(row)]:
            same[_whole(row)] -= 1
            open_rows[_key(row)].append(row)
    for line, row in left:
        if open_rows[_key(row)]:
            yield Difference("changed", _changed(line, row, open_rows[_key(row)].pop(0)))
        else:
            yield Difference("gone", f"文件第{line}行的{_called(row)}，现在的名单里没有。")
    for row in now:
        if any(row is each for each in open_rows[_key(row)]):
            yield Difference("added", f"现在的名单里有{_called(row)}，文件里没有。")


def _whole(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.values())


def _name_head(row: Mapping[str, str]) -> str:
    return next((head for head in row if "名称" in head and not head.startswith("原")), "")


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return row.get(_CITY, ""), row.get(_name_head(row), "")


def _called(row: Mapping[str, str]) -> str:
    name = row.get(_name_head(row), "")
    rest = "，".join(f"{head}{text}" for head, text in row.items() if text and head not in (_CITY, _name_head(row)))
    return f"{row.get(_CITY, '')}“{name}”" + (f"（{rest}）" if rest else "")


def _changed(line: int, row: Mapping[str, str], now: Mapping[str, str]) -> str:
    parts = [f"{head}文件里是“{row[head]}”，现在是“{now[head]}”" for head in row if row[head] != now[head]]
    return f"文件第{line}行的{_key(row)[0]}“{_key(row)[1]}”不一样：{'；'.join(parts)}。"
