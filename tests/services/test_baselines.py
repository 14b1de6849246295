"""The figures at creation that later stages are held against: the case's own, frozen when it was confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core import views
from core.services import cases, intake, review, rounds
from core.store import tables
from tests.begun import entered
from tests.books import applicant, filled
from tests.confirmed import confirmed
from tests.office import SHENYANG, Office

FIGURES, HIGH_TECH = "基地指标", "高技术产业企业营业收入（万元）"
BASE = "虚构市望海基地"
LATER = date(2028, 9, 1)
# better than at creation in everything but what a test says
BETTER = {
    "基地企业营业总收入（万元）": "110000",
    "有效发明专利数（件）": "400",
    "运营主体服务性收入（万元）": "400",
}


@pytest.fixture
def base(office: Office) -> tuple[Office, int]:
    """The base of 沈阳市 (30000 of 100000 in high tech, verified as 20000) is a creation object since 2026."""
    application = int(office.application(SHENYANG, "jd-001").id)
    verified = {"sheet": FIGURES, "column": HIGH_TECH, "text": "20000", "why": "与审计报告不符", "evidence": "审计报告"}
    review.verify_value(office.app, office.staff, application, 1, **verified)
    office.on(date(2026, 8, 20))
    return office, confirmed(office.app, office.staff, application, date(2026, 7, 1))


def accept(office: Office, high_tech: str, name: str = BASE, **columns: str) -> int:
    """Takes 沈阳市's 期满验收 in, in the round of 2028, and gives its application."""
    office.on(LATER)
    folder = office.folder / "2028"
    folder.mkdir(exist_ok=True)
    with office.app.reader.connect() as connection:
        held = connection.execute(sa.select(tables.rounds.c.id).where(tables.rounds.c.year == 2028)).scalar()
    round_id = held or rounds.open_round(
        office.app, office.admin, year=2028, folder=str(folder), reference_day=date(2028, 6, 30)
    )
    cells = {FIGURES: BETTER | {HIGH_TECH: high_tech}, "推荐汇总表": columns}
    book = filled(SHENYANG, applicant("base", "JD-007", name, cells, "期满验收"), year=2028)
    (folder / f"2028-{SHENYANG}.xlsx").write_bytes(book)
    [done] = intake.take_in(office.app, office.staff, round_id)
    assert done.ok, done.sentence
    return int(office.row(tables.applications, round_id=round_id, key="jd-007").id)


def high_tech(office: Office, application: int) -> Any:
    [found] = [
        each
        for each in views.application_view(office.app, application).findings
        if each.criterion == "annex2.high_tech"
    ]
    return found.verdict


def test_acceptance_is_held_against_what_was_frozen_not_against_what_was_reported(base: tuple[Office, int]) -> None:
    office, _ = base
    # above the verified figure, below the reported one
    assert high_tech(office, accept(office, "25000")) == "pass"
    assert high_tech(office, accept(office, "22000")) == "fail"  # 20% as at creation


def test_a_new_code_and_name_lead_to_the_same_figures(base: tuple[Office, int]) -> None:
    office, number = base
    office.on(LATER)
    code = "12210100MB0000001P"
    given = {"occurred": "2026-09-01", "evidence": "登记", "change": "更名", "opinion": "保留"}
    entered(office.app, office.staff, number, "change_reported", date(2026, 9, 2), **given)
    application = accept(office, "25000", 统一社会信用代码=code)
    assert high_tech(office, application) == "pass"  # by its name
    code_now = {"keep": True, "name": "虚构市远海基地", "uscc": code}
    cases.act(
        office.app, office.staff, number, office.row(tables.cases, id=number).version,
        event="change_decided", day=LATER, document="虚构〔2028〕1号", why="保留", data=code_now,
    )  # fmt: skip
    application = accept(office, "25000", name="虚构市别海基地", 统一社会信用代码=code)
    assert high_tech(office, application) == "pass"


def test_without_the_confirmation_the_earlier_round_is_the_baseline_again(base: tuple[Office, int]) -> None:
    office, number = base
    application = accept(office, "25000")
    before = office.entries()[-1].id
    said = cases.void(office.app, office.staff, number, 1, 4, "公示有误")
    assert said == (
        f"“{BASE}”作废2026年7月15日（周三）的“确定为创建对象”；现为“创建公示”；1 个申报的审核结论因此改变。"
    )
    assert office.entries()[-1].id == before + 1  # judged again in the same act
    assert high_tech(office, application) == "fail"


def test_a_corrected_confirmation_keeps_its_figures(base: tuple[Office, int]) -> None:
    office, number = base
    application = accept(office, "25000")
    cases.correct(
        office.app, office.staff, number, 1, 4, day=date(2026, 7, 16), document="虚构〔2026〕3号", data={}, why="写错"
    )
    assert high_tech(office, application) == "pass"
    kept = [(row.case_id, row.number, row.record == first.record) for first in rows(office)[:1] for row in rows(office)]
    assert kept == [(number, 4, True), (number, 6, True)]


def test_figures_of_an_edition_that_is_gone_are_no_baseline(base: tuple[Office, int]) -> None:
    office, number = base
    with office.app.writer.begin() as connection:
        connection.execute(
            tables.case_baselines.insert().values(
                {**dict(rows(office)[0]._mapping), "number": 9, "standard_id": "gone"}
            )
        )
    assert high_tech(office, accept(office, "25000")) == "fail"
    # the page shows what it was held against, and says where that comes from
    beside = views.baseline_beside_today(office.app, number)
    said = "没有确定时留存的数据，创建时一列取自以前轮次的创建申报。"
    assert (beside.frozen_on, beside.sentence) == (None, said)
    figures = {each.column: (each.at_creation, each.today) for each in beside.rows}
    assert figures[HIGH_TECH] == ("30,000", "25,000")


def test_the_figures_stand_beside_those_at_creation(base: tuple[Office, int]) -> None:
    office, number = base
    beside = views.baseline_beside_today(office.app, number)
    assert (beside.frozen_on, beside.newest, beside.sentence) == (date(2026, 6, 30), None, "还没有收到验收或复核申报。")
    application = accept(office, "25000")
    beside = views.baseline_beside_today(office.app, number)
    assert beside.newest is not None
    assert (beside.newest.application_id, beside.sentence) == (application, "")
    found = {each.column: (each.at_creation, each.today, each.change) for each in beside.rows}
    assert found[HIGH_TECH] == ("20,000", "25,000", "增加 5,000")
    assert found["主导产业名称"] == ("虚构轴承制造", "虚构轴承制造", "相同")
    assert found["占地面积（亩）"] == ("500", "500", "持平")


def rows(office: Office) -> list[Any]:
    with office.app.reader.connect() as connection:
        return list(connection.execute(sa.select(tables.case_baselines).order_by(tables.case_baselines.c.number)))
