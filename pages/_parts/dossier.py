"""A dossier as HTML: the same sections, lines and tables that its file has; and the way to one."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.accounts import Permission
from core.views.decision import Block, Dossier, Section, Table
from pages._shell import Desk


def decision_link(desk: Desk, application_id: int) -> None:
    """The way to the 申报办理卷 of an application, for those who may read it."""
    if desk.may(Permission.READ_SCORES):
        where = {"application": str(application_id)}
        st.page_link("decision.py", label="申报办理卷 →", query_params=where, width="content")


def contents_html(dossier: Dossier) -> str:
    """Links to the sections."""
    links = "".join(
        f'<a href="#part-{number}">{escape(section.title)}</a>' for number, section in enumerate(dossier.sections)
    )
    return f'<nav class="sf-line sf-contents" aria-label="目录">{links}</nav>'


def dossier_html(dossier: Dossier) -> str:
    """The sections one after the other."""
    return "".join(_section(number, section) for number, section in enumerate(dossier.sections))


def _section(number: int, section: Section) -> str:
    blocks = "".join(map(_block, section.blocks))
    return f'<section class="sf-part"><h2 id="part-{number}">{escape(section.title)}</h2>{blocks}</section>'


def _block(block: Block) -> str:
    if isinstance(block, Table):
        return _table(block)
    text = _text(block.text)
    if block.heading:
        return f"<h3>{text}</h3>"
    return f'<p class="{"sf-legend" if block.note else ""}">{text}</p>'


def _table(table: Table) -> str:
    whole = sum(table.widths)
    columns = "".join(f'<col style="width:{100 * width / whole:.1f}%">' for width in table.widths)
    heads = (
        f'<th class="{_numeric(table, at)}" scope="col">{escape(head)}</th>' for at, head in enumerate(table.heads)
    )
    head = f"<thead><tr>{''.join(heads)}</tr></thead>" if table.heads else ""
    rows = ("".join(_cell(table, at, text) for at, text in enumerate(row)) for row in table.rows)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="sf sf-dossier"><colgroup>{columns}</colgroup>{head}<tbody>{body}</tbody></table>'


def _cell(table: Table, column: int, text: str) -> str:
    if not table.heads and column % 2 == 0:
        return f'<th scope="row">{_text(text)}</th>'
    return f'<td class="{_numeric(table, column)}">{_text(text)}</td>'


def _numeric(table: Table, column: int) -> str:
    return "num" if column in table.numeric else ""


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")
