"""Long work that a person watches: it goes on in a thread of its own, so that leaving the page breaks nothing off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

import streamlit as st

from pages._process import sentence_for

Done = TypeVar("Done")
Told = TypeVar("Told")
Tell = Callable[[int, int, str], None]
_TICK = 0.5  # seconds after which the page is looked after: the person sees that it goes on, and may leave


class _Beside(Generic[Told, Done]):
    """Work in its own thread. One goes through what it tells (None: nothing new yet); then `result` is there."""

    def __init__(self, work: Callable[[Callable[[Told], None]], Done]) -> None:
        self._work, self._left = work, False
        self._told: SimpleQueue[Told | None] = SimpleQueue()
        self._made: list[Done] = []
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run, name="watched work", daemon=True)

    def __iter__(self) -> Iterator[Told | None]:
        self._thread.start()
        try:
            while self._thread.is_alive() or not self._told.empty():
                try:
                    yield self._told.get(timeout=_TICK)
                except Empty:
                    yield None
        finally:
            self._left = self._thread.is_alive()

    @property
    def result(self) -> Done:
        """What the work gave; raises what it raised."""
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        return self._made[0]

    def _run(self) -> None:
        try:
            self._made.append(self._work(self._told.put))
        except BaseException as fault:  # noqa: BLE001 - raised where the person is; the log is told where he is gone
            self._fault = fault
            if self._left:
                sentence_for(fault)
        finally:
            self._told.put(None)  # nobody need wait for the next look


def watch(label: str, work: Callable[[Tell], Done]) -> Done:
    """Runs `work(tell)` with a bar that `tell(number, of, name)` moves; gives what it gave, raises what it raised."""
    beside: _Beside[tuple[int, int, str], Done] = _Beside(lambda put: work(lambda *step: put(step)))
    began, share, text = time.monotonic(), 0.0, f"{label}…"
    with st.status(label, expanded=True) as status:
        bar = st.progress(0.0, text=text)
        for step in beside:
            if step is not None:
                number, total, name = step
                share, text = min(number / max(total, 1), 1.0), f"{label}：{name}（{number} / {total}）"
            taken = int(time.monotonic() - began)
            bar.progress(share, text=f"{text}　已用 {taken} 秒" if taken else text)
        result = beside.result
        status.update(label="已完成", state="complete")
    return result


def watch_each(label: str, steps: Callable[[], Iterable[Told]], show: Callable[[Told], None]) -> list[Told]:
    """Shows each of `steps()` as soon as it is there; gives them all, raises what they raised."""

    def work(put: Callable[[Told], None]) -> list[Told]:
        found = []
        for each in steps():
            found.append(each)
            put(each)
        return found

    beside: _Beside[Told, list[Told]] = _Beside(work)
    with st.status(label, expanded=True) as status:
        for step in beside:
            if step is not None:
                show(step)
            status.update(label=label)
        found = beside.result
        status.update(label="已完成", state="complete")
    return found
