"""Contract §5 a second time, written straight from its sentences and without the table: to hold the replay to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from core.working_days.calendar import Calendar

ENDS = {"not_selected", "objection_upheld", "exited", "not_recognized", "disqualified", "revoked", "withdrawn"}
MAY_WITHDRAW = {"recommended", "proposed", "creation_notice", "creating", "extended"}
MAY_CHANGE = {"creating", "extended", "recognized", "rectifying"}
NOTICES = {"creation_notice", "recognition_notice"}
CALENDAR = Calendar()


@dataclass
class Case:
    """A case as a person would keep it on paper."""

    status: str | None = None
    since: date | None = None
    previous: date | None = None
    notice: tuple[date, bool] | None = None
    confirmed: date | None = None
    reviewed: date | None = None
    failed: date | None = None
    objections: list[dict[str, Any]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


def years(day: date, number: int) -> date:
    return day + relativedelta(years=number)


def creation_ends(case: Case) -> date:
    assert case.confirmed is not None
    return years(case.confirmed, 3 if case.status == "extended" else 2)


def still_open(case: Case) -> list[dict[str, Any]]:
    return [one for one in case.objections if not one["late"]]


def stand(events: list[dict[str, Any]], on: date) -> dict[str, Any]:
    """The output of contract §5 without messages."""
    case, errors = Case(), []
    for index, event in enumerate(events):
        if event["date"] > on:
            continue
        code = happen(case, event)
        if code:
            errors.append({"index": index, "code": code})
            break
    return {
        "status": case.status,
        "since": case.since.isoformat() if case.since else None,
        "open_objections": len(still_open(case)),
        "deadlines": deadlines(case, on),
        "flags": sorted(case.flags),
        "errors": errors,
    }


def deadlines(case: Case, on: date) -> list[dict[str, Any]]:
    found: tuple[str, date, bool] | None = None
    if case.status in NOTICES and case.notice:
        found = ("notice_ends", *case.notice)
    elif case.status in ("creating", "extended"):
        found = ("creation_ends", creation_ends(case), False)
    elif case.status == "recognized" and case.reviewed:
        found = ("review_due", years(case.reviewed, 2), False)
    elif case.status == "rectifying" and case.failed:
        found = ("rectification_ends", years(case.failed, 1), False)
    if found is None:
        return []
    code, due, provisional = found
    return [{"code": code, "due": due.isoformat(), "provisional": provisional, "overdue": on > due}]


def happen(case: Case, event: dict[str, Any]) -> str | None:
    """Lets an event happen to a case, or says why it may not."""
    what, day = event["type"], event["date"]
    if case.previous and day < case.previous:
        return "out_of_order"
    goes = where(case, event)
    if goes is None:
        return "not_allowed"
    if what in ("creation_confirmed", "recognized"):
        assert case.notice is not None
        if still_open(case):
            return "objection_open"
        if day <= case.notice[0]:
            return "too_early"
    if what.startswith("acceptance") and day <= creation_ends(case):
        return "too_early"
    note(case, event)
    case.previous = day
    if goes != case.status:
        case.status, case.since = goes, day
    return None


def where(case: Case, event: dict[str, Any]) -> str | None:
    """The status an event leads to; None where it is not allowed."""
    what, now = event["type"], case.status
    if now is None:
        return "recommended" if what == "recommended" else None
    if now in ENDS:
        return None
    if what == "withdrawn":
        return "withdrawn" if now in MAY_WITHDRAW else None
    if what == "dishonesty_found":
        return "revoked" if now in ("recognized", "rectifying") else "disqualified"
    if what == "change_reported":
        return now if now in MAY_CHANGE else None
    if what == "change_decided":
        if now not in MAY_CHANGE or "change_open" not in case.flags:
            return None
        if event.get("keep", True):
            return now
        return "revoked" if now in ("recognized", "rectifying") else "disqualified"
    if what == "objection_filed":
        return now if now in NOTICES else None
    if what == "objection_resolved":
        if now not in NOTICES or meant(case, event) is None:
            return None
        if not event.get("upheld", False):
            return now
        return "objection_upheld" if now == "creation_notice" else "not_recognized"
    plain = {
        ("recommended", "selected"): "proposed",
        ("recommended", "not_selected"): "not_selected",
        ("proposed", "notice_opened"): "creation_notice",
        ("creation_notice", "creation_confirmed"): "creating",
        ("creating", "acceptance_passed"): "proposed_recognition",
        ("creating", "acceptance_failed"): "extended",
        ("extended", "acceptance_passed"): "proposed_recognition",
        ("extended", "acceptance_failed"): "exited",
        ("proposed_recognition", "notice_opened"): "recognition_notice",
        ("recognition_notice", "recognized"): "recognized",
        ("recognized", "review_passed"): "recognized",
        ("recognized", "review_failed"): "rectifying",
        ("rectifying", "review_passed"): "recognized",
        ("rectifying", "review_failed"): "revoked",
    }
    return plain.get((now, what))


def meant(case: Case, event: dict[str, Any]) -> dict[str, Any] | None:
    named = event.get("id")
    pool = case.objections if named else still_open(case) or case.objections
    return next((one for one in pool if not named or one["id"] == named), None)


def note(case: Case, event: dict[str, Any]) -> None:
    """What an event leaves behind besides the status."""
    what, day = event["type"], event["date"]
    if what == "notice_opened":
        counted = CALENDAR.end_of_period(day, event.get("days", 5), event.get("count_start", False))
        case.notice, case.objections = (counted.end, counted.provisional), []
    if what == "objection_filed":
        assert case.notice is not None
        late = event.get("postmarked", day) > case.notice[0]
        case.objections.append({"id": event.get("id"), "late": late})
        if late:
            case.flags.add("objection_late")
    if what == "objection_resolved":
        gone = meant(case, event)
        case.objections = [one for one in case.objections if one is not gone]
    if what == "creation_confirmed":
        case.confirmed = day
    if what in ("recognized", "review_passed"):
        case.reviewed = day
    if what == "review_failed":
        case.failed = day
    if what == "change_reported":
        case.flags.add("change_open")
        if day > event["occurred"] + relativedelta(months=3):
            case.flags.add("change_reported_late")
    if what == "change_decided":
        case.flags.discard("change_open")
