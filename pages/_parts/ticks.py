"""Tables with boxes to tick: what is ticked comes back in one piece.

In a form nothing runs before its button is pressed, so that a hundred rows can be gone through without waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

import streamlit as st

# Boxes carry data-set (what they are of) and data-id (whose). A button with data-all ticks every box of a set, one
# with data-none clears it; data-count shows how many are ticked.
SCRIPT = """
export default function (component) {
  const { parentElement: root, data, setStateValue } = component;
  const fields = () => [...root.querySelectorAll("[data-set]")];
  const read = () => {
    const found = {};
    for (const one of fields()) {
      if (one.checked) (found[one.dataset.set] ??= {})[one.dataset.id] = true;
    }
    return found;
  };
  const count = () => {
    for (const one of root.querySelectorAll("[data-count]")) {
      one.textContent = fields().filter((field) => field.dataset.set === one.dataset.count && field.checked).length;
    }
  };
  const tell = () => {
    root.ticked = read();
    count();
    setStateValue("ticked", root.ticked);
  };
  if (root.dataset.held !== data.html) {
    const held = root.ticked ?? data.ticked;
    root.innerHTML = data.html;
    root.dataset.held = data.html;
    root.setAttribute("data-own-words", "");
    for (const one of fields()) one.checked = Boolean(held[one.dataset.set]?.[one.dataset.id]) && !one.disabled;
    count();
  }
  root.oninput = tell;
  root.onclick = (event) => {
    const { all, none } = event.target.closest("button")?.dataset ?? {};
    if (!all && !none) return;
    for (const one of fields()) {
      if (one.dataset.set === (all ?? none)) one.checked = Boolean(all) && !one.disabled;
    }
    tell();
  };
}
"""
Ticked = dict[str, dict[int, Any]]


@cache
def _component() -> Any:
    return st.components.v2.component("shifan_ticks", js=SCRIPT, isolate_styles=False)


def ticks(html: str, key: str, begin: Mapping[str, Mapping[int, Any]] | None = None) -> Ticked:
    """Shows HTML with boxes (all values escaped) and gives what is ticked: by set, then by number.

    A ticked box gives True; what is not ticked is left out. `begin` is what they begin with.
    """
    first = {name: {str(number): value for number, value in held.items()} for name, held in (begin or {}).items()}
    held = st.session_state.get(key, {}).get("ticked", first)
    found = _component()(
        data={"html": html, "ticked": held}, key=key, default={"ticked": first}, on_ticked_change=lambda: None
    )
    return {
        name: {int(number): value for number, value in values.items() if number.isdecimal()}
        for name, values in (found.ticked or {}).items()
    }


def box(of: str, number: int, label: str, *, shut: str = "") -> str:
    """A box to tick. `shut`: why it cannot be ticked."""
    more = f' disabled title="{escape(shut)}"' if shut else f' title="{escape(label)}"'
    return f'<input type="checkbox" data-set="{of}" data-id="{number}" aria-label="{escape(label)}"{more}>'


def whole(of: str, text: str, *, none: bool = False) -> str:
    """A button that ticks every box of a set, or clears them."""
    return f'<button type="button" data-{"none" if none else "all"}="{of}">{escape(text)}</button>'


def count(of: str) -> str:
    """How many boxes of a set are ticked."""
    return f'<b data-count="{of}">0</b>'
