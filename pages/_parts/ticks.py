"""Tables with boxes to tick and lines to fill in: what stands in them comes back in one piece.

In a form nothing runs before its button is pressed, so that a hundred rows can be gone through without waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

import streamlit as st

# Fields carry data-set (what they are of) and data-id (whose); data-not names the set that a tick excludes. A button
# with data-all ticks every box of a set, one with data-none clears it; data-count shows how many are ticked.
SCRIPT = """
export default function (component) {
  const { parentElement: root, data, setStateValue } = component;
  const fields = () => [...root.querySelectorAll("[data-set]")];
  const read = () => {
    const found = {};
    for (const one of fields()) {
      const value = one.type === "checkbox" ? one.checked : one.value.trim();
      if (value) (found[one.dataset.set] ??= {})[one.dataset.id] = value;
    }
    return found;
  };
  const count = () => {
    for (const one of root.querySelectorAll("[data-count]")) {
      one.textContent = fields().filter((field) => field.dataset.set === one.dataset.count && field.checked).length;
    }
  };
  const tick = (field, on) => {
    field.checked = on && !field.disabled;
    if (!field.checked || !field.dataset.not) return;
    const other = (one) => one.dataset.set === field.dataset.not && one.dataset.id === field.dataset.id;
    for (const one of fields().filter(other)) one.checked = false;
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
    for (const one of fields()) {
      const value = held[one.dataset.set]?.[one.dataset.id];
      if (one.type === "checkbox") one.checked = Boolean(value) && !one.disabled;
      else one.value = value ?? "";
    }
    count();
  }
  root.oninput = (event) => {
    if (event.target.type === "checkbox") tick(event.target, event.target.checked);
    tell();
  };
  root.onclick = (event) => {
    const { all, none } = event.target.closest("button")?.dataset ?? {};
    if (!all && !none) return;
    for (const one of fields().filter((field) => field.dataset.set === (all ?? none))) tick(one, Boolean(all));
    tell();
  };
}
"""
Ticked = dict[str, dict[int, Any]]


@cache
def _component() -> Any:
    return st.components.v2.component("shifan_ticks", js=SCRIPT, isolate_styles=False)


def ticks(html: str, key: str, begin: Mapping[str, Mapping[int, Any]] | None = None) -> Ticked:
    """Shows HTML with fields (all values escaped) and gives what stands in them: by set, then by number.

    A ticked box gives True, a line its text; what is empty is left out. `begin` is what they begin with.
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


def box(of: str, number: int, label: str, *, without: str = "", shut: str = "") -> str:
    """A box to tick. `without`: the set that it excludes; `shut`: why it cannot be ticked."""
    more = f' data-not="{without}"' if without else ""
    more += f' disabled title="{escape(shut)}"' if shut else f' title="{escape(label)}"'
    return f'<input type="checkbox" data-set="{of}" data-id="{number}" aria-label="{escape(label)}"{more}>'


def line(of: str, number: int, label: str, *, most: int) -> str:
    """A line to fill in, of at most so many characters."""
    return f'<input type="text" data-set="{of}" data-id="{number}" aria-label="{escape(label)}" maxlength="{most}">'


def whole(of: str, text: str, *, none: bool = False) -> str:
    """A button that ticks every box of a set, or clears them."""
    return f'<button type="button" data-{"none" if none else "all"}="{of}">{escape(text)}</button>'


def count(of: str) -> str:
    """How many boxes of a set are ticked."""
    return f'<b data-count="{of}">0</b>'
