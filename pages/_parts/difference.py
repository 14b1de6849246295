"""What a workbook would change, cell by cell, old → new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from core.services.intake_books import ChangeReport, Preview
from pages._parts.tables import Html, page_of, show_table
from pages._parts.words import short_day

PAGE = 40
MAIN, SHEET = "推荐汇总表", "变更报告"


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview as a session keeps it: without the bytes, and with each 编号 as the city typed it."""

    preview: Preview
    numbers: Mapping[str, str]


def slim(preview: Preview) -> Shown:
    """What a session keeps of a preview; the bytes stay with the server's cache."""
    numbers = {}
    for key, record in preview.records.items():
        rows = record["rows"].get(MAIN) or ()
        field = rows[0]["fields"].get("编号") if rows else None
        numbers[key] = str(field[1]) if field else key
    return Shown(replace(preview, data=b"", records={}), numbers)


def show_preview(shown: Shown) -> None:
    """One workbook: its figures in a line, and the difference in a table on demand."""
    seen = shown.preview
    if seen.problem is not None:
        st.error(f"{seen.city or seen.file_name}：{seen.problem}")
        return
    found = seen.difference
    first = seen.based_on is None
    figures = [f"{seen.application_count} 个申报", f"须改正 {seen.error_count} 处"]
    if found is not None and not first:
        figures += [f"新增 {len(found.added)}", f"改动 {len(found.changed)} 格"]
        figures += [f"明细增减 {len(found.lines)} 行"] if found.lines else []
        figures += [f"不见了 {len(found.gone)}"] if found.gone else []
    if seen.reports or seen.reports_before:
        new, gone = len(seen.new_reports), len(seen.gone_reports)
        came = [] if first else [f"新 {new}"] * bool(new) + [f"不见了 {gone}"] * bool(gone)
        figures.append(f"变更报告 {len(seen.reports)} 件" + (f"（{'，'.join(came)}）" if came else ""))
    label = f"{seen.city}：{'首次报送，' if first else ''}{'，'.join(figures)}"
    changed = bool(found and not found.empty) or bool(seen.new_reports or seen.gone_reports)
    with st.expander(label, expanded=changed and not first):
        if seen.over_quota:
            st.warning(f"{seen.city}的创建申报超过推荐名额 {seen.quota} 个。")
        if seen.late:
            st.warning("报送截止日已过，这次改动先登记，待决定是否受理。")
        if seen.locked:
            st.warning("这个工作簿正在其他程序中打开，读到的是最近一次保存的内容；反馈会另存在旁边。")
        for each in seen.unjudged:
            st.warning(each)
        rows = [[shown.numbers.get(key, key), *rest] for key, *rest in _rows(seen)]
        if not rows:
            st.write("与已受理的内容相同。")
            return
        part = page_of(len(rows), size=PAGE, key=f"page-of-{seen.city}")
        heads = ["编号", "名称", "工作表", "列", "原来 → 现在"]
        show_table(heads, rows[part], nowrap=["编号", "工作表"])


def _rows(seen: Preview) -> Iterator[list[Any]]:
    found = seen.difference
    if found is None:
        return
    for entry in found.gone:
        yield [entry.id, entry.name, "", "", Html("<del>整行不见了</del>，受理后标为撤回待确认")]
    for change in found.changed:
        old, new = escape(change.old) or "（空）", escape(change.new) or "（空）"
        where = f"{change.sheet}（{change.line}）" if change.line else change.sheet
        yield [change.id, change.name, where, change.column, Html(f"<del>{old}</del> → <ins>{new}</ins>")]
    for line in found.lines:
        tag, word = ("ins", "新增") if line.what == "added" else ("del", "删去")
        yield [line.id, line.name, line.sheet, "", Html(f"<{tag}>{word}一行：{escape(line.text)}</{tag}>")]
    for entry in found.added:
        yield [entry.id, entry.name, "", "", Html("<ins>新增的申报</ins>")]
    for report in seen.gone_reports:
        yield ["", report.name, SHEET, "", Html(f"<del>删去一件：{_report(report)}</del>")]
    for report in seen.new_reports:
        yield ["", report.name, SHEET, "", Html(f"<ins>新增一件：{_report(report)}</ins>")]


def _report(report: ChangeReport) -> str:
    days = f"{short_day(report.occurred)}发生，{short_day(report.reported)}报告"
    return escape(f"{report.change}，{days}，市级意见{report.opinion}：{report.content}")
