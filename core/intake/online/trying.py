"""One call with all its tries: how long to wait between them, and when to give up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import requests

from core.intake.online import verdicts
from core.intake.online.clock import OnlineClock
from core.intake.online.faults import OnlineFault

CAP: Final = 90.0  # seconds from the first try of a call to its last
LONGEST_WAIT: Final = 32.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended: with an answer, or with the fault that it is, and whether another try makes sense.

    `wait`: seconds that Google asked for. `refused`: the token that was turned down, to be replaced by another.
    """

    answer: requests.Response | None = None
    fault: OnlineFault | None = None
    again: bool = False
    wait: float = 0.0
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a call stands: the end of its time, which try this is (from 0), the token that it may not use."""

    until: float
    tries: int
    refused: str


def keep_trying(
    attempt: Callable[[Moment], Outcome], clock: OnlineClock, chance: Callable[[], float], cap: float = CAP
) -> requests.Response | None:
    """Gives the answer of the first try that went. Raises the fault of the last one, within `cap` seconds.

    Waits are chosen at random up to a bound that doubles, so that those who failed together do not come back together;
    never shorter than Google asks for, and where that is longer than what is left it ends at once. A token that was
    refused is replaced once, without waiting.
    """
    until, tries, refused = clock.now() + cap, 0, ""
    while True:
        outcome = attempt(Moment(until, tries, refused))
        if outcome.fault is None:
            return outcome.answer
        left = until - clock.now()
        if outcome.refused and not refused:
            refused = outcome.refused
        elif not outcome.again or left <= 0 or outcome.wait > left:
            raise outcome.fault
        else:
            by_chance = chance() * min(2.0**tries, LONGEST_WAIT)
            clock.sleep(min(outcome.wait + by_chance, left))
        tries += 1


def turned_down(answer: requests.Response, fault: OnlineFault, *, unknown: bool = False) -> Outcome:
    """The outcome of an answer without success. `unknown`: the write may have been made, and may not be made twice."""
    if unknown:
        return Outcome(fault=OnlineFault("unknown_outcome"))
    return Outcome(fault=fault, again=verdicts.may_repeat(answer), wait=verdicts.retry_after(answer) or 0.0)


def unanswered(error: requests.RequestException, *, unknown: bool = False) -> Outcome:
    """The outcome of a request without an answer; `unknown` as above."""
    fault = verdicts.fault_of(error)
    if unknown:
        return Outcome(fault=OnlineFault("unknown_outcome"))
    return Outcome(fault=fault, again=fault.code != "untrusted")
