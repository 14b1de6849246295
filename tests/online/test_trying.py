"""How a call is tried again: waits by chance under a bound that doubles, Google's own wish first, always an end."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from core.intake.online.faults import OnlineFault
from core.intake.online.trying import CAP, LONGEST_WAIT, Moment, Outcome, keep_trying
from tests.online.clocks import StandingClock
from tests.online.keys import EMAIL
from tests.online.refusals import fault
from tests.online.test_faults import KEY_REFUSED, QUOTA, SERVICE_DOWN

WHOLE = Outcome(requests.Response())


def _quota(wait: float = 0.0) -> Outcome:
    return Outcome(fault=OnlineFault("quota"), again=True, wait=wait)


def _scripted(
    *outcomes: Outcome, took: float = 0.0, clock: StandingClock | None = None
) -> tuple[list[Moment], Callable[[Moment], Outcome]]:
    """Tries that end as written, the last again and again; and the list of what each was told."""
    told: list[Moment] = []

    def attempt(moment: Moment) -> Outcome:
        told.append(moment)
        if clock:
            clock.advance(took)
        return outcomes[min(len(told), len(outcomes)) - 1]

    return told, attempt


def test_waits_grow_up_to_a_bound() -> None:
    clock = StandingClock()
    told, attempt = _scripted(_quota())
    assert fault(lambda: keep_trying(attempt, clock, lambda: 1.0)) == ("quota", QUOTA)
    assert clock.waits == [1, 2, 4, 8, 16, 32, 27]  # the last is what was left of the 90 seconds
    assert sum(clock.waits) == CAP
    assert [moment.tries for moment in told] == list(range(8))
    assert LONGEST_WAIT == 32


@given(st.integers(0, 2**32), st.floats(0, 60), st.floats(0, 40))
def test_a_call_always_ends(seed: int, took: float, asked: float) -> None:
    """However long each try takes and Google asks to wait: no try is begun after the end, no wait is too short."""
    clock = StandingClock()
    begun = clock.now()
    told, attempt = _scripted(_quota(asked), took=took, clock=clock)
    with pytest.raises(OnlineFault):
        keep_trying(attempt, clock, Random(seed).random)
    assert clock.now() <= begun + CAP + took + 1e-6
    assert all(wait >= asked for wait in clock.waits)
    assert len(told) == len(clock.waits) + 1


@given(st.integers(0, 2**32))
def test_a_minute_without_quota_is_lived_through(seed: int) -> None:
    """Whatever the chance: some try comes after the minute."""
    clock = StandingClock()
    end = clock.now() + 60
    assert keep_trying(lambda _: WHOLE if clock.now() >= end else _quota(), clock, Random(seed).random) is WHOLE.answer


def test_google_is_not_asked_before_it_wants_to_be() -> None:
    clock = StandingClock()
    _, attempt = _scripted(_quota(7.0), _quota(0.0), WHOLE)
    keep_trying(attempt, clock, lambda: 0.5)
    assert clock.waits == [7.5, 1.0]


def test_a_wish_beyond_the_end_ends_it_at_once() -> None:
    clock = StandingClock()
    told, attempt = _scripted(_quota(CAP + 1))
    assert fault(lambda: keep_trying(attempt, clock, lambda: 0.0)) == ("quota", QUOTA)
    assert (clock.waits, len(told)) == ([], 1)


def test_what_makes_no_sense_is_not_tried_again() -> None:
    clock = StandingClock()
    told, attempt = _scripted(Outcome(fault=OnlineFault("service_down")))
    assert fault(lambda: keep_trying(attempt, clock, lambda: 1.0)) == ("service_down", SERVICE_DOWN)
    assert (clock.waits, len(told)) == ([], 1)


def test_a_token_is_replaced_once_without_waiting() -> None:
    clock = StandingClock()
    refused = Outcome(fault=OnlineFault("key_refused", email=EMAIL), refused="old")
    told, attempt = _scripted(refused, _quota(), WHOLE)
    assert keep_trying(attempt, clock, lambda: 1.0) is WHOLE.answer
    assert [moment.refused for moment in told] == ["", "old", "old"]
    assert clock.waits == [2.0]
    told, attempt = _scripted(refused)
    assert fault(lambda: keep_trying(attempt, clock, lambda: 1.0)) == ("key_refused", KEY_REFUSED)
    assert len(told) == 2


def test_chance_spreads_the_waits() -> None:
    clock = StandingClock()
    _, attempt = _scripted(_quota())
    with pytest.raises(OnlineFault):
        keep_trying(attempt, clock, Random(1).random)
    assert len({round(wait / 2**tries, 6) for tries, wait in enumerate(clock.waits[:5])}) == 5
    assert all(0 <= wait <= min(2**tries, LONGEST_WAIT) for tries, wait in enumerate(clock.waits))
