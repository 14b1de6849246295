"""A holiday arrangement as a person types it: a line a day or a run of days, read all at once. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from core.errors import Refused
from core.working_days.periods import read_day

KINDS: Final[dict[Literal["rest", "work"], str]] = {"rest": "休息", "work": "上班"}
LONGEST_RUN: Final = 31  # days of one line: more is a slip of the year
_WORDS: Final[dict[str, Literal["rest", "work"]]] = {"休": "rest", "休息": "rest", "班": "work", "上班": "work"}
_LINE: Final = re.compile(
    r"(\d\S*?)(?:\s*(?:至|到|～|~|—+)\s*(\d\S*?))?[\s,，：:]*(休息|上班|休|班)(?:[\s,，：:]+(.*))?"
)


@dataclass(frozen=True, slots=True)
class DayOverride:
    """A day to rest or to work by an official document; `note` is what it is for (春节), '' where not given."""

    day: date
    kind: Literal["rest", "work"]
    document: str
    note: str = ""


def read_lines(text: str, document: str) -> list[DayOverride]:
    """The days of lines like `2027-01-01 休 元旦` and `2027-10-01 至 2027-10-07 休 国庆节`; empty lines are skipped.

    Every line that cannot be read is named in one refusal.
    """
    found: list[DayOverride] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            days, kind, note, problem = _read(line.strip())
            found += [DayOverride(day, kind, document.strip(), note) for day in days]
            if problem:
                problems.append(f"第 {number} 行“{line.strip()}”{problem}。")
    if problems:
        raise Refused("".join(problems))
    return found


def _read(line: str) -> tuple[list[date], Literal["rest", "work"], str, str]:
    match = _LINE.fullmatch(line)
    if match is None:
        return [], "rest", "", "看不懂，请写成“2027-01-01 休 元旦”或“2027-10-01 至 2027-10-07 休 国庆节”的样子"
    first, last = read_day(match[1]), read_day(match[2] or match[1])
    if first is None or last is None:
        wrong = match[1] if first is None else match[2]
        return [], "rest", "", f"中的“{wrong}”不是日期，请写成 2027-01-01 的样子"
    run = (last - first).days + 1
    if run < 1:
        return [], "rest", "", "的起止日期颠倒了"
    if run > LONGEST_RUN:
        return [], "rest", "", f"共 {run} 天，一行最多 {LONGEST_RUN} 天，请核对年份"
    return [first + timedelta(days=ahead) for ahead in range(run)], _WORDS[match[3]], (match[4] or "").strip(), ""
