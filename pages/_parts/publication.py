"""What was made public: the list of it, and one publication in full with its files and what has become of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.services.publishing import published_file
from core.views.notices import notice_view
from core.views.publications import STATES, FileView, PublicationView, files_view, publication_view
from pages._parts.as_of import as_of
from pages._parts.linked import link, linked
from pages._parts.notice_days import days_html
from pages._parts.publication_new import ask_for
from pages._parts.tables import Html, page_of, show_table
from pages._parts.ways import follow, way
from pages._parts.words import day, moment, short_day, size
from pages._shell import Desk

PAGE = 50
TONES = {
    "running": ("act", "●"),
    "changed": ("warn", "!"),
    "standing": ("good", "✓"),
    "over": ("none", ""),
    "withdrawn": ("bad", "✗"),
    "superseded": ("none", ""),
}
MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
    "json": "application/json",
}
HEADS = ("公布日期", "公布的名单", "发文字号", "个数", "状态", "情况")
NARROW = ("发文字号",)  # left out on a narrow screen


def state_html(seen: PublicationView) -> str:
    """How a publication stands, as a word on its colour."""
    tone, mark = TONES[seen.state]
    return f'<span class="sf-state sf-tone-{tone}">{mark and f"{mark} "}{STATES[seen.state]}</span>'


def list_html(found: Sequence[PublicationView], on: date | None) -> str:
    """Publications a row each, for `linked`; a link gives the number."""
    classes = {**dict.fromkeys(NARROW, "opt"), "个数": "num"}
    top = "".join(f'<th class="{classes.get(head, "")}" scope="col">{head}</th>' for head in HEADS)
    body = "".join(_line(each, on) for each in found)
    return f'<div class="sf-wrap"><table class="sf"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _line(each: PublicationView, on: date | None) -> str:
    past = f"&on={on.isoformat()}" if on else ""
    name = link(each.title, str(each.id), f"?publication={each.id}{past}")
    cells = (
        f'<td class="nowrap">{short_day(each.published)}</td>',
        f"<td>{name}</td>",
        f'<td class="opt">{escape(each.number) or "—"}</td>',
        f'<td class="num">{len(each.rows):,}</td>',
        f'<td class="nowrap">{state_html(each)}</td>',
        f"<td>{escape(each.text)}</td>",
    )
    return f"<tr>{''.join(cells)}</tr>"


def show_publication(desk: Desk, number: int) -> None:
    """The publication with this number, or the sentence that says why it cannot be shown."""
    bar = st.columns([5, 1.3], vertical_alignment="bottom")
    title = bar[0].container(horizontal=True, vertical_alignment="center")
    if title.button("← 回到列表", key="back"):
        st.query_params.pop("publication", None)
        st.rerun()
    on = as_of(desk, bar[1])
    try:
        seen = publication_view(desk.app, number, on)
    except Refused as refused:
        st.error(str(refused))
        return
    title.html(f'<h2 class="sf-name">{escape(seen.title)} {state_html(seen)}</h2>', width="stretch")
    st.html(f'<div class="sf-line"><b>{escape(seen.text)}</b></div>')
    if seen.state == "running" and seen.notice_id is not None:
        today = on or desk.app.clock.today()
        counted = notice_view(desk.app, seen.notice_id, on).counted
        st.html(days_html(desk.app, counted, today, past=on is not None))
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        _terms(seen, on)
        if on is None:
            _again(desk, seen)
    with right:
        _files(desk, seen)
    _difference(seen)
    _rows(seen)


def _terms(seen: PublicationView, on: date | None) -> None:
    """What it was made public with, and what it belongs to."""
    told = {
        "公布日期": escape(day(seen.published)),
        "公布的地方": escape(seen.place),
        "发文字号": escape(seen.number) or "没有填写",
        "落款日期": escape(day(seen.signed)) or "没有填写",
        "名单按": f"{escape(short_day(seen.as_of))}已知的情况，{len(seen.rows):,} 个",
        "采用标准": escape(seen.standard),
        "登记": f"{escape(seen.who)} {moment(seen.at)}",
        "理由": escape(seen.why),
        "名单校验值": f"<code>{seen.data_sha256}</code>",
        "公示": _way("打开这次公示", ("notices", (("notice", str(seen.notice_id)),)), seen.notice_id, on),
        "替代了": _way("原来的公布", ("publications", (("publication", str(seen.supersedes)),)), seen.supersedes, on),
        "替代它的": _way(
            "后来的公布", ("publications", (("publication", str(seen.superseded_by)),)), seen.superseded_by, on
        ),
    }
    items = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in told.items() if text)
    follow(linked(f'<dl class="sf-terms">{items}</dl>', "terms"))


def _way(text: str, where: tuple[str, tuple[tuple[str, str], ...]], number: int | None, on: date | None) -> str:
    return "" if number is None else f"{way(text, where, on)}（第 {number} 号）"


def _again(desk: Desk, seen: PublicationView) -> None:
    """The way to make it public anew, where that can be done."""
    if not seen.stands or not desk.may(Permission.RUN_NOTICES) or seen.state in ("over", "withdrawn"):
        return
    says = (
        "名单已有变化，请重新公布。" if seen.state == "changed" else "公布有误、需要更正的，重新公布，这一次留着备查。"
    )
    st.html(f'<div class="soft">{says}</div>')
    if st.button("重新公布", key="again", type="primary" if seen.state == "changed" else "secondary"):
        ask_for(seen.of)


def _files(desk: Desk, seen: PublicationView) -> None:
    """Each file with its bytes looked at now, and the button that gives it as it was."""
    found = files_view(desk.app, seen.id)
    st.html(f'<h3 class="sf-name">文件 {len(found)} 个</h3>')
    for each in found:
        _file(desk, seen, each)


def _file(desk: Desk, seen: PublicationView, each: FileView) -> None:
    mark = '<span class="sf-v sf-pass"><i>✓</i>完好</span>'
    if each.problem:
        mark = '<span class="sf-v sf-fail"><i>✗</i>已损坏</span>'
    left, right = st.columns([4, 1], vertical_alignment="center")
    told = f"{mark} {escape(each.name)} <span class='soft'>{size(each.size)}</span>"
    left.html(f'<div>{told}<br><code class="sf-sha">SHA-256 {each.sha256}</code></div>')
    if each.problem:
        st.error(each.problem)
        return
    right.download_button(
        "下载",
        lambda: published_file(desk.app, desk.actor, seen.id, each.name),
        file_name=each.name,
        mime=MIMES[each.name.rpartition(".")[2]],
        on_click="ignore",
        key=f"get-{each.name}",
        width="stretch",
    )


def _difference(seen: PublicationView) -> None:
    """What is not as it was made public, line by line."""
    found = seen.difference
    if not found.count:
        return
    st.subheader(f"公布以后的变化：{found.text}", anchor=False)
    rows = [["增加", *row] for row in found.added] + [["减少", *row] for row in found.gone]
    for before, after in found.changed:
        cells = (
            escape(new) if old == new else f"<del>{escape(old)}</del> <ins>{escape(new)}</ins>"
            for old, new in zip(before, after, strict=True)
        )
        rows.append(["改动", *map(Html, cells)])
    kept = page_of(len(rows), size=PAGE, key=f"page-of-difference-{seen.id}")
    show_table(["变化", *found.header], rows[kept], nowrap=["变化", "地区", "类型"])


def _rows(seen: PublicationView) -> None:
    st.subheader(f"公布的名单 {len(seen.rows):,} 个", anchor=False)
    st.caption("名称和运营主体是公布时的写法，按行政区划排列，排名不分先后。")
    kept = page_of(len(seen.rows), size=PAGE, key=f"page-of-publication-{seen.id}")
    show_table(seen.header, seen.rows[kept], numeric=["序号"], nowrap=["地区", "类型"])
