"""The tables of scores as HTML: every row as wide as its heads, few experts with a column each, many without."""

from __future__ import annotations

import re

import pytest

from core.views.scores import ScoresView, scores_view
from pages._parts.score_tables import WIDE, dots_html, left_edge, matrix_html
from tests.office import Office
from tests.panels import ALL, DECIDED, EXPERTS, YUNFAN, assigned, convene, handed_in, recused

HOSTILE = "<script>某</script>"
MANY = (*EXPERTS, *((f"专家{at:02d}", f"虚构第{at}某", "虚构某所", "") for at in range(5, WIDE + 2)))


def seen(office: Office) -> ScoresView:
    """The view, read anew."""
    office.app.remembered.clear()
    view = scores_view(office.app, office.round_id)
    assert view is not None
    return view


def widths(html: str) -> list[int]:
    """How many columns each row of a table spans."""
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [
        sum(int(span or 1) for span in re.findall(r'<t[hd]\b(?:[^>]*?colspan="(\d+)")?[^>]*>', row)) for row in rows
    ]


@pytest.mark.parametrize(("experts", "by_column"), [(EXPERTS, True), (MANY, False)])
def test_every_row_is_as_wide_as_its_heads(
    office: Office, experts: tuple[tuple[str, ...], ...], by_column: bool
) -> None:
    convene(office, DECIDED | {"grades": [{"name": "甲等", "from": "0"}]}, experts)
    pairs = [(code, name) for name in ALL[:3] for code in ("专家03", "专家04")]
    for number in assigned(office, *pairs, ("专家02", YUNFAN))[:4]:
        handed_in(office, number, 71)
    recused(office, "专家02", YUNFAN)
    view = seen(office)
    html = matrix_html(view, list(view.rows.values()))
    assert len(set(widths(html))) == 1
    assert ("<small>王专家</small>" in html) == by_column
    assert html.count("71.00") == 4 + 2  # four totals, two scores
    first = html.split("<tr>")[2]
    assert "回避" in first
    assert ("<small>专家03</small>71.00" in first) == (not by_column)
    assert set(widths(dots_html(view, list(view.rows.values()), 60))) == {5}


def test_names_are_text_and_an_empty_round_can_be_drawn(office: Office) -> None:
    convene(office, DECIDED, [("专家01", HOSTILE, "虚构某所", "")])
    view = seen(office)
    rows = list(view.rows.values())
    assert "<script>" not in matrix_html(view, rows) + dots_html(view, rows, left_edge(rows))
    [one, *_] = assigned(office, ("专家01", YUNFAN))
    handed_in(office, one, 88)
    view = seen(office)
    rows = list(view.rows.values())
    assert left_edge(rows) == 80
    for html in (matrix_html(view, rows), dots_html(view, rows, left_edge(rows))):
        assert "<script>" not in html
        assert "88.00" in html
