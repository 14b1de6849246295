"""Filters that live in the address: they survive a reload and can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st


def choice(label: str, param: str, options: Mapping[str, str]) -> str:
    """A select box whose value is the query parameter `param`; '' (the first option, 全部) leaves it out."""
    return _bound(
        param,
        options,
        lambda key: st.selectbox(label, list(options), format_func=lambda code: options[code], key=key),
    )


def segments(label: str, param: str, options: Mapping[str, str]) -> str:
    """The same as a row of buttons; the first option is chosen where the address says nothing."""
    return _bound(
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


def _bound(param: str, options: Mapping[str, str], draw: Callable[[str], str | None]) -> str:
    key, first = f"filter-{param}", next(iter(options))
    asked = st.query_params.get(param, first)
    asked = asked if asked in options else first
    # the address wins where it changed by itself: a link, the back button
    if key not in st.session_state or st.session_state.get(f"{key}-address") != asked:
        st.session_state[key] = asked
    if st.session_state[key] not in options:
        st.session_state[key] = first
    value = draw(key) or first
    st.session_state[f"{key}-address"] = value
    if value == first:
        st.query_params.pop(param, None)
    elif st.query_params.get(param) != value:
        st.query_params[param] = value
    return value
