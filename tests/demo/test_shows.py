"""What the demo must show: every verdict of every criterion, every code, every state of a workbook."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import openpyxl
import sqlalchemy as sa

from core import views
from core.checks.report import check_books
from core.demo.plan import load_plan
from core.intake.workbooks import read_books
from core.services.lists import public_list
from core.services.panel import panel
from core.standards import loader
from core.store.queries import held_applications, newest_assessments, text_of
from core.store.tables import intakes, rounds
from core.views import folder_view, pending_withdrawals
from core.views.publications import publications, to_publish
from sheets_schema.errors import ERROR_CODES, WARNING_CODES
from sheets_schema.parse import parse
from tests.demo.made import Demo

# Contract §3: every verdict that a criterion can have from the sheets, (creation, recognition).
P, F, R, M = "pass", "fail", "review", "missing"
ANY, COMPUTED = {P, F, R, M}, {P, F, M}
CAN = {
    "art2.operator": ({P, R, M}, {P, R, M}),
    "art2.branch": (COMPUTED, COMPUTED),
    "art3.recommended": (COMPUTED, COMPUTED),
    "art5.years": (COMPUTED, COMPUTED),
    "art5.dishonest": (COMPUTED, COMPUTED),
    "art5.scale": ({P, R, M}, {P, R, M}),
    "art5.conditions": ({R}, {R}),
    "art7.materials": (COMPUTED, {R}),
    "annex1.digital": (COMPUTED, COMPUTED),
    "annex1.access": (COMPUTED, COMPUTED),
    "annex1.assurance": ({R}, {R}),
    "annex1.functions": (COMPUTED, COMPUTED),
    "annex1.resources": (COMPUTED, COMPUTED),
    "annex1.interconnection": ({F, R, M}, {F, R, M}),
    "annex1.served": (COMPUTED, COMPUTED),
    "annex1.coverage": (COMPUTED, COMPUTED),
    "annex1.satisfaction": (COMPUTED, COMPUTED),
    "annex1.events": (COMPUTED, COMPUTED),
    "annex2.leading_share": (COMPUTED, COMPUTED),
    "annex2.high_tech": ({R}, ANY),
    "annex2.output": ({R}, ANY),
    "annex2.revenue_growth": ({R}, set()),
    "annex2.quality_share": (COMPUTED, COMPUTED),
    "annex2.rd_intensity": (COMPUTED, COMPUTED),
    "annex2.innovation_platforms": ({R}, COMPUTED),
    "annex2.patents": ({R}, ANY),
    "annex2.residents": (COMPUTED, COMPUTED),
    "annex2.ecosystem": ({F, R, M}, {F, R, M}),
    "annex2.services": ({R}, {F, R, M}),
    "annex2.facilities": ({R}, {R}),
    "annex2.operation": ({R}, {F, R, M}),
}


def _found(demo: Demo) -> tuple[dict[str, tuple[set[str], set[str]]], dict[str, tuple[set[str], set[str]]]]:
    """By criterion and stage: verdicts from the sheets, and verdicts that people gave."""
    computed: dict[str, tuple[set[str], set[str]]] = {code: (set(), set()) for code in CAN}
    settled: dict[str, tuple[set[str], set[str]]] = {code: (set(), set()) for code in CAN}
    with demo.app.reader.connect() as connection:
        held = held_applications(connection, demo.round)
        judged = newest_assessments(connection, [each.application_id for each in held])
    for each in held:
        stage = 0 if text_of(each, "申报类别") == "创建申报" else 1
        for finding in judged[each.application_id].findings:
            computed[finding["criterion"]][stage].add(R if finding["open"] else finding["verdict"])
            if finding["settled"]:
                settled[finding["criterion"]][stage].add(finding["verdict"])
    return computed, settled


def test_the_table_is_of_all_criteria() -> None:
    assert list(CAN) == [each.code for each in loader.load(loader.default()).criteria]


def test_every_verdict_that_a_criterion_can_have(demo: Demo) -> None:
    computed, _ = _found(demo)
    assert computed == CAN


def test_people_have_decided_both_ways_wherever_they_may(demo: Demo) -> None:
    _, settled = _found(demo)
    wanted = {code: tuple({P, F} if R in verdicts else set() for verdicts in stages) for code, stages in CAN.items()}
    assert settled == wanted


def test_every_code_of_errors_and_warnings(demo: Demo, tmp_path: Path) -> None:
    """Over the first versions as they were received."""
    with demo.app.reader.connect() as connection:
        first = sa.select(sa.func.min(intakes.c.id)).where(intakes.c.round_id == demo.round).group_by(intakes.c.city)
        rows = list(connection.execute(sa.select(intakes).where(intakes.c.id.in_(first)).order_by(intakes.c.id)))
    paths = [tmp_path / row.file_name for row in rows]
    for path, row in zip(paths, rows, strict=True):
        path.write_bytes(demo.app.snapshots.read(row.snapshot))
    books = [parse(book.raw) for book in read_books(paths) if book.raw is not None]
    assert len(books) == 13
    report = check_books(books, [], loader.load(loader.default()), load_plan().main["reference_day"])
    assert {error["code"] for error in report["errors"]} == {*ERROR_CODES, *WARNING_CODES}


def test_every_state_of_a_workbook(demo: Demo) -> None:
    view = folder_view(demo.app, demo.round)
    assert view.problem == ""
    assert {each.city: each.title for each in view.cities} == {
        "沈阳市": "已受理",
        "大连市": "有新版本",
        "鞍山市": "有新版本",
        "抚顺市": "有新版本",
        "本溪市": "不能读取",
        "丹东市": "不能读取",
        "锦州市": "已受理",
        "营口市": "已受理",
        "阜新市": "待受理",
        "辽阳市": "逾期待定",
        "盘锦市": "已受理",
        "铁岭市": "已受理",
        "朝阳市": "已受理",
        "葫芦岛市": "未报送",
        "沈抚示范区": "已受理",
    }
    assert [each.city for each in view.cities if each.open_elsewhere] == ["抚顺市"]
    ways = Counter(each.feedback_way for each in view.cities if each.intake_id)
    assert ways == {"in_book": 11, "unchanged": 1, "beside": 1}
    assert len(view.others) == 3


def test_a_row_that_disappeared_waits(demo: Demo) -> None:
    assert list(pending_withdrawals(demo.app, demo.round)["编号"]) == ["PJ-007"]


def test_the_lists_are_not_empty(demo: Demo) -> None:
    creation = public_list(demo.app, demo.round, "creation_candidates")
    recognition = public_list(demo.app, demo.round, "recognition_candidates")
    assert (len(creation.objects), len(recognition.objects)) == (6, 3)


def test_what_was_made_public_stands_in_its_states_and_some_waits(demo: Demo) -> None:
    every = [each.id for each in views.rounds(demo.app)]
    made = {each.id: (each.kind, each.state) for number in every for each in publications(demo.app, number)}
    assert [made[number] for number in sorted(made)] == [
        ("notice_creation", "over"),
        ("notice_recognition", "over"),
        ("creation_objects", "standing"),
        ("recognized", "standing"),
        ("in_force", "changed"),
        ("notice_creation", "superseded"),
        ("notice_creation", "over"),
        ("notice_recognition", "running"),
    ]
    waits = [[(each.place.kind, each.urgent) for each in to_publish(demo.app, number)] for number in every]
    assert waits == [
        [("renamed", False), ("review_results", False), ("revoked", False)],
        [("notice_creation", True), ("review_results", False)],
        [],
    ]


def test_filling_keeps_what_the_template_offers(demo: Demo) -> None:
    """Limits, colours, the hidden lists and the feedback sheet are still there in a filled workbook."""
    from sheets_schema.template import build_template

    made = build_template(year=2026, city="朝阳市", guide={}, program_version="0")
    template = openpyxl.load_workbook(io.BytesIO(made))
    filled = openpyxl.load_workbook(demo.folder / "2026-朝阳市.xlsx")
    assert filled.sheetnames == template.sheetnames
    for sheet in template:
        other = filled[sheet.title]
        assert other.data_validations.count == sheet.data_validations.count
        assert len(other.conditional_formatting) == len(sheet.conditional_formatting)
        assert (other.sheet_state, other.protection.sheet) == (sheet.sheet_state, sheet.protection.sheet)


def test_the_scoring_is_under_way(demo: Demo) -> None:
    with demo.app.reader.connect() as connection:
        number = connection.execute(sa.select(rounds.c.id).where(rounds.c.year == load_plan().year)).scalar_one()
        known = panel(demo.app, connection, number)
    assert Counter(each.state for each in known.assignments) == {"submitted": 14, "open": 1, "unseen": 2}
    assert Counter(each.via for each in known.assignments if each.via) == {"app": 7, "workbook": 7}
    # one expert said so at first sight, and the application waits for another
    assert [each.end_reason for each in known.ended] == ["回避：（演示）亲属在该单位任职"]
    results = known.results().values()
    assert {mark for each in results for mark in each.marks} == {"range", "deviation"}
    assert Counter(each.complete for each in results if each.assigned) == {True: 3, False: 3}
