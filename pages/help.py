"""填报说明与标准: what each column of the workbooks wants, and the clauses behind every rule."""

from __future__ import annotations

import streamlit as st

from core import views
from core.standards import loader
from core.standards.edition import Edition
from core.standards.guide import required_text
from pages._parts.filters import segments
from pages._parts.tables import show_table
from pages._parts.words import day
from pages._shell import open_page
from sheets_schema.help import help_rows, words

MARKS = {"rule": "规则", "duty": "职责", "principle": "原则"}
KINDS = {"platform": "平台", "base": "基地"}

desk = open_page("填报说明与标准", None, "推荐工作簿怎么填，每个数用于哪条标准，标准出自办法哪一条。")
rounds = views.rounds(desk.app)
edition = loader.load(rounds[0].standard_id if rounds else loader.default())
on = (rounds[0].reference_day or rounds[0].deadline if rounds else None) or desk.app.clock.today()


def filling_in(edition: Edition) -> None:
    """The help of the workbook, sheet by sheet."""
    rows = help_rows(edition.guide(on))
    sheets = list(dict.fromkeys(row.sheet for row in rows))
    st.markdown("\n".join(f"- {line}" for line in words()["how"]))
    sheet = segments("工作表", "sheet", {name: name for name in sheets})
    show_table(
        ["列", "填什么", "是否必填", "格式与选项", "用于哪条标准", "填写示例"],
        [
            [row.column, row.what, row.required, row.format, "\n".join(row.standards), row.example]
            for row in rows
            if row.sheet == sheet
        ],
    )


def criteria(edition: Edition) -> None:
    """Every criterion with what it asks at both stages."""
    st.write(f"采用标准：{edition.name}（{edition.issuer}）。数值按 {day(on)} 有效的规定列出。")
    kind = segments("类型", "kind", KINDS)
    asked = []
    for criterion in edition.criteria:
        rules = [criterion.rule(kind, stage) for stage in ("creation", "recognition")]
        if any(rules):
            asked.append(
                [criterion.name, *("不要求" if r is None else required_text(r, on) for r in rules), criterion.clause]
            )
    show_table(["指标", "创建要求", "认定（验收、复核）要求", "出处"], asked, nowrap=["出处"])


def clauses(edition: Edition) -> None:
    """Every clause in a few words; the printed measure is what counts."""
    st.caption("以下是各条款的要点，不是原文；以印发的文件为准。")
    names = {criterion.code: criterion.name for criterion in edition.criteria}
    show_table(
        ["条款", "标题", "要点", "性质", "审核指标"],
        [
            [one.number, one.heading, one.gist, MARKS[one.mark],
             "、".join(names[code] for code in one.used_by if code in names)]
            for one in edition.clauses.values()
        ],
        nowrap=["条款", "性质"],
    )  # fmt: skip


PARTS = {"sheets": ("填报说明", filling_in), "criteria": ("指标和要求", criteria), "clauses": ("办法条款", clauses)}
part = segments("看哪部分", "part", {code: title for code, (title, _) in PARTS.items()})
PARTS[part][1](edition)
