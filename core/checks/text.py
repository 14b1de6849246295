"""The report of `shifan check` without `--json`: what a person reads on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from core.checks.finding import VERDICTS

MARKS: Final[Mapping[str, str]] = {
    "pass": "达标 ✓",
    "fail": "不达标 ✗",
    "review": "待认定 ?",
    "missing": "缺数据 –",
}
LEVELS: Final[Mapping[str, str]] = {"error": "错误", "warning": "提醒"}


def report_text(report: Mapping[str, Any]) -> str:
    """The document of contract §3 as lines: applications with what keeps them from passing, then cell errors."""
    lines = [f"标准 {report['standard']}，以 {report['as_of']} 为准"]
    for one in report["applications"]:
        who = " ".join(part for part in (one["city"], one["id"], one["name"]) if part)
        lines += ["", f"{MARKS[one['verdict']]}  {who}"]
        lines += [
            f"    {MARKS[finding['verdict']]}  {finding['message']}"
            for finding in one["findings"]
            if finding["verdict"] != "pass"
        ]
    if report["errors"]:
        lines += ["", "表格里的问题："]
        lines += [_error(error) for error in report["errors"]]
    counts = Counter(one["verdict"] for one in report["applications"])
    told = "，".join(f"{MARKS[verdict]} {counts[verdict]}" for verdict in VERDICTS if counts[verdict])
    wrong = sum(error["level"] == "error" for error in report["errors"])
    lines += ["", f"共 {len(report['applications'])} 个申报：{told or '无'}；表格错误 {wrong} 处。"]
    return "\n".join(lines)


def _error(error: Mapping[str, Any]) -> str:
    place = f"{error['book']} 〔{error['sheet'] or ''}〕{error['cell'] or ''}"
    return f"    {LEVELS[error['level']]}  {place}：{error['message']}"
