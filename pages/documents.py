"""发文: official documents filled from what is registered, to be downloaded, and the templates they are made with."""

from __future__ import annotations

import streamlit as st

from core.accounts import Permission
from core.views.documents import SHORT
from pages._parts.as_of import as_of
from pages._parts.document import show_document
from pages._parts.document_templates import templates
from pages._parts.filters import segments
from pages._shell import open_page, the_round

desk = open_page(
    "发文",
    Permission.READ_LISTS,
    "按已经登记的名单和日期生成公示、通知、公告和函，下载以后送审、印发。名单和数目不用另外录入。",
)
chosen = the_round(desk)
left, right = st.columns([4, 1], vertical_alignment="bottom")
with left:
    kind = segments("发文种类", "document", SHORT)
on = as_of(desk, right)
show_document(desk, chosen, kind, on)
if desk.may(Permission.EXPORT_LISTS):
    templates(desk, kind)
