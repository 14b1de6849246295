"""Objects of former years brought in from a workbook: all or none, their clocks right, taken back as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest

from core.accounts import Actor
from core.errors import Refused, Stale
from core.services import cases, cohorts
from core.services.cohorts import CohortPreview, CohortResult
from core.store import tables
from core.views.cohorts import cohort_imports
from tests.cohorts import NAME, WHO, cohort_file
from tests.office import DALIAN, TODAY, Office
from tests.upkeep.stores import problems

BOOK = "存量对象.xlsx"
CODE = "91210100MA0000002K"
RUNNING = WHO | {"目前状态": "创建期", "确定为创建对象日期": "2025-06-20", "确定文号": "虚构发〔2025〕8号"}
EXTENDED = {
    "推荐单位": DALIAN, NAME: "虚构市望海基地", "类型": "基地", "目前状态": "延长创建期",
    "确定为创建对象日期": "2023-03-10", "延长决定日期": "2025-04-01",
}  # fmt: skip
RECOGNIZED = {
    "推荐单位": "沈抚示范区", NAME: "虚构区安山平台", "类型": "平台", "平台类别": "综合服务",
    "运营主体": "虚构安山公司", "统一社会信用代码": CODE, "目前状态": "已认定", "确定为创建对象日期": "2020-01-06",
    "确定文号": "虚构发〔2020〕1号", "认定日期": date(2022, 9, 30), "认定文号": "虚构发〔2022〕15号",
    "最近一次复核通过日期": "2024-10-12", "备注": "虚构：曾用名虚构区老山平台",
}  # fmt: skip
RECTIFYING = {
    "推荐单位": "鞍山市", NAME: "虚构市星河平台", "类型": "平台", "目前状态": "整改期", "认定日期": "2021-11-05",
    "复核未通过日期": "2025-12-10",
}  # fmt: skip
ALL = (RUNNING, EXTENDED, RECOGNIZED, RECTIFYING)
Row = Mapping[str, object]


@pytest.fixture
def office(opened: Office) -> Office:
    """An office that has received nothing yet: what is brought in here has no application."""
    return opened


def look(office: Office, *rows: Row, name: str = BOOK) -> CohortPreview:
    return cohorts.preview(office.app, cohort_file(*rows), name)


def bring(office: Office, *rows: Row, data: bytes = b"", actor: Actor | None = None, **options: Any) -> CohortResult:
    data = data or cohort_file(*rows)
    given: dict[str, Any] = {"expected_sha256": hashlib.sha256(data).hexdigest(), "why": "首次建档"} | options
    return cohorts.import_cohort(office.app, actor or office.staff, data, BOOK, **given)


def refused(office: Office, *rows: Row, kind: type[Refused] = Refused, **options: Any) -> str:
    return office.refuses(kind, lambda: bring(office, *rows, **options))


def case_of(office: Office, name: str) -> int:
    return int(office.row(tables.cases, name=name).id)


def where(office: Office) -> list[tuple[Any, ...]]:
    """Name, status, since, start, deadline and last day of every case."""
    names = ("name", "status", "since", "start", "deadline", "due")
    columns = [tables.standings.c[name] for name in names]
    with office.app.reader.connect() as connection:
        rows = connection.execute(tables.standings.select().order_by(tables.standings.c.case_id))
        return [tuple(getattr(row, column.name) for column in columns) for row in rows]


def test_a_preview_says_what_each_row_becomes(office: Office) -> None:
    seen = look(office, *ALL)
    assert [
        (each.row.row, each.row.name, each.status_name, each.since, each.deadline, each.due, each.overdue)
        for each in seen.rows
    ] == [
        (2, "虚构市云帆中小企业服务平台", "创建期", date(2025, 6, 20), "创建期满", date(2027, 6, 20), False),
        (3, "虚构市望海基地", "延长创建期", date(2025, 4, 1), "创建期满", date(2026, 3, 10), True),
        (4, "虚构区安山平台", "已认定", date(2022, 9, 30), "应当复核", date(2026, 10, 12), False),
        (5, "虚构市星河平台", "整改期", date(2025, 12, 10), "整改期满", date(2026, 12, 10), False),
    ]
    assert {each.provisional for each in seen.rows} == {False}
    assert (seen.problem, seen.errors, seen.conflicts, seen.before, seen.obstacle()) == ("", (), (), "", "")
    assert seen.counts() == "创建期 1 个、延长创建期 1 个、已认定 1 个、整改期 1 个"


def test_the_last_day_itself_is_not_past(office: Office) -> None:
    due_today = RECTIFYING | {"复核未通过日期": TODAY.replace(year=TODAY.year - 1)}
    [row] = look(office, due_today).rows
    assert (row.due, row.overdue) == (TODAY, False)
    office.on(date(2026, 5, 21))
    assert [each.overdue for each in look(office, due_today).rows] == [True]


def test_an_import_makes_a_case_of_every_row_whose_clock_runs(office: Office) -> None:
    done = bring(office, *ALL)
    counts = "创建期 1 个、延长创建期 1 个、已认定 1 个、整改期 1 个"
    assert (done.count, done.sentence) == (4, f"已为 4 个存量对象建档：{counts}。期限从填写的日期起算。")
    assert where(office) == [
        ("虚构市云帆中小企业服务平台", "creating", *[date(2025, 6, 20)] * 2, "creation_ends", date(2027, 6, 20)),
        ("虚构市望海基地", "extended", date(2025, 4, 1), date(2023, 3, 10), "creation_ends", date(2026, 3, 10)),
        ("虚构区安山平台", "recognized", date(2022, 9, 30), date(2024, 10, 12), "review_due", date(2026, 10, 12)),
        ("虚构市星河平台", "rectifying", *[date(2025, 12, 10)] * 2, "rectification_ends", date(2026, 12, 10)),
    ]  # fmt: skip
    made = office.row(tables.cases, name="虚构区安山平台")
    assert (made.kind, made.category, made.city, made.operator, made.uscc, made.standard_id, made.round_id) == (
        "platform", "综合服务", "沈抚示范区", "虚构安山公司", CODE, "ln-2025-draft", None,
    )  # fmt: skip
    first = office.row(tables.case_events, case_id=made.id)
    assert (first.number, first.type, first.day, first.document, first.why, first.ledger_id) == (
        1, "opened", date(2024, 10, 12), "虚构发〔2022〕15号", "首次建档", done.ledger_id,
    )  # fmt: skip
    assert first.data == {
        "status": "recognized", "since": "2022-09-30", "start": "2024-10-12", "确定为创建对象日期": "2020-01-06",
        "确定文号": "虚构发〔2020〕1号", "认定日期": "2022-09-30", "最近一次复核通过日期": "2024-10-12",
    }  # fmt: skip
    running = office.row(tables.case_events, case_id=case_of(office, "虚构市云帆中小企业服务平台"))
    assert (running.day, running.document) == (date(2025, 6, 20), "虚构发〔2025〕8号")
    [note] = office.dump()["case_notes"]
    assert note[1:5] == (made.id, "", "虚构：曾用名虚构区老山平台", "李经办")


def test_an_import_is_one_entry_of_the_ledger_and_its_bytes_are_kept(office: Office) -> None:
    data = cohort_file(*ALL)
    done = bring(office, data=data)
    last = office.last()
    assert (last.id, last.action, last.subject_kind, last.subject, last.why, last.who) == (
        done.ledger_id, "cohort.imported", "cohort", BOOK, "首次建档", "李经办",
    )  # fmt: skip
    counts = "创建期 1 个、延长创建期 1 个、已认定 1 个、整改期 1 个"
    assert last.what == f"按“存量对象.xlsx”为 4 个存量对象建档：{counts}"
    assert (last.details["count"], last.details["file"], len(last.details["events"])) == (4, BOOK, 4)
    assert office.app.snapshots.read(last.details["sha256"]) == data


def test_what_is_wrong_is_told_at_once_and_nothing_comes_in(office: Office) -> None:
    vague = RUNNING | {NAME: "虚构二", "确定为创建对象日期": "2025年6月"}
    later = RECOGNIZED | {"认定日期": "2026-05-21", "最近一次复核通过日期": ""}
    seen = look(office, RECTIFYING, vague, later)
    assert [(error.cell, error.code) for error in seen.wrong] == [("H3", "not_a_date"), ("K4", "in_future")]
    assert [each.row.row for each in seen.rows] == [2]
    assert refused(office, RECTIFYING, vague, later) == (
        "工作簿中有 2 处须改正，没有建档。请全部改好后重新上传：存量对象.xlsx〔存量对象〕H3：“确定为创建对象日期”应填到"
        "年月日的日期，现在是“2025年6月”，请改成“2020-03-01”这样的写法；存量对象.xlsx〔存量对象〕K4：“认定日期”"
        "（2026-05-21）晚于导入当天（2026-05-20），请核对后改填实际日期。"
    )
    assert list(office.app.snapshots.all()) == []


def test_a_workbook_without_rows_or_reason_brings_nothing_in(office: Office) -> None:
    assert refused(office) == "工作簿中一个平台（基地）也没有填。请从第 2 行起填写后重新上传。"
    assert refused(office, *ALL, why=" ") == "请写明理由，供日后核查。"


def test_another_workbook_than_the_one_seen_is_left_alone(office: Office) -> None:
    seen = look(office, RUNNING)
    said = refused(office, RUNNING, EXTENDED, kind=Stale, expected_sha256=seen.sha256)
    assert said == "这个工作簿不是您核对过的那一个，没有建档。请重新上传并核对。"


def test_the_same_workbook_again_is_refused_in_one_sentence(office: Office) -> None:
    data = cohort_file(*ALL)
    bring(office, data=data)
    at = office.last().at
    said = f"这个工作簿已于 {at.year}年{at.month}月{at.day}日 {at:%H:%M} 由李经办建档，不能重复建档。"
    assert cohorts.preview(office.app, data, BOOK).before == said
    assert [refused(office, data=data, others=others) for others in (False, True)] == [said, said]


def test_an_object_that_is_there_is_told_row_by_row(office: Office) -> None:
    bring(office, *ALL)
    again = RUNNING | {NAME: "　虚构市云帆中小企业服务平台 ", "推荐单位": DALIAN, "确定为创建对象日期": "2024-01-01"}
    seen = look(office, RECTIFYING | {NAME: "虚构市新平台"}, again)
    assert [(each.row, each.case_id, each.certain) for each in seen.conflicts] == [
        (3, case_of(office, "虚构市云帆中小企业服务平台"), True)
    ]
    said = (
        "有 1 行与已有的创建对象重复，没有建档。第 3 行“虚构市云帆中小企业服务平台”：已有同名的平台“虚构市云帆中小企业"
        "服务平台”（沈阳市，创建期），不能重复建档。请删去这一行；如果是另一个，请把名称写完整，以便区分。"
    )
    rows = (RECTIFYING | {NAME: "虚构市新平台"}, again)
    assert refused(office, *rows) == said
    assert refused(office, *rows, others=True) == said
    # a base of that name is another object
    assert bring(office, again | {"类型": "基地"}).count == 1


def test_one_operator_may_run_several_once_a_person_says_so(office: Office) -> None:
    bring(office, RECOGNIZED)
    second = RECOGNIZED | {NAME: "虚构区安山二平台"}
    assert refused(office, second) == (
        "有 1 行与已有的创建对象重复，没有建档。第 2 行“虚构区安山二平台”：统一社会信用代码与已有的平台“虚构区安山平台”"
        "（沈抚示范区，已认定）相同。如果是同一个，请删去这一行；确实要建档的，请在建档时确认。"
    )
    assert [each.certain for each in look(office, second).doubts] == [False]
    assert bring(office, second, others=True).count == 1


def test_a_former_name_is_known_and_a_life_that_ended_may_begin_anew(office: Office) -> None:
    bring(office, RECOGNIZED)
    number = case_of(office, "虚构区安山平台")
    changed = {"occurred": "2026-05-01", "evidence": "变更登记"}
    cases.act(office.app, office.staff, number, 1, event="change_reported", day=TODAY, data=changed)
    cases.act(
        office.app, office.staff, number, 2, event="change_decided", day=TODAY, why="更名", document="虚构〔2026〕1号",
        data={"keep": True, "name": "虚构区新山平台", "operator": "虚构新山公司", "uscc": "12210100MB0000001P"},
    )  # fmt: skip
    [found] = look(office, RECOGNIZED).conflicts
    assert (found.certain, found.sentence) == (
        True,
        "第 2 行“虚构区安山平台”：已有曾用这个名称的平台“虚构区新山平台”（沈抚示范区，已认定），不能重复建档。"
        "请删去这一行；如果是另一个，请把名称写完整，以便区分。",
    )
    fraud = {"evidence": "公示"}
    cases.act(
        office.app, office.staff, number, 3, event="dishonesty_found", day=TODAY, why="x", document="y", data=fraud
    )
    [found] = look(office, RECOGNIZED).conflicts
    assert (found.certain, found.sentence) == (
        False,
        "第 2 行“虚构区安山平台”：已有曾用这个名称的平台“虚构区新山平台”（沈抚示范区，撤销认定）。"
        "如果是同一个，请删去这一行；确实要重新建档的，请在建档时确认。",
    )
    assert bring(office, RECOGNIZED, others=True).count == 1


def test_an_import_is_taken_back_in_one_act_and_may_be_made_anew(office: Office) -> None:
    data = cohort_file(*ALL)
    done = bring(office, data=data)
    said = cohorts.take_back(office.app, office.second, done.ledger_id, "日期有误")
    assert said.sentence == "已撤销，4 个对象不再列为创建对象；工作簿改好后可以重新建档。"
    assert {row[1:] for row in where(office)} == {(None, None, None, "", None)}
    last = office.last()
    assert (last.action, last.subject_id, last.subject, last.what, last.why) == (
        "cohort.taken_back", str(done.ledger_id), BOOK,
        "撤销按“存量对象.xlsx”的建档，4 个对象不再列为创建对象", "日期有误",
    )  # fmt: skip
    assert [(row[1], row[4], row[7]) for row in office.dump()["case_events"]] == [
        (1, "opened", None), (2, "voided", 1),
    ] * 4  # fmt: skip
    again = office.refuses(Stale, lambda: cohorts.take_back(office.app, office.staff, done.ledger_id, "再来"))
    assert again == "“存量对象.xlsx”的这次建档已经撤销，请刷新页面。"
    [listed] = cohort_imports(office.app)
    assert (listed.id, listed.who, listed.file, listed.count, listed.why) == (
        done.ledger_id, "李经办", BOOK, 4, "首次建档",
    )  # fmt: skip
    assert (listed.ended_at, listed.ended_by, listed.ended_why) == (last.at, "赵经办", "日期有误")
    # the very same workbook is no conflict now, and the whole of it comes in
    seen = cohorts.preview(office.app, data, BOOK)
    assert (seen.conflicts, seen.before) == ((), "")
    assert bring(office, data=data).count == 4
    assert [each.ended_at is None for each in cohort_imports(office.app)] == [True, False]
    assert problems(office.app) == []
    assert [row[1] for row in where(office)] == [None] * 4 + ["creating", "extended", "recognized", "rectifying"]


def test_an_import_on_which_something_followed_stays(office: Office) -> None:
    done = bring(office, *ALL)
    number = case_of(office, "虚构市望海基地")
    cases.act(office.app, office.staff, number, 1, event="withdrawn", day=TODAY, document="虚构〔2026〕2号", why="来函")
    said = office.refuses(Refused, lambda: cohorts.take_back(office.app, office.staff, done.ledger_id, "误传"))
    assert said == (
        "“虚构市望海基地”建档之后又有办理，不能整批撤销。请先在“创建对象”中作废那些办理；"
        "只是个别填错的，在“创建对象”中单独作废它的建档，改好后另行上传。"
    )
    # what was voided does not count, and what was taken back one by one stays so
    cases.void(office.app, office.staff, number, 2, 2, "误点")
    cases.void(office.app, office.staff, case_of(office, "虚构市星河平台"), 1, 1, "填错")
    assert cohorts.take_back(office.app, office.staff, done.ledger_id, "误传").count == 3
    said = office.refuses(Refused, lambda: cohorts.take_back(office.app, office.staff, 1, "x"))
    assert said == "没有这次建档。"


def test_of_two_at_once_one_brings_them_in(office: Office) -> None:
    start, data = Barrier(2), cohort_file(*ALL)

    def one(who: Actor) -> str:
        start.wait()
        try:
            return bring(office, data=data, actor=who).sentence
        except Refused as refusal:
            return str(refusal)

    with ThreadPoolExecutor(2) as threads:
        said = sorted(threads.map(one, (office.staff, office.second)))
    assert said[0].startswith("已为 4 个存量对象建档：")
    assert said[1].startswith("这个工作簿已于 2026年5月20日")
    assert [row[1] for row in where(office)] == ["creating", "extended", "recognized", "rectifying"]
