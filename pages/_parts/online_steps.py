"""The frame of 在线表格: its steps from top to bottom, each with where it stands; what is next stands open."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.services.online_setup import KeyState
from core.views.online import OnlineView
from core.views.sync_runs import SyncRun
from pages._parts.words import moment

State = Literal["done", "now", "later", "bad"]
MARKS: dict[State, str] = {"done": "✓", "now": "●", "later": "–", "bad": "✗"}
CSS: dict[State, str] = {"done": "done", "now": "now", "later": "", "bad": "now"}
NUMBERS = "①②③④⑤"
_NEXT = "online-next"
_TRYING, _MAKING = 1, 3


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: its name, where it stands, and that in a few words."""

    name: str
    state: State
    told: str


def stages(key: KeyState, tested: bool | None, seen: OnlineView) -> list[Stage]:
    """Where each of the five steps stands. `tested`: how the last try of the connection ended, None before one."""
    last = seen.runs[0] if seen.runs else None
    online, missing = len(seen.online), len(seen.missing)
    if tested is None and seen.ready and (last is None or last.state == "done"):
        tested = True  # sheets that were made, and synchronised, need no try
    trying: State = "later" if tested is None else "done" if tested else "bad"
    found = [
        _key_stage(key),
        Stage("测试连接", trying, {True: "连接正常", False: "有没通过的步骤", None: "还没有测试"}[tested]),
        Stage(
            "各市用哪种方式",
            "done" if online else "later",
            _ways(online, len(seen.cities) - online),
        ),
        Stage("建立表格", "done" if online and not missing else "later", _made(online, missing)),
        Stage("同步情况", _run_state(last), run_words(last, seen.running)),
    ]
    at = next_of(found)
    if found[at].state == "later":
        found[at] = Stage(found[at].name, "now", found[at].told)
    return found


def next_of(found: list[Stage]) -> int:
    """Which step stands open: the first that is not done, else the last, which is what people come back for."""
    return next((place for place, each in enumerate(found) if each.state != "done"), len(found) - 1)


def strip(found: list[Stage]) -> None:
    """Where all of them stand, in one line."""
    items = "".join(
        f'<li class="{CSS[each.state]}"><b>{NUMBERS[place]} {escape(each.name)}</b>'
        f"{MARKS[each.state]} {escape(each.told)}</li>"
        for place, each in enumerate(found)
    )
    st.html(f'<ol class="sf-steps">{items}</ol>')


def parts(found: list[Stage]) -> list[DeltaGenerator]:
    """The parts of the page in which the steps are done. As one is done the next opens; people open what they like."""
    now, before = next_of(found), st.session_state.get(_NEXT)
    keys = [f"online-step-{place}" for place in range(len(found))]
    if before is None or keys[0] not in st.session_state:
        for place, key in enumerate(keys):
            st.session_state[key] = place == now
    elif before != now:
        st.session_state[keys[now]] = True
        for place in range(min(now, _MAKING)):
            # how the connection was found is read first; what was made has its table
            st.session_state[keys[place]] = place == before == _TRYING
    st.session_state[_NEXT] = now
    # their titles never change: with another title it would be another part, closed again
    titles = [f"{NUMBERS[place]} {each.name}" for place, each in enumerate(found)]
    return [st.expander(title, key=key, on_change="rerun") for title, key in zip(titles, keys, strict=True)]


def run_words(run: SyncRun | None, running: bool) -> str:
    """The newest run in a few words."""
    if running:
        return "正在同步"
    if run is None:
        return "还没有同步过"
    if run.state != "done":
        return f"{moment(run.started_at)} 没有完成"
    bad = sum(not book.ok for book in run.books)
    return f"{moment(run.started_at)}，{f'{bad} 个有问题' if bad else '都正常'}"


def _key_stage(key: KeyState) -> Stage:
    if key.problem:
        return Stage("密钥", "bad", "不能使用，需要重新登记")
    return Stage("密钥", "done", "已登记") if key.email else Stage("密钥", "later", "还没有登记")


def _ways(online: int, folder: int) -> str:
    if not online:
        return "都用共享文件夹"
    return f"在线表格 {online} 个，共享文件夹 {folder} 个" if folder else "都用在线表格"


def _made(online: int, missing: int) -> str:
    if not online:
        return "还没有市用在线表格"
    return f"还有 {missing} 个没有建立" if missing else f"{online} 个已建立"


def _run_state(run: SyncRun | None) -> State:
    if run is None:
        return "later"
    return "bad" if run.state == "failed" or any(not book.ok for book in run.books) else "done"
