"""Cases by the thousand: plain lives of every status, grown to ten entries each and laid over ten years."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from core.standards import loader
from core.standards.recommenders import recommenders
from core.working_days.calendar import Calendar
from tests.lifecycle.documents import path_to

ENTRIES = 10
# What a case has lived through, and how many of it there are among two hundred: after ten years most are under way,
# recognized or ended, and few are under notice at one time.
# objections (an answered one in each notice), changes (reported and decided, with another name), reviews passed.
LIVES: tuple[tuple[str, int, int, int, int], ...] = (
    ("recommended", 4, 0, 0, 0),
    ("proposed", 2, 0, 0, 0),
    ("creation_notice", 1, 1, 0, 0),
    ("creating", 30, 1, 2, 0),
    ("creating", 20, 1, 1, 0),
    ("extended", 12, 1, 1, 0),
    ("proposed_recognition", 2, 1, 1, 0),
    ("recognition_notice", 1, 1, 0, 0),
    ("recognized", 40, 1, 0, 0),
    ("recognized", 30, 0, 1, 1),
    ("recognized", 10, 0, 0, 3),
    ("rectifying", 8, 0, 1, 0),
    ("not_selected", 15, 0, 0, 0),
    ("objection_upheld", 3, 0, 0, 0),
    ("exited", 8, 0, 1, 0),
    ("not_recognized", 3, 0, 0, 0),
    ("disqualified", 3, 0, 1, 0),
    ("revoked", 5, 0, 0, 0),
    ("withdrawn", 3, 0, 0, 0),
)
SHIFTS, STEP = 367, 5  # days that lives begin earlier than they are written: up to five years, all days of the week
RECOGNIZED, LONGER = date(2024, 7, 15), timedelta(7)  # later than the plain way has it: notices cross long holidays
Life = list[dict[str, Any]]


def case_rows(first: int, last: int) -> Iterator[tuple[Any, ...]]:
    """The rows of `cases` from one number to another, both included."""
    cities, standard = [each.name for each in recommenders()], loader.default()
    for number in range(first, last + 1):
        kind = "base" if number % 3 == 0 else "platform"
        name = f"虚构第{number * 7919 % 1_000_003:07d}号"
        called = (f"{name}服务平台", f"{name}公司", f"9121{number:014d}")
        yield number, kind, "", cities[number % len(cities)], *called, standard, None, None, 1


def event_rows(first: int, last: int) -> Iterator[tuple[Any, ...]]:
    """The rows of `case_events` of these cases."""
    lives = [grown(status, *more) for status, weight, *more in LIVES for _ in range(weight)]
    calendar = Calendar()
    laid: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for number in range(first, last + 1):
        which, back = number % len(lives), number // len(lives) % SHIFTS * STEP
        rows = laid.get((which, back))
        if rows is None:
            rows = laid[which, back] = list(_laid(lives[which], timedelta(back), calendar))
        for row in rows:
            yield number, *row


def grown(status: str, objections: int = 0, changes: int = 0, reviews: int = 0) -> Life:
    """The plain way to a status with more happening on it; mistakes that were voided bring it to ten entries."""
    way = [event | {"date": event["date"] + LONGER * (event["date"] >= RECOGNIZED)} for event in path_to(status)]
    life: Life = []
    for event in way:
        life += [event, *_beside(event, objections, changes, reviews)]
        if event is way[-1] and event["type"] == "notice_opened" and objections:
            life.pop()  # under notice: the objection is still open
    last = life.pop() if len(life) > 1 else None
    day = life[-1]["date"]
    for _ in range(0, ENTRIES - len(life) - 1, 2):
        life += [{"type": "dishonesty_found", "date": day}, {"type": "voided", "date": day}]
    return life if last is None else [*life, last]


def _beside(event: Mapping[str, Any], objections: int, changes: int, reviews: int) -> Life:
    """What happens after an event, besides the plain way."""
    day = event["date"]
    if event["type"] == "notice_opened" and objections:
        named = {"id": f"{day.year}-001"}
        filed = {"type": "objection_filed", "date": day + timedelta(2)} | named
        return [filed, {"type": "objection_resolved", "date": day + timedelta(5), "upheld": False} | named]
    if event["type"] == "creation_confirmed":
        more: Life = []
        for turn in range(changes):
            more.append({"type": "change_reported", "date": day + timedelta(60 * turn + 40), "occurred": day})
            decided = {"type": "change_decided", "date": day + timedelta(60 * turn + 60), "keep": True}
            more.append(decided | {"name": f"虚构改名{turn}平台"})
        return more
    if event["type"] == "recognized":
        return [{"type": "review_passed", "date": day + timedelta(700 * turn)} for turn in range(1, reviews + 1)]
    return []


def _laid(life: Life, back: timedelta, calendar: Calendar) -> Iterator[tuple[Any, ...]]:
    """A life as rows of `case_events` without the case; its days that much earlier."""
    notice = date.min
    for number, event in enumerate(life, 1):
        day, type_ = event["date"] - back, event["type"]
        if type_ == "notice_opened":
            notice = day
        place, voids = (number - 1, number - 1) if type_ == "voided" else (number, None)
        data = _data(event, back, notice, calendar)
        text = json.dumps(data, ensure_ascii=False) if data else None
        at = datetime.combine(day, time(10)).isoformat(" ") + ".000000"
        yield number, 1, at, type_, day.isoformat(), place, voids, "虚构〔2026〕1号", "办理的理由", text


def _data(event: Mapping[str, Any], back: timedelta, notice: date, calendar: Calendar) -> dict[str, Any]:
    """What the services keep with an event."""
    day = event["date"] - back
    kept: dict[str, dict[str, Any]] = {
        "recommended": {"application_id": 1},
        "notice_opened": {"days": 5, "count_start": False, "notice_id": 1},
        "objection_filed": {"postmarked": day.isoformat(), "evidence": "来信及附件", "objection_id": 1},
        "objection_resolved": {"answer": "已书面答复", "objection_id": 1},
        "change_reported": {"evidence": "工商变更登记", "report_id": 1, "change": "更名"},
        "change_decided": {"operator": ""},
        "dishonesty_found": {"evidence": "公示截图"},
    }
    data = kept.get(event["type"], {})
    if event["type"] in ("creation_confirmed", "recognized"):
        data = {"notice_id": 1, "ended": calendar.last_day(notice, 5).day.isoformat()}
    elif event["type"].startswith(("acceptance", "review")):
        data = {"application_id": 1}
    own = {key: value for key, value in event.items() if key not in ("type", "date")}
    if "occurred" in own:
        own["occurred"] = (own["occurred"] - back).isoformat()
    return data | own
