"""Judging one application: sentences, margins, preferences, baselines, and people's determinations."""

from __future__ import annotations

from fractions import Fraction

import pytest

from core.applications import Application
from core.checks.finding import Finding
from core.checks.judge import Assessment, Baselines, Determination, judge, settle
from tests.checks.building import AS_OF, Sheets, applicants, book, edition, sample

ITEMS = ("1.3", "1.4", "1.5", "1.6", "1.7", "2.1", "2.2", "2.3", "2.4", "2.5")


def one_of(sheets: Sheets, name: str = "2026-沈阳市.xlsx") -> Application:
    """The one application of a book."""
    (application,) = applicants(book(sheets, name=name))
    return application


def found(sheets: Sheets, code: str, baseline: Application | None = None) -> Finding:
    """One finding of an applicant."""
    return judge(one_of(sheets), edition(), AS_OF, baseline).finding(code)


@pytest.mark.parametrize(
    ("kind", "cells", "code", "said"),
    [
        (
            "platform",
            {"服务机构数（家）": "20", "专家数（人）": "19"},
            "annex1.resources",
            "“服务机构数（家）”20与“专家数（人）”19合计 39，要求不低于 40，差 1，不达标"
            "（附件1 服务能力/汇集服务资源情况；平台指标!K2、L2）。",
        ),
        (
            "platform",
            {"年服务中小企业数（家）": ""},
            "annex1.served",
            "缺数据，无法判断：“年服务中小企业数（家）”未填（平台指标!N2）。请推荐单位补正后重新报送"
            "（附件1 服务成效/服务企业情况）。",
        ),
        (
            "platform",
            {"年服务中小企业数（家）": "1.2万"},
            "annex1.served",
            "缺数据，无法判断：“年服务中小企业数（家）”填写有误（平台指标!N2）。请推荐单位补正后重新报送"
            "（附件1 服务成效/服务企业情况）。",
        ),
        (
            "platform",
            {"已覆盖下一级行政区数（个）": "2999", "下一级行政区总数（个）": "10000"},
            "annex1.coverage",
            "“已覆盖下一级行政区数（个）”2999，占“下一级行政区总数（个）”10000 的 29.99%，要求不低于 30%，不达标"
            "（附件1 服务成效/服务覆盖面情况；平台指标!R2、Q2）。",
        ),
        (
            "platform",
            {"互联互通情况": "未开展"},
            "annex1.interconnection",
            "“互联互通情况”填“未开展”，要求初步实现互联互通或有明确规划，不达标"
            "（附件1 服务能力/互联互通情况；平台指标!M2）。",
        ),
        (
            "platform",
            {"法律政策库": "否", "服务机构库": "否", "服务产品案例库": "否"},
            "annex1.digital",
            "基础服务资源库已有 1 类，要求不低于 2 类，且具备政策推送；"
            "没有“法律政策库”、“服务机构库”、“服务产品案例库”，不达标"
            "（附件1 系统建设/数字化智能化建设情况；平台指标!B2、C2、D2、E2、F2）。",
        ),
        (
            "base",
            {},
            "annex2.rd_intensity",
            "按总额比总额计算，即研发投入总额除以营业总收入，不是各企业强度的平均：“研发投入总额（万元）”5000，"
            "占“基地企业营业总收入（万元）”100000 的 5%，要求不低于 2%，达标"
            "（附件2 创新水平/入驻企业创新发展情况；基地指标!T2、F2）。",
        ),
        (
            "base",
            {},
            "annex2.quality_share",
            "优质企业加权数（20×1＋10×4＋2×10＋1×5＋1×5＋1×5）占“基地企业数（家）”200 的 47.5%，要求超过 20%，达标"
            "（附件2 创新水平/入驻优质企业占比；基地指标!N2、O2、P2、Q2、R2、S2、K2）。",
        ),
        (
            "base",
            {"入驻中小企业数（家）": "99"},
            "art5.scale",
            "“入驻中小企业数（家）”99，上年 100，要求保持稳定或增长，比上年减少，是否“基本稳定”，需人工认定"
            "（第五条（一）2；基地指标!L2、M2）。",
        ),
        (
            "base",
            {},
            "art5.conditions",
            "其他申报条件共 10 项，应逐项认定，需人工认定（第五条）。",
        ),
    ],
)
def test_sentences(kind: str, cells: dict[str, str], code: str, said: str) -> None:
    sheet = "平台指标" if kind == "platform" else "基地指标"
    assert found(sample(kind, {sheet: cells}), code).message == said


def test_sentences_of_materials() -> None:
    cells = {"申报材料": {"审计报告": "缺", "真实性声明": "缺", "创建申请书": "不适用"}}
    assert found(sample("platform", cells), "art7.materials").message == (
        "缺“审计报告”、“真实性声明”，“创建申请书”不能填“不适用”，不达标（第七条（一）；申报材料!E2、I2、B2）。"
    )


def test_sentence_of_a_comparison_with_creation() -> None:
    before = one_of(sample("base"), "2024-沈阳市.xlsx")
    own = sample("base", {"基地指标": {"有效发明专利数（件）": "299"}}, "期满验收")
    finding = found(own, "annex2.patents", before)
    assert finding.message == (
        "每千万元营收有效发明专利 2.99 件，创建时 3 件，要求不低于创建时，不达标"
        "（附件2 创新水平/入驻企业创新发展情况；基地指标!U2、F2）。"
    )
    assert found(own, "annex2.patents").message == (
        "每千万元营收有效发明专利 2.99 件，没有可比的创建时数据，需人工认定"
        "（附件2 创新水平/入驻企业创新发展情况；基地指标!U2、F2）。"
    )


def test_values_are_exact_and_margins_tell_how_far() -> None:
    finding = found(sample("platform", {"平台指标": {"已覆盖下一级行政区数（个）": "2"}}), "annex1.coverage")
    assert (finding.value, finding.margin) == (Fraction(1, 5), Fraction(-1, 3))
    assert finding.cells == ("平台指标!R2", "平台指标!Q2")
    at = found(sample("platform", {"平台指标": {"已覆盖下一级行政区数（个）": "3"}}), "annex1.coverage")
    assert (at.verdict, at.margin) == ("pass", 0)
    slow = sample("platform", {"平台指标": {"注册用时（分钟）": "10"}}, "期满验收")
    assert found(slow, "annex1.access").margin == Fraction(-1, 4)
    before = one_of(sample("base"))
    more = sample("base", {"基地指标": {"年服务活动数（场）": "30"}}, "期满验收")
    assert found(more, "annex2.services", before).margin == Fraction(-1, 4)


def test_preference_of_a_national_high_tech_zone_changes_nothing_else() -> None:
    plain = judge(one_of(sample("base", {"推荐汇总表": {"国家级高新区": "否"}})), edition(), AS_OF)
    zone = judge(one_of(sample("base", {"推荐汇总表": {"国家级高新区": "是"}})), edition(), AS_OF)
    assert (plain.preferences, zone.preferences) == ((), ("art18",))
    assert zone.findings == plain.findings


NAME, CODE = "平台（基地）名称", "统一社会信用代码"


def named(name: str, code: str = "91210100MA0000003N", application: str = "创建申报") -> Application:
    """A base of that name and code."""
    return one_of(sample("base", {"推荐汇总表": {NAME: name, CODE: code}}, application))


def test_the_baseline_is_found_by_code_and_kind_whatever_the_name() -> None:
    before = named("虚构市旧名基地")
    assert Baselines([before]).find(named("虚构市新名基地", application="期满验收")) is before


def test_where_the_code_has_several_the_name_decides() -> None:
    east, west = named("虚构市东基地"), named("虚构市西基地")
    held = Baselines([east, west])
    assert held.find(named(" 虚构市西基地 ", application="期满验收")) is west
    assert held.find(named("虚构市南基地", application="期满验收")) is None


def test_of_several_with_one_name_creation_comes_first() -> None:
    late, early = named("虚构市东基地", application="期满验收"), named("虚构市东基地")
    assert Baselines([late, early]).find(named("虚构市东基地", application="运行复核")) is early


def test_no_baseline_without_code_or_of_another_kind() -> None:
    other = one_of(sample("platform", {"推荐汇总表": {CODE: "91210100MA0000003N"}}))
    held = Baselines([other, named("虚构市东基地", "91210100MA0000001G")])
    assert held.find(named("虚构市东基地", application="期满验收")) is None
    assert held.find(named("虚构市东基地", "", "期满验收")) is None


def decide(criterion: str, verdict: str, item: str | None = None) -> Determination:
    """A determination with a reason."""
    return Determination(criterion, item, "pass" if verdict == "pass" else "fail", "现场核实")


def platform() -> Assessment:
    """A platform whose findings are pass or review."""
    return judge(one_of(sample("platform")), edition(), AS_OF)


def test_a_determination_settles_a_review() -> None:
    after = settle(platform(), [decide("annex1.assurance", "fail")], edition())
    finding = after.finding("annex1.assurance")
    assert (finding.verdict, after.verdict, after.settled) == ("fail", "fail", {"annex1.assurance"})
    assert finding.message == (
        "运营保障机制，需人工认定（附件1 系统建设/运营保障机制情况）。人工认定：不达标，理由：现场核实。"
    )


def test_the_last_determination_holds() -> None:
    decided = [decide("annex1.assurance", "fail"), decide("annex1.assurance", "pass")]
    assert settle(platform(), decided, edition()).finding("annex1.assurance").verdict == "pass"


def test_what_is_computed_or_missing_is_not_for_people_to_settle() -> None:
    cells = {"平台指标": {"专家数（人）": "", "年服务中小企业数（家）": "1"}}
    before = judge(one_of(sample("platform", cells)), edition(), AS_OF)
    decided = [decide(code, "pass") for code in ("annex1.resources", "annex1.served", "no.such")]
    assert settle(before, decided, edition()) == before


def test_conditions_need_every_item() -> None:
    decided = [decide("art5.conditions", "pass", item) for item in ITEMS]
    before = platform()
    part = settle(before, decided[:8], edition())
    assert (part.finding("art5.conditions").verdict, part.settled) == ("review", frozenset())
    assert part.finding("art5.conditions").message.endswith(
        "还有 2 项待认定：第五条（二）4“线上线下协同服务”、第五条（二）5“信息保密与数据安全”。"
    )
    assert settle(before, decided, edition()).finding("art5.conditions").verdict == "pass"
    failed = settle(before, [*decided, decide("art5.conditions", "fail", "2.5")], edition())
    assert failed.finding("art5.conditions").verdict == "fail"


def test_conditions_are_not_settled_as_a_whole() -> None:
    before = platform()
    assert settle(before, [decide("art5.conditions", "pass")], edition()) == before
    assert settle(before, [decide("art5.conditions", "pass", "9.9")], edition()) == before


def test_an_application_passes_when_everything_is_settled() -> None:
    before = platform()
    decided = [decide("art5.conditions", "pass", item) for item in ITEMS]
    decided += [decide(one.criterion, "pass") for one in before.findings if one.verdict == "review"]
    after = settle(before, decided, edition())
    assert after.verdict == "pass"
    assert after.settled == {"art5.conditions", "annex1.assurance", "annex1.interconnection"}
