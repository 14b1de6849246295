"""The commands `shifan workdays` and `shifan status` (contract §4, §5): working days, and where a case stands."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import FileRefused, Refused
from core.working_days.periods import long_day, read_day

if TYPE_CHECKING:
    from core.lifecycle.events import History
    from core.lifecycle.replay import Standing

DONE, DATA_ERRORS = 0, 1


def add_commands(commands: Any) -> None:
    """Adds the two commands to the parser's subcommands."""
    workdays = commands.add_parser("workdays", help="按国务院放假安排（含调休）推算、计数工作日")
    kinds = workdays.add_subparsers(title="命令", metavar="命令", required=True)

    end = kinds.add_parser("end", help="若干个工作日的最后一日")
    end.add_argument("--start", type=_day, required=True, metavar="日期", help="开始的日期，如 2026-09-28")
    end.add_argument("--days", type=_whole, required=True, metavar="天数", help="工作日数，至少 1")
    end.add_argument("--count-start", action="store_true", help="开始当日也计入（默认不计入，民法典第二百零一条）")
    end.add_argument("--json", action="store_true", help="输出 JSON")
    end.set_defaults(run=_end)

    count = kinds.add_parser("count", help="两个日期之间（含首尾）的工作日数")
    count.add_argument("--from", dest="first", type=_day, required=True, metavar="日期", help="开始日期")
    count.add_argument("--to", dest="last", type=_day, required=True, metavar="日期", help="结束日期")
    count.add_argument("--json", action="store_true", help="输出 JSON")
    count.set_defaults(run=_count)

    status = commands.add_parser("status", help="由经过推算一个创建对象在某一天处于什么状态、有哪些期限")
    status.add_argument("history", type=Path, metavar="经过", help="写有全部事件的 JSON 文件")
    status.add_argument("--on", type=_day, required=True, metavar="日期", help="哪一天，如 2026-06-30")
    status.add_argument("--json", action="store_true", help="输出 JSON")
    status.set_defaults(run=_status)


def _day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-06-30 的样子")
    return day


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是整数") from None


def _end(chosen: argparse.Namespace) -> int:
    from core.working_days.calendar import Calendar

    counted = Calendar().end_of_period(chosen.start, chosen.days, chosen.count_start)
    if chosen.json:
        _print_json(
            {
                "start": chosen.start.isoformat(),
                "days": chosen.days,
                "count_start": chosen.count_start,
                "end": counted.end.isoformat(),
                "provisional": counted.provisional,
                "working_days": [day.isoformat() for day in counted.working_days],
            }
        )
        return DONE
    rule = "当日计入" if chosen.count_start else "当日不计入，民法典第二百零一条"
    print(f"自{long_day(chosen.start)}起 {chosen.days} 个工作日（{rule}）")
    print(f"最后一日：{long_day(counted.end)}")
    _print_days("计入的工作日：", counted.working_days, counted.provisional)
    return DONE


def _count(chosen: argparse.Namespace) -> int:
    from core.working_days.calendar import Calendar

    counted = Calendar().count(chosen.first, chosen.last)
    if chosen.json:
        _print_json(
            {
                "from": chosen.first.isoformat(),
                "to": chosen.last.isoformat(),
                "count": len(counted.working_days),
                "provisional": counted.provisional,
                "working_days": [day.isoformat() for day in counted.working_days],
            }
        )
        return DONE
    print(f"{long_day(chosen.first)}至{long_day(chosen.last)}（含首尾）")
    print(f"工作日：{len(counted.working_days)} 天")
    _print_days("其中：", counted.working_days, counted.provisional)
    return DONE


def _print_days(heading: str, days: Sequence[date], provisional: bool) -> None:
    if days:
        print("\n  ".join([heading, *map(long_day, days)]))
    if provisional:
        print("暂定：其中有的年份放假安排还没有收录，先按周一至周五减去法定固定节假日计，安排公布后可能改变。")


def _status(chosen: argparse.Namespace) -> int:
    from core.lifecycle.events import read_file
    from core.lifecycle.replay import replay
    from core.standards import loader
    from core.working_days.calendar import Calendar

    history = read_file(chosen.history)
    periods = loader.load(loader.default()).periods
    try:
        standing = replay(history.events, chosen.on, Calendar(), periods)
    except Refused as refused:
        raise FileRefused(str(chosen.history), "history", str(refused)) from refused
    if chosen.json:
        _print_json(standing.document())
    else:
        print("\n".join(_standing_lines(history, standing, chosen.on)))
    return DATA_ERRORS if standing.errors else DONE


def _standing_lines(history: History, standing: Standing, on: date) -> list[str]:
    from core.lifecycle.events import KINDS
    from core.lifecycle.table import load

    table = load()
    kind = KINDS.get(history.kind, "")
    name = " ".join(history.name.split())
    lines = [f"{name}（{kind}）" if name and kind else name or kind] if name or kind else []
    if standing.status is None or standing.since is None:
        lines.append(f"截至{long_day(on)}：还没有推荐")
    else:
        status = table.statuses[standing.status].name
        lines.append(f"截至{long_day(on)}：{status}（自{long_day(standing.since)}起）")
    if standing.open_objections:
        lines.append(f"没有处理完的异议：{standing.open_objections} 件")
    for one in standing.deadlines:
        marks = ("，暂定" if one.provisional else "") + ("，已过" if one.overdue else "")
        lines.append(f"{table.deadlines[one.code]}：{long_day(one.due)}{marks}")
    lines += [f"提示：{table.flags[flag]}" for flag in standing.flags]
    lines += [f"不能办理：{error.message}" for error in standing.errors]
    return lines


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))
