"""What happens when the server starts, and what a person sees when a page breaks."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st

from core import views
from core.bootstrap import App
from core.errors import Refused
from core.services.accounts import needs_first_admin, setup_token
from core.services.judging import rejudge_where_stale
from core.services.online_schedule import Worker
from core.services.projection import refresh_where_stale
from core.standards import loader
from pages._process import open_log, sentence_for, the_app
from sheets_schema import schema

MAIN_PAGE = Path(__file__).with_name("_main.py")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Opens the store, says in Chinese where the app is, and loads what the first page would wait for."""
    try:
        app = the_app()
    except Refused as refused:
        print(f"无法启动：{refused}", file=sys.stderr, flush=True)
        # uvicorn would print a traceback for an exception here
        os._exit(2)
    open_log()
    rejudge_where_stale(app)
    refresh_where_stale(app)
    print(f"示范创建工作台已启动，请在浏览器打开：{server_address()}", flush=True)
    if needs_first_admin(app):
        token = setup_token(app)
        print(f"首次使用：请打开 {server_address()}/setup ，输入一次性口令 {token} 建立管理员", flush=True)
    _warm_up(app)
    worker = Worker(app, sentence_for)
    worker.start()
    yield {}
    worker.stop()
    app.close()


def server_address() -> str:
    """The address people type, without a slash at the end."""
    host = st.get_option("server.address") or "127.0.0.1"
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://{shown}:{st.get_option('server.port')}"


def _warm_up(app: App) -> None:
    for name in ("altair", "pandas", "core.services.lists", "core.services.review", "sheets_schema.help"):
        import_module(name)
    for standard in loader.available():
        loader.load(standard)
    schema.load()
    for held in views.rounds(app)[:1]:
        for kind in ("platform", "base"):
            views.application_matrix(app, held.id, kind)
    gc.collect()
    # Streamlit collects everything after each run; what is loaded by now never becomes garbage, and leaving it
    # out makes twenty people clicking at once some ten times faster
    gc.freeze()


def show_fault(error: Exception) -> bool:
    """Shows a calm sentence in place of a traceback."""
    st.error(sentence_for(error), icon=None)
    return True
