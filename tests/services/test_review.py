"""条件审核: the province's verified values beside the reported ones, determinations of people, notes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core import views
from core.errors import Refused, Stale
from core.services import intake, review
from core.services.judging import Flip
from core.standards import loader
from core.store import tables
from tests.conftest import one_database
from tests.office import DALIAN, SHENYANG, Office, shenyang

NUMBERS, SERVED = "平台指标", "年服务中小企业数（家）"
NAME = "虚构市星河服务平台"
REASON = "请写明理由，供日后核查。"


def verify(office: Office, text: str, version: int = 1, **changed: Any) -> list[Flip]:
    values = {"sheet": NUMBERS, "column": SERVED, "why": "与审计报告不符", "evidence": "审计报告第 7 页"} | changed
    return review.verify_value(office.app, office.staff, of_dalian(office), version, text=text, **values)


def of_dalian(office: Office, key: str = "pt-001") -> int:
    return int(office.application(DALIAN, key).id)


def finding(office: Office, number: int, criterion: str) -> views.FindingView:
    found = views.application_view(office.app, number).findings
    return next(each for each in found if each.criterion == criterion)


def test_a_verified_value_wins_and_the_reported_one_stays(office: Office) -> None:
    number = of_dalian(office)
    submissions = office.dump()["submissions"]
    assert verify(office, " 1,200 家 ") == [
        Flip(number, DALIAN, NAME, "annex1.served", "fail", "pass"),
        Flip(number, DALIAN, NAME, "overall", "fail", "review"),
    ]
    assert office.dump()["submissions"] == submissions
    shown = finding(office, number, "annex1.served")
    assert (shown.verdict, shown.value, shown.margin) == ("pass", "1,200", "超出 20.0%")
    [value] = shown.values
    at = office.last().at
    assert (
        value.sheet,
        value.column,
        value.cell,
        value.reported,
        value.verified,
        value.verified_by,
        value.history,
    ) == (
        NUMBERS,
        SERVED,
        "N2",
        "900",
        "1,200 家",
        f"李经办，{at:%Y-%m-%d}，与审计报告不符（依据：审计报告第 7 页）",
        (),
    )
    entry = office.last()
    assert (entry.what, entry.why, entry.subject, entry.based_on) == (
        f"核定“{SERVED}”为 1,200 家，依据：审计报告第 7 页；1 个申报的审核结论因此改变",
        "与审计报告不符",
        f"大连市 {NAME}",
        1,
    )
    assert office.application(DALIAN, "pt-001").version == 2


def test_a_new_verified_value_ends_the_one_before_and_keeps_it(office: Office) -> None:
    verify(office, "1200")
    assert [flip.after for flip in verify(office, "950", 2)] == ["fail", "fail"]
    rows = office.dump()["verified_values"]
    assert [(row[4], row[9] is None) for row in rows] == [("1200", False), ("950", True)]


def test_an_ended_verified_value_lets_the_reported_one_be_judged_again(office: Office) -> None:
    verify(office, "1200")
    end = lambda version=2, why="核定有误", column=SERVED: review.end_verified(  # noqa: E731
        office.app, office.staff, of_dalian(office), version, sheet=NUMBERS, column=column, why=why
    )
    assert office.refuses(Refused, lambda: end(why="")) == REASON
    assert office.refuses(Refused, lambda: end(column="专家数（人）")) == "“专家数（人）”没有核定值，无需取消。"
    assert [(flip.criterion, flip.after) for flip in end()] == [("annex1.served", "fail"), ("overall", "fail")]
    assert finding(office, of_dalian(office), "annex1.served").values[0].verified == ""
    assert office.last().what == f"取消“{SERVED}”的核定值；1 个申报的审核结论因此改变"
    assert office.refuses(Refused, lambda: end(3)) == f"“{SERVED}”没有核定值，无需取消。"


def test_a_verified_value_settles_a_cell_in_error(office: Office) -> None:
    number = of_dalian(office, "pt-002")
    flips = review.verify_value(
        office.app,
        office.staff,
        number,
        1,
        sheet=NUMBERS,
        column="专家数（人）",
        text="48",
        why="电话核实",
        evidence="记录一",
    )
    assert [(flip.criterion, flip.before, flip.after) for flip in flips] == [
        ("annex1.resources", "missing", "pass"),
        ("overall", "missing", "review"),
    ]
    assert finding(office, number, "annex1.resources").values[1].reported == "约50"


def test_a_verified_value_outlives_a_new_version_of_the_workbook(office: Office) -> None:
    verify(office, "1200")
    from tests.books import applicant

    rows = [applicant("platform", "PT-001", NAME, {NUMBERS: {SERVED: "800"}})]
    office.put(DALIAN, *rows, applicant("platform", "PT-002", "虚构市北辰服务平台"))
    office.take(DALIAN)
    shown = finding(office, of_dalian(office), "annex1.served")
    assert (shown.verdict, shown.values[0].reported, shown.values[0].verified) == ("pass", "800", "1200")
    assert [text for _, text in shown.values[0].history] == ["900", "800"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"text": "约1000"},
            "核定值“约1000”不能用：“年服务中小企业数（家）”应填数字，现在是“约1000”，"
            "请只填阿拉伯数字，例如 3600，不写“约”“万”“+”等字样。",
        ),
        (
            {"text": "1.5"},
            "核定值“1.5”不能用：“年服务中小企业数（家）”以“家”为单位，应填整数，现在是“1.5”，请改填整数，例如 3600。",
        ),
        (
            {"text": "-1"},
            "核定值“-1”不能用：“年服务中小企业数（家）”不能是负数，现在是“-1”，请核对后改填 0 或正数。",
        ),
        ({"text": "1000", "why": " "}, REASON),
        ({"text": "1000", "evidence": " "}, "请写明核定依据（如审计报告第几页、现场核查表编号）。"),
        ({"text": "1000", "column": "没有的列"}, "〔平台指标〕没有“没有的列”这一列。"),
        ({"text": "1000", "sheet": "没有的表"}, "〔没有的表〕没有“年服务中小企业数（家）”这一列。"),
        (
            {"text": "30", "sheet": "线下活动", "column": "参加企业数（家）"},
            "〔线下活动〕的数据不能逐格核定，请推荐单位改表后重新报送。",
        ),
        *(
            (
                {"text": text, "sheet": "推荐汇总表", "column": column},
                f"“{column}”决定是哪个申报、按哪套标准审核，不能核定。请推荐单位改表后重新报送。",
            )
            for column, text in (("类型", "基地"), ("编号", "PT-009"), ("申报类别", "期满验收"))
        ),
    ],
)
@one_database
def test_a_value_that_cannot_be_is_refused(office: Office, values: dict[str, str], sentence: str) -> None:
    assert office.refuses(Refused, lambda: verify(office, **values)) == sentence


def test_who_comes_second_is_told(office: Office) -> None:
    verify(office, "1200")
    at = office.last().at
    assert office.refuses(Stale, lambda: verify(office, "1300")) == (
        f"“{NAME}”已由李经办于{at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"
    )


# ---------------------------------------------------------------- determinations


def determine(
    office: Office, number: int, version: int, criterion: str, verdict: str = "pass", **more: str
) -> list[Flip]:
    values = {"why": "现场查看属实"} | more
    return review.determine(office.app, office.staff, number, version, criterion=criterion, verdict=verdict, **values)


def test_a_person_settles_what_is_a_persons_to_settle(office: Office) -> None:
    number = office.application(SHENYANG, "pt-001").id
    assert determine(office, number, 1, "annex1.assurance") == [
        Flip(number, SHENYANG, "虚构市云帆服务平台", "annex1.assurance", "review", "pass")
    ]
    shown = finding(office, number, "annex1.assurance")
    entry = office.last()
    assert (shown.verdict, shown.open, shown.settled, shown.determined_by) == (
        "pass",
        True,
        True,
        f"李经办，{entry.at:%Y-%m-%d}：现场查看属实",
    )
    assert shown.message.endswith("人工认定：达标，理由：现场查看属实。")
    assert (entry.what, entry.why) == ("认定“运营保障机制”达标", "现场查看属实")
    assert [(flip.before, flip.after) for flip in determine(office, number, 2, "annex1.assurance", "fail")] == [
        ("pass", "fail"),
        ("review", "fail"),
    ]
    rows = office.dump()["determinations"]
    assert [(row[4], row[8] is None) for row in rows] == [("pass", False), ("fail", True)]
    end = lambda version, criterion="annex1.assurance", why="重新查看": review.end_determination(  # noqa: E731
        office.app, office.staff, number, version, criterion=criterion, why=why
    )
    assert office.refuses(Refused, lambda: end(3, why="")) == REASON
    assert office.refuses(Refused, lambda: end(3, "annex1.interconnection")) == "这一项没有人工认定，无需取消。"
    assert [flip.after for flip in end(3)] == ["review", "review"]
    assert office.last().what == "取消对“运营保障机制”的认定；1 个申报的审核结论因此改变"
    assert finding(office, number, "annex1.assurance").determined_by == ""


def test_the_conditions_of_article_5_are_settled_one_by_one(office: Office) -> None:
    number = office.application(SHENYANG, "pt-001").id
    items = loader.load("ln-2025-draft").criterion("art5.conditions").items
    assert list(items) == ["1.3", "1.4", "1.5", "1.6", "1.7", "2.1", "2.2", "2.3", "2.4", "2.5"]
    for version, item in enumerate(items, start=1):
        flips = determine(office, number, version, "art5.conditions", item=item)
        assert [flip.after for flip in flips] == (["pass"] if item == "2.5" else [])
        entry = office.last()
        assert entry.what == f"认定“{items[item].clause}{items[item].text}”达标"
    shown = finding(office, number, "art5.conditions")
    assert (shown.verdict, [each.verdict for each in shown.conditions]) == ("pass", ["pass"] * 10)
    assert [flip.after for flip in determine(office, number, 11, "art5.conditions", "fail", item="1.5")] == [
        "fail",
        "fail",
    ]
    shown = finding(office, number, "art5.conditions")
    failed = [(each.code, each.reason, each.who) for each in shown.conditions if each.verdict == "fail"]
    assert failed == [("1.5", "现场查看属实", "李经办")]


@pytest.mark.parametrize(
    ("criterion", "more", "sentence"),
    [
        ("annex1.served", {}, "“服务企业”已由数据判定为不达标，不需要人工认定。如数据有误，请填写核定值。"),
        ("annex1.coverage", {}, "“服务覆盖面”已由数据判定为达标，不需要人工认定。如数据有误，请填写核定值。"),
        ("annex2.facilities", {}, "“配套设施”不适用于这个申报。"),
        ("annex9", {}, "标准中没有指标 annex9。"),
        ("art5.conditions", {}, "“其他申报条件”请逐项认定。"),
        ("art5.conditions", {"item": "9.9"}, "“其他申报条件”请逐项认定。"),
        ("annex1.assurance", {"item": "1.3"}, "“运营保障机制”不分项认定。"),
        ("annex1.assurance", {"why": " "}, REASON),
        ("annex1.assurance", {"verdict": "review"}, "请选择“达标”或“不达标”。"),
        ("annex1.assurance", {"verdict": ""}, "请选择“达标”或“不达标”。"),
    ],
)
@one_database
def test_a_determination_that_cannot_be_is_refused(
    office: Office, criterion: str, more: dict[str, str], sentence: str
) -> None:
    number = of_dalian(office)
    assert office.refuses(Refused, lambda: determine(office, number, 1, criterion, **more)) == sentence


def test_a_determination_of_an_old_version_is_refused(office: Office) -> None:
    number = office.application(SHENYANG, "pt-001").id
    determine(office, number, 1, "annex1.assurance")
    at = office.last().at
    act = lambda: determine(office, number, 1, "annex1.interconnection")  # noqa: E731
    assert office.refuses(Stale, act) == (
        f"“虚构市云帆服务平台”已由李经办于{at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"
    )


def test_an_application_passes_when_everything_is_settled(office: Office) -> None:
    number = office.application(SHENYANG, "pt-001").id
    settle_all(office, number)
    assert office.judged(SHENYANG, "pt-001").verdict == "pass"
    flips = views.application_view(office.app, number).flips
    assert [flip[1:] for flip in flips[:2]] == [("互联互通", "review", "pass"), ("总的结论", "review", "pass")]


def settle_all(office: Office, number: int) -> None:
    """Settles every open finding of an application as pass."""
    items = loader.load("ln-2025-draft").criterion("art5.conditions").items
    shown = views.application_view(office.app, number)
    version = shown.version
    for each in shown.findings:
        if each.verdict != "review":
            continue
        for item in items if each.criterion == "art5.conditions" else ("",):
            determine(office, number, version, each.criterion, item=item)
            version += 1


def test_nothing_is_decided_on_what_was_undone(office: Office) -> None:
    number = office.application(SHENYANG, "pt-001").id
    intake.undo(office.app, office.staff, office.row(tables.intakes, city=SHENYANG).id, "报错")
    sentence = "沈阳市“pt-001”的材料已撤销受理，不能再作审核。"
    assert office.refuses(Refused, lambda: determine(office, number, 1, "annex1.assurance")) == sentence
    assert office.refuses(Refused, lambda: review.add_note(office.app, office.staff, number, "x")) == sentence
    office.put(SHENYANG, *shenyang())
    office.take(SHENYANG)
    determine(office, number, 1, "annex1.assurance")


def test_notes_are_added_and_never_changed(office: Office) -> None:
    number = office.application(SHENYANG, "pt-001").id
    note = lambda text, of=number: review.add_note(office.app, office.staff, of, text)  # noqa: E731
    assert office.refuses(Refused, lambda: note(" ")) == "备注是空的，请先写内容。"
    assert office.refuses(Refused, lambda: note("x", 99)) == "没有这个申报。"
    note(" 已电话联系 ")
    note("第二条")
    shown = views.application_view(office.app, number).notes
    assert [(who, text) for _, who, text in shown] == [("李经办", "第二条"), ("李经办", "已电话联系")]
    assert office.last().what == "添加备注：第二条"
    assert office.application(SHENYANG, "pt-001").version == 1


def test_an_application_that_is_not_there_is_told(office: Office) -> None:
    assert office.refuses(Refused, lambda: determine(office, 99, 1, "annex1.assurance")) == "没有这个申报。"
    assert date(2026, 6, 30) == office.judged(SHENYANG, "pt-001").as_of
