"""Filters that live in the address: they survive a reload and can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

Value = TypeVar("Value")


def choice(label: str, param: str, options: Mapping[str, str]) -> str:
    """A select box whose value is the query parameter `param`; '' (the first option, 全部) leaves it out."""
    return _one_of(
        param,
        options,
        lambda key: st.selectbox(label, list(options), format_func=lambda code: options[code], key=key),
    )


def segments(label: str, param: str, options: Mapping[str, str]) -> str:
    """The same as a row of buttons; the first option is chosen where the address says nothing."""
    return _one_of(
        param,
        options,
        lambda key: st.segmented_control(
            label,
            list(options),
            format_func=lambda code: options[code],
            key=key,
            required=True,
            label_visibility="collapsed",
        ),
    )


def typed(label: str, param: str, *, hint: str = "") -> str:
    """A line to type in; gives what stands there without blanks around it."""
    text = in_address(
        param,
        str,
        str.strip,
        lambda key: st.text_input(label, key=key, placeholder=hint, max_chars=100),
    )
    return text.strip()


def in_address(
    param: str, read: Callable[[str], Value], write: Callable[[Value], str], draw: Callable[[str], Value]
) -> Value:
    """A widget's value, kept in the query parameter `param`: its text by `write`, left out where that is ''.

    `read` takes whatever an address may say and gives a value that the widget can show.
    """
    key = f"filter-{param}"
    asked = read(st.query_params.get(param, ""))
    # the address wins where it changed by itself: a link, the back button
    if key not in st.session_state or st.session_state.get(f"{key}-address") != asked:
        st.session_state[key] = asked
    value = draw(key)
    text = write(value)
    st.session_state[f"{key}-address"] = read(text)
    if not text:
        st.query_params.pop(param, None)
    elif st.query_params.get(param) != text:
        st.query_params[param] = text
    return value


def _one_of(param: str, options: Mapping[str, str], draw: Callable[[str], str | None]) -> str:
    key, first = f"filter-{param}", next(iter(options))
    if st.session_state.get(key, first) not in options:
        st.session_state[key] = first
    return in_address(
        param,
        lambda text: text if text in options else first,
        lambda value: "" if value == first else value,
        lambda key: draw(key) or first,
    )
