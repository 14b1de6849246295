"""The pages that are not Streamlit's: sign-in and its sisters, and the frame that Streamlit's own page is put in."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from html import escape
from pathlib import Path

import streamlit

ASSETS = Path(__file__).with_name("assets")
NAME = "示范创建工作台"
LONG_NAME = "中小企业公共服务示范平台（基地）示范创建工作台"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='5' fill='%231b5a96'/%3E"
    "%3Cpath d='M8 17l6 6 11-13' fill='none' stroke='white' stroke-width='4'/%3E%3C/svg%3E"
)


@cache
def _style() -> str:
    return (ASSETS / "forms.css").read_text("utf-8")


def plain_page(title: str, body: str) -> str:
    """A whole small page. `body` is HTML that the caller has escaped."""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)} · {NAME}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="{ICON}"><style>{_style()}</style></head><body><main>{body}</main></body></html>'
    )


def form_page(title: str, intro: str, fields: list[tuple[str, str, str, str]], button: str, problem: str = "") -> str:
    """A page with one form. Fields: name, label, type with autocomplete (`password:new-password`), first value."""
    rows = []
    for name, label, kind, value in fields:
        kind, _, complete = kind.partition(":")
        if kind == "hidden":
            rows.append(f'<input type="hidden" name="{name}" value="{escape(value)}">')
            continue
        focus = " autofocus" if not any("autofocus" in row for row in rows) else ""
        rows.append(
            f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" type="{kind}" required'
            f' maxlength="200" autocomplete="{complete or "off"}" value="{escape(value)}"{focus}>'
        )
    said = f'<div class="no" role="alert">{escape(problem)}</div>' if problem else ""
    body = f"<h1>{escape(title)}</h1><p>{escape(intro)}</p>{said}"
    return plain_page(title, f'{body}<form method="post">{"".join(rows)}<button>{escape(button)}</button></form>')


def message_page(title: str, text: str, link: str = "/", link_text: str = "回到今日") -> str:
    """A page that says one thing and shows the way on."""
    return plain_page(title, f'<h1>{escape(title)}</h1><p>{escape(text)}</p><a href="{link}">{escape(link_text)}</a>')


@cache
def app_frame() -> bytes:
    """Streamlit's index page with our language, title, icon, styles and words."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    words = tomllib.loads((ASSETS / "words.toml").read_text("utf-8"))
    script = (ASSETS / "words.js.html").read_text("utf-8")
    script = script.replace("/*WORDS*/", json.dumps(words["words"], ensure_ascii=False))
    script = script.replace("/*STARTS*/", json.dumps(words["starts"], ensure_ascii=False))
    style = (ASSETS / "house.css").read_text("utf-8")
    # naming the server's address keeps the browser from trying every folder of a deep link in turn
    base = "<script>window.__streamlit={BACKEND_BASE_URL:location.origin,MAIN_PAGE_BASE_URL:location.origin}</script>"
    for old, new in (
        ('<html lang="en">', '<html lang="zh-CN" translate="no">'),
        ("<title>Streamlit</title>", f"<title>{NAME}</title>{base}{script}<style>{style}</style>"),
        ('<link rel="shortcut icon" href="./favicon.png" />', f'<link rel="shortcut icon" href="{ICON}" />'),
        ('<link rel="service-desc" href="./_stcore/agent/openapi.json" />', ""),
    ):
        if old not in page:
            raise RuntimeError(f"the index page of this Streamlit lacks {old}")
        page = page.replace(old, new)
    before, _, rest = page.partition("<noscript>")
    _, _, after = rest.partition("</noscript>")
    return f"{before}<noscript><p>请在浏览器中启用 JavaScript 后再打开本页。</p></noscript>{after}".encode()
