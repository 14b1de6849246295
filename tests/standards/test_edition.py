"""The shipped edition holds what contract §3 says, and every clause is carried by something."""

from __future__ import annotations

import ast
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from core.checks.rules import RULES
from core.lifecycle.table import load as load_table
from core.standards.edition import Edition
from core.standards.figures import decimal_text, figure_text, percent_text
from core.standards.loader import load
from core.standards.rule_reading import READERS
from core.standards.rules import Baseline, Judged, Kind
from core.standards.threshold import Comparison, Threshold
from sheets_schema.schema import load as load_schema

CORE = Path(__file__).parent.parent.parent / "core"
DAY = date(2026, 6, 30)
PLATFORM = (
    "annex1.digital",
    "annex1.access",
    "annex1.assurance",
    "annex1.functions",
    "annex1.resources",
    "annex1.interconnection",
    "annex1.served",
    "annex1.coverage",
    "annex1.satisfaction",
    "annex1.events",
)
BASE = (
    "annex2.leading_share",
    "annex2.high_tech",
    "annex2.output",
    "annex2.revenue_growth",
    "annex2.quality_share",
    "annex2.rd_intensity",
    "annex2.innovation_platforms",
    "annex2.patents",
    "annex2.residents",
    "annex2.ecosystem",
    "annex2.services",
    "annex2.facilities",
    "annex2.operation",
)
BOTH = (
    "art2.operator",
    "art2.branch",
    "art3.recommended",
    "art5.years",
    "art5.dishonest",
    "art5.scale",
    "art5.conditions",
    "art7.materials",
)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load("ln-2025-draft")


@pytest.mark.parametrize(
    ("kind", "stage", "codes"),
    [
        ("platform", "creation", (*BOTH, *PLATFORM)),
        ("platform", "recognition", (*BOTH, *PLATFORM)),
        ("base", "creation", (*BOTH, *BASE)),
        ("base", "recognition", (*BOTH, *(code for code in BASE if code != "annex2.revenue_growth"))),
    ],
)
def test_the_criteria_are_those_of_the_contract(
    edition: Edition, kind: Kind, stage: str, codes: tuple[str, ...]
) -> None:
    asked = edition.criteria_for(kind, "creation" if stage == "creation" else "recognition")
    assert tuple(criterion.code for criterion in asked) == codes


def test_every_limit_is_that_of_the_contract(edition: Edition) -> None:
    found = {
        f"{criterion.code} {stage}": rule.threshold.required(DAY)
        for criterion in edition.criteria
        for (_, stage), rule in criterion.rules.items()
        if hasattr(rule, "threshold")
    }
    pairs = {
        "art5.years": (">= 3 年", ">= 3 年"),
        "annex1.digital": (">= 2 类", ">= 4 类"),
        "annex1.functions": (">= 3 项", ">= 5 项"),
        "annex1.resources": (">= 40", ">= 80"),
        "annex1.served": (">= 1000", ">= 3000"),
        "annex1.coverage": (">= 30%", ">= 50%"),
        "annex1.satisfaction": (">= 80%", ">= 90%"),
        "annex1.events": (">= 5", ">= 10"),
        "annex2.leading_share": (">= 50%", ">= 60%"),
        "annex2.quality_share": ("> 20%", "> 30%"),
        "annex2.rd_intensity": (">= 2%", ">= 3%"),
        "annex2.residents": (">= 50", ">= 80"),
        "annex2.ecosystem": (">= 1 类", ">= 2 类"),
    }
    wanted = {
        f"{code} {stage}": text
        for code, texts in pairs.items()
        for stage, text in zip(("creation", "recognition"), texts, strict=True)
    }
    wanted |= {"annex1.access recognition": "<= 8 分钟", "annex2.innovation_platforms recognition": ">= 1"}
    assert found == wanted


def test_weights_events_and_periods(edition: Edition) -> None:
    assert [(title.name, title.weight.whole(DAY)) for title in edition.titles] == [
        ("制造业单项冠军企业", 20),
        ("专精特新“小巨人”企业", 10),
        ("专精特新中小企业", 2),
        ("高新技术企业", 1),
        ("科技型中小企业", 1),
        ("创新型中小企业", 1),
    ]
    assert edition.events.minimum.required(DAY) == ">= 20 家"
    assert {code: (one.values.whole(DAY), one.unit) for code, one in edition.periods.items()} == {
        "creation": (2, "年"),
        "extension": (1, "年"),
        "creation_notice": (5, "工作日"),
        "recognition_notice": (5, "工作日"),
        "review": (2, "年"),
        "rectification": (1, "年"),
        "change_report": (3, "月"),
    }


def test_what_is_compared_with_creation(edition: Edition) -> None:
    found = {
        criterion.code: (rule.comparison, rule.met)
        for criterion in edition.criteria
        for rule in criterion.rules.values()
        if isinstance(rule, Baseline)
    }
    assert found == {
        "annex2.high_tech": (">", "pass"),
        "annex2.output": (">", "pass"),
        "annex2.patents": (">=", "pass"),
        "annex2.services": (">=", "review"),
        "annex2.operation": (">", "review"),
    }


def test_words_that_include_the_number_and_those_that_do_not(edition: Edition) -> None:
    """民法典 第一千二百五十九条: 以上、以内 and the like include it, 超过 does not."""
    signs: dict[str, Comparison] = {}
    for criterion in edition.criteria:
        for rule in criterion.rules.values():
            threshold = getattr(rule, "threshold", None)
            if isinstance(threshold, Threshold):
                signs[threshold.words] = threshold.comparison
    assert signs == {
        "以上": ">=",
        "至少": ">=",
        "均须": ">=",
        "不少于": ">=",
        "不低于": ">=",
        "达到": ">=",
        "以内": "<=",
        "超过": ">",
    }


def test_columns_divided_by(edition: Edition) -> None:
    platform = ["下一级行政区总数（个）", "满意度评价用户数（人）"]
    assert [ref.column for ref in edition.divisors("platform", "creation")] == platform
    assert [ref.column for ref in edition.divisors("platform", "recognition")] == platform
    assert [ref.column for ref in edition.divisors("base", "creation")] == [
        "基地企业营业总收入（万元）",
        "基地企业数（家）",
        "运营主体总收入（万元）",
    ]
    assert [ref.column for ref in edition.divisors("base", "recognition")] == [
        "基地企业营业总收入（万元）",
        "从业人员数（人）",
        "占地面积（亩）",
        "基地企业数（家）",
        "运营主体总收入（万元）",
    ]


def test_every_criterion_names_a_clause_and_every_rule_clause_is_carried(edition: Edition) -> None:
    for criterion in edition.criteria:
        assert criterion.code in edition.clause(criterion.clause).used_by
        for item in criterion.items.values():
            assert criterion.code in edition.clause(item.clause).used_by
    there = {
        "lifecycle": {**edition.periods, **load_table().events},
        "list": edition.list_rules,
        "setting": edition.settings,
        "preference": {one.code: one for one in edition.preferences},
        "scoring": dict.fromkeys(edition.rubric.codes),
        "later": edition.later,
    }
    codes = {criterion.code for criterion in edition.criteria}
    for clause in edition.clauses.values():
        assert bool(clause.used_by) == (clause.mark == "rule")
        for user in clause.used_by:
            prefix, mark, code = user.partition(":")
            assert (code in there[prefix]) if mark else (user in codes)


def test_everything_that_a_clause_may_name_is_named_by_one(edition: Edition) -> None:
    """What no clause asks for is not ours to have."""
    named = {user for clause in edition.clauses.values() for user in clause.used_by}
    owned = {criterion.code for criterion in edition.criteria}
    owned |= {f"lifecycle:{code}" for code in edition.periods} | {f"list:{code}" for code in edition.list_rules}
    owned |= {f"setting:{code}" for code in edition.settings} | {f"later:{code}" for code in edition.later}
    owned |= {f"preference:{one.code}" for one in edition.preferences}
    owned |= {f"scoring:{code}" for code in edition.rubric.codes}
    owned |= {f"lifecycle:{code}" for code in load_table().events}
    assert named == owned


def test_every_event_of_a_case_is_carried_by_the_clause_that_the_table_cites(edition: Edition) -> None:
    table = load_table()
    cited = {(row.clause, row.event) for rows in table.rows.values() for row in rows}
    carried = {
        (clause.number, code)
        for clause in edition.clauses.values()
        for user in clause.used_by
        if (code := user.removeprefix("lifecycle:")) in table.events
    }
    assert carried == cited


def test_the_whole_measure_is_there(edition: Edition) -> None:
    numerals = "一二三四五六七八九"
    articles = [*numerals, "十", *(f"十{one}" for one in numerals)]
    rows = {
        "附件1 系统建设": 3,
        "附件1 服务能力": 3,
        "附件1 服务成效": 4,
        "附件2 产业基础": 1,
        "附件2 创新水平": 2,
        "附件2 服务能力": 3,
        "附件2 配套建设": 1,
        "附件2 运营管理": 1,
    }
    wanted = {f"第{one}条" for one in articles}
    wanted |= {f"第五条（一）{at}" for at in range(1, 8)} | {f"第五条（二）{at}" for at in range(1, 6)}
    wanted |= {f"第七条（一）{at}" for at in range(1, 8)} | {f"第七条（{one}）" for one in "一二三四五"}
    wanted |= {f"附件2 说明{at}" for at in range(1, 10)} | {"附件1 注", "附件2 注"}
    wanted |= {f"附件3 {one}" for one in ("创建内容", "创新特色", "示范引领", "实施路径", "预期导向", "保障协同")}
    assert wanted <= set(edition.clauses)
    counts = {group: sum(number.startswith(f"{group}/") for number in edition.clauses) for group in rows}
    assert counts == rows


def test_the_matrix_heads_differ_within_a_kind(edition: Edition) -> None:
    for kind in ("platform", "base"):
        shorts = [one.short for one in edition.criteria if kind in one.kinds]
        assert len(set(shorts)) == len(shorts)


def test_every_rule_kind_can_be_read_and_carried_out() -> None:
    assert list(READERS) == list(RULES)


def test_items_and_choices_are_those_of_the_sheets(edition: Edition) -> None:
    schema = load_schema()
    assert dict(edition.items) == dict(schema.sheet("平台指标").column("服务内容").options_of)
    assert [title.name for title in edition.titles] == list(schema.sheet("优质企业名录").column("称号").options)


def test_guide_tells_what_a_column_feeds(edition: Edition) -> None:
    guide = edition.guide(DAY)
    assert guide["平台指标", "服务机构数（家）"] == (
        "创建：汇集服务资源 ≥ 40（附件1 服务能力/汇集服务资源情况）",
        "认定：汇集服务资源 ≥ 80（附件1 服务能力/汇集服务资源情况）",
    )
    assert guide["推荐汇总表", "开始运营日期"] == ("创建、认定：运营年限 ≥ 3 年（第五条（一）1）",)
    assert guide["基地指标", "上年基地企业营业总收入（万元）"] == (
        "创建：近两年营业总收入增速由人工评价（附件2 产业基础/产业发展情况）",
    )


def test_no_number_of_the_measure_stands_in_the_code(edition: Edition) -> None:
    """0 and 1 aside, no literal of the checks is a value of the edition (principle 1 of the house)."""
    values = set()
    for criterion in edition.criteria:
        for rule in criterion.rules.values():
            for name in ("threshold", "each"):
                threshold = getattr(rule, name, None)
                if isinstance(threshold, Threshold):
                    values |= {one.value for one in threshold.values.dated}
                    values |= {Fraction(one.value) / 100 for one in threshold.values.dated}
            figures = rule.figures if isinstance(rule, Baseline) else ()
            values |= {figure.scale for figure in figures}
            if isinstance(rule, Judged) and rule.figure is not None:
                values.add(rule.figure.scale)
    values |= {one.value for title in edition.titles for one in title.weight.dated}
    values |= {one.value for one in edition.events.minimum.values.dated}
    values |= {one.value for period in edition.periods.values() for one in period.values.dated}
    values -= {0, 1}
    files = sorted((CORE / "checks").glob("*.py"))
    files += [CORE / name for name in ("applications.py", "derived.py", "relations.py")]
    found = [
        (file.name, node.lineno, node.value)
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value in values
    ]
    assert len(files) > 8
    assert found == []


def test_no_gist_is_long(edition: Edition) -> None:
    """A gist is a gist: one or two short sentences, no quotation marks of the measure's text."""
    for clause in edition.clauses.values():
        assert 4 <= len(clause.gist) <= 60
        assert re.search(r"[《》]", clause.gist) is None


def test_figures_are_never_shown_against_their_verdict() -> None:
    assert percent_text(Fraction(3, 10)) == "30%"
    assert percent_text(Fraction(2999, 10000)) == "29.99%"
    assert percent_text(Fraction(29999, 100000), apart_from=Fraction(3, 10)) == "29.99%"
    assert percent_text(Fraction(200001, 1000000), apart_from=Fraction(1, 5)) == "20.0001%"
    assert percent_text(Fraction(1, 3)) == "33.33%"
    assert percent_text(Fraction(-1, 3)) == "-33.33%"
    assert decimal_text(Fraction(1, 10**20), apart_from=0) == "1/100000000000000000000"
    assert figure_text(Fraction(25, 2), "万元/人") == "12.5 万元/人"
