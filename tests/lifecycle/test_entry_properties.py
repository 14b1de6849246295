"""Any entries: in whatever order they come, taken back and entered again, they lead where the events alone do."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.lifecycle.entries import OPENED, Entry, fold, reached, standing
from core.lifecycle.replay import State
from core.working_days.calendar import Calendar
from tests.lifecycle.documents import life
from tests.lifecycle.paper import Paper
from tests.lifecycle.test_properties import lives

Events = list[dict[str, Any]]
BEGUN = st.sampled_from([None, None, "creating", "extended", "recognized", "rectifying"])
HAVE_LIVED = settings(
    max_examples=200,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def facts(event: dict[str, Any]) -> dict[str, Any]:
    """What an event carries besides its type and day."""
    return {key: value for key, value in event.items() if key not in ("type", "date")}


def begun(status: str | None, events: Events) -> tuple[Paper, Events]:
    """A case on paper, from nothing or from a state taken over; then only what can follow that is to be entered."""
    paper = Paper()
    if status is None:
        return paper, events
    since = events[0]["date"] if events else date(2022, 3, 1)
    paper.take_over(status, since, since)
    return paper, [event for event in events if event["type"] != "recommended"]


def entered(paper: Paper, events: Events) -> Events:
    """Enters what can be entered, and gives what was."""
    return [event for event in events if paper.enter(event["type"], event["date"], facts(event)) is None]


def own(entry: Entry) -> dict[str, Any]:
    """What an entry carries that was given with it."""
    return {key: value for key, value in entry.data.items() if key != "ended"}


def told(paper: Paper) -> list[tuple[str, date, dict[str, Any]]]:
    """What counts, without its numbers."""
    return [(one.type, one.day, own(one)) for one in paper.counted]


@HAVE_LIVED
@given(BEGUN, lives())
def test_one_pass_is_entry_by_entry(status: str | None, events: Events) -> None:
    paper, events = begun(status, events)
    entered(paper, events)
    counted = paper.counted
    for length in range(1, len(counted) + 1):
        before, after = reached(life(), counted[: length - 1]), fold(life(), counted[:length])
        assert isinstance(after, State)
        if counted[length - 1].type != OPENED:
            assert life().advance(before, counted[length - 1]) == after
    assert fold(life(), counted) == paper.state


@HAVE_LIVED
@given(BEGUN, lives(), st.data())
def test_the_order_of_entering_does_not_matter(status: str | None, events: Events, data: st.DataObject) -> None:
    """Only that of the days does, and on one day the order in which its events were entered."""
    (paper, pool), (again, _) = begun(status, events), begun(status, events)
    pool, taken = list(pool), []
    while pool:
        event = pool.pop(data.draw(st.integers(0, min(2, len(pool) - 1))))
        if paper.enter(event["type"], event["date"], facts(event)) is None:
            taken.append(event)
    in_order = sorted(taken, key=lambda event: event["date"])
    assert entered(again, in_order) == in_order
    assert told(paper) == told(again)
    assert paper.state == again.state


@HAVE_LIVED
@given(BEGUN, lives())
def test_what_is_voided_and_entered_again_was_never_voided(status: str | None, events: Events) -> None:
    whole, events = begun(status, events)
    entered(whole, events)
    for meant in whole.counted:
        paper = Paper(list(whole.entries))
        if meant.type == OPENED or paper.void(meant.number, meant.day) is not None:
            continue
        assert meant not in paper.counted
        assert paper.enter(meant.type, meant.day, own(meant)) is None
        assert paper.state == whole.state
        assert [one.place for one in paper.counted] == [one.place for one in whole.counted]


@HAVE_LIVED
@given(BEGUN, lives())
def test_a_correction_to_what_it_was_changes_nothing(status: str | None, events: Events) -> None:
    whole, events = begun(status, events)
    entered(whole, events)
    for meant in whole.counted:
        if meant.type != OPENED:
            paper = Paper(list(whole.entries))
            assert paper.correct(meant.number, meant.day, {}, meant.day) is None
            assert paper.state == whole.state


KINDS = ["void", "void", "enter", "correct", "confirm", "object"]
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 99), st.integers(-9, 30)), max_size=12)
CONFIRMING = ("creation_confirmed", "recognized")
OF_A_NOTICE = ("notice_opened", "objection_filed", "objection_resolved")  # never corrected, but voided and entered anew


def played(status: str | None, events: Events, steps: list[tuple[str, int, int]]) -> Paper:
    """Events entered, then voided, corrected and entered anew, with confirmations moved to the end of their notice."""
    paper, events = begun(status, events)
    entered(paper, events)
    for kind, pick, days in steps:
        counted = [one for one in paper.counted if one.type != OPENED]
        meant = counted[pick % len(counted)] if counted else None
        notice = next((one for one in reversed(counted) if one.type == "notice_opened"), None)
        if kind == "enter" and events:
            event = events[pick % len(events)]
            paper.enter(event["type"], event["date"] + timedelta(days), facts(event))
        elif kind == "object" and notice is not None:
            paper.enter("objection_filed", notice.day + timedelta(pick % 12), {"id": "丁"})
        elif kind == "confirm":
            confirmed = [one for one in counted if one.type in CONFIRMING]
            if confirmed and notice is not None:
                last = Calendar().last_day(notice.day, notice.days or 5, notice.count_start).day
                paper.correct(confirmed[-1].number, last + timedelta(pick % 3 - 1), {}, last)
        elif kind == "void" and meant is not None:
            paper.void(meant.number, meant.day)
        elif kind == "correct" and meant is not None and meant.type not in OF_A_NOTICE:
            paper.correct(meant.number, meant.day + timedelta(days), {}, meant.day)
    return paper


def held_to_its_notice(counted: list[Entry], at: int) -> None:
    """The recognition or confirmation at this place came after a whole notice and the answer to every objection."""
    opened = max(index for index in range(at) if counted[index].type == "notice_opened")
    notice, since = counted[opened], counted[opened + 1 : at]
    first = notice.day if notice.count_start else notice.day + timedelta(1)
    days = Calendar().count(first, counted[at].day - timedelta(1)).working_days
    assert len(days) >= (notice.days or 5) >= 5
    last = days[(notice.days or 5) - 1]
    timely = [one for one in since if one.type == "objection_filed" and (one.postmarked or one.day) <= last]
    resolved = [one for one in since if one.type == "objection_resolved"]
    assert len(resolved) >= len(timely)
    assert not any(one.upheld for one in resolved)


@settings(HAVE_LIVED, max_examples=400)
@given(BEGUN, lives(), STEPS)
def test_nothing_is_recognized_too_easily(
    status: str | None, events: Events, steps: list[tuple[str, int, int]]
) -> None:
    paper = played(status, events, steps)
    counted = paper.counted
    assert isinstance(fold(life(), counted), State)
    for at, one in enumerate(counted):
        if one.type in CONFIRMING:
            held_to_its_notice(counted, at)
    if paper.state.status == "recognized":
        assert any(
            one.type == "recognized" or one.data.get("status") in ("recognized", "rectifying") for one in counted
        )


def test_the_entries_made_here_do_get_that_far() -> None:
    seen: Counter[str] = Counter()

    @settings(HAVE_LIVED, max_examples=400)
    @given(BEGUN, lives(), STEPS)
    def look(status: str | None, events: Events, steps: list[tuple[str, int, int]]) -> None:
        paper = played(status, events, steps)
        seen["voided"] += any(one.voids is not None for one in paper.entries)
        seen["late"] += standing(paper.entries) != [one for one in paper.entries if one in paper.counted]
        seen.update({one.type for one in paper.counted if one.type in (*CONFIRMING, OPENED)})
        seen[str(paper.state.status)] += 1

    look()
    assert {name: seen[name] >= 10 for name in ("voided", "late", "recognized", "creation_confirmed", OPENED)} == (
        dict.fromkeys(("voided", "late", "recognized", "creation_confirmed", OPENED), True)
    )
