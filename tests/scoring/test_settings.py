"""Settings of a round: nothing is guessed, everything wrong is told at once, and a document comes back as it was."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from core.scoring.method import method
from core.scoring.results import grade
from core.scoring.settings import AGGREGATIONS, COMMENTS, NAMES, OPEN, VISIBILITIES, cautions
from core.scoring.settings_document import SettingsRefused, document, read
from core.scoring.sheets import Sheet, sheet_problems
from tests.scoring.documents import CODES, RUBRIC, WEIGHTS, draft, even, settings

GRADED = {"grades": [{"name": "优秀", "from": "85.5"}, {"name": "良好", "from": "70"}, {"name": "一般", "from": "0"}]}
SHARES = {"weights": dict.fromkeys(CODES, "16.6") | {"assurance": "17"}}


def _said(content: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(SettingsRefused) as refused:
        read(content, RUBRIC)
    assert str(refused.value) == "".join(refused.value.sentences)
    return refused.value.sentences


def test_an_empty_draft_says_everything_that_is_to_be_decided() -> None:
    assert OPEN == "办法未规定，由本年度工作方案确定。"
    assert _said({}) == tuple(
        f"{name}{OPEN}"
        for name in (
            *(f"“{name}”的权重还没有定。" for name in RUBRIC.names.values()),
            "各项指标的满分还没有定。",
            "各项指标的打分间隔还没有定。",
            "每项申报的评审专家人数还没有定。",
            "合成办法还没有定。",
            "合格线还没有定（可以定为不设）。",
            "等次还没有定（可以定为不设）。",
            "同市专家是否回避还没有定。",
            "评语还没有定。",
            "其他专家的评分是否可见还没有定。",
            "分歧提示（最高分与最低分之差）还没有定（可以定为不设）。",
            "分歧提示（标准差）还没有定（可以定为不设）。",
        )
    )


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"weights": WEIGHTS | {"content": "19.9"}}, ["各项指标的权重合计是 99.9，应当正好是 100，请调整。"]),
        ({"weights": WEIGHTS | {"content": "20.0001"}}, ["各项指标的权重合计是 100.0001，应当正好是 100，请调整。"]),
        (
            {"weights": WEIGHTS | {"content": "40", "innovation": "0"}},
            ["“创新特色”的权重应当大于 0：附件3 的各项指标都要评。"],
        ),
        (
            {"weights": WEIGHTS | {"content": "二十", "road": "1"}},
            ["“创建内容”的权重填的“二十”不是数，请改正。", "附件3 没有“road”这项指标，不能给它权重。"],
        ),
        (
            {"scale": {"top": "100", "step": "0.3"}},
            ["各项指标的满分 100 不是打分间隔 0.3 的整数倍，打不出满分，请调整。"],
        ),
        ({"scale": {"top": "0", "step": "1"}}, ["各项指标的满分应当大于 0。"]),
        ({"scale": {"top": "10", "step": "-1"}}, ["各项指标的打分间隔应当大于 0。"]),
        (
            {"own_scales": {"path": {"top": "15", "step": "2"}, "road": {"top": "15", "step": "1"}}},
            [
                "附件3 没有“road”这项指标，不能单独规定满分。",
                "“实施路径”的满分 15 不是打分间隔 2 的整数倍，打不出满分，请调整。",
            ],
        ),
        ({"own_scales": {"path": {"top": "15"}}}, [f"“实施路径”的打分间隔还没有定。{OPEN}"]),
        ({"experts": 0}, ["每项申报至少要有 1 位专家评审。"]),
        ({"experts": "2.5"}, ["每项申报的评审专家人数应当是整数。"]),
        ({"experts": True}, ["每项申报的评审专家人数填的“True”不是数，请改正。"]),
        ({"aggregation": "best"}, [f"合成办法还没有定。{OPEN}"]),
        ({"aggregation": "trimmed_mean"}, [f"还没有定从几位专家起去掉最高分和最低分。{OPEN}"]),
        (
            {"aggregation": "trimmed_mean", "trim_from": 2},
            ["至少要有 3 位专家，才能去掉一个最高分和一个最低分。"],
        ),
        ({"trim_from": 5}, ["合成办法是平均分，不要再定从几位专家起去掉最高分和最低分。"]),
        ({"pass_line": "0"}, ["合格线应当大于 0、不超过 100；不设合格线的请选“不设”。"]),
        ({"pass_line": "100.01"}, ["合格线应当大于 0、不超过 100；不设合格线的请选“不设”。"]),
        ({"pass_line": "NaN"}, ["合格线填的“NaN”不是数，请改正。"]),
        ({"grades": []}, ["没有写任何等次；不分等次的请选“不设”。"]),
        ({"grades": [{"name": "优", "from": ""}]}, [f"等次“优”的起点分还没有定。{OPEN}"]),
        (
            {"grades": [{"name": "优", "from": "90"}, {"name": " ", "from": "80"}, {"name": "优", "from": "101"}]},
            [
                "每个等次都要有名称。",
                "等次“优”写了不止一次，请只留一个。",
                "等次“优”的起点分应当在 0 到 100 之间。",
            ],
        ),
        (
            {"grades": [{"name": "优", "from": "80"}, {"name": "良", "from": "80"}, {"name": "中", "from": "90"}]},
            [
                "等次应当从高到低写：“良”的起点分应当低于“优”的起点分。",
                "等次应当从高到低写：“中”的起点分应当低于“良”的起点分。",
            ],
        ),
        ({"range_mark": "-5"}, ["最高分与最低分之差达到多少分要提示，应当大于 0、不超过 100；不提示的请选“不设”。"]),
        ({"deviation_mark": "101"}, ["标准差达到多少分要提示，应当大于 0、不超过 100；不提示的请选“不设”。"]),
        ({"colour": "red"}, ["不认识“colour”这项设置。"]),
        (
            {"experts": 0, "pass_line": "101", "scale": {"top": "100", "step": "3"}},
            [
                "各项指标的满分 100 不是打分间隔 3 的整数倍，打不出满分，请调整。",
                "每项申报至少要有 1 位专家评审。",
                "合格线应当大于 0、不超过 100；不设合格线的请选“不设”。",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_all_at_once(changes: dict[str, Any], sentences: list[str]) -> None:
    assert _said(draft(changes)) == tuple(sentences)


@pytest.mark.parametrize(
    "changes", [{}, SHARES, GRADED, {"pass_line": "60.5", "range_mark": "20", "deviation_mark": "100"}]
)
def test_settings_come_back_from_their_document(changes: dict[str, Any]) -> None:
    made = settings(changes)
    kept = json.loads(json.dumps(document(made)))
    assert read(kept, RUBRIC) == made
    assert kept == draft(changes)
    assert list(kept) == list(NAMES)


def test_numbers_are_read_as_people_type_them() -> None:
    made = settings({"pass_line": " ６０．５ ", "experts": "７"})
    assert (made.pass_line, made.experts) == (Decimal("60.5"), 7)


def test_every_choice_has_its_words_and_its_method() -> None:
    for way in AGGREGATIONS:
        made = settings({"aggregation": way, "trim_from": 5 if way == "trimmed_mean" else None})
        assert method().texts[way] in method().of_score(made)
        assert cautions(made) == ()
    for key, options in (("comments", COMMENTS), ("visibility", VISIBILITIES)):
        assert [getattr(settings({key: option}), key) for option in options] == list(options)
    assert len(method().of_severity) == 3


def test_a_trimming_that_hardly_ever_happens_is_pointed_out() -> None:
    assert cautions(settings({"aggregation": "trimmed_mean", "trim_from": 7})) == (
        "每项申报由 5 位专家评审，从 7 位起才去掉最高分和最低分：只有加派专家的申报才会去掉，其余都是平均分。"
        "请确认是这个意思。",
    )


def test_a_grade_begins_at_its_own_bound_and_not_a_hair_below() -> None:
    chosen = settings(GRADED)
    bound = Fraction("85.5")
    assert [grade(each, chosen) for each in (Fraction(100), bound, bound - Fraction(1, 10**9), Fraction(0))] == [
        "优秀",
        "优秀",
        "良好",
        "一般",
    ]
    assert grade(bound, settings()) == ""
    assert cautions(chosen) == ()
    short = settings({"grades": GRADED["grades"][:2]})
    assert grade(Fraction("69.999"), short) == ""
    assert cautions(short) == ("最低的等次从 70 分起，不到 70 分的不属于任何等次。请确认是这个意思。",)


def test_a_sheet_says_what_is_missing_or_off_the_scale() -> None:
    chosen = settings(
        {
            "scale": {"top": "100", "step": "0.5"},
            "own_scales": {"path": {"top": "15", "step": "1"}},
            "comments": "each",
        }
    )
    scores = {"content": "85.25", "innovation": "100.5", "demonstration": "-1", "path": "15.5", "orientation": "NaN"}
    comments = dict.fromkeys(CODES, "虚构的评语。") | {"path": " "}
    sheet = Sheet(
        "E1", {code: Decimal(score) for code, score in scores.items()}, comments, {"innovation": -1, "road": 2}
    )
    assert sheet_problems(sheet, chosen, RUBRIC) == (
        "“创建内容”打了 85.25 分，不在可打的分数之内（0 至 100 分，每 0.5 分一档），请改正。",
        "“创新特色”打了 100.5 分，不在可打的分数之内（0 至 100 分，每 0.5 分一档），请改正。",
        "“创新特色”数出的条数不能小于 0。",
        "“示范引领”打了 -1 分，不在可打的分数之内（0 至 100 分，每 0.5 分一档），请改正。",
        "“实施路径”打了 15.5 分，不在可打的分数之内（0 至 15 分，每 1 分一档），请改正。",
        "“实施路径”还没有写评语。",
        "“预期导向”打了 NaN 分，不在可打的分数之内（0 至 100 分，每 0.5 分一档），请改正。",
        "“保障协同”还没有打分。",
        "附件3 没有“road”这项指标。",
    )
    assert sheet_problems(even("E1", 0), settings(), RUBRIC) == ()
    assert sheet_problems(even("E1", 100), settings(), RUBRIC) == ()
