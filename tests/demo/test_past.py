"""The demo's past: cases in every status, what is overdue, objected to, voided, renamed and reported."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from core.demo.invent import invent
from core.demo.plan import load_plan
from core.lifecycle.table import load
from core.services.applicants import applicants
from core.services.basis import ASKED
from core.services.candidates import candidates
from core.services.case_files import case_files
from core.services.changes import reports
from core.services.cohorts import preview
from core.services.matching import Wanted, match
from core.store.tables import case_baselines, case_names, case_notes, cases, objections, rounds, standings
from core.upkeep.verify import verify
from core.views.notices import NoticeView, notices_of
from sheets_schema.template import COHORT_FILE
from tests.demo.made import TODAY, Demo

CREATION, RECOGNITION = "拟创建对象公示", "拟认定名单公示"


def _standings(demo: Demo) -> list[Any]:
    with demo.app.reader.connect() as connection:
        return list(connection.execute(sa.select(standings)))


def _notices(demo: Demo) -> list[NoticeView]:
    """Every notice of every round, in the order they were published."""
    with demo.app.reader.connect() as connection:
        every = list(connection.execute(sa.select(rounds.c.id)).scalars())
    found = [notice for round_id in every for notice in notices_of(demo.app, round_id)]
    return sorted(found, key=lambda each: each.id)


def _called(ref: str) -> str:
    """What the plan's data mean by a 编号."""
    name = invent(load_plan()).called[ref]["平台（基地）名称"]
    assert isinstance(name, str)
    return name


def _words(demo: Demo, ref: str) -> list[tuple[int, str, int | None]]:
    """What was entered on a case: number, event, and which entry it takes back."""
    with demo.app.reader.connect() as connection:
        query = sa.select(cases.c.id).where(cases.c.name == _called(ref))
        [file] = case_files(connection, list(connection.execute(query).scalars()))
    return [(entry.number, entry.type, entry.voids) for entry in file.entries]


def test_every_status_occurs(demo: Demo) -> None:
    assert {row.status for row in _standings(demo)} == set(load().statuses)


def test_the_last_line_tells_how_many_there_are(demo: Demo) -> None:
    count = len(_standings(demo))
    assert count == 152
    [told] = [line for line in demo.lines if line.startswith("演示数据已备好")]
    assert told.endswith(f"，创建对象 {count} 个。")


def test_some_are_overdue_and_some_soon_will_be(demo: Demo) -> None:
    found = _standings(demo)
    past = Counter(row.status for row in found if row.due and row.due < TODAY)
    assert past == {"creating": 5, "creation_notice": 2, "extended": 1, "recognized": 1, "rectifying": 1}
    soon = Counter(row.status for row in found if row.due and 0 <= (row.due - TODAY).days <= 30)
    assert soon == {"creating": 12, "creation_notice": 3, "recognition_notice": 2, "extended": 1, "recognized": 1}


def test_notices_run_wait_and_are_done(demo: Demo) -> None:
    found = [(each.year, each.stage_name, len(each.entries), each.state) for each in _notices(demo)]
    assert found == [
        (2025, CREATION, 8, "done"),
        (2025, RECOGNITION, 1, "done"),
        (2025, CREATION, 2, "over"),
        (2026, RECOGNITION, 3, "running"),
        (2025, CREATION, 3, "running"),
    ]


def test_objections_are_open_true_untrue_and_late(demo: Demo) -> None:
    every = [each for notice in _notices(demo) for each in notice.objections]
    found = Counter((each.source, each.finding_name, each.late, bool(each.investigator)) for each in every)
    assert found == {
        ("实名（个人）", "不属实", False, True): 1,
        ("单位", "属实", False, True): 1,
        ("匿名", "不属实", True, False): 1,
        ("单位", "待核查", False, True): 1,
        ("单位", "属实", False, False): 1,
        ("实名（个人）", "待核查", False, True): 1,
        ("实名（个人）", "待核查", False, False): 1,
    }


def test_one_was_entered_wrongly_and_voided_and_one_corrected(demo: Demo) -> None:
    assert _words(demo, "SYCL-001") == [(1, "opened", None), (2, "review_failed", None), (3, "voided", 2)]
    assert _words(demo, "DLCL-001") == [
        (1, "opened", None),
        (2, "review_failed", None),
        (3, "voided", 2),
        (4, "review_failed", None),
    ]
    status = {row.name: row.status for row in _standings(demo)}
    assert (status[_called("SYCL-001")], status[_called("DLCL-001")]) == ("recognized", "rectifying")


def test_one_has_another_name_and_is_found_by_its_former_one(demo: Demo) -> None:
    former = _called("SYCL-002")
    with demo.app.reader.connect() as connection:
        names = sa.select(case_names.c.case_id, case_names.c.name).where(case_names.c.name == former)
        [(case_id, _)] = connection.execute(names).all()
        now = connection.execute(sa.select(standings.c.name).where(standings.c.case_id == case_id)).scalar_one()
    assert (former, now) == ("虚构丹枫专业技术服务平台", "虚构新辰专业技术服务平台")


def test_change_reports_are_decided_open_late_and_waiting(demo: Demo) -> None:
    found = {(each.city, each.change, each.opinion, each.late, each.entry is not None) for each in reports(demo.app)}
    assert found == {
        ("沈阳市", "更名", "保留", False, True),
        ("沈阳市", "重组", "保留", True, True),
        ("大连市", "其他", "撤销", False, False),
    }
    flagged = [row.flags for row in _standings(demo) if "change" in row.flags]
    assert flagged == [",change_open,change_reported_late,"]


def test_this_years_applications_wait_to_be_chosen(demo: Demo) -> None:
    found = Counter(each.status for each in candidates(demo.app, demo.round))
    assert found == {"recommended": 92}
    # and the one whose row has disappeared since
    assert sum(row.status == "recommended" for row in _standings(demo)) == 93


def test_all_but_one_of_the_later_stages_have_their_case(demo: Demo) -> None:
    asked = set(ASKED.values())
    later = [each for each in applicants(demo.app) if each.round_id == demo.round and each.application in asked]
    with demo.app.reader.connect() as connection:
        found = match(connection, [Wanted(each.city, each.name, each.kind, each.uscc) for each in later])
    assert len(found) == 32
    assert [each.number for each, one in zip(later, found, strict=True) if one.case_id is None] == ["DL-014"]


def test_figures_at_creation_are_frozen_of_those_confirmed(demo: Demo) -> None:
    with demo.app.reader.connect() as connection:
        frozen = connection.execute(sa.select(sa.func.count()).select_from(case_baselines)).scalar_one()
        noted = list(connection.execute(sa.select(case_notes.c.document).order_by(case_notes.c.id)).scalars())
    assert frozen == 7
    assert noted == ["（演示）虚构企服〔2025〕22号", ""]


def test_the_workbook_of_former_objects_lies_in_the_demo(demo: Demo) -> None:
    data = (demo.home / COHORT_FILE).read_bytes()
    seen = preview(demo.app, data, COHORT_FILE)
    assert (len(seen.rows), seen.wrong, seen.problem) == (42, (), "")
    assert seen.before == "这个工作簿已于 2025年7月16日 " + seen.before.partition("日 ")[2]
    assert seen.before.endswith("由演示经办建档，不能重复建档。")


def test_the_store_is_whole(demo: Demo) -> None:
    assert [problem for result in verify(demo.app) for problem in result.problems] == []


def test_every_name_is_one_applicants_and_plainly_invented(demo: Demo) -> None:
    invented = invent(load_plan()).called.values()
    assert all(row["运营主体"].startswith("虚构") for row in invented)
    names = Counter(row["平台（基地）名称"] for row in invented)
    assert [count for count in names.values() if count > 1] == [2]  # recommended by two cities
    with demo.app.reader.connect() as connection:
        said = set(connection.execute(sa.select(objections.c.from_name)).scalars())
    assert said == {"", "孙某某", "周某某", "郑某某", "虚构东风服务公司", "虚构长风咨询公司", "虚构红杉投资公司"}


def test_steps_are_told_in_their_order_and_know_whom_they_are_about() -> None:
    plan, known = load_plan(), set(invent(load_plan()).called)
    days = [step["day"] for step in plan.story]
    assert days == sorted(days)
    assert max(days) < 0
    named = [ref for step in plan.story for ref in _refs(step)]
    named += [each["of"] for each in (*plan.past["cohort"]["rows"], *plan.past["report"])]
    assert [ref for ref in named if ref not in known] == []


def _refs(step: dict[str, Any]) -> list[str]:
    of = step.get("of", [])
    return [*([of] if isinstance(of, str) else of), *step.get("selected", ()), *step.get("declined", ())]
