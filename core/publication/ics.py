"""A calendar file (RFC 5545) of days that something is due on: the same days give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from core.clock import SHANGHAI

PRODUCER: Final = "-//shifan//deadlines//ZH"
REMINDED_AT: Final = time(9)
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
ASKED_AGAIN: Final = timedelta(hours=6)  # how often calendars are asked to look


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day in a calendar. `key` stays the same while it is the same deadline, so that calendars move it along.

    A reminder comes at nine in the morning, `remind` days before.
    """

    key: str
    day: date
    title: str
    text: str
    remind: int


def as_ics(name: str, days: Sequence[DueDay], changed: datetime, home: str) -> bytes:
    """The file. `changed` is when anything last changed, in Shanghai time; `home` tells one store from another."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", ASKED_AGAIN)
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"value": "DURATION"})
    stamp = changed.replace(tzinfo=SHANGHAI).astimezone(UTC)
    for one in days:
        event = Event()
        event.add("uid", f"{one.key}@{home}")
        event.add("dtstamp", stamp)
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(days=1))
        event.add("summary", _shown(one.title))
        event.add("description", _shown(one.text))
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _shown(one.title))
        alarm.add("trigger", timedelta(hours=REMINDED_AT.hour) - timedelta(days=one.remind))
        event.add_component(alarm)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _shown(text: str) -> str:
    """The text without what no calendar may hold: control characters, but for line ends."""
    return _CONTROL.sub(" ", text)
