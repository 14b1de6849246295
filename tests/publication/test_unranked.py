"""What is answered and published carries no score and no rank; words that only look alike pass (第八条)."""

from __future__ import annotations

import pytest

from core.publication.lint_words import ranked
from core.standards.loader import available, load


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("评价得到85分", "85分"),
        ("为 ７８．２５ 分，略低", "78.25 分"),
        ("得了八十五分", "八十五分"),
        ("接近七十九点五分", "七十九点五分"),
        ("满分一百分", "一百分"),
        ("在全市第3名", "第3名"),
        ("居第十二名", "第十二名"),
        ("没有进入前十名", "前十名"),
        ("倒数 2 位", "倒数 2 位"),
        ("名次靠后", "名次"),
        ("按排名择优", "排名"),
        ("总分较低", "总分"),
    ],
)
def test_a_score_or_a_rank_is_found_as_it_was_written(text: str, piece: str) -> None:
    assert ranked(text) == piece


@pytest.mark.parametrize(
    "text",
    [
        "",
        "实施路径十分简略，部分任务没有时间表",
        "三分之一的任务、百分之五十的资金没有落实",
        "二十分钟的演示、30分钟的答辩",
        "共有3分公司参与，2分店、1分园同类",
        "第一名称与证照不一致",
        "共 12 项任务，9 项没有指标，占 75%",
        "创建期前3年的数据不全",
    ],
)
def test_words_that_only_look_alike_pass(text: str) -> None:
    assert ranked(text) == ""


def test_the_reasons_of_every_edition_pass() -> None:
    rubrics = [load(name).rubric for name in available()]
    texts = [one.text for rubric in rubrics for one in (*rubric.reasons, *rubric.merits)]
    assert len(texts) >= 13
    assert [text for text in texts if ranked(text)] == []
