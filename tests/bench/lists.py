"""Lists of 10,000 lines in every form: against the same cells written with no logic, and looked through."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import xlsxwriter

from core.publication.docx import as_docx
from core.publication.lint import check_file, check_rows
from core.publication.lists import ListedObject, PublicList, as_csv, in_official_order
from core.publication.xlsx import as_xlsx
from core.standards.recommenders import recommenders
from tests.bench.figure import Figure, in_turn, seconds

LINES = 10_000
TIMES = 5
RATIO, DOCX_SECONDS = 2, 20


def measure_lists(_: Path) -> Iterator[Figure]:
    """Writing needs no store: what a list is gathered from is measured with the cases."""
    listed = _listed()
    named = f"list of {LINES:,}"
    floor, whole = in_turn((partial(_bare, listed), partial(as_xlsx, listed)), TIMES)
    yield Figure(f"{named}: the same cells by XlsxWriter alone (floor)", floor, "s")
    yield Figure(f"{named}: xlsx", whole, "s")
    yield Figure(f"{named}: xlsx to the floor", whole / floor, "x", RATIO)
    yield Figure(f"{named}: docx", seconds(partial(as_docx, listed), TIMES), "s", DOCX_SECONDS)
    yield Figure(f"{named}: csv", seconds(partial(as_csv, listed), TIMES), "s")
    scores = {each.name: at % 97 for at, each in enumerate(listed.objects)}
    yield Figure(
        f"{named}: rows looked through", seconds(lambda: check_rows(*_table(listed), scores=scores), TIMES), "s"
    )
    for suffix, write in (("xlsx", as_xlsx), ("docx", as_docx), ("csv", as_csv)):
        data = write(listed)
        look = seconds(partial(check_file, f"a.{suffix}", data, scores=scores), 1)
        yield Figure(f"{named}: {suffix} looked through", look, "s")


def _listed() -> PublicList:
    """Names of the length that names have; some are broken into lines."""
    cities = [(each.code, each.name) for each in recommenders()]
    objects = [
        ListedObject(
            *cities[at % len(cities)],
            f"虚构市{'高端装备制造产业' * (at % 3)}中小企业公共服务平台{at:05}",
            "base" if at % 2 else "platform",
            f"虚构市{'高新技术产业开发区' * (at % 2)}服务中心{at:05}",
        )
        for at in range(LINES)
    ]
    return PublicList("recognized", 2026, in_official_order(objects))


def _table(listed: PublicList) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    return listed.header, listed.rows


def _bare(listed: PublicList) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate((listed.header, *listed.rows)):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    book.close()
    return made.getvalue()
