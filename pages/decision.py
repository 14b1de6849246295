"""申报办理卷: why one application was in or out, as one document; read here, and taken away as a file."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.services import decision_file as service
from core.views.decision import DecisionFile, decision_view
from pages._parts.dossier import contents_html, dossier_html
from pages._parts.tables import empty
from pages._shell import Desk, open_page

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# each variant of the file: its button, and whether it names the experts
FILES = {"下载办理卷（docx，专家用代号）": False, "下载办理卷（docx，含专家姓名，仅限内部）": True}
LONGEST = 9  # digits of an application's number
NAMES = "decision-names"

desk = open_page(
    "申报办理卷",
    Permission.READ_SCORES,
    "一个申报为什么列入、为什么没有列入：数据、审核、评审、选定、公示、异议和以后的办理，编成一份，供存档和日后核查。",
)


def show(desk: Desk, number: int) -> None:
    """The document of an application, or the sentence that says why there is none."""
    try:
        seen = decision_view(desk.app, number, names=bool(st.session_state.get(NAMES)))
    except Refused as refused:
        st.error(str(refused))
        st.page_link("checks.py", label="去条件审核")
        return
    st.html(f'<h2 class="sf-name">{escape(seen.dossier.subject)}</h2>')
    _ways(desk, seen)
    st.warning(f"{seen.dossier.warning}。")
    _downloads(desk, seen)
    st.html(contents_html(seen.dossier) + dossier_html(seen.dossier))


def _ways(desk: Desk, seen: DecisionFile) -> None:
    """To the application, and to its case."""
    with st.container(horizontal=True):
        if desk.may(Permission.READ_CHECKS):
            where = {"app": str(seen.application_id)}
            st.page_link("checks.py", label="条件审核中的这个申报 →", query_params=where, width="content")
        if seen.case_id is not None and desk.may(Permission.READ_CASES):
            where = {"case": str(seen.case_id)}
            st.page_link("cases.py", label="对应的创建对象 →", query_params=where, width="content")


def _downloads(desk: Desk, seen: DecisionFile) -> None:
    """A button for each variant; every download is noted in the ledger. Beside them whether names are shown here."""
    fetch = partial(service.download, desk.app, desk.actor, seen.application_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, names in FILES.items():
            st.download_button(
                label,
                lambda names=names: fetch(names=names)[1],
                file_name=service.file_name(seen, names=names),
                mime=MIME,
                on_click="ignore",
                key=f"get-decision-{names}",
            )
        st.toggle("本页显示专家姓名", key=NAMES)


asked = st.query_params.get("application", "")
if asked.isdecimal() and len(asked) <= LONGEST:
    show(desk, int(asked))
else:
    empty(
        "请先在“条件审核”中打开一个申报，再点“申报办理卷”。",
        page="checks.py",
        label="去条件审核",
    )
