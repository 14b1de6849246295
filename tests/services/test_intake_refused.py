"""Workbooks over the quota, workbooks that cannot be taken in, and what two cities or two people do at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from core.errors import Refused
from core.services import intake, rounds
from core.services.intake_sources import folder_books, round_context
from core.services.rounds import RecommenderChange
from core.store import tables
from tests.books import MAIN, applicant
from tests.conftest import one_database
from tests.office import DALIAN, DEADLINE, SHENFU, SHENYANG, Office, better, dalian, shenfu, shenyang

BOOK = "2026-沈阳市.xlsx"
LATE = DEADLINE + timedelta(days=1)


# ---------------------------------------------------------------- quotas


def quota(office: Office, most: int, over_quota: str) -> None:
    rounds.set_recommenders(
        office.app, office.staff, office.round_id, [RecommenderChange(SHENYANG, 1, True, most, "")], "按通知"
    )
    if over_quota != "warn":
        held = office.row(tables.rounds, id=office.round_id)
        values = {name: getattr(held, name) for name in held._fields if name not in ("id", "year", "version")}
        rounds.change_round(
            office.app, office.staff, office.round_id, 1, **values | {"over_quota": over_quota, "why": "按通知"}
        )


@pytest.mark.parametrize("over_quota", ["warn", "refuse"])
@one_database
def test_as_many_as_the_quota_are_taken_in(opened: Office, over_quota: str) -> None:
    # later stages take no place: three rows, two of them 创建申报
    quota(opened, 2, over_quota)
    opened.put(SHENYANG, *shenyang(), applicant("platform", "PT-002", "虚构市老平台", application="运行复核"))
    [done] = opened.take()
    assert (done.ok, done.sentence) == (True, f"{BOOK}：已受理。新增 3 个，修改 0 个，消失 0 个，填报错误 0 处。")


@one_database
def test_more_than_the_quota_is_a_warning_or_a_refusal(opened: Office) -> None:
    quota(opened, 1, "refuse")
    opened.put(SHENYANG, *shenyang())
    before = opened.dump()
    [done] = opened.take()
    assert (done.ok, done.sentence) == (
        False,
        f"{BOOK}：创建申报超过推荐名额 1 个，按本轮次设置不予受理。请市里减少后再报。",
    )
    assert opened.dump() == before


@one_database
def test_more_than_the_quota_is_taken_in_with_a_warning(opened: Office) -> None:
    quota(opened, 0, "warn")
    opened.put(SHENYANG, *shenyang())
    [seen] = intake.preview(opened.app, opened.round_id)
    assert (seen.over_quota, seen.quota) == (True, 0)
    [done] = opened.take()
    assert (done.ok, done.sentence) == (
        True,
        f"{BOOK}：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 0 处；创建申报超过推荐名额 0 个，请注意。",
    )


# ---------------------------------------------------------------- workbooks that cannot be


def put_other_city(office: Office) -> None:
    office.put(DALIAN, *shenfu(), name=BOOK)


def put_other_year(office: Office) -> None:
    office.put(SHENYANG, *shenyang(), year=2025)


def put_without_main(office: Office) -> None:
    office.put(SHENYANG, *shenyang(), drop=(MAIN,))


def put_stranger(office: Office) -> None:
    office.put("长春市", *shenfu(), name="新版.xlsx")


def put_nobodys(office: Office) -> None:
    office.put("", *shenfu(), name="推荐.xlsx", drop=("_meta",))


def put_two(office: Office) -> None:
    office.put(SHENYANG, *shenyang(), name="推荐一.xlsx")
    office.put(SHENYANG, *shenyang())


TWO = "沈阳市有 2 个工作簿：“2026-沈阳市.xlsx”、“推荐一.xlsx”。请只保留一个，把其余的移出文件夹；在此之前都不读取。"


@pytest.mark.parametrize(
    ("put", "sentences"),
    [
        (put_other_city, [f"{BOOK}：工作簿内写明的城市是“大连市”，与文件名不符。请核对是否放错或改错了名。"]),
        (put_other_year, [f"{BOOK}：工作簿内写明的年度是 2025，不是本轮次的 2026。请改用本年度的模板。"]),
        (put_without_main, [f"{BOOK}：缺少工作表“推荐汇总表”或其中的“编号”列，认不出申报。请用下发的模板填报。"]),
        (
            put_stranger,
            ["新版.xlsx：“长春市”不是本轮次的推荐单位。请核对工作簿，或在“年度轮次”中设置推荐单位。"],
        ),
        (
            put_nobodys,
            ["推荐.xlsx：认不出是哪个市的工作簿。请用下发的模板填报，或把文件名改为“年度-城市.xlsx”。"],
        ),
        (put_two, [f"{BOOK}：{TWO}", f"推荐一.xlsx：{TWO}"]),
    ],
)
@one_database
def test_what_cannot_be_taken_in_is_told(opened: Office, put: Callable[[Office], None], sentences: list[str]) -> None:
    put(opened)
    before = opened.dump()
    done = opened.take()
    assert ([each.sentence for each in done], [each.ok for each in done]) == (sentences, [False] * len(sentences))
    assert opened.dump() == before
    assert not list(opened.app.settings.snapshots.rglob("*.xlsx"))


@one_database
def test_a_workbook_without_a_telling_name_says_itself_whose_it_is(opened: Office) -> None:
    opened.put(SHENYANG, *shenyang(), name="最新.xlsx")
    [done] = opened.take(SHENYANG)
    assert (done.city, done.ok, done.added) == (SHENYANG, True, 2)


@one_database
def test_one_bad_workbook_does_not_hold_up_the_others(opened: Office) -> None:
    opened.put(DALIAN, *dalian())
    opened.put(SHENFU, *shenfu(), drop=(MAIN,))
    opened.put(SHENYANG, *shenyang())
    assert {each.city: each.ok for each in opened.take()} == {DALIAN: True, SHENFU: False, SHENYANG: True}


def test_an_applicant_of_two_cities_is_told(office: Office) -> None:
    office.put(DALIAN, applicant("platform", "PT-001", "虚构市云帆服务平台"))
    [seen] = intake.preview(office.app, office.round_id, [DALIAN])
    [error] = [each for each in seen.errors if each.code == "duplicate_applicant"]
    assert (error.cell, error.message) == (
        "G2",
        "2026-大连市.xlsx〔推荐汇总表〕G2：沈阳市已推荐过这个申报（编号“PT-001”）：统一社会信用代码、类型和名称都相同，"
        "请与省厅和对方市核对，只由一个市推荐。",
    )


@one_database
def test_without_a_folder_there_is_nothing_to_take_in(opened: Office) -> None:
    opened.folder.rename(opened.folder.with_name("moved"))
    sentence = f"找不到文件夹 {opened.folder}。请检查路径，或在“年度轮次”中改正。"
    assert opened.refuses(Refused, opened.take) == sentence
    opened.folder.with_name("moved").rename(opened.folder)


def test_two_who_look_at_once_do_not_take_in_twice(office: Office) -> None:
    office.put(DALIAN, *better())
    with office.app.reader.connect() as connection:
        context = round_context(office.app, connection, office.round_id)
    [seen] = intake.previews(office.app, context, folder_books(office.app, context), [DALIAN])
    office.take(DALIAN)
    before = office.dump()
    done = intake.take_in_one(office.app, office.second, context, seen, None, "")
    assert (done.ok, done.sentence) == (
        False,
        "2026-大连市.xlsx：您查看差异之后，这个市又有新的受理。请重新查看差异再受理。",
    )
    assert office.dump() == before


@one_database
def test_without_a_deadline_nothing_is_late(office: Office) -> None:
    held = office.row(tables.rounds, id=office.round_id)
    values = {name: getattr(held, name) for name in held._fields if name not in ("id", "year", "version")}
    rounds.change_round(office.app, office.staff, office.round_id, 1, **values | {"deadline": None, "why": "待定"})
    office.on(date(2026, 12, 31))
    office.put(DALIAN, *better())
    [done] = office.take(DALIAN)
    assert (done.ok, done.held) == (True, False)
