"""Whatever is uploaded as a scoring workbook: it is told in a sentence, and texts come in as they are."""

from __future__ import annotations

import hashlib

import pytest

from core.errors import Refused
from core.services import scoring_books
from core.services.score_book_reading import UNKNOWN
from core.store import tables
from tests.books import template
from tests.cohorts import WHO, cohort_file
from tests.conftest import one_database
from tests.intake import hostile
from tests.office import SHENYANG, Office
from tests.panels import WANGHAI, XINGHE, YUNFAN, assigned, seen
from tests.score_books import RECUSAL, book, look, scores, take
from tests.services.test_cohort_hostile import BAD


@pytest.fixture
def office(convened: Office) -> Office:
    """专家02 scores three applications."""
    assigned(convened, *(("专家02", name) for name in (YUNFAN, WANGHAI, XINGHE)))
    return convened


@one_database
@pytest.mark.parametrize("case", BAD)
def test_what_is_no_workbook_is_refused_with_its_sentence(office: Office, case: str) -> None:
    made, sentence = BAD[case]
    data = made()
    said = f"坏.xlsx：{sentence}"
    assert look(office, "坏.xlsx", data).problem == said
    act = lambda: scoring_books.take_in(office.app, office.staff, office.round_id, "坏.xlsx", data, "", "x")  # noqa: E731
    assert office.refuses(Refused, act) == said
    assert not office.app.snapshots.has(hashlib.sha256(data).hexdigest())


@one_database
def test_other_workbooks_are_told_from_ours(office: Office) -> None:
    said = "这是 2025 年度的评分工作簿，不是本轮次（2026 年度）的，请在 2025 年度的轮次中上传。"
    assert look(office, "2025-沈阳市.xlsx", template(SHENYANG, 2025)).problem == said
    for data in (template(SHENYANG), cohort_file(WHO), hostile.book()):
        assert look(office, "../../etc/passwd", data).problem == UNKNOWN
    # named as one of ours it is told by what it lacks
    named = "2026-评分-专家02-虚构冯某.xlsx"
    assert look(office, named, cohort_file(WHO)).obstacle == (
        f"工作簿中有 1 处须改正，没有受理。请全部改好后重新上传：{named}〔评分〕：缺少工作表“评分”，"
        "请从模板中补回这张表并填写。"
    )


def test_texts_of_any_kind_come_in_as_they_are(office: Office) -> None:
    table = tables.scoring_settings
    with office.app.writer.begin() as connection:
        content = dict(connection.execute(table.select()).one().content) | {"comments": "each"}
        connection.execute(table.update().values(content=content))
    odd = ["+1", "@SUM(A1)", "<b>虚构</b>", "虚构'); DROP TABLE experts;--", "虚构😀", "_xD800_虚构"]
    names = seen(office).rubric.names
    comments = {f"{name}评语": text for name, text in zip(names.values(), odd, strict=True)}
    take(office, *book(office, "专家02", {YUNFAN: scores(office, "８０．５") | comments, XINGHE: {RECUSAL: odd[3]}}))
    entry = office.row(tables.score_entries)
    assert list(entry.content["comments"].values()) == odd
    assert set(entry.content["scores"].values()) == {"80.5"}
    assert office.row(tables.recusals).reason == odd[3]


@one_database
def test_what_is_too_long_or_a_formula_without_a_result_is_told(office: Office) -> None:
    name, data = book(office, "专家02", {YUNFAN: scores(office, "=40+40"), XINGHE: {RECUSAL: "长" * 501}})
    wrong = look(office, name, data).wrong
    assert [(error.cell, error.code) for error in wrong][-2:] == [("L2", "formula_error"), ("M4", "too_long")]
    assert wrong[-1].message.endswith(
        "“申请回避（写明理由）”有 501 个字，最多填 500 个字，请核对是否贴错了内容，并改短。"
    )
