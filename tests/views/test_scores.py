"""What staff are given of a round's scoring: who is missing, what it comes to, and in which order it stands."""

from __future__ import annotations

from fractions import Fraction

import pytest

from core.scoring.results import nearest_bound
from core.store import tables
from core.store.unit import Entry
from core.views.scores import ScoresView, drafts, scores_view, severity_view
from tests.office import Office
from tests.panels import ANSHAN, WANGHAI, XINGHE, YUNFAN, assigned, handed_in, recused
from tests.scoring.documents import settings

GRADES = [{"name": "甲等", "from": "80"}, {"name": "乙等", "from": "60"}]


def seen(office: Office) -> ScoresView:
    """The view after everything that happened: tests write rows, so they also let the ledger grow."""
    with office.app.unit(office.staff) as unit:
        unit.record(Entry("assignment.added", "round", office.round_id, "甲", "分派", "", office.round_id))
    view = scores_view(office.app, office.round_id)
    assert view is not None
    return view


def cells(view: ScoresView, name: str) -> list[tuple[str, str, str]]:
    """Expert, state and total of each cell of an application."""
    [row] = [row for row in view.rows.values() if row.subject.name == name]
    return [
        (cell.code, "recused" if cell.recused else cell.assigned.state, "" if cell.total is None else str(cell.total))
        for cell in row.cells
    ]


def scores(view: ScoresView) -> list[str]:
    """The score of each application as it is shown."""
    return [view.aggregate_text(row) for row in view.rows.values()]


def test_before_the_settings_are_decided_there_is_nothing(office: Office) -> None:
    assert scores_view(office.app, office.round_id) is None
    assert severity_view(office.app, office.round_id).experts == ()


def test_applications_stand_in_official_order_whatever_they_score(convened: Office) -> None:
    pairs = [(code, name) for name in (ANSHAN, XINGHE, WANGHAI, YUNFAN) for code in ("专家03", "专家02")]
    for number, score in zip(assigned(convened, *pairs), (99, 97, 85, 83, 71, 69, 52, 50), strict=True):
        handed_in(convened, number, score)
    view = seen(convened)
    # the one that does not pass its checks is not scored
    assert [row.subject.name for row in view.rows.values()] == [YUNFAN, WANGHAI, XINGHE, ANSHAN]
    assert scores(view) == ["51.00", "70.00", "84.00", "98.00"]
    assert [row.result.passed for row in view.rows.values()] == [False, True, True, True]
    assert cells(view, YUNFAN) == [("专家02", "submitted", "50"), ("专家03", "submitted", "52")]
    assert [(each.expert.code, each.states["submitted"]) for each in view.progress] == [
        ("专家01", 0), ("专家02", 4), ("专家03", 4), ("专家04", 0),
    ]  # fmt: skip


def test_who_is_missing_is_named_and_leaves_no_score(convened: Office) -> None:
    one, two, three = assigned(convened, ("专家01", YUNFAN), ("专家02", YUNFAN), ("专家01", ANSHAN))
    handed_in(convened, one, 80)
    assigned(convened, ("专家02", ANSHAN), cleared=False)
    view = seen(convened)
    row = next(iter(view.rows.values()))
    assert (row.complete, view.aggregate_text(row), row.result.passed, row.grade) == (False, "", None, "")
    assert row.result.gap == "还差 1 位专家的评分（专家02），暂不计算得分。"
    assert cells(view, YUNFAN) == [("专家01", "submitted", "80"), ("专家02", "open", "")]
    assert {each.expert.code: each.missing for each in view.progress if each.assigned} == {
        "专家01": (ANSHAN,),
        "专家02": (YUNFAN, ANSHAN),
    }
    assert view.states == {"unseen": 1, "open": 2, "submitted": 1, "reopened": 0}
    with convened.app.writer.begin() as connection:
        values = {"assignment_id": one, "number": 2, "kind": "reopened", "content": {}, "via": "app", "who": "李经办"}
        values |= {"at": convened.app.clock.now(), "ledger_id": 1}
        connection.execute(tables.score_entries.insert().values(**values))
    assert cells(seen(convened), YUNFAN) == [("专家01", "reopened", ""), ("专家02", "open", "")]
    handed_in(convened, one, 90, number=3)
    handed_in(convened, two, 60)
    handed_in(convened, three, 60)
    assert scores(seen(convened)) == ["75.00", "", "", ""]


def test_a_recused_expert_is_shown_and_counts_for_nothing(convened: Office) -> None:
    for number, score in zip(assigned(convened, ("专家02", YUNFAN), ("专家03", YUNFAN)), (90, 60), strict=True):
        handed_in(convened, number, score)
    recused(convened, "专家02", YUNFAN, "declared", "曾任顾问")
    view = seen(convened)
    assert cells(view, YUNFAN) == [("专家02", "recused", ""), ("专家03", "submitted", "60")]
    [row, *_] = view.rows.values()
    assert row.result.gap == "应由 2 位专家评审，只分派了 1 位，暂不计算得分。"
    assert view.recused(row.subject.id) == {"专家02": "专家本人申请回避：曾任顾问"}
    assert [each.assigned for each in view.progress] == [0, 0, 1, 0]


def test_experts_far_apart_are_pointed_out(convened: Office) -> None:
    given = ((YUNFAN, "专家01", 80), (YUNFAN, "专家02", 60), (WANGHAI, "专家01", 80), (WANGHAI, "专家02", 61))
    numbers = assigned(convened, *((code, name) for name, code, _ in given))
    for number, (_, _, score) in zip(numbers, given, strict=True):
        handed_in(convened, number, score)
    rows = seen(convened).rows.values()
    assert [row.result.marks for row in rows] == [("range",), (), (), ()]


def test_drafts_are_counted_anew_and_only_while_nothing_is_handed_in(convened: Office) -> None:
    one, two = assigned(convened, ("专家01", YUNFAN), ("专家01", WANGHAI))
    table = tables.score_drafts
    now = convened.app.clock.now()
    before = seen(convened)
    with convened.app.writer.begin() as connection:
        for number in (one, two):
            connection.execute(table.insert().values(assignment_id=number, content={"scores": {}}, saved_at=now))
    [expert] = [each.expert.id for each in before.progress if each.expert.code == "专家01"]
    assert drafts(convened.app, before) == {expert: 2}
    handed_in(convened, one, 70)  # by workbook: what was typed before holds no more
    assert drafts(convened.app, seen(convened)) == {expert: 1}
    recused(convened, "专家01", WANGHAI)
    assert drafts(convened.app, seen(convened)) == {}


def test_one_who_is_severe_stands_beside_the_mean_of_the_raw_scores(convened: Office) -> None:
    totals = {"专家01": (60, 70, 80), "专家02": (70, 80, 90)}
    for code, given in totals.items():
        numbers = assigned(convened, *((code, name) for name in (YUNFAN, WANGHAI, XINGHE)))
        for number, score in zip(numbers, given, strict=True):
            handed_in(convened, number, score)
    [alone] = assigned(convened, ("专家03", ANSHAN))
    handed_in(convened, alone, 88)
    seen(convened)
    found = severity_view(convened.app, convened.round_id)
    assert [(each.expert.code, each.mean, each.severity.few) for each in found.experts] == [
        ("专家01", 70, True), ("专家02", 80, True), ("专家03", 88, True),
    ]  # fmt: skip
    shifts = [each.severity.shift for each in found.experts]
    assert shifts[:2] == pytest.approx([-5, 5])
    assert shifts[2] is None
    assert found.groups == (("专家01", "专家02"), ("专家03",))
    assert not found.comparable
    # what was estimated changed nothing that was given
    view = scores_view(convened.app, convened.round_id)
    assert view is not None
    [row, *_] = view.rows.values()
    assert row.result.total.by_expert == {"专家01": 60, "专家02": 70}


def test_nothing_is_reckoned_again_while_nothing_changed(convened: Office) -> None:
    one, two = assigned(convened, ("专家01", YUNFAN), ("专家02", WANGHAI))
    handed_in(convened, one, 80)
    first = seen(convened)
    assert scores_view(convened.app, convened.round_id) is first
    assert severity_view(convened.app, convened.round_id) is severity_view(convened.app, convened.round_id)
    handed_in(convened, two, 70)
    later = seen(convened)
    assert later is not first
    a, b, *_ = later.rows
    assert later.rows[a].result is first.rows[a].result
    assert later.rows[b].result is not first.rows[b].result


def test_a_score_is_never_shown_as_the_bound_it_misses(convened: Office) -> None:
    graded = settings({"grades": GRADES, "pass_line": "60"})
    assert nearest_bound(Fraction("79.999"), graded) == 80
    assert nearest_bound(Fraction("12"), graded) == 60
    assert nearest_bound(Fraction("12"), settings()) is None
    view = seen(convened)
    assert view.settings.pass_line == 60
    numbers = assigned(convened, ("专家01", YUNFAN), ("专家02", YUNFAN))
    content = {"counts": {}, "comments": {}, "scores": dict.fromkeys(graded.weights, "59.99")}
    handed_in(convened, numbers[0], content)
    handed_in(convened, numbers[1], content | {"scores": dict.fromkeys(graded.weights, "60")})
    view = seen(convened)
    [row, *_] = view.rows.values()
    assert (view.aggregate_text(row), row.result.passed) == ("59.995", False)
