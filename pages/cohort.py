"""存量建档: objects of former years come in from a workbook: template, upload, what would come of it, confirmation."""

from __future__ import annotations

import streamlit as st

from core.accounts import Permission
from core.services import cohorts as service
from core.services.cohorts import CohortPreview
from core.settings import program_version
from core.views.cohorts import cohort_imports
from pages._parts.cohort import DONE, confirm, past_imports, show_done, show_preview, show_wrong
from pages._parts.forms import unpin
from pages._shell import Desk, open_page
from sheets_schema.template import COHORT_FILE, build_cohort_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEEN, TURN = "cohort-seen", "cohort-turn"

desk = open_page(
    "存量建档",
    Permission.ACT_ON_CASES,
    "把往年已认定的平台（基地）和已在创建期的创建对象用一个工作簿登记进来，期限从工作簿中的日期起算。",
)


def uploaded(desk: Desk) -> tuple[CohortPreview, bytes] | None:
    """The workbook that was uploaded, read and compared once; None where there is none."""
    file = st.file_uploader(
        "选择填好的工作簿，也可以把文件拖到框里",
        key=f"cohort-file-{st.session_state.setdefault(TURN, 0)}",
        help="上传后先核对、不建档；核对无误、写明理由后才建档",
    )
    if file is None:
        st.session_state.pop(SEEN, None)
        return None
    unpin(DONE)
    held: tuple[str, CohortPreview] | None = st.session_state.get(SEEN)
    if held is None or held[0] != file.file_id:
        with st.spinner("正在读取并核对工作簿，请稍候…"):
            held = (file.file_id, service.preview(desk.app, file.getvalue(), file.name))
        st.session_state[SEEN] = held
    return held[1], file.getvalue()


def forget(file: bool) -> None:
    """Lets the workbook be compared anew, or puts it away."""
    st.session_state.pop(SEEN, None)
    if file:
        st.session_state[TURN] += 1


left, right = st.columns([1, 2], gap="large")
with left:
    st.subheader("1 下载模板", anchor=False)
    st.write("一个平台（基地）填一行，全省可以填一本，也可以各市分别填。怎么填，见模板中的“填报说明”。")
    st.download_button(
        "下载存量对象模板", lambda: build_cohort_template(program_version()), COHORT_FILE, XLSX, on_click="ignore"
    )
with right:
    st.subheader("2 上传填好的工作簿", anchor=False)
    found = uploaded(desk)
show_done()
if found is not None:
    seen, data = found
    st.subheader(f"3 核对“{seen.name}”", anchor=False)
    if show_wrong(seen):
        show_preview(seen, desk.app.clock.today())
        st.subheader("4 建档", anchor=False)
        confirm(desk, seen, data, forget)
past_imports(desk, cohort_imports(desk.app), forget)
