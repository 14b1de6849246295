"""Public notices: opened with a frozen list, taken back whole, held against the ledger (第七条（二）、（四）)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import Refused
from core.publication.lists import PublicList
from core.services import intake, notices, review, rounds
from core.services.candidates import Candidate, candidates
from core.services.notice_rows import frozen_entries
from core.store import tables
from tests.books import MAIN, applicant
from tests.chosen import chosen
from tests.conftest import one_database
from tests.notices import (
    AFTER,
    CONTACT,
    LAST,
    PUBLISHED,
    SELECTED,
    accepted,
    confirm,
    events,
    object_to,
    problems,
    proposed,
    publish,
    status,
)
from tests.office import SHENYANG, Office, dump
from tests.passing import ALL, settle

NAME = "2026年度拟创建对象公示（2026年6月1日）"


# ---------------------------------------------------------------- opening


def test_a_notice_freezes_its_list_in_official_order(office: Office) -> None:
    numbers = proposed(office, [("虚构丙平台", "沈抚示范区"), ("虚构乙平台", "大连市"), ("虚构甲平台", "大连市")])
    notice = publish(office)
    held = office.row(tables.notices, id=notice)
    with office.app.reader.connect() as connection:
        entries = frozen_entries(connection, notice)
    assert [(each.case_id, each.city, each.name) for each in entries] == [
        (numbers[1], "大连市", "虚构乙平台"),
        (numbers[2], "大连市", "虚构甲平台"),
        (numbers[0], "沈抚示范区", "虚构丙平台"),
    ]
    assert held.sha256 == PublicList("creation_candidates", 2026, entries).data_sha256
    assert (held.stage, held.days, held.count_start, held.contact) == ("creation", 5, False, CONTACT.plain())
    for number in numbers:
        assert events(office, number)[2] == (3, "notice_opened", PUBLISHED, None)
        data = office.row(tables.case_events, case_id=number, number=3).data
        assert data == {"days": 5, "count_start": False, "notice_id": notice}
        assert (office.row(tables.standings, case_id=number).due, status(office, number)) == (LAST, "creation_notice")
    last = office.last()
    assert (last.action, last.subject, last.what) == (
        "notice.opened", NAME, "公示 3 个，2026年6月1日（周一）至2026年6月8日（周一）",
    )  # fmt: skip
    assert problems(office) == []


def test_only_some_may_be_published_and_the_others_wait(office: Office) -> None:
    first, *others = proposed(office)
    publish(office, case_ids=[first])
    assert [status(office, each) for each in (first, *others)] == ["creation_notice", "proposed", "proposed"]
    waiting = notices.waiting(office.app, office.round_id, "creation")
    assert [each.case_id for each in waiting] == others
    said = office.refuses(Refused, lambda: publish(office, case_ids=[first]))
    assert said == "所选的对象中有 1 个不在等待拟创建对象公示，请刷新页面后重新选择。"


def test_the_creation_stage_is_of_its_round_and_recognition_of_any(office: Office) -> None:
    later = rounds.open_round(office.app, office.admin, year=2027, count_start=True)
    proposed(office)
    numbers = accepted(office)
    waiting = lambda stage: [each.case_id for each in notices.waiting(office.app, later, stage)]  # noqa: E731
    assert (waiting("creation"), waiting("recognition")) == ([], numbers)
    office.on(PUBLISHED)
    notice = notices.open_notice(
        office.app, office.staff, later, "recognition", published=PUBLISHED, signed=PUBLISHED, contact=CONTACT
    )
    assert office.row(tables.notices, id=notice).count_start
    assert office.row(tables.standings, case_id=numbers[0]).due == date(2026, 6, 5)
    assert office.last().subject == "2027年度拟认定名单公示（2026年6月1日）"


def test_nothing_is_published_before_the_round_says_how_days_are_counted(office: Office) -> None:
    proposed(office)
    undecided = rounds.open_round(office.app, office.admin, year=2025)
    proposed(office, [("虚构丁平台", SHENYANG)], undecided)
    office.on(PUBLISHED)
    act = lambda: notices.open_notice(  # noqa: E731
        office.app, office.staff, undecided, "creation", published=PUBLISHED, signed=PUBLISHED, contact=CONTACT
    )
    assert office.refuses(Refused, act) == (
        "本轮次还没有确定公示首日是否计入。请先在“年度轮次”的“公示期起算”中选定，再开始公示。"
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"published": date(2026, 6, 2)}, "公示首日2026年6月2日（周二）还没有到；请在网站发布的当天或之后登记。"),
        ({"days": 4}, "公示期不能少于 5 个工作日（第七条（二））。"),
        ({"days": 0}, "公示期不能少于 5 个工作日（第七条（二））。"),
        ({"case_ids": []}, "没有“拟创建对象”等待公示，请先选定要公示的对象。"),
        (
            {"contact": replace(CONTACT, phone=" ", address="")},
            "请填写接收异议的联系电话、通讯地址，公示文本中要写明。",
        ),
        ({"stage": "x"}, "公示分为拟创建对象公示和拟认定名单公示，请选择其中一种。"),
        (
            {"published": date(2026, 5, 20)},
            "公示首日2026年5月20日（周三）早于“虚构甲平台”成为“拟创建对象”的2026年5月21日（周四），请核对。",
        ),
    ],
)
@one_database
def test_what_cannot_be_published_is_told(office: Office, given: dict[str, Any], sentence: str) -> None:
    proposed(office)
    office.on(PUBLISHED)
    asked: dict[str, Any] = {
        "stage": "creation",
        "published": PUBLISHED,
        "signed": PUBLISHED,
        "contact": CONTACT,
    } | given
    stage = asked.pop("stage")
    act = lambda: notices.open_notice(office.app, office.staff, office.round_id, stage, **asked)  # noqa: E731
    assert office.refuses(Refused, act) == sentence


@one_database
def test_a_longer_period_holds_for_every_case(office: Office) -> None:
    [number, *_] = proposed(office)
    notice = publish(office, days=7)
    assert office.row(tables.standings, case_id=number).due == date(2026, 6, 10)
    assert office.row(tables.notices, id=notice).days == 7


# ---------------------------------------------------------------- the applications behind it


def settled(office: Office) -> list[Candidate]:
    """Three cases from applications, proposed; it is the day of publication."""
    settle(office, *ALL)
    office.on(SELECTED)
    listed = candidates(office.app, office.round_id)
    numbers = [each.application_id for each in listed if each.name in ALL[:3]]
    chosen(office.app, office.staff, office.round_id, SELECTED, numbers)
    office.on(PUBLISHED)
    return [each for each in candidates(office.app, office.round_id) if each.name in ALL[:3]]


def test_a_name_corrected_since_is_the_one_that_is_published(office: Office) -> None:
    found = settled(office)
    number = office.application(SHENYANG, "pt-001")
    review.verify_value(
        office.app, office.staff, number.id, number.version, sheet=MAIN, column="平台（基地）名称",
        text="虚构核定平台", why="与证书不符", evidence="证书",
    )  # fmt: skip
    settle(office, *ALL)
    waiting = {each.case_id: each for each in notices.waiting(office.app, office.round_id, "creation")}
    case_id = next(each.case_id for each in found if each.application_id == number.id)
    assert (waiting[case_id].name, waiting[case_id].renamed) == ("虚构核定平台", ALL[0])
    publish(office)
    assert office.row(tables.standings, case_id=case_id).name == "虚构核定平台"
    assert {row[1] for row in dump(office.app)["case_names"] if row[0] == case_id} == {ALL[0], "虚构核定平台"}
    assert office.row(tables.notice_entries, case_id=case_id).name == "虚构核定平台"


def test_what_no_longer_passes_or_is_gone_is_not_published(office: Office) -> None:
    found = settled(office)
    number = office.application(SHENYANG, "pt-001")
    review.verify_value(
        office.app, office.staff, number.id, number.version, sheet="平台指标", column="专家数（人）", text="0",
        why="核实", evidence="名册",
    )  # fmt: skip
    office.put(SHENYANG, applicant("platform", "PT-001", ALL[0]))
    office.take(SHENYANG)
    said = office.refuses(Refused, lambda: publish(office))
    assert said.startswith("有对象不能列入公示名单：")
    assert said.endswith(
        "“虚构市望海基地”申报已撤回、已撤销受理，或者已从工作簿中消失、待确认。请先办好，或者这次不选它们。"
    )
    assert "“虚构市云帆服务平台”条件审核的结论现在不是“达标”；" in said
    publish(office, case_ids=[found[2].case_id])


def test_confirming_freezes_the_figures_with_verified_values(office: Office) -> None:
    found = settled(office)
    notice = publish(office)
    number = office.application(SHENYANG, "pt-001")
    review.verify_value(
        office.app, office.staff, number.id, number.version, sheet="平台指标", column="专家数（人）", text="61",
        why="核实", evidence="名册",
    )  # fmt: skip
    confirmed = confirm(office, notice, AFTER)
    assert confirmed.confirmed == tuple(each.case_id for each in found)
    case_id = next(each.case_id for each in found if each.application_id == number.id)
    kept = office.row(tables.case_baselines, case_id=case_id)
    assert (kept.number, kept.application_id, kept.standard_id, kept.as_of) == (
        4, number.id, "ln-2025-draft", date(2026, 6, 30),
    )  # fmt: skip
    assert kept.record["rows"]["平台指标"][0]["fields"]["专家数（人）"][1:] == ["61", "i", "61", None, True]
    assert len(dump(office.app)["case_baselines"]) == 3


def test_a_case_whose_application_is_gone_is_not_confirmed(office: Office) -> None:
    found = settled(office)
    notice = publish(office)
    office.put(SHENYANG, applicant("platform", "PT-001", ALL[0]))
    office.take(SHENYANG)
    base = next(each for each in found if each.name == ALL[1])
    assert confirm(office, notice, AFTER).left == ((base.case_id, ALL[1], "申报已从工作簿中消失，待确认是否撤回"),)
    application = office.application(SHENYANG, "jd-001")
    intake.decide_withdrawal(
        office.app, office.staff, application.id, application.version, withdrawn=False, why="市里来函"
    )
    assert confirm(office, notice, AFTER).confirmed == (base.case_id,)


# ---------------------------------------------------------------- taken back, and held against the ledger


def test_a_whole_notice_is_taken_back_and_a_corrected_one_opened(office: Office) -> None:
    numbers = proposed(office)
    notice = publish(office)
    said = notices.withdraw_notice(office.app, office.staff, notice, 1, "附件有误")
    assert said == f"{NAME}：撤回公示，3 个对象回到“拟创建对象”。"
    assert {status(office, each) for each in numbers} == {"proposed"}
    again = office.refuses(Refused, lambda: notices.withdraw_notice(office.app, office.staff, notice, 2, "再来"))
    assert again == f"{NAME}已经撤回，无需再办。"
    corrected = publish(office, day=date(2026, 6, 2))
    assert problems(office) == []
    said = office.refuses(Refused, lambda: confirm(office, notice, date(2026, 6, 10)))
    assert said == f"{NAME}没有可以确认的对象：公示登记已作废。"
    assert confirm(office, corrected, date(2026, 6, 10)).confirmed == tuple(numbers)


@one_database
def test_what_followed_is_taken_back_first(office: Office) -> None:
    first, second, _ = proposed(office)
    notice = publish(office)
    object_to(office, notice, first, second, received=date(2026, 6, 3))
    said = office.refuses(Refused, lambda: notices.withdraw_notice(office.app, office.staff, notice, 1, "附件有误"))
    assert said == (
        f"{NAME}之后，已有 2 个对象办理了别的事项（“虚构甲平台”提出异议、“虚构乙平台”提出异议）。"
        "请先逐个作废这些事项，再撤回公示。"
    )
    assert (
        office.refuses(Refused, lambda: notices.withdraw_notice(office.app, office.staff, notice, 1, " "))
        == "请写明理由，供日后核查。"
    )


def test_a_notice_that_was_tampered_with_shows(office: Office) -> None:
    first, *_ = proposed(office)
    notice = publish(office)
    sql = {
        "the rows": f"UPDATE notice_entries SET name = '冒名' WHERE case_id = {first}",
        "the rows and their sum": None,
        "the period": "UPDATE notices SET days = 1",
        "another case in its place": f"UPDATE notice_entries SET case_id = 999 WHERE case_id = {first}",
    }
    listed = f"{NAME}：名单与发布时的校验值不一致。"
    told = f"{NAME}：与操作留痕中的登记不一致。"
    history = f"{NAME}：名单与各对象的办理经过不一致。"
    expected = {
        "the rows": [listed],
        "the rows and their sum": [told],
        "the period": [told],
        "another case in its place": [history],
    }
    found = {}
    for what, statement in sql.items():
        with office.app.writer.connect() as connection:
            _unguard(connection)
            connection.execute(sa.text(statement or sql["the rows"] or ""))
            if statement is None:
                listing = PublicList("creation_candidates", 2026, frozen_entries(connection, notice))
                connection.execute(tables.notices.update().values(sha256=listing.data_sha256))
            found[what] = list(notices.notice_problems(connection))
            connection.rollback()
    assert found == expected
    assert problems(office) == []


def _unguard(connection: sa.Connection) -> None:
    """Takes away what keeps rows from being changed, as somebody with the database's own tools could."""
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("DROP TRIGGER notice_entries_no_update"))
        connection.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    else:
        connection.execute(sa.text("ALTER TABLE notice_entries DISABLE TRIGGER ALL"))
