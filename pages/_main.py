"""Runs before every page: title, navigation by role. Knows no business."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._catalog import PAGES
from pages._shell import current_actor, sidebar

HERE = Path(__file__).parent

st.set_page_config(page_title="示范创建工作台", layout="wide", initial_sidebar_state=208)
actor = current_actor()
groups: dict[str, list[object]] = {}
for entry in PAGES:
    # pages that the role may not open stay reachable by address, where they say so in Chinese; so do those of one thing
    groups.setdefault(entry.group, []).append(
        st.Page(
            HERE / entry.file,
            title=entry.title,
            url_path=entry.path or None,
            default=not entry.path,
            visibility="visible" if entry.listed and entry.open_to(actor) else "hidden",
        )
    )
chosen = st.navigation(groups, expanded=True)  # type: ignore[arg-type]
sidebar(actor)
chosen.run()
