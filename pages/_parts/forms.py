"""Forms: values pinned while a person edits them, and acts that ask for their reason in the same place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from core.errors import Refused
from core.services.judging import OVERALL, Flip
from pages._parts.words import verdict_word

Held = TypeVar("Held")


def pin(name: str, load: Callable[[], Held]) -> Held:
    """What the person had in front of them when they began: kept until `unpin`, or until another page is opened.

    Reading the store afresh at the save would hide that somebody else saved first.
    """
    pins = st.session_state.setdefault("pins", {})
    if name not in pins:
        pins[name] = load()
    held: Held = pins[name]
    return held


def unpin(name: str) -> None:
    """Lets the next run read the store again."""
    st.session_state.setdefault("pins", {}).pop(name, None)


def shown_version(name: str, current: int) -> int:
    """The version that was on the screen when the person clicked; remembers `current` for the next click."""
    shown = st.session_state.setdefault("shown_versions", {})
    before: int = shown.get(name, current)
    shown[name] = current
    return before


def own_act(name: str) -> None:
    """Forgets which version was on the screen: the next one is new by the person's own act, not by somebody else's."""
    st.session_state.get("shown_versions", {}).pop(name, None)


def flash(kind: str, text: str) -> None:
    """Keeps a message for the next run. `kind`: success, info, warning, error."""
    st.session_state.setdefault("flashes", []).append((kind, text))


def act(work: Callable[[], str | None]) -> None:
    """Runs an act, keeps what it says (or why it was refused) for the next run, and runs the page anew."""
    try:
        said = work()
    except Refused as refused:
        flash("error", str(refused))
    else:
        if said:
            flash("success", said)
    st.rerun()


def reason_form(key: str, says: str, button: str, *, primary: bool = True, hint: str = "") -> str | None:
    """Says what an act will do and asks for the reason beside the button. Gives the reason once it is pressed."""
    with st.form(key, border=True):
        if says:
            st.write(says)
        reason = st.text_input("理由（必填）", placeholder=hint, key=f"{key}-why", max_chars=500)
        pressed = st.form_submit_button(button, type="primary" if primary else "secondary")
    return reason if pressed else None


def flips_text(flips: list[Flip] | tuple[Flip, ...]) -> str:
    """What changed by an act, in a sentence; '' where nothing did."""
    whole = [flip for flip in flips if flip.criterion == OVERALL]
    if not whole:
        return ""
    named = "；".join(
        f"{flip.city}“{flip.name}”由 {verdict_word(flip.before)} 变为 {verdict_word(flip.after)}" for flip in whole[:5]
    )
    rest = f"等 {len(whole)} 个" if len(whole) > 5 else ""
    return f"结论变化：{named}{rest}。"
