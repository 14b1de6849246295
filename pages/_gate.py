"""The gate: nobody passes without a session, over HTTP or WebSocket; and the forms by which one gets a session.

It is plain ASGI because Starlette's BaseHTTPMiddleware never sees a WebSocket.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import anyio
from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.accounts import Actor, Permission
from core.errors import Refused
from core.services import accounts as service
from pages._catalog import PAGES
from pages._feed import answer_feed, is_feed
from pages._html import ICON, LONG_NAME, app_frame, form_page, message_page
from pages._process import cookie_name, sentence_for, the_app

OWN_PATHS = ("/login", "/logout", "/setup", "/password")
# the health check tells a monitor that the process lives, and nothing else
OPEN_PATHS = (*OWN_PATHS, "/_stcore/health")
SHUT_PREFIXES = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
# files that a page offers: no page of an expert offers one
FILES_PREFIX = "/media/"
SERVED_PREFIXES = ("/_stcore/", "/static/", FILES_PREFIX, "/component/")
PAGE_PATHS = frozenset(f"/{entry.path}" for entry in PAGES)
FORM_LIMIT = 16 * 1024
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    # Streamlit builds its styles and charts in the page, so inline and eval cannot be forbidden; other hosts can
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss: blob: data:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
}
# a check of a password takes 64 MB for a moment: no more than two at once
_hashing = anyio.CapacityLimiter(2)


class Gate:
    """Lets signed-in people through, sends strangers to the sign-in, answers unknown addresses in Chinese."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request or socket."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await self._socket(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        response = await self._answer(scope)
        return await (self.app if response is None else response)(scope, receive, send_with_headers)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        actor = await _actor(scope)
        if actor is None or actor.must_change:
            await receive()
            return await send({"type": "websocket.close", "code": 4401})
        return await self.app(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        """The gate's own answer, or None to let the request through."""
        path, asks_page = scope["path"], "text/html" in HTTPConnection(scope).headers.get("accept", "")
        if path in OPEN_PATHS:
            return None
        if is_feed(path):
            return await answer_feed(scope)
        actor = await _actor(scope)
        if actor is None or actor.must_change:
            if not asks_page or scope["method"] not in ("GET", "HEAD"):
                return PlainTextResponse("请先登录。", 401, NO_STORE)
            if actor is not None:
                return RedirectResponse("/password", 303, NO_STORE)
            if await to_thread.run_sync(service.needs_first_admin, the_app()):
                return RedirectResponse("/setup", 303, NO_STORE)
            wanted = f"?next={quote(_full_path(scope))}" if path in PAGE_PATHS and path != "/" else ""
            return RedirectResponse(f"/login{wanted}", 303, NO_STORE)
        if path in PAGE_PATHS:
            return HTMLResponse(app_frame(), headers=NO_STORE)
        if path.startswith(FILES_PREFIX) and not actor.may(Permission.READ_ROUND):
            return HTMLResponse(message_page("无权下载", "这个文件不向您的角色开放。"), 403, NO_STORE)
        if path == "/favicon.png":
            # Streamlit's client asks for this by name; what counts for the browser is the type
            return Response(unquote(ICON.partition(",")[2]), media_type="image/svg+xml")
        if path.startswith(SHUT_PREFIXES) or not path.startswith(SERVED_PREFIXES):
            if path.rstrip("/") in PAGE_PATHS:
                return RedirectResponse(path.rstrip("/"), 303)
            text = "您打开的地址不存在，可能是链接不完整或已更改。"
            return HTMLResponse(message_page("没有这个页面", text), 404)
        return None


NO_STORE = {"Cache-Control": "no-store"}


def _full_path(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return scope["path"] + (f"?{query}" if query else "")


async def _actor(scope: Scope) -> Actor | None:
    token = HTTPConnection(scope).cookies.get(cookie_name())
    return await to_thread.run_sync(service.actor_of, the_app(), token) if token else None


async def _form(request: Request) -> dict[str, str]:
    """The form's fields. Refused for a form from another site, and for one too long to be ours."""
    origin = urlsplit(request.headers.get("origin", "")).netloc
    if not origin or origin != request.headers.get("host"):
        raise Refused("请求来自其他网站，已拒绝。请从本系统的页面重新提交。")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM_LIMIT:
            raise Refused("提交的内容过长，已拒绝。")
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


async def _do(work: Any, *args: Any, **kwargs: Any) -> Any:
    return await to_thread.run_sync(lambda: work(the_app(), *args, **kwargs), limiter=_hashing)


def _entered(request: Request, token: str, where: str) -> Response:
    response = RedirectResponse(where, 303, NO_STORE)
    response.set_cookie(
        cookie_name(),
        token,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        max_age=service.SESSION_HOURS * 3600,
        path="/",
    )
    return response


def _wanted(text: str) -> str:
    """Where to go after signing in: one of our pages, never another site."""
    parts = urlsplit(text)
    return text if not parts.netloc and not parts.scheme and parts.path in PAGE_PATHS else "/"


async def login(request: Request) -> Response:
    """Sign-in."""
    if await to_thread.run_sync(service.needs_first_admin, the_app()):
        return RedirectResponse("/setup", 303, NO_STORE)
    if await _actor(request.scope) is not None:
        return RedirectResponse("/", 303, NO_STORE)
    where, problem, name, status = _wanted(request.query_params.get("next", "/")), "", "", 200
    if request.method == "POST":
        try:
            form = await _form(request)
            name = form.get("login", "")
            token = await _do(service.sign_in, login=name, password=form.get("password", ""))
            return _entered(request, token, where)
        except Exception as error:  # noqa: BLE001 - a person must see a sentence, whatever happened
            problem, status = sentence_for(error), 401
    fields = [("login", "账号", "text:username", name), ("password", "密码", "password:current-password", "")]
    return HTMLResponse(form_page("登录", LONG_NAME, fields, "登录", problem), status, NO_STORE)


async def setup(request: Request) -> Response:
    """Makes the first administrator, with the one-time token that the server printed."""
    if not await to_thread.run_sync(service.needs_first_admin, the_app()):
        return RedirectResponse("/login", 303, NO_STORE)
    problem, form, status = "", {}, 200
    if request.method == "POST":
        try:
            form = await _form(request)
            if form.get("password", "") != form.get("again", ""):
                raise Refused("两次输入的密码不一致，请重新输入。")
            asked = {key: form.get(key, "") for key in ("token", "login", "name", "password")}
            await _do(service.create_first_admin, **asked)
            token = await _do(service.sign_in, login=asked["login"], password=asked["password"])
            return _entered(request, token, "/")
        except Exception as error:  # noqa: BLE001 - as above
            problem, status = sentence_for(error), 400
    fields = [
        ("token", "一次性口令（见服务器启动窗口）", "text", form.get("token", "")),
        ("login", "账号（小写字母、数字）", "text:username", form.get("login", "")),
        ("name", "姓名", "text:name", form.get("name", "")),
        ("password", f"密码（至少 {service.PASSWORD_LENGTH} 位）", "password:new-password", ""),
        ("again", "再输一次密码", "password:new-password", ""),
    ]
    intro = "首次使用，请先建立管理员账户。其他人的账户以后由管理员在“账户”页面新增。"
    return HTMLResponse(form_page("建立管理员", intro, fields, "建立并登录", problem), status, NO_STORE)


async def password(request: Request) -> Response:
    """Change of one's own password; the only thing an account with a first password may do."""
    actor = await _actor(request.scope)
    if actor is None:
        return RedirectResponse("/login", 303, NO_STORE)
    problem, status = "", 200
    if request.method == "POST":
        try:
            form = await _form(request)
            if form.get("new", "") != form.get("again", ""):
                raise Refused("两次输入的新密码不一致，请重新输入。")
            held = request.cookies.get(cookie_name(), "")
            await _do(
                service.change_own_password, actor, old=form.get("old", ""), new=form.get("new", ""), keep_token=held
            )
            return RedirectResponse("/", 303, NO_STORE)
        except Exception as error:  # noqa: BLE001 - as above
            problem, status = sentence_for(error), 400
    intro = "这是初始密码，请先换成您自己的密码。" if actor.must_change else f"{actor.name}，请设置新密码。"
    fields = [
        ("old", "原密码", "password:current-password", ""),
        ("new", f"新密码（至少 {service.PASSWORD_LENGTH} 位）", "password:new-password", ""),
        ("again", "再输一次新密码", "password:new-password", ""),
    ]
    return HTMLResponse(form_page("修改密码", intro, fields, "保存新密码", problem), status, NO_STORE)


async def logout(request: Request) -> Response:
    """Ends the session. Only by a form of ours, so that no link elsewhere can sign a person out."""
    if request.method != "POST":
        return RedirectResponse("/", 303, NO_STORE)
    try:
        await _form(request)
    except Refused as refused:
        return HTMLResponse(message_page("没有退出", str(refused)), 403, NO_STORE)
    await _do(service.sign_out, request.cookies.get(cookie_name()))
    # what an expert typed and the server has not got lies in the tab: it is not for whoever signs in next
    response = RedirectResponse("/login", 303, {**NO_STORE, "Clear-Site-Data": '"storage"'})
    response.delete_cookie(cookie_name(), path="/")
    return response


ROUTES = [
    Route(path, endpoint, methods=["GET", "POST"])
    for path, endpoint in zip(OWN_PATHS, (login, logout, setup, password), strict=True)
]
MIDDLEWARE = [Middleware(Gate)]
