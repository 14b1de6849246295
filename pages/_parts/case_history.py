"""The history of a case as a list: what happened, by which document, who entered it, and what was taken back."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.services.case_history import PastEntry, Voided
from core.views.case import CaseView
from pages._parts.tables import empty
from pages._parts.words import day, moment

HEADS = ("条", "哪天办了什么", "文号、理由和依据")
LATE = {"objection_filed": "公示期满后提出", "change_reported": "超过报告期限"}


def show_history(seen: CaseView) -> None:
    """Every entry, oldest first; what was voided is struck through, with who did and why."""
    if not seen.entries:
        empty("还没有办理过。")
        return
    top = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    body = "".join(_row(one) for one in seen.entries)
    st.html(
        '<div class="sf-wrap"><table class="sf sf-tight sf-history">'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(one: PastEntry) -> str:
    gone = one.voided
    late = f' <span class="sf-state sf-tone-warn">{LATE[one.type]}</span>' if one.late else ""
    notes = [f"{one.who} {moment(one.at)} 录入"]
    if one.corrects is not None:
        notes[0] += f"，更正第 {one.corrects} 条"
    if gone:
        by = f"，已更正为第 {gone.by} 条" if gone.by is not None else ""
        notes.append(f"{gone.who} {moment(gone.at)} 作废{by}：{gone.why}")
    told = (one.document, f"理由：{one.why}" if one.why else "", *(f"{name}：{text}" for name, text in one.details))
    cells = (
        f'<td class="num">{one.number}</td>',
        f"<td>{_struck(gone, day(one.day))}<br><b>{_struck(gone, one.name)}</b>{late}"
        + "".join(f'<br><small class="soft">{escape(each)}</small>' for each in notes)
        + "</td>",
        f"<td>{'<br>'.join(_struck(gone, each) for each in told if each)}</td>",
    )
    return f"<tr>{''.join(cells)}</tr>"


def _struck(gone: Voided | None, text: str) -> str:
    return f"<del>{escape(text)}</del>" if gone else escape(text)
