"""`shifan status`, as called from a shell (contract §5)."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command import Ran, shifan

EVENTS = [
    {"type": "recommended", "date": "2026-03-02"},
    {"type": "selected", "date": "2026-09-20"},
    {"type": "notice_opened", "date": "2026-09-28"},
    {"type": "objection_filed", "date": "2026-10-12", "postmarked": "2026-10-11"},
    {"type": "objection_filed", "date": "2026-10-12", "postmarked": "2026-10-10"},
]
CONFIRMED = {"type": "creation_confirmed", "date": "2026-10-13"}


def write(folder: Path, *more: object, kind: str = "platform") -> str:
    path = folder / "经过.json"
    path.write_text(json.dumps({"kind": kind, "name": "虚构云平台", "events": [*EVENTS, *more]}), "utf-8")
    return str(path)


def test_the_document_has_the_keys_of_the_contract_in_their_order(tmp_path: Path) -> None:
    ran = shifan("status", write(tmp_path), "--on", "2026-10-12", "--json")
    assert (ran.code, ran.err) == (0, "")
    document = json.loads(ran.out)
    assert document == {
        "status": "creation_notice",
        "since": "2026-09-28",
        "open_objections": 1,
        "deadlines": [{"code": "notice_ends", "due": "2026-10-10", "provisional": False, "overdue": True}],
        "flags": ["objection_late"],
        "errors": [],
    }
    assert list(document) == ["status", "since", "open_objections", "deadlines", "flags", "errors"]
    assert list(document["deadlines"][0]) == ["code", "due", "provisional", "overdue"]


def test_an_event_that_may_not_happen_is_exit_1(tmp_path: Path) -> None:
    ran = shifan("status", write(tmp_path, CONFIRMED), "--on", "2026-10-13", "--json")
    document = json.loads(ran.out)
    assert (ran.code, ran.err, document["status"]) == (1, "", "creation_notice")
    assert document["errors"] == [
        {
            "index": 5,
            "code": "objection_open",
            "message": "第6个事件“确定为创建对象”：还有1件异议没有处理完，处理完才能办理（第七条（二））。",
        }
    ]
    assert shifan("status", write(tmp_path, CONFIRMED), "--on", "2026-10-12", "--json").code == 0


def test_nothing_has_happened_yet(tmp_path: Path) -> None:
    ran = shifan("status", write(tmp_path), "--on", "2026-03-01", "--json")
    assert ran.code == 0
    assert json.loads(ran.out) == {
        "status": None,
        "since": None,
        "open_objections": 0,
        "deadlines": [],
        "flags": [],
        "errors": [],
    }
    assert shifan("status", write(tmp_path, kind="base"), "--on", "2026-03-01") == Ran(
        0, "虚构云平台（基地）\n截至2026年3月1日（周日）：还没有推荐\n", ""
    )


def test_for_people(tmp_path: Path) -> None:
    assert shifan("status", write(tmp_path, CONFIRMED), "--on", "2026-10-13") == Ran(
        1,
        "虚构云平台（平台）\n"
        "截至2026年10月13日（周二）：创建公示（自2026年9月28日（周一）起）\n"
        "没有处理完的异议：1 件\n"
        "公示最后一日：2026年10月10日（周六），已过\n"
        "提示：有逾期提出的异议\n"
        "不能办理：第6个事件“确定为创建对象”：还有1件异议没有处理完，处理完才能办理（第七条（二））。\n",
        "",
    )


def test_what_cannot_be_read_is_exit_2_and_one_line(tmp_path: Path) -> None:
    for more, sentence in (
        (
            {"type": "selected", "date": "2026-02-30"},
            "第6个事件（events[5]）的 date“2026-02-30”不是存在的日期，请写成 2026-06-30 的样子。",
        ),
        ("selected", "第6个事件（events[5]）应当是对象，含 type、date。"),
    ):
        path = write(tmp_path, more)
        assert shifan("status", path, "--on", "2026-03-02", "--json") == Ran(2, "", f"shifan：{path}：{sentence}\n")
    path = write(tmp_path, {"type": "promoted", "date": "2030-01-01"})
    ran = shifan("status", path, "--on", "2026-03-02", "--json")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"shifan：{path}：第6个事件（events[5]）的 type“promoted”没有这种事件；")
    missing = str(tmp_path / "没有.json")
    assert shifan("status", missing, "--on", "2026-03-02") == Ran(2, "", f"shifan：{missing}：找不到这个文件。\n")


def test_what_cannot_be_computed_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "经过.json"
    late = [event | {"date": "9999-12-29"} for event in EVENTS[:3]]
    path.write_text(json.dumps({"events": late}), "utf-8")
    assert shifan("status", str(path), "--on", "9999-12-31", "--json") == Ran(
        2, "", f"shifan：{path}：算出的日期超出了9999年，无法计算。\n"
    )
    changed = [
        {"type": "recommended", "date": "2022-03-01"},
        {"type": "selected", "date": "2022-05-10"},
        {"type": "notice_opened", "date": "2022-05-16"},
        {"type": "creation_confirmed", "date": "2022-06-01"},
        {"type": "change_reported", "date": "2023-03-01"},
    ]
    path.write_text(json.dumps({"events": changed}), "utf-8")
    assert shifan("status", str(path), "--on", "2024-01-01", "--json") == Ran(
        2, "", f"shifan：{path}：第5个事件（events[4]）缺少 occurred。\n"
    )


def test_the_day_must_be_a_day(tmp_path: Path) -> None:
    said = "命令写得不对：--on “20260302”不是日期，请写成 2026-06-30 的样子。用 shifan status --help 查看说明。"
    assert shifan("status", write(tmp_path), "--on", "20260302") == Ran(2, "", f"shifan：{said}\n")
