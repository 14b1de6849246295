"""The history of a case as a file gives it (contract §5), read whole before anything is made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from core.errors import FileRefused, Refused
from core.lifecycle.table import load
from core.working_days.periods import read_day

KINDS: Final = {"platform": "平台", "base": "基地"}
BARE: Final = len(("type", "date"))
_LONGEST: Final = 40


class HistoryRefused(Refused):
    """A history cannot be read: says which event (index from 0; None for the whole) and what is wrong with it."""

    def __init__(self, index: int | None, sentence: str) -> None:
        super().__init__(sentence if index is None else f"第{index + 1}个事件（events[{index}]）{sentence}")
        self.index = index


@dataclass(frozen=True, slots=True)
class Event:
    """What happened on a day. What an event does not carry has the value that leaving it out means.

    `index` counts from 0 in the whole history. `days`: working days of a notice, None for the edition's own.
    `ended`: the notice's last day as it was when the case was confirmed, where the program itself confirmed it: an
    arrangement made known later does not undo what was right on the day. A file cannot say it.
    """

    index: int
    type: str
    day: date
    id: str | None = None
    postmarked: date | None = None
    occurred: date | None = None
    days: int | None = None
    count_start: bool = False
    upheld: bool = False
    keep: bool = True
    ended: date | None = None

    @property
    def number(self) -> int:
        """Its number as people count."""
        return self.index + 1


@dataclass(frozen=True, slots=True)
class History:
    """A case and its events, in the order given."""

    kind: str
    name: str
    events: tuple[Event, ...]


def read_file(path: Path) -> History:
    """The history in a JSON file. `FileRefused` names the file and what is wrong with it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FileRefused(str(path), "not_found", "找不到这个文件。") from None
    except IsADirectoryError:
        raise FileRefused(str(path), "not_a_file", "这是一个文件夹，请给出 JSON 文件。") from None
    except OSError as error:
        raise FileRefused(str(path), "unreadable", f"打不开（{error.strerror or error}）。") from error
    except UnicodeDecodeError:
        raise FileRefused(str(path), "encoding", "不是 UTF-8 编码的文本，请另存为 UTF-8 后再试。") from None
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"第{error.lineno}行第{error.colno}个字符处"
        raise FileRefused(str(path), "not_json", f"不是正确的 JSON，{where}读不下去。") from None
    except (ValueError, RecursionError):
        raise FileRefused(str(path), "not_json", "不是正确的 JSON（数字过长或嵌套过深）。") from None
    try:
        return read_history(content)
    except HistoryRefused as refused:
        raise FileRefused(str(path), "history", str(refused)) from refused


def read_history(content: object) -> History:
    """The history in what a JSON document says. `HistoryRefused` at the first thing that is wrong."""
    if not isinstance(content, dict):
        raise HistoryRefused(None, "最外层应当是对象，含 kind、name、events。")
    kind, name = content.get("kind"), content.get("name")
    if kind is not None and kind not in list(KINDS):
        raise HistoryRefused(None, f"kind“{_shown(kind)}”应当是 platform（平台）或 base（基地）。")
    if name is not None and not isinstance(name, str):
        raise HistoryRefused(None, "name 应当是文字。")
    events = content.get("events")
    if not isinstance(events, list):
        raise HistoryRefused(None, "缺少 events，或者它不是列表。")
    return History(kind or "", _plain(name or ""), tuple(_event(index, one) for index, one in enumerate(events)))


def _event(index: int, content: object) -> Event:
    if not isinstance(content, dict):
        raise HistoryRefused(index, "应当是对象，含 type、date。")
    type_ = content.get("type")
    if type_ is None:
        raise HistoryRefused(index, "缺少 type。")
    known = load().events
    if not isinstance(type_, str) or type_ not in known:
        raise HistoryRefused(index, f"的 type“{_shown(type_)}”没有这种事件；可用的有：{'、'.join(known)}。")
    day = _day(index, content, "date")
    if day is None:
        raise HistoryRefused(index, "缺少 date。")
    if len(content) == BARE:
        return Event(index, type_, day)
    return Event(
        index=index,
        type=type_,
        day=day,
        id=_id(index, content),
        postmarked=_day(index, content, "postmarked"),
        occurred=_day(index, content, "occurred"),
        days=_days(index, content),
        count_start=_flag(index, content, "count_start", default=False),
        upheld=_flag(index, content, "upheld", default=False),
        keep=_flag(index, content, "keep", default=True),
    )


def _day(index: int, content: Mapping[str, Any], key: str) -> date | None:
    value = content.get(key)
    if value is None:
        return None
    day = read_day(value) if isinstance(value, str) else None
    if day is None:
        raise HistoryRefused(index, f"的 {key}“{_shown(value)}”不是存在的日期，请写成 2026-06-30 的样子。")
    return day


def _id(index: int, content: Mapping[str, Any]) -> str | None:
    value = content.get("id")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise HistoryRefused(index, "的 id 应当是文字或整数。")
    return _plain(str(value))


def _days(index: int, content: Mapping[str, Any]) -> int | None:
    value = content.get("days")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise HistoryRefused(index, f"的 days“{_shown(value)}”应当是不小于 1 的整数。")
    return value


def _flag(index: int, content: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = content.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise HistoryRefused(index, f"的 {key}“{_shown(value)}”应当是 true 或 false。")
    return value


def _shown(value: object) -> str:
    """A value of the file as a short text on one line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(_plain(text).split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _plain(text: str) -> str:
    """A text that every output can carry: JSON may hold halves of characters."""
    return text.encode("utf-8", "replace").decode()
