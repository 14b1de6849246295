"""Public notices: the list is frozen, and nobody is confirmed early, by whomever (第七条（二）、（四）)."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core.accounts import SYSTEM, command_line_actor
from core.errors import Refused, Stale
from core.publication.lists import PublicList
from core.services import cases, intake, notices, review, rounds, selection
from core.services.notice_rows import frozen_entries
from core.store import tables
from tests.books import MAIN, applicant
from tests.conftest import one_database
from tests.notices import (
    AFTER,
    CONTACT,
    DOCUMENT,
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
    resolve,
    status,
)
from tests.office import SHENYANG, Office, dump
from tests.services.test_lists import ALL, settle

NAME = "2026年度拟创建对象公示（2026年6月1日）"
EARLY = f"{NAME}没有可以确认的对象：公示最后一日是2026年6月8日（周一），过了这一天才能确认。"


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
    asked = {"stage": "creation", "published": PUBLISHED, "signed": PUBLISHED, "contact": CONTACT} | given
    stage = asked.pop("stage")
    act = lambda: notices.open_notice(office.app, office.staff, office.round_id, stage, **asked)  # noqa: E731
    assert office.refuses(Refused, act) == sentence


def test_a_longer_period_holds_for_every_case(office: Office) -> None:
    [number, *_] = proposed(office)
    notice = publish(office, days=7)
    assert office.row(tables.standings, case_id=number).due == date(2026, 6, 10)
    assert office.row(tables.notices, id=notice).days == 7


# ---------------------------------------------------------------- the applications behind it


def settled(office: Office) -> list[selection.Candidate]:
    """Three cases from applications, proposed; it is the day of publication."""
    settle(office, *ALL)
    office.on(SELECTED)
    listed = selection.candidates(office.app, office.round_id)
    chosen = [each.application_id for each in listed if each.name in ALL[:3]]
    selection.propose(
        office.app, office.staff, office.round_id, day=SELECTED, selected=chosen, declined={}, minutes="甲", why="乙"
    )
    office.on(PUBLISHED)
    return [each for each in selection.candidates(office.app, office.round_id) if each.name in ALL[:3]]


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


# ---------------------------------------------------------------- confirming


@pytest.mark.parametrize("who", ["staff", "admin", "command line", "system"])
def test_whoever_asks_is_refused_until_the_last_day_is_over(office: Office, who: str) -> None:
    actor = {"command line": command_line_actor(), "system": SYSTEM}.get(who) or getattr(office, who)
    proposed(office)
    notice = publish(office)
    for day in (PUBLISHED, date(2026, 6, 5), LAST):
        assert office.refuses(Refused, lambda day=day: confirm(office, notice, day, actor=actor)) == EARLY
    said = office.refuses(Refused, lambda: confirm(office, notice, LAST, day=AFTER, actor=actor))
    assert said == "日期2026年6月9日（周二）还没有到，不能提前确认。"
    office.on(AFTER)
    assert office.refuses(Refused, lambda: confirm(office, notice, AFTER, day=LAST, actor=actor)) == EARLY
    assert len(confirm(office, notice, AFTER, actor=actor).confirmed) == 3


def test_all_that_can_be_are_confirmed_in_one_act(office: Office) -> None:
    numbers = proposed(office)
    notice = publish(office)
    before = office.last().id
    confirmed = confirm(office, notice, AFTER)
    assert (confirmed.confirmed, confirmed.left) == (tuple(numbers), ())
    assert {status(office, each) for each in numbers} == {"creating"}
    assert office.row(tables.standings, case_id=numbers[0]).due == date(2028, 6, 9)
    last = office.last()
    assert (last.id, last.action, last.based_on) == (before + 1, "notice.confirmed", 1)
    assert last.what == f"2026年6月9日（周二）确定为创建对象 3 个（{DOCUMENT}）"
    said = office.refuses(Refused, lambda: confirm(office, notice, AFTER))
    assert said == (f"{NAME}没有可以确认的对象：已于2026年6月9日（周二）确定为创建对象（{DOCUMENT}）。")


def test_those_with_an_objection_stay_behind_and_are_caught_up(office: Office) -> None:
    first, second, third = proposed(office)
    notice = publish(office)
    [one] = object_to(office, notice, first, received=date(2026, 6, 3))
    [two] = object_to(office, notice, second, received=date(2026, 6, 4))
    resolve(office, two, date(2026, 6, 5), upheld=True)
    made = confirm(office, notice, AFTER)
    assert (made.confirmed, made.left) == (
        (third,),
        (
            (first, "虚构甲平台", "还有1件异议没有核查完"),
            (second, "虚构乙平台", "已是“公示异议属实”"),
        ),
    )
    assert office.last().what.endswith("，还有 1 个没有确认")
    said = office.refuses(Refused, lambda: confirm(office, notice, AFTER))
    assert said.startswith(f"{NAME}没有可以确认的对象：“虚构甲平台”还有1件异议没有核查完；“虚构乙平台”已是")
    resolve(office, one, date(2026, 6, 10))
    said = office.refuses(Refused, lambda: confirm(office, notice, date(2026, 6, 10), day=AFTER))
    assert "“虚构甲平台”最近一次办理的日期是2026年6月10日（周三），确认的日期不能早于这一天" in said
    assert confirm(office, notice, date(2026, 6, 10)).confirmed == (first,)


def test_those_who_left_stay_behind(office: Office) -> None:
    first, second, third = proposed(office)
    notice = publish(office)
    office.on(date(2026, 6, 3))
    version = office.row(tables.cases, id=first).version
    cases.act(office.app, office.staff, first, version, event="withdrawn", day=date(2026, 6, 3), why="申报单位来函")
    version = office.row(tables.cases, id=second).version
    cases.void(office.app, office.staff, second, version, 3, "误列")
    made = confirm(office, notice, AFTER)
    assert made.confirmed == (third,)
    assert made.left == ((first, "虚构甲平台", "已是“撤回”"), (second, "虚构乙平台", "公示登记已作废"))


def test_recognition_is_confirmed_the_same_way(office: Office) -> None:
    numbers = accepted(office)
    notice = publish(office, "recognition")
    assert office.refuses(Refused, lambda: confirm(office, notice, LAST)).endswith("过了这一天才能确认。")
    assert confirm(office, notice, AFTER).confirmed == tuple(numbers)
    assert {status(office, each) for each in numbers} == {"recognized"}
    assert dump(office.app)["case_baselines"] == []


def test_a_document_number_is_asked_for(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    said = office.refuses(Refused, lambda: confirm(office, notice, AFTER, document=" "))
    assert said == "请写明确定为创建对象的文号（第七条（二））。"
    office.on(AFTER)
    with pytest.raises(Refused, match="没有这次公示，请回到列表重新选择。"):
        notices.confirm(office.app, office.staff, 99, 1, day=AFTER, document=DOCUMENT)


# ---------------------------------------------------------------- all or nothing, and two at once


def test_the_second_of_two_is_told_who_was_first(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    confirm(office, notice, AFTER)
    said = office.refuses(Stale, lambda: confirm(office, notice, AFTER, version=1, actor=office.second))
    at = office.last().at
    assert said == f"{NAME}已由李经办于{at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"


def test_two_who_confirm_at_once(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    office.on(AFTER)
    said: list[str] = []
    start = threading.Barrier(2)

    def try_it(who: Any) -> None:
        start.wait()
        try:
            made = notices.confirm(office.app, who, notice, 1, day=AFTER, document=DOCUMENT)
            said.append(f"confirmed {len(made.confirmed)}")
        except Stale:
            said.append("told")

    threads = [threading.Thread(target=try_it, args=(who,)) for who in (office.staff, office.second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["confirmed 3", "told"]
    confirmations = [row for row in dump(office.app)["case_events"] if "creation_confirmed" in row]
    assert len(confirmations) == 3


def test_a_fault_in_the_middle_leaves_nothing_behind(office: Office) -> None:
    *_, third = proposed(office)
    notice = publish(office)
    with office.app.writer.begin() as connection:
        # an event that the program does not know: it cannot read this one history
        connection.execute(
            tables.case_events.insert().values(
                case_id=third, number=4, ledger_id=1, at=office.app.clock.now(), type="unknown", day=LAST, place=4
            )
        )
    before = dump(office.app)
    with pytest.raises(KeyError):
        confirm(office, notice, AFTER)
    assert dump(office.app) == before


@one_database
def test_three_hundred_are_confirmed_in_one_act(office: Office) -> None:
    numbers = proposed(office, [(f"虚构{number:03}号平台", SHENYANG) for number in range(300)])
    notice = publish(office)
    started = time.monotonic()
    assert confirm(office, notice, AFTER).confirmed == tuple(numbers)
    assert time.monotonic() - started < 20


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
