"""What a history file may look like, and the one sentence for each thing that is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.errors import FileRefused
from core.lifecycle.events import Event, History, HistoryRefused, read_file, read_history
from core.lifecycle.table import load
from tests.lifecycle.documents import history, life, path_to

DAY = "2026-03-02"
KNOWN = "、".join(load().events)


def test_what_an_event_leaves_out_has_its_usual_value() -> None:
    read_one = read_history({"kind": "base", "name": "虚构基地", "events": [{"type": "notice_opened", "date": DAY}]})
    assert read_one == History("base", "虚构基地", (Event(0, "notice_opened", date(2026, 3, 2)),))
    event = read_one.events[0]
    assert (event.days, event.count_start, event.upheld, event.keep) == (None, False, False, True)
    assert (event.id, event.postmarked, event.occurred) == (None, None, None)


def test_everything_an_event_carries_is_read() -> None:
    carried = {
        "type": "objection_filed",
        "date": DAY,
        "id": 7,
        "postmarked": "2026-03-01",
        "occurred": "2026-02-28",
        "days": 6,
        "count_start": True,
        "upheld": True,
        "keep": False,
        "remark": "看不懂的项目不管",
    }
    event = read_history({"events": [carried, carried | dict.fromkeys(list(carried)[2:])]}).events
    assert event[0] == Event(
        0,
        "objection_filed",
        date(2026, 3, 2),
        id="7",
        postmarked=date(2026, 3, 1),
        occurred=date(2026, 2, 28),
        days=6,
        count_start=True,
        upheld=True,
        keep=False,
    )
    assert event[1] == Event(1, "objection_filed", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([], "最外层应当是对象，含 kind、name、events。"),
        (None, "最外层应当是对象，含 kind、name、events。"),
        ({}, "缺少 events，或者它不是列表。"),
        ({"events": {}}, "缺少 events，或者它不是列表。"),
        ({"kind": "park", "events": []}, "kind“park”应当是 platform（平台）或 base（基地）。"),
        ({"kind": ["base"], "events": []}, 'kind“["base"]”应当是 platform（平台）或 base（基地）。'),
        ({"name": 5, "events": []}, "name 应当是文字。"),
        ({"events": ["recommended"]}, "第1个事件（events[0]）应当是对象，含 type、date。"),
        ({"events": [{"date": DAY}]}, "第1个事件（events[0]）缺少 type。"),
        ({"events": [{"type": "recommended"}]}, "第1个事件（events[0]）缺少 date。"),
        (
            {"events": [{"type": "recommended", "date": DAY}, {"type": "promoted", "date": DAY}]},
            f"第2个事件（events[1]）的 type“promoted”没有这种事件；可用的有：{KNOWN}。",
        ),
        (
            {"events": [{"type": ["recommended"], "date": DAY}]},
            f'第1个事件（events[0]）的 type“["recommended"]”没有这种事件；可用的有：{KNOWN}。',
        ),
        (
            {"events": [{"type": "x" * 50 + "\n", "date": DAY}]},
            f"第1个事件（events[0]）的 type“{'x' * 40}…”没有这种事件；可用的有：{KNOWN}。",
        ),
    ],
)
def test_a_wrong_shape_is_refused(content: object, sentence: str) -> None:
    with pytest.raises(HistoryRefused) as refused:
        read_history(content)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("date", "2026-02-30", "date“2026-02-30”不是存在的日期，请写成 2026-06-30 的样子。"),
        ("date", "2026-3-2", "date“2026-3-2”不是存在的日期，请写成 2026-06-30 的样子。"),
        ("date", 20260302, "date“20260302”不是存在的日期，请写成 2026-06-30 的样子。"),
        ("postmarked", "2026-13-01", "postmarked“2026-13-01”不是存在的日期，请写成 2026-06-30 的样子。"),
        ("occurred", False, "occurred“false”不是存在的日期，请写成 2026-06-30 的样子。"),
        ("id", [1], "id 应当是文字或整数。"),
        ("id", True, "id 应当是文字或整数。"),
        ("id", 1.5, "id 应当是文字或整数。"),
        ("days", 0, "days“0”应当是不小于 1 的整数。"),
        ("days", "5", "days“5”应当是不小于 1 的整数。"),
        ("days", True, "days“true”应当是不小于 1 的整数。"),
        ("days", 5.0, "days“5.0”应当是不小于 1 的整数。"),
        ("count_start", "是", "count_start“是”应当是 true 或 false。"),
        ("upheld", 1, "upheld“1”应当是 true 或 false。"),
        ("keep", "false", "keep“false”应当是 true 或 false。"),
    ],
)
def test_a_wrong_fact_is_refused_with_its_event(key: str, value: Any, sentence: str) -> None:
    events = [{"type": "recommended", "date": DAY}, {"type": "selected", "date": DAY} | {key: value}]
    with pytest.raises(HistoryRefused) as refused:
        read_history({"events": events})
    assert (str(refused.value), refused.value.index) == (f"第2个事件（events[1]）的 {sentence}", 1)


def test_halves_of_characters_do_not_reach_the_output() -> None:
    content = {"name": "虚构\ud800平台", "events": [{"type": "objection_filed", "date": DAY, "id": "\udfff"}]}
    read_one = read_history(content)
    assert (read_one.name, read_one.events[0].id) == ("虚构?平台", "?")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "不是正确的 JSON，第1行第1个字符处读不下去。"),
        (b'{"events": [\n}', "不是正确的 JSON，第2行第1个字符处读不下去。"),
        (b"[" * 200_000, "不是正确的 JSON（数字过长或嵌套过深）。"),
        (b'{"events": ' + b"9" * 5000 + b"}", "不是正确的 JSON（数字过长或嵌套过深）。"),
        ("{}".encode("utf-16"), "不是 UTF-8 编码的文本，请另存为 UTF-8 后再试。"),
        ("虚构".encode("gb18030"), "不是 UTF-8 编码的文本，请另存为 UTF-8 后再试。"),
        (b"[]", "最外层应当是对象，含 kind、name、events。"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "经过.json"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        read_file(path)
    assert str(refused.value) == f"{path}：{sentence}"


def test_a_file_that_is_not_there_or_is_a_folder_is_named(tmp_path: Path) -> None:
    for path, sentence in (
        (tmp_path / "没有.json", "找不到这个文件。"),
        (tmp_path, "这是一个文件夹，请给出 JSON 文件。"),
    ):
        with pytest.raises(FileRefused) as refused:
            read_file(path)
        assert str(refused.value) == f"{path}：{sentence}"


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "经过.json"
    path.write_text('{"kind": "base", "events": []}', "utf-8-sig")
    assert read_file(path) == History("base", "", ())


@pytest.mark.parametrize(
    ("begin", "event", "sentence"),
    [
        ("", {"type": "selected", "date": DAY}, "第1个事件“列为拟创建对象”：还没有推荐；最先可以办理的是“推荐”。"),
        (
            "proposed",
            {"type": "recognized", "date": DAY},
            "第3个事件“认定”：在“拟创建对象”时不能办理；"
            "这时可以办理的是“开始公示”、“撤回”、“列入严重失信名单或查实弄虚作假”。",
        ),
        ("withdrawn", {"type": "selected", "date": DAY}, "第3个事件“列为拟创建对象”：已经是“撤回”，不能再办理。"),
        (
            "creation_notice",
            {"type": "creation_confirmed", "date": date(2022, 5, 23)},
            "第4个事件“确定为创建对象”：公示最后一日是2022年5月23日（周一），过了这一天才能办理（第七条（二））。",
        ),
        (
            "creating",
            {"type": "acceptance_passed", "date": date(2024, 6, 1)},
            "第5个事件“验收通过”：创建期满是2024年6月1日（周六），过了这一天才能办理（第七条（三））。",
        ),
        (
            "creation_notice",
            {"type": "objection_resolved", "date": date(2022, 5, 23)},
            "第4个事件“异议核查完毕”：没有尚未处理的异议。",
        ),
        (
            "creation_notice",
            {"type": "objection_resolved", "date": date(2022, 5, 23), "id": "甲"},
            "第4个事件“异议核查完毕”：没有编号为“甲”的尚未处理的异议。",
        ),
        (
            "creating",
            {"type": "change_decided", "date": DAY},
            "第5个事件“决定重大变更”：没有等待决定的变更报告。",
        ),
        (
            "creating",
            {"type": "acceptance_passed", "date": date(2022, 5, 31)},
            "第5个事件“验收通过”：日期2022年5月31日（周二）早于前一个事件的2022年6月1日（周三），事件要按发生的先后排列。",
        ),
    ],
)
def test_why_an_event_may_not_happen_is_a_whole_sentence(begin: str, event: dict[str, Any], sentence: str) -> None:
    standing = life().replay(history([*path_to(begin), event]).events, date.max)
    assert [error.message for error in standing.errors] == [sentence]


def test_open_objections_and_provisional_days_are_told() -> None:
    filed = {"type": "objection_filed", "date": date(2022, 5, 18)}
    confirmed = {"type": "creation_confirmed", "date": date(2022, 6, 1)}
    standing = life().replay(history([*path_to("creation_notice"), filed, filed, confirmed]).events, date.max)
    assert standing.errors[0].message == (
        "第6个事件“确定为创建对象”：还有2件异议没有处理完，处理完才能办理（第七条（二））。"
    )
    opened = {"type": "notice_opened", "date": date(2099, 4, 30)}
    early = {"type": "creation_confirmed", "date": date(2099, 5, 8)}
    standing = life().replay(history([*path_to("proposed"), opened, early]).events, date.max)
    assert standing.errors[0].message == (
        "第4个事件“确定为创建对象”：公示最后一日是2099年5月8日（周五）（暂定），过了这一天才能办理（第七条（二））。"
    )


def test_a_change_that_may_be_reported_needs_the_day_it_occurred() -> None:
    events = history([*path_to("creating"), {"type": "change_reported", "date": date(2023, 3, 1)}]).events
    with pytest.raises(HistoryRefused) as refused:
        life().replay(events, date(2023, 3, 1))
    assert str(refused.value) == "第5个事件（events[4]）缺少 occurred。"
    assert life().replay(events, date(2023, 2, 28)).errors == ()
    early = history([*path_to("proposed"), {"type": "change_reported", "date": date(2023, 3, 1)}]).events
    assert [one.code for one in life().replay(early, date(2023, 3, 1)).errors] == ["not_allowed"]
