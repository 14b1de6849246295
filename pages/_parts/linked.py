"""Tables whose rows and cells open something, without a reload: links that the page itself follows."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

import streamlit as st

# A click on a link with data-go becomes a trigger value; with a modifier key the browser opens its address as usual.
SCRIPT = """
export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  if (parentElement.dataset.held !== data.html) {
    parentElement.innerHTML = data.html;
    parentElement.dataset.held = data.html;
  }
  parentElement.setAttribute("data-own-words", "");
  parentElement.onclick = (event) => {
    const link = event.target.closest("[data-go]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("go", link.dataset.go);
  };
}
"""


@cache
def _component() -> Any:
    return st.components.v2.component("shifan_linked", js=SCRIPT, isolate_styles=False)


def linked(html: str, key: str) -> str | None:
    """Shows HTML (made by our own functions, all values escaped) and gives the target of the link just clicked."""
    clicked = _component()(data={"html": html}, key=key, on_go_change=lambda: None)
    target = clicked.go
    return str(target) if target is not None else None


def link(text: str, go: str, href: str, *, css: str = "", tip: str = "") -> str:
    """A link that `linked` follows; `href` serves those who open it in a new window."""
    return f'<a class="{css}" href="{escape(href)}" data-go="{escape(go)}" title="{escape(tip)}">{escape(text)}</a>'
