"""What waits for a person, as a line each with the way there; and what waits of the deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.services.due import Filters
from core.views.deadlines import dated, tally


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something to do: `page` is the address of the page to do it on, `query` the filters to open it with."""

    text: str
    count: int
    page: str
    query: tuple[tuple[str, str], ...] = ()
    urgent: bool = False


def due_waiting(app: App, actor: Actor) -> Iterator[Waiting]:
    """What waits of the deadlines for this person: each line leads to the page where the same is listed."""
    if actor.may(Permission.ACT_ON_CASES):
        for text, filters, urgent in (
            ("个期限已经逾期", Filters(within="overdue"), True),
            ("个公示已经期满，待确认", Filters(what="notice", within="now"), True),
            ("件异议待核查，核查完才能确认", Filters(what="objection"), True),
            ("个变更报告待登记", Filters(what="register"), False),
            ("个变更报告待决定", Filters(what="change"), False),
        ):
            yield Waiting(text, tally(app, filters).total, "deadlines", filters.pairs, urgent)
    if actor.may(Permission.MANAGE_CALENDAR):
        # the State Council publishes in the last months of the year: before, there is nothing to enter
        for row in dated(app, Filters(what="arrangement", within="90"), 2)[0]:
            yield Waiting(f"{row.subject}放假安排还没有录入，公布后请录入", 1, *row.link, row.state == "overdue")
