"""The front door: `streamlit run streamlit_app.py`, or `shifan app`, which runs the same file."""

from __future__ import annotations

import streamlit as st

from pages._gate import MIDDLEWARE, ROUTES
from pages._start import MAIN_PAGE, lifespan, show_fault

app = st.App(MAIN_PAGE, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan, on_script_error=show_fault)
