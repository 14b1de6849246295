"""The transition table: whole, named as the contract names it, and refused where it is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import StandardRefused
from core.lifecycle.replay import Life
from core.lifecycle.table import FILE, load, read
from core.standards.loader import load as load_edition
from core.working_days.calendar import Calendar
from tests.lifecycle.documents import history, path_to


def test_every_clause_period_and_name_of_the_table_is_there() -> None:
    edition, table = load_edition("ln-2025-draft"), load()
    for rows in table.rows.values():
        for row in rows:
            assert row.clause in edition.clauses
            assert not row.late_after or row.late_after in edition.periods
    for status in table.statuses.values():
        assert set(status.periods) <= set(edition.periods)
    assert set(table.deadlines) == {one.deadline for one in table.statuses.values()} - {""}
    assert {event for _, event in table.rows} == set(table.events)
    ended = {one.code for one in table.statuses.values() if one.ended}
    assert ended == {status for status in table.statuses if not table.possible(status)}


def test_the_names_of_the_statuses_are_those_of_the_contract() -> None:
    assert {code: status.name for code, status in load().statuses.items()} == {
        "recommended": "已推荐",
        "proposed": "拟创建对象",
        "creation_notice": "创建公示",
        "creating": "创建期",
        "extended": "延长创建期",
        "proposed_recognition": "拟认定对象",
        "recognition_notice": "认定公示",
        "recognized": "已认定",
        "rectifying": "整改期",
        "not_selected": "未入选",
        "objection_upheld": "公示异议属实",
        "exited": "退出创建",
        "not_recognized": "不予认定",
        "disqualified": "取消创建资格",
        "revoked": "撤销认定",
        "withdrawn": "撤回",
    }


@pytest.mark.parametrize(
    ("find", "put", "sentence"),
    [
        (
            'from = ["start"]',
            'from = ["revoked"]',
            "transition[1].from：“revoked”是终结的状态，之后不能再办理。",
        ),
        ('from = ["start"]', 'from = ["begun"]', None),
        (
            'event = "recommended"\nto = "recommended"\n',
            'event = "recommended"\n',
            "transition[1].to：第一个事件要写明转到哪里。",
        ),
        (
            'event = "not_selected"\nto = "not_selected"',
            'event = "selected"\nto = "not_selected"',
            "transition[3].event：“recommended”的“selected”已经有一行。",
        ),
        (
            'event = "selected"\nto = "proposed"\n',
            'event = "selected"\nto = "proposed"\nafter_deadline = true\n',
            "transition[2].after_deadline：“recommended”没有期限。",
        ),
        ('code = "exited"\n', 'code = "start"\n', "status[12].code：“start”重复。"),
        ('code = "exited"\n', 'code = "revoked"\n', "status[15].code：“revoked”重复。"),
        (
            'deadline = "review_due"\nperiods = ["review"]',
            'deadline = "review_due"',
            "status[8].periods：期限和它的长短要一起写。",
        ),
        (
            'deadline = "review_due"',
            'deadline = "review_day"',
            "status[8].deadline：没有“review_day”这个期限。",
        ),
        (
            'public = "未入选"\nended = true',
            'public = "未入选"\nended = true\ndeadline = "review_due"\nperiods = ["review"]',
            "status[10].deadline：终结的状态没有期限。",
        ),
        (
            "when = { keep = true }",
            "when = { hold = true }",
            "transition[28].when.hold：不认识这一项，请核对拼写。",
        ),
        ('needs = ["occurred"]', "needs = []", "transition[25].needs：至少要写一个。"),
    ],
)
def test_a_wrong_table_is_refused_by_key_and_reason(find: str, put: str, sentence: str | None) -> None:
    text = FILE.read_text("utf-8")
    assert text.count(find) == 1
    with pytest.raises(StandardRefused) as refused:
        read(text.replace(find, put).encode())
    if sentence is None:
        options = "、".join(["start", *load().statuses])
        sentence = f"transition[1].from：“begun”不在可用的值里（{options}）。"
    assert str(refused.value) == f"标准文件 transitions.toml 的 {sentence}"


def test_a_table_that_is_no_toml_is_refused() -> None:
    with pytest.raises(StandardRefused, match=r"^标准文件 transitions\.toml：不是正确的 TOML"):
        read(b"[[status")


def test_an_edition_without_a_period_that_is_needed_is_refused() -> None:
    periods = dict(load_edition("ln-2025-draft").periods)
    del periods["creation"]
    with pytest.raises(StandardRefused) as refused:
        Life(periods, Calendar()).replay(history(path_to("creating")).events, date.max)
    assert str(refused.value) == "标准里没有“creation”这段期限（edition.toml 的 period）。"
