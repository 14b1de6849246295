"""The deadlines behind a private calendar address: the one thing that is read without signing in."""

from __future__ import annotations

import hashlib
from typing import Final

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Scope

from core import views
from core.services.feeds import feed_of
from pages._html import message_page
from pages._process import sentence_for, the_app

PREFIX: Final = "/calendar/"
SUFFIX: Final = ".ics"
KEPT_BY_ONE: Final = {"Cache-Control": "private, no-store"}
GONE = "没有这个订阅地址：可能已经停用，也可能没有复制完整。请在“期限”页面重新建立。"


def is_feed(path: str) -> bool:
    """Whether an address is that of a calendar."""
    return path.startswith(PREFIX) and path.endswith(SUFFIX)


async def answer_feed(scope: Scope) -> Response:
    """The calendar file of an address; the same sentence whether it has ended, never was, or may no longer be read."""
    if scope["method"] not in ("GET", "HEAD"):
        return PlainTextResponse("订阅地址只能读取。", 405, KEPT_BY_ONE | {"Allow": "GET, HEAD"})
    token = scope["path"][len(PREFIX) : -len(SUFFIX)]
    try:
        content = await to_thread.run_sync(_content, token)
    except Exception as error:  # noqa: BLE001 - whoever asks gets a sentence, whatever happened
        return PlainTextResponse(sentence_for(error), 500, KEPT_BY_ONE)
    if content is None:
        if "text/html" in Headers(scope=scope).get("accept", ""):
            return HTMLResponse(message_page("没有这个订阅地址", GONE), 404, KEPT_BY_ONE)
        return PlainTextResponse(GONE, 404, KEPT_BY_ONE)
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = KEPT_BY_ONE | {"ETag": tag}
    if tag in Headers(scope=scope).get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="text/calendar; charset=utf-8")


def _content(token: str) -> bytes | None:
    app = the_app()
    filters = feed_of(app, token)
    return None if filters is None else views.calendar_file(app, filters).content
