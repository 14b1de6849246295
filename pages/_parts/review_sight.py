"""First sight of an application: who it is, and whether anything ties the expert to it. Nothing else is shown."""

from __future__ import annotations

import streamlit as st

from core.services import recusals
from core.views.my_reviews import FirstSight
from pages._parts.forms import act, reason_form
from pages._parts.tables import facts
from pages._shell import Desk

ASKED = "您与该申报单位有无利害关系？"
EXAMPLES = (
    "现在或者曾经在该单位、它的上级单位或分支机构任职、兼职、挂职；",
    "配偶、近亲属在该单位任职，或者持有它的股份；",
    "为这次申报写过材料、做过咨询，担任它的顾问、受聘专家；",
    "与该单位有合作项目、经费往来，或者有争议；",
    "其他可能影响公正评审的情形。",
)


def show_sight(desk: Desk, seen: FirstSight) -> None:
    """Asks the question; the answer opens the sheet, or takes it away for good."""
    st.subheader(seen.name, anchor=False)
    facts({"运营主体": seen.operator, "地区": seen.city, "类型": seen.kind})
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        st.subheader(ASKED, anchor=False)
        st.markdown("例如：\n" + "\n".join(f"- {each}" for each in EXAMPLES))
        if st.button("没有，开始评审", type="primary", key=f"clear-{seen.id}"):

            def begin() -> None:
                recusals.clear(desk.app, desk.actor, seen.id)

            act(begin)
        st.caption("您的回答写入操作留痕。开始以后才发现有关系的，在评审页面的最下面申请回避。")
    with right:
        decline(desk, seen)


def decline(desk: Desk, seen: FirstSight) -> None:
    """The form by which an expert withdraws from an application, at first sight or later."""
    says = "申请回避以后，这个申报不再由您评审，也看不到它的内容，由省厅另派专家。"
    why = reason_form(f"declare-{seen.id}", says, "有，申请回避", primary=False, hint="写明是什么关系")
    if why is not None:

        def work() -> str:
            said = recusals.declare(desk.app, desk.actor, seen.id, why)
            st.query_params.pop("sheet", None)
            return said

        act(work)
