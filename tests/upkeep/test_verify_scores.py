"""`verify` finds a score that is not as it was handed in, and a workbook that did not do what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.bootstrap import App
from core.services import scoring_books
from core.store import tables
from core.upkeep.verify import verify
from tests.office import BEFORE, BUILDERS, Office, Worlds, office_of
from tests.panels import CONVENED, WANGHAI, XINGHE, YUNFAN, assigned
from tests.score_books import RECUSAL, book, made, scores, take
from tests.upkeep.stores import problems
from tests.upkeep.test_verify import meddle, wrong

SCORES, BOOKS = "专家评分", "评分工作簿"
NAME = "评分工作簿“2026-评分-专家02-虚构冯某.xlsx”（第 1 号）"
UNGUARD = {
    "sqlite": [f"DROP TRIGGER IF EXISTS score_entries_no_{act}" for act in ("update", "delete", "insert")],
    "postgresql": ["ALTER TABLE score_entries DISABLE TRIGGER score_entries_append_only"],
}
LEDGER = {"sqlite": "DROP TRIGGER ledger_no_update", "postgresql": "ALTER TABLE ledger DISABLE TRIGGER USER"}


def _score(app: App, folder: Path) -> None:
    office = office_of(app, folder)
    assigned(office, *(("专家02", name) for name in (YUNFAN, WANGHAI, XINGHE)))
    rows = {YUNFAN: scores(office, 80), WANGHAI: scores(office, 70), XINGHE: {RECUSAL: "虚构"}}
    take(office, *book(office, "专家02", rows))
    take(office, *book(office, "专家02", {YUNFAN: scores(office, 81)}), "更正")
    scoring_books.take_back(app, office.staff, 2, 1, "误传")


SCORED = "scored by workbooks"
BUILDERS[SCORED], BEFORE[SCORED] = _score, CONVENED


@pytest.fixture
def office(worlds: Worlds, backend: str, tmp_path: Path) -> Iterator[Office]:
    """Two workbooks of an expert: the first with two sheets and a recusal, the second, with a change, taken back."""
    made = worlds.office(backend, SCORED, tmp_path / "home")
    yield made
    made.app.close()


def found(office: Office, backend: str, *statements: str | sa.Executable) -> dict[str, tuple[str, ...]]:
    """What `verify` says after somebody has changed the store; that the guards are gone is not told here."""
    meddle(office, *UNGUARD[backend], *statements)
    return {name: said for name, said in wrong(office).items() if name != "只增不改的保护"}


def entry(assignment_id: int, number: int) -> sa.ColumnElement[bool]:
    table = tables.score_entries.c
    return sa.and_(table.assignment_id == assignment_id, table.number == number)


def test_scores_in_order_are_in_order_and_counted(office: Office) -> None:
    told = {result.check.name: (result.count, result.problems) for result in verify(office.app)}
    assert (told[SCORES], told[BOOKS], told["收到的原件"]) == ((4, ()), (2, ()), (5, ()))
    assert problems(office.app) == []


@pytest.mark.parametrize(
    "values", [{"content": {"scores": {}}}, {"kind": "reopened"}, {"why": "后补"}, {"who": "别人"}]
)
def test_a_changed_score_is_named(office: Office, backend: str, values: dict[str, Any]) -> None:
    number = office.row(tables.score_entries, assignment_id=2).ledger_id
    changed = tables.score_entries.update().where(entry(2, 1)).values(**values)
    assert found(office, backend, changed)[SCORES][0] == (
        f"操作留痕第 {number} 条办理的评分 1-1、2-1与它的校验值不符，内容改动过"
    )


def test_a_score_that_is_gone_and_one_that_no_act_made_are_named(office: Office, backend: str) -> None:
    number = office.row(tables.score_entries, assignment_id=1, number=2).ledger_id
    gone = tables.score_entries.delete().where(entry(1, 2))
    assert found(office, backend, gone)[SCORES] == (
        f"操作留痕第 {number} 条记下的评分 1-2不在了",
        "第 1 号分派的评分第 2 条不在了",
    )
    values = {"assignment_id": 3, "number": 1, "kind": "reopened", "content": {}, "via": "app", "who": "x"}
    forged = tables.score_entries.insert().values(**values, at=office.app.clock.now(), ledger_id=1)
    assert found(office, backend, forged)[SCORES] == (
        "评分 3-1：操作留痕第 1 条没有记下",
        f"操作留痕第 {number} 条记下的评分 1-2不在了",
        "第 1 号分派的评分第 2 条不在了",
        "第 3 号分派的评分还没有提交就退回了",
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "undone"}, "是否撤销与操作留痕不符"),
        ({"sha256": "0" * 64}, "与操作留痕记下的受理不符"),
        ({"changed": {"entries": {"1": [0, 1]}, "recusals": {"3": 1}, "cleared": []}}, "与操作留痕记下的受理不符"),
        ({"changed": {"entries": {"1": [0, 1], "2": [0, 1]}, "recusals": {}}}, "与操作留痕记下的受理不符"),
        ({"changed": []}, "的受理情况读不出来"),
    ],
)
def test_a_workbook_that_did_something_else_is_named(
    office: Office, backend: str, values: dict[str, Any], said: str
) -> None:
    table = tables.score_books
    told = found(office, backend, table.update().where(table.c.id == 1).values(**values))
    assert told[BOOKS] == (f"{NAME}{said}",)


def test_a_workbook_of_another_expert_and_one_that_nobody_took_in_are_named(office: Office, backend: str) -> None:
    table = tables.score_books
    told = found(office, backend, table.update().where(table.c.id == 1).values(expert_id=1))
    assert told[BOOKS] == (f"{NAME}与操作留痕记下的受理不符", f"{NAME}所办的不是这位专家的评分和回避")
    taken = tables.ledger.c.action == "score.book_taken"
    renamed = tables.ledger.update().where(taken).values(action="score.submitted")
    told = found(office, backend, LEDGER[backend], renamed)
    assert told[BOOKS][0] == f"{NAME}：操作留痕没有记下它的受理"


def test_a_workbook_whose_bytes_are_gone_is_named(office: Office) -> None:
    sha256 = office.row(tables.score_books, id=2).sha256
    office.app.snapshots.path(sha256).unlink()
    name = made(office, "专家02")[0]
    assert wrong(office) == {
        "收到的原件": (
            f"评分工作簿 {name}（第 2 号）：存档中找不到收到时的原件（{sha256[:12]}…）。请用最近的备份恢复，再重试",
        )
    }
