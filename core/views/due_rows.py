"""What a line of 期限 says, whatever it is that is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from core.services.due import ITEMS, JOINT, WHO, clause_of

State = Literal["overdue", "now", "ahead"]
STATES: Final[tuple[State, ...]] = ("overdue", "now", "ahead")
Link = tuple[str, tuple[tuple[str, str], ...]]  # the address of a page, and what stands behind it


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something that is due. `key` stays the same as long as it is the same deadline.

    `day` is its last day, None where no day is set and somebody has to decide. `since` is the first day of the
    period, or the day on which it was reported. `left` counts the days to `day`, negative where it is past.
    """

    what: str
    key: str
    subject: str
    city: str
    kind: str
    day: date | None
    since: date | None
    left: int | None
    state: State
    provisional: bool
    clause: str
    note: str
    link: Link

    @property
    def name(self) -> str:
        """What is to be done: `运行复核`."""
        return ITEMS[self.what].name

    @property
    def acts(self) -> str:
        """Who must act: `省厅`, `省厅会同沈阳市`."""
        who = ITEMS[self.what].who
        return f"省厅会同{self.city}" if who == JOINT and self.city else WHO[who]

    @property
    def order(self) -> tuple[int, date]:
        """Overdue first, then what waits now, then by day."""
        return STATES.index(self.state), self.day or self.since or date.max


def due_row(
    what: str,
    key: str,
    subject: str,
    day: date | None,
    today: date,
    link: Link,
    *,
    city: str = "",
    kind: str = "",
    since: date | None = None,
    past: State = "overdue",
    provisional: bool = False,
    clause: str = "",
    note: str = "",
) -> DueRow:
    """A line; `past` is what it is after its day. Without a day it waits now."""
    left = None if day is None else (day - today).days
    state: State = "now" if left is None else past if left < 0 else "ahead"
    return DueRow(what, key, subject, city, kind, day, since, left, state, provisional, clause, note, link)


def case_row(row: Any, what: str, today: date) -> DueRow:
    """The deadline of one case, from its line of `standings`."""
    return due_row(
        what,
        f"case-{row.case_id}-{what}-{row.start:%Y%m%d}",
        row.name,
        row.due,
        today,
        case_link(row.case_id),
        city=row.city,
        kind=row.kind,
        since=row.start,
        provisional=row.provisional,
        clause=clause_of(row.status, ITEMS[what].event),
    )


def case_link(case_id: int) -> Link:
    """The page of a case."""
    return "cases", (("case", str(case_id)),)


def notice_link(notice_id: int, *more: tuple[str, str]) -> Link:
    """The page of a notice, and what to open on it."""
    return "notices", (("notice", str(notice_id)), *more)
