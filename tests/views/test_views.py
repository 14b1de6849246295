"""What pages are given: order, figures, what waits for whom, and answers that are renewed after every change."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core import views
from core.accounts import Actor, Role
from core.bootstrap import App
from core.checks.shown import shown_limit, shown_margin, shown_value
from core.errors import Refused
from core.services import accounts, intake, review, rounds
from core.standards.recommenders import recommenders
from core.store import tables
from core.views.today import Step, Waiting
from tests.books import applicant
from tests.office import AS_OF, DALIAN, DEADLINE, SHENFU, SHENYANG, TODAY, Office, shenyang

CITIES = [each.name for each in recommenders()]


# ---------------------------------------------------------------- rounds and people


def test_rounds_are_newest_first(opened: Office) -> None:
    assert views.newest_round_id(opened.app) == opened.round_id
    later = rounds.open_round(opened.app, opened.admin, year=2027)
    earlier = rounds.open_round(opened.app, opened.admin, year=2025)
    assert [each.title for each in views.rounds(opened.app)] == ["2027年度", "2026年度", "2025年度"]
    assert views.newest_round_id(opened.app) == later
    shown = views.round_view(opened.app, opened.round_id)
    assert (shown.deadline, shown.reference_day, shown.count_start, shown.version) == (DEADLINE, AS_OF, False, 1)
    assert views.round_view(opened.app, earlier).year == 2025
    with pytest.raises(Refused) as caught:
        views.round_view(opened.app, 99)
    assert str(caught.value) == "没有这个年度轮次。"


def test_before_the_first_round_there_is_none(app: App) -> None:
    assert (views.rounds(app), views.newest_round_id(app)) == ([], None)


def test_recommenders_stand_in_official_order(opened: Office) -> None:
    change = rounds.RecommenderChange(SHENFU, 1, True, 3, "甲某")
    rounds.set_recommenders(opened.app, opened.staff, opened.round_id, [change], "按通知")
    frame = views.recommenders_frame(opened.app, opened.round_id)
    assert list(frame.columns) == ["推荐单位", "参加", "推荐名额", "联系人", "version"]
    assert frame["推荐单位"].tolist() == CITIES
    assert frame.iloc[-1].tolist() == [SHENFU, True, 3, "甲某", 2]
    assert frame["推荐名额"].isna().tolist() == [True] * 14 + [False]


def test_accounts_as_a_table(opened: Office) -> None:
    frame = views.accounts_frame(opened.app)
    assert frame["账号"].tolist() == ["zhang", "li", "zhao", "wang", "chen"]
    assert frame["角色"].tolist() == ["管理员", "省厅经办", "省厅经办", "评审专家", "监督只读"]
    assert set(frame["状态"]) == {"在用"}
    assert "password_hash" not in frame.columns


def test_the_ledger_is_newest_first_and_every_filter_holds(office: Office) -> None:
    frame = views.ledger(office.app)
    assert frame["序号"].tolist() == list(range(len(office.entries()), 0, -1))
    assert list(frame.columns) == ["序号", "时间", "办理人", "角色", "事项", "对象", "内容", "理由"]
    assert views.ledger(office.app, action="intake.taken")["对象"].tolist() == [SHENFU, DALIAN, SHENYANG]
    assert views.ledger(office.app, who="张主任")["事项"].tolist() == ["建立轮次", *["新增账户"] * 4, "建立首个管理员"]
    assert views.ledger(office.app, who="张主任", text="孙").empty
    assert views.ledger(office.app, text=" 沈抚 ", action="intake.taken")["对象"].tolist() == [SHENFU]
    assert views.ledger(office.app, text="%").empty
    assert len(views.ledger(office.app, since=TODAY, until=TODAY)) == len(frame)
    assert views.ledger(office.app, until=TODAY - timedelta(days=1)).empty
    assert views.ledger(office.app, since=TODAY + timedelta(days=1)).empty
    assert views.ledger(office.app, limit=2)["序号"].tolist() == [12, 11]
    assert views.ledger(office.app, after_id=10)["序号"].tolist() == [12, 11]


def test_every_act_of_the_program_has_a_name_for_people() -> None:
    import re
    from pathlib import Path

    services = Path(__file__).parents[2] / "core" / "services"
    rooms = sorted({code.partition(".")[0] for code in views.ledger_actions()})
    written = {
        code
        for path in services.glob("*.py")
        for code in re.findall(rf'"((?:{"|".join(rooms)})\.[a-z_]+)"', path.read_text("utf-8"))
    }
    assert written == set(views.ledger_actions())


# ---------------------------------------------------------------- 条件审核


def test_the_matrix_is_in_official_order_and_says_every_verdict(office: Office) -> None:
    frame = views.application_matrix(office.app, office.round_id, "platform")
    assert frame["地区"].tolist() == [SHENYANG, DALIAN, DALIAN, SHENFU]
    assert frame["名称"].tolist() == [
        "虚构市云帆服务平台",
        "虚构市北辰服务平台",
        "虚构市星河服务平台",
        "虚构区安山服务平台",
    ]
    assert frame["结论"].tolist() == ["review", "missing", "fail", "review"]
    assert frame["annex1.served"].tolist() == ["pass", "pass", "fail", "pass"]
    assert frame["annex1.resources"].tolist() == ["pass", "missing", "pass", "pass"]
    assert [name for name in frame.columns if name.startswith("annex2")] == []
    bases = views.application_matrix(office.app, office.round_id, "base")
    assert bases[["地区", "编号", "结论"]].to_numpy().tolist() == [[SHENYANG, "JD-001", "review"]]


def test_the_matrix_of_nothing_has_its_columns(opened: Office) -> None:
    frame = views.application_matrix(opened.app, opened.round_id, "platform")
    assert (len(frame), list(frame.columns)) == (
        0,
        ["地区", "编号", "名称", "运营主体", "申报类别", "平台类别", "撤回", "结论"],
    )


def test_distances_are_shares_of_the_threshold(office: Office) -> None:
    frame = views.distances(office.app, office.round_id, "platform")
    served = frame[frame["criterion"] == "annex1.served"]
    assert served[["地区", "名称", "verdict", "margin"]].to_numpy().tolist() == [
        [SHENYANG, "虚构市云帆服务平台", "pass", 4.0],
        [DALIAN, "虚构市北辰服务平台", "pass", 4.0],
        [DALIAN, "虚构市星河服务平台", "fail", -0.1],
        [SHENFU, "虚构区安山服务平台", "pass", 4.0],
    ]
    assert len(frame[frame["criterion"] == "annex1.resources"]) == 3


def test_an_answer_is_remembered_and_renewed_after_a_change(office: Office) -> None:
    asked = lambda: views.application_matrix(office.app, office.round_id, "platform")  # noqa: E731
    first = asked()
    assert asked() is first
    number = office.application(DALIAN, "pt-001").id
    before = views.application_view(office.app, number)
    assert views.application_view(office.app, number) is before
    review.verify_value(
        office.app,
        office.staff,
        number,
        1,
        sheet="平台指标",
        column="年服务中小企业数（家）",
        text="1000",
        why="x",
        evidence="y",
    )
    assert asked().loc[number, "annex1.served"] == "pass"
    assert first.loc[number, "annex1.served"] == "fail"
    after = views.application_view(office.app, number)
    assert (before.version, after.version, before.verdict, after.verdict) == (1, 2, "fail", "review")


def test_one_application_with_all_that_is_known(office: Office) -> None:
    shown = views.application_view(office.app, office.application(DALIAN, "pt-002").id)
    assert (shown.city, shown.number, shown.name, shown.kind, shown.application, shown.verdict) == (
        DALIAN,
        "PT-002",
        "虚构市北辰服务平台",
        "platform",
        "创建申报",
        "missing",
    )
    assert [(error["cell"], error["code"]) for error in shown.errors] == [("L3", "not_a_number")]
    assert [name for _, name in shown.versions] == ["2026-大连市.xlsx"]
    served = next(each for each in shown.findings if each.criterion == "annex1.served")
    assert (served.value, served.required, served.margin, served.clause) == (
        "5,000",
        "≥ 1,000",
        "超出 400.0%",
        "附件1 服务成效/服务企业情况",
    )
    with pytest.raises(Refused) as caught:
        views.application_view(office.app, 99)
    assert str(caught.value) == "没有这个申报，请回到列表重新选择。"


@pytest.mark.parametrize(
    ("exact", "required", "text"),
    [
        (None, ">= 1", ""),
        ("1200", ">= 1000", "1,200"),
        ("3/10", ">= 30%", "30%"),
        ("2999/10000", ">= 30%", "29.99%"),
        ("7.5", "<= 8", "7.5"),
        ("2018-05-06", "", "2018-05-06"),
    ],
)
def test_a_figure_as_people_read_it(exact: str | None, required: str, text: str) -> None:
    assert shown_value(exact, required) == text


def test_a_figure_just_short_of_its_threshold_does_not_read_as_if_it_were_met() -> None:
    assert shown_value("29999/100000", ">= 30%") == "29.99%"
    assert shown_value("200001/1000000", "> 20%") == "20.0001%"
    assert [shown_margin(number) for number in (-0.00001, 0.0004)] == ["差不到 0.1%", "超出不到 0.1%"]


def test_limits_and_margins_as_people_read_them() -> None:
    assert [shown_limit(text) for text in (">= 1000", "> 20%", "<= 8", "推荐", "")] == [
        "≥ 1,000",
        "> 20%",
        "≤ 8",
        "推荐",
        "",
    ]
    assert [shown_margin(number) for number in (None, 0.0, 0.25, -0.1)] == ["", "正好达到", "超出 25.0%", "差 10.0%"]


# ---------------------------------------------------------------- 推荐接收


def test_the_folder_says_where_each_recommender_stands(office: Office) -> None:
    assert office.folder.is_dir()
    office.put(SHENYANG, shenyang()[0])
    office.put("鞍山市", applicant("platform", "PT-001", "虚构市新平台"))
    (office.folder / "2026-抚顺市.xlsx").write_bytes(b"")
    (office.folder / "说明.txt").write_text("x")
    shown = views.folder_view(office.app, office.round_id)
    assert [each.city for each in shown.cities] == CITIES
    states = {each.city: (each.state, each.title) for each in shown.cities if each.state != "not_sent"}
    assert states == {
        SHENYANG: ("changed", "有新版本"),
        DALIAN: ("taken", "已受理"),
        "鞍山市": ("ready", "待受理"),
        "抚顺市": ("refused", "不能读取"),
        SHENFU: ("taken", "已受理"),
    }
    assert shown.count("not_sent") == 10
    dalian = next(each for each in shown.cities if each.city == DALIAN)
    assert (dalian.applications, dalian.errors, dalian.warnings, dalian.feedback_way) == (2, 1, 0, "in_book")
    assert shown.others == (
        "说明.txt：不是表格文件，已原样留在文件夹中，不读取。如是推荐材料，请按模板用 .xlsx 工作簿报送。",
    )


def test_a_missing_folder_is_told_and_what_was_taken_in_still_shown(office: Office) -> None:
    moved = office.folder.rename(office.folder.with_name("moved"))
    shown = views.folder_view(office.app, office.round_id)
    moved.rename(office.folder)
    assert shown.problem == f"找不到文件夹 {office.folder}。请检查路径，或在“年度轮次”中改正。"
    assert [each.city for each in shown.cities if each.state == "taken"] == [SHENYANG, DALIAN, SHENFU]


def test_rows_that_are_gone_are_listed_until_decided(office: Office) -> None:
    assert views.pending_withdrawals(office.app, office.round_id).empty
    office.put(SHENYANG, shenyang()[0])
    office.take(SHENYANG)
    number = office.application(SHENYANG, "jd-001").id
    frame = views.pending_withdrawals(office.app, office.round_id)
    assert frame.to_numpy().tolist() == [
        [number, 1, SHENYANG, "JD-001", "虚构市望海基地", "虚构市望海园区有限公司", "创建申报"]
    ]
    assert views.application_matrix(office.app, office.round_id, "base").loc[number, "撤回"] == "pending"
    intake.decide_withdrawal(office.app, office.staff, number, 1, withdrawn=True, why="市里来函")
    assert views.pending_withdrawals(office.app, office.round_id).empty
    assert views.application_matrix(office.app, office.round_id, "base").empty


# ---------------------------------------------------------------- 今日


def test_before_the_first_round_it_waits_for_those_who_run_it(app: App) -> None:
    nobody = Actor(None, "x", "某人", Role.STAFF)
    shown = views.today(app, nobody)
    assert (shown.round, shown.waiting) == (None, (Waiting("还没有年度轮次，请先建立", 1, "round", urgent=True),))
    assert views.today(app, replace(nobody, role=Role.SUPERVISOR)).waiting == ()


def test_what_waits_and_where_the_round_stands(office: Office) -> None:
    office.put("鞍山市", applicant("platform", "PT-001", "虚构市新平台"))
    shown = views.today(office.app, office.staff)
    assert shown.waiting == (
        Waiting("个工作簿待受理", 1, "intake"),
        Waiting("个平台申报待认定", 2, "checks", (("kind", "platform"), ("verdict", "review"))),
        Waiting("个平台申报缺数据，待市里补报或核定", 1, "checks", (("kind", "platform"), ("verdict", "missing"))),
        Waiting("个基地申报待认定", 1, "checks", (("kind", "base"), ("verdict", "review"))),
    )
    assert shown.steps == (
        Step("发布通知", "now", "填写通知文号和日期", "round"),
        Step("下发模板", "done", "15 个推荐单位的工作簿", "round"),
        Step("接收推荐", "now", "3 / 15 个推荐单位已报送", "intake"),
        Step("条件审核", "now", "1 / 5 个申报已有结论", "checks"),
        Step("专家评审", "later", "定评审设置，分派专家", "panel"),
        Step("选定公示", "later", "选定拟创建对象，开始公示", "selection"),
        Step("形成名单", "later", "0 个申报达标", "lists"),
        Step("公布", "later", "登记公布的名单和文件", "publications"),
    )
    assert views.today(office.app, office.supervisor).waiting == ()
    assert views.today(office.app, office.supervisor).steps == shown.steps
    expert = views.today(office.app, office.expert)
    assert (expert.waiting, expert.steps, len(expert.since)) == ((), (), 0)


def test_what_a_late_book_and_a_gone_row_ask_of_a_person(office: Office) -> None:
    office.put(SHENYANG, shenyang()[0])
    office.take(SHENYANG)
    office.on(DEADLINE + timedelta(days=1))
    office.put(DALIAN, applicant("platform", "PT-001", "虚构市星河服务平台"))
    office.take(DALIAN)
    urgent = [each for each in views.today(office.app, office.staff).waiting if each.urgent]
    assert urgent == [
        Waiting("个工作簿逾期报送，待决定是否受理", 1, "intake", urgent=True),
        Waiting("个申报从工作簿中消失，待确认是否撤回", 1, "intake", urgent=True),
        # twelve recommenders have not reported
        Waiting("个期限已经逾期", 1, "deadlines", (("within", "overdue"),), urgent=True),
    ]


def test_what_changed_since_the_last_visit(office: Office) -> None:
    views.today(office.app, office.staff)
    review.add_note(office.app, office.second, office.application(DALIAN, "pt-001").id, "已电话联系")
    review.add_note(office.app, office.staff, office.application(DALIAN, "pt-001").id, "自己的")
    with office.app.writer.begin() as connection:  # the visit before was yesterday
        seen = tables.accounts.c.seen_at
        earlier = sa.select(seen).where(tables.accounts.c.id == office.staff.id)
        at = connection.execute(earlier).scalar_one() - timedelta(days=1)
        connection.execute(tables.accounts.update().where(tables.accounts.c.id == office.staff.id).values(seen_at=at))
    shown = views.today(office.app, office.staff)
    assert shown.since[["办理人", "内容"]].to_numpy().tolist() == [["赵经办", "添加备注：已电话联系"]]
    again = views.today(office.app, office.staff)
    assert again.since.equals(shown.since)
    entries = office.entries()
    views.today(office.app, office.staff)
    assert office.entries() == entries  # a visit is no act


def test_an_account_that_was_stopped_meanwhile_sees_no_news(office: Office) -> None:
    stranger = Actor(99, "x", "某人", Role.STAFF)
    assert views.today(office.app, stranger).since.empty


def test_pages_that_ask_at_once_get_the_same(office: Office) -> None:
    faults: list[BaseException] = []
    found: list[list[str]] = []

    def look() -> None:
        try:
            frames = [views.application_matrix(office.app, office.round_id, "platform") for _ in range(5)]
            found.extend(frame["结论"].tolist() for frame in frames)
        except BaseException as fault:  # noqa: BLE001 - told below, in the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert found == [["review", "missing", "fail", "review"]] * 40


def test_a_changed_account_name_leaves_the_ledger_as_it_was(office: Office) -> None:
    accounts.change_account(
        office.app,
        office.admin,
        office.staff.id or 0,
        1,
        name="李新名",
        role=Role.STAFF,
        unit_name="",
        active=True,
        why="更名",
    )
    assert set(views.ledger(office.app, action="intake.taken")["办理人"]) == {"李经办"}
    assert date(2026, 5, 20) == office.last().at.date()
