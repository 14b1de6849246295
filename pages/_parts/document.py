"""One document: what is still to be filled in, what it says, what to look at, and its files."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.services import documents as service
from core.views import RoundView
from core.views.documents import DocumentForm, Preview, document_form, document_preview
from pages._catalog import PAGES
from pages._parts.as_of import EARLIEST
from pages._parts.filters import in_address
from pages._parts.tables import empty, facts, page_of, show_table
from pages._shell import Desk

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = 50
NUMBER_WIDTH = 64


def show_document(desk: Desk, chosen: RoundView, kind: str, on: date | None) -> None:
    """The form on the left, the text beside it, the annex below; or why it cannot be made, and where that is done."""
    notice_id = _asked_notice()
    form = document_form(desk.app, chosen.id, kind, notice_id, on)
    if form.notices:
        notice_id = _notice(form)
        form = document_form(desk.app, chosen.id, kind, notice_id, on)
    name = service.KINDS[kind]
    st.subheader(f"{chosen.title}{name}", anchor=False)
    if form.refusal:
        way = next((each for each in PAGES if each.path == form.page and each.open_to(desk.actor)), None)
        empty(form.refusal, page=way.file if way else "", label=f"去{way.title}" if way else "")
        return
    left, right = st.columns([1, 1.6], gap="medium")
    with left:
        number, signed = _fields(desk, form, f"document-{chosen.id}-{kind}-{notice_id}")
        place = st.container()
    try:
        seen = document_preview(desk.app, chosen.id, kind, notice_id=notice_id, number=number, signed=signed, on=on)
    except Refused as refused:
        right.error(str(refused))
        return
    with right:
        file, city = _text(seen)
    with place:
        _files(desk, chosen, seen, file)
    _rows(seen, city)


def _asked_notice() -> int | None:
    text = st.query_params.get("notice", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _notice(form: DocumentForm) -> int:
    """Which notice; the newest one where the address says nothing."""
    numbers = [str(number) for number in form.notices]
    if len(numbers) == 1:
        return int(numbers[0])
    left, _ = st.columns([1.4, 2])
    with left:
        chosen = in_address(
            "notice",
            lambda text: text if text in numbers else numbers[0],
            str,
            lambda key: st.selectbox(
                "哪一次公示", numbers, format_func=lambda number: form.notices[int(number)], key=key
            ),
        )
    return int(chosen)


def _fields(desk: Desk, form: DocumentForm, key: str) -> tuple[str, date]:
    number = st.text_input(
        "发文字号（没有就不填）", form.number, max_chars=NUMBER_WIDTH, key=f"{key}-number",
        placeholder="例如：虚构工信〔2026〕9号", help="年份外面的括号会改成六角括号〔〕",
    )  # fmt: skip
    today = desk.app.clock.today()
    signed = st.date_input(
        "落款日期", form.signed or today, min_value=EARLIEST, format="YYYY-MM-DD", key=f"{key}-signed"
    )
    return number, signed or form.signed or today


def _text(seen: Preview) -> tuple[str, str]:
    """What it says, and of letters which of them; gives the name of that file, and its city."""
    files, city = list(seen.bodies), ""
    if cities := list(seen.document.cities):
        city = st.selectbox("看哪一个市的", cities)
    file = files[cities.index(city) if city else 0]
    for warning in seen.document.warnings:
        st.warning(warning)
    st.code(seen.bodies[file], language=None, wrap_lines=True, height=430)
    return file, city


def _files(desk: Desk, chosen: RoundView, seen: Preview, file: str) -> None:
    made = seen.document
    several = len(made.files) > 1
    facts(
        {
            "名单": f"{len(made.rows):,} 个",
            "发文字号": made.number or "没有填写",
            "模板": "本厅的模板" if made.template else "自带的模板",
        }
    )
    if seen.problems:
        st.error("不能导出，有不能对外公开的内容：" + "".join(seen.problems[:PAGE]))
        return
    if not desk.may(Permission.EXPORT_LISTS):
        return
    fetch = partial(service.download, desk.app, desk.actor, made)
    if several:
        st.download_button(
            f"下载全部 {len(made.files)} 份（压缩包）", lambda: fetch()[1], type="primary",
            file_name=f"{made.year}年度{made.name}.zip", mime="application/zip", on_click="ignore", key="get-all",
        )  # fmt: skip
    st.download_button(
        f"下载 {file}" if several else "下载文稿（docx）", lambda: fetch(file)[1], file_name=file, mime=DOCX,
        type="secondary" if several else "primary", on_click="ignore", key="get-one",
    )  # fmt: skip
    st.caption("下载以后用 WPS 文字或 Word 打开，送审、印发。要改文字，请改下面的模板，不要逐份修改。")
    if not several:
        st.page_link("publications.py", label="印发、上网以后，去公布登记 →", query_params={"year": chosen.title})


def _rows(seen: Preview, city: str) -> None:
    """The annex as it stands in the document; of letters that of the city that is looked at."""
    made = seen.document
    rows = [row for row in made.rows if city in ("", row[1])]
    st.subheader(f"附件 {len(rows):,} 行", anchor=False)
    part = page_of(len(rows), size=PAGE, key=f"page-of-document-{made.kind}")
    show_table(list(made.header), rows[part], numeric=["序号"], nowrap=["地区", "类型", "结果"])
