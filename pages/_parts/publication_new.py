"""Registering what is made public: the list as it would be kept stands beside what is filled in."""

from __future__ import annotations

from datetime import date
from typing import NoReturn

import streamlit as st

from core.errors import Refused
from core.services.documents import KINDS as DOCUMENTS
from core.services.publication_content import Content, Suggested
from core.services.publication_rows import PUBLISHED, Place
from core.services.publishing import Given, publish
from core.views.publications import PublicationView, publication_preview, publications
from pages._catalog import PAGES
from pages._parts.as_of import EARLIEST
from pages._parts.forms import act
from pages._parts.tables import empty, page_of, show_table
from pages._parts.words import short_day
from pages._shell import Desk

ASKED = "publish"  # in the address: what is to be made public
PAGE = 20
USUAL = "辽宁省中小企业服务网"  # 第九条
LONGEST = 9  # digits of a number in the address


def written(place: Place) -> str:
    """What a publication is of, as the address has it: `notice_creation-2-5`."""
    return "-".join(map(str, (place.kind, place.round_id or 0, place.notice_id or 0)))


def read_place(text: str) -> Place | None:
    """The inverse of `written`; None for what is none."""
    parts = text.split("-")
    if len(parts) != len(Place.__slots__) or parts[0] not in PUBLISHED:
        return None
    numbers = [int(each) for each in parts[1:] if each.isdecimal() and len(each) <= LONGEST]
    return Place(parts[0], numbers[0] or None, numbers[1] or None) if len(numbers) == len(parts) - 1 else None


def ask_for(place: Place) -> NoReturn:
    """Opens the form for what is to be made public."""
    st.query_params.pop("publication", None)
    st.query_params[ASKED] = written(place)
    st.rerun()


def make_public(desk: Desk, place: Place) -> None:
    """The form with its preview, or the sentence that says why nothing can be made public."""
    title = st.container(horizontal=True, vertical_alignment="center")
    if title.button("← 不登记，回到列表", key="back"):
        _leave()
    try:
        made, begin = publication_preview(desk.app, place)
    except Refused as refused:
        st.error(str(refused))
        return
    before = next((each for each in publications(desk.app, made.round_id) if each.of == place and each.stands), None)
    what = "登记公布" if before is None else "重新公布"
    title.html(f'<h2 class="sf-name">{what}：{made.notice.name if made.notice else PUBLISHED[place.kind].name}</h2>')
    if not made.listed.rows:
        way = next((each for each in PAGES if each.path == made.page and each.open_to(desk.actor)), None)
        empty(
            f"名单是空的，不能公布。{made.empty}", page=way.file if way else "", label=f"去{way.title}" if way else ""
        )
        return
    left, right = st.columns([1, 1.3], gap="medium")
    with left:
        _form(desk, made, begin, before)
    with right:
        _preview(made, before)


def _form(desk: Desk, made: Content, begin: Suggested, before: PublicationView | None) -> None:
    place, today, under = made.place, desk.app.clock.today(), made.notice
    key = f"publish-{written(place)}"
    first = under.published if under is not None and before is None else today
    name = PUBLISHED[place.kind].document and DOCUMENTS[PUBLISHED[place.kind].document]
    for text in (begin.problem, *begin.warnings):
        if text:
            st.warning(text)
    with st.form(key):
        one, two = st.columns([1.15, 1])
        published = one.date_input(
            "公布日期（必填）", first, min_value=EARLIEST, max_value=max(today, first), format="YYYY-MM-DD",
            key=f"{key}-published", help="公示的，就是公示首日" if under else "网站等处发布的那一天",
        )  # fmt: skip
        signed = two.date_input(
            "落款日期", begin.signed, min_value=EARLIEST, format="YYYY-MM-DD", key=f"{key}-signed",
            help="文件落款处的日期，不能晚于公布日期；没有文件的不填",
        )  # fmt: skip
        number = st.text_input(
            "发文字号", before.number if before else begin.number, max_chars=128, key=f"{key}-number",
            placeholder="例如：虚构工信〔2026〕9号，没有就不填",
        )  # fmt: skip
        where = st.text_input(
            "公布的地方（必填）", before.place if before else USUAL, max_chars=500, key=f"{key}-place",
            help="网站的名称或网址、报刊等",
        )  # fmt: skip
        document = bool(name) and st.checkbox(
            f"连同公文一起留存：{name}", not begin.problem, key=f"{key}-document",
            help="按“发文”中现行的模板生成。公文是另外写的，去掉勾，只留存名单",
        )  # fmt: skip
        why = ""
        if before is not None:
            why = st.text_input(
                "理由（必填）", max_chars=500, key=f"{key}-why", placeholder="例如：更正两处名称；增加第二批"
            )
        st.write(f"将登记《{made.title}》{len(made.listed.rows):,} 个。登记后名单和文件固定留存，不能改动。")
        if before is not None:
            st.write(f"替代 {short_day(before.published)}公布的 {len(before.rows):,} 个，原来的留着备查。")
        label = f"{'登记' if before is None else '重新'}公布 {len(made.listed.rows):,} 个"
        pressed = st.form_submit_button(label, type="primary")
    if pressed:
        act(lambda: _published(desk, made, before, _given(published, signed, number, where, document=document), why))


def _given(published: date | None, signed: date | None, number: str, where: str, *, document: bool) -> Given:
    if published is None:
        raise Refused("请选公布日期。")
    return Given(published, where, signed, number, document)


def _published(desk: Desk, made: Content, before: PublicationView | None, given: Given, why: str) -> str:
    number = publish(
        desk.app,
        desk.actor,
        made.place,
        given,
        supersedes=None if before is None else before.id,
        why=why,
        expected_sha256=made.listed.data_sha256,
    )
    st.query_params.pop(ASKED, None)
    st.query_params["publication"] = str(number)
    return (
        f"已登记公布 {len(made.listed.rows):,} 个。名单和文件原样留存在这里，"
        "放到网站上的请用下面的文件，以后可以用校验值核对。"
    )


def _preview(made: Content, before: PublicationView | None) -> None:
    st.subheader(made.title, anchor=False)
    if made.notice is None and before is not None and before.difference.count:
        st.info(f"与 {short_day(before.published)}公布的相比，{before.difference.text}。")
    rows = page_of(len(made.listed.rows), size=PAGE, key="page-of-preview")
    show_table(made.listed.header, made.listed.rows[rows], numeric=["序号"], nowrap=["地区", "类型"])


def _leave() -> NoReturn:
    st.query_params.pop(ASKED, None)
    st.rerun()
