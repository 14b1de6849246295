"""Any history: read as a plain second writing of contract §5 reads it; nothing is recognized too easily."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.lifecycle.events import Event
from core.lifecycle.replay import Problem, State, replay
from core.lifecycle.table import load
from core.standards.loader import load as load_edition
from core.working_days.calendar import Calendar
from tests.lifecycle import plain
from tests.lifecycle.documents import history, life, path_to, without_messages

FIRST = date(2022, 2, 25)
GAPS = st.one_of(st.integers(0, 12), st.integers(0, 12), st.sampled_from([-1, 90, 365, 366, 730, 731, 732, 1096]))
EVENTS = sorted(load().events)


RARE = ("withdrawn", "dishonesty_found", "not_selected")
BEGINNINGS = [
    "",
    "proposed",
    "creation_notice",
    "creating",
    "extended",
    "recognition_notice",
    "recognition_notice",
    "recognized",
    "rectifying",
]


@st.composite
def lives(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A history that begins somewhere in a case's life and mostly goes on as it may, now and then not."""
    events = path_to(draw(st.sampled_from(BEGINNINGS)))
    case, day = plain.Case(), events[-1]["date"] if events else FIRST
    for event in events:
        assert plain.happen(case, event) is None
    wrong_at = draw(st.integers(0, 40))
    for step in range(draw(st.sampled_from([0, 1, 2, 4, 7, 12]))):
        may = [event for event in EVENTS if plain.where(case, {"type": event}) is not None]
        onward = (
            [event for event in may if event not in RARE] * 4 + may + [one for one in may if "objection" in one] * 4
        )
        event = {"type": draw(st.sampled_from(EVENTS if step == wrong_at else onward or EVENTS)), "date": day}
        day = event["date"] = day + timedelta(draw(GAPS))
        if event["type"].startswith("acceptance") and case.confirmed and draw(st.booleans()):
            day = event["date"] = max(day, plain.creation_ends(case) + timedelta(draw(st.integers(1, 2))))
        add_facts(draw, event, day)
        tried = deepcopy(case)
        if plain.happen(tried, event) is None:
            case = tried
        elif draw(st.integers(0, 2)):
            continue
        events.append(event)
    return events


def add_facts(draw: st.DrawFn, event: dict[str, Any], day: date) -> None:
    facts: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "notice_opened": {"days": st.integers(5, 9), "count_start": st.booleans()},
        "objection_filed": {
            "id": st.sampled_from(["甲", "乙", "丙"]),
            "postmarked": st.integers(0, 9).map(lambda back: day - timedelta(back)),
        },
        "objection_resolved": {"id": st.sampled_from(["甲", "乙"]), "upheld": st.booleans()},
        "change_decided": {"keep": st.sampled_from([True, True, False])},
    }
    for key, values in facts.get(event["type"], {}).items():
        if draw(st.booleans()):
            event[key] = draw(values)
    if event["type"] == "change_reported":
        event["occurred"] = day - timedelta(draw(st.integers(0, 100)))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lives(), st.integers(-1, 3000))
def test_replay_reads_as_the_plain_writing_does(events: list[dict[str, Any]], after: int) -> None:
    read = history(events).events
    for on in (FIRST + timedelta(after), date(2080, 1, 1), *(event["date"] for event in events[-2:])):
        assert without_messages(life().replay(read, on).document()) == plain.stand(events, on)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lives())
def test_one_pass_is_event_by_event(events: list[dict[str, Any]]) -> None:
    on = date(2080, 1, 1)
    read = history(events).events
    state: State | Problem = State()
    for count, event in enumerate(read, start=1):
        assert isinstance(state, State)
        before, state = state, life().advance(state, event)
        whole = life().replay(read[:count], on)
        if isinstance(state, Problem):
            assert whole == life().standing(before, on, state)
            assert life().replay(read, on) == whole
            return
        assert whole == life().standing(state, on)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lives(), st.integers(0, 3000))
def test_a_past_day_knows_nothing_of_what_came_later(events: list[dict[str, Any]], after: int) -> None:
    on = FIRST + timedelta(after)
    known = [event for event in history(events).events if event.day <= on]
    periods = load_edition("ln-2025-draft").periods
    assert replay(known, on, Calendar(), periods) == life().replay(history(events).events, on)


def recognitions(events: tuple[Event, ...]) -> list[int]:
    """Where in a history the case is recognized, by `recognized` events that were allowed."""
    standing = life().replay(events, date.max)
    stop = standing.errors[0].index if standing.errors else len(events)
    return [event.index for event in events[:stop] if event.type == "recognized"]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lives())
def test_nothing_is_recognized_without_a_whole_notice_and_an_answer_to_every_objection(
    events: list[dict[str, Any]],
) -> None:
    read, calendar = history(events).events, Calendar()
    for position in recognitions(read):
        opened = max(event.index for event in read[:position] if event.type == "notice_opened")
        notice = read[opened]
        first = notice.day if notice.count_start else notice.day + timedelta(1)
        days_over = calendar.count(first, read[position].day - timedelta(1)).working_days
        assert len(days_over) >= (notice.days or 5) >= 5
        last = days_over[(notice.days or 5) - 1]
        since = read[opened + 1 : position]
        filed = [one for one in since if one.type == "objection_filed" and (one.postmarked or one.day) <= last]
        resolved = [one for one in since if one.type == "objection_resolved"]
        assert len(resolved) >= len(filed)
        assert not any(one.upheld for one in resolved)


def test_the_histories_made_here_do_get_that_far() -> None:
    """The properties above would hold of nothing if no history came near what they speak of."""
    seen: Counter[str] = Counter()

    @settings(max_examples=500, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(lives())
    def look(events: list[dict[str, Any]]) -> None:
        read = history(events).events
        standing = life().replay(read, date.max)
        seen[str(standing.status)] += 1
        seen.update(error.code for error in standing.errors)
        seen.update(standing.flags)
        seen["recognitions"] += len(recognitions(read))

    look()
    live = {code for code, status in load().statuses.items() if status.deadline}
    wanted = live | {"revoked", "exited", "disqualified", *load().flags}
    wanted |= {"out_of_order", "not_allowed", "objection_open", "too_early"}
    assert wanted - set(seen) == set(), seen
    assert seen["objection_upheld"] + seen["not_recognized"] > 0
    assert seen["recognitions"] >= 20
