"""A Streamlit script with the table of 条件审核 and nothing else: what a click costs at least."""

from __future__ import annotations

import gc

import streamlit as st

from core import views
from core.standards import loader
from pages._parts.linked import linked
from pages._parts.matrix import matrix_html
from pages._process import the_app
from tests.bench.clients import ROWS


@st.cache_resource
def _frozen() -> None:
    """What the app does at its start (pages/_start): what is loaded by now is not looked at after each run."""
    gc.collect()
    gc.freeze()


app = the_app()
round_id = views.newest_round_id(app)
assert round_id is not None
frame = views.application_matrix(app, round_id, "platform")
shown = frame
for column, name in (("地区", "city"), ("结论", "verdict")):
    if wanted := st.query_params.get(name):
        shown = shown[shown[column] == wanted]
criteria = {one.code: one for one in loader.load(loader.default()).criteria if one.code in frame.columns}
linked(matrix_html(shown.iloc[:ROWS], criteria), "matrix")
_frozen()
