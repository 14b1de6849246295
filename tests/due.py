"""Cases with deadlines of every kind, on the last Monday of 2026: one overdue, one today, one resting on 2027."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.accounts import Actor
from core.bootstrap import App
from core.services import notices, objections
from core.services.notices import Contact
from tests.begun import entered, recommended, taken_over

DAY = date(2026, 12, 28)
CONTACT = Contact("024-00000000", "虚构市虚构路1号", "xugou@example.invalid", "虚构处")


@dataclass(frozen=True, slots=True)
class Due:
    """The numbers of cases and notices. `over`: a notice that ended on the 25th; `ahead`: one that ends in 2027."""

    overdue: int
    creating: int
    rectifying: int
    over: int
    ahead: int
    in_over: tuple[int, int]
    in_ahead: int
    objection: int


def make_due(app: App, actor: Actor, round_id: int) -> Due:
    """Makes them. The clock must stand on DAY."""
    overdue = taken_over(app, actor, "recognized", date(2024, 12, 16), "虚构甲平台")
    creating = taken_over(app, actor, "creating", date(2025, 1, 15), "虚构乙基地", city="大连市", kind="base")
    rectifying = taken_over(app, actor, "rectifying", date(2026, 3, 2), "虚构丙平台", city="鞍山市")
    given = {"occurred": "2026-11-02", "evidence": "虚构登记通知书"}
    entered(app, actor, creating, "change_reported", date(2026, 12, 7), **given)
    cases = [
        recommended(app, actor, date(2026, 9, 1), name, city=city, round_id=round_id)
        for name, city in (("虚构丁平台", "沈阳市"), ("虚构戊平台", "大连市"), ("虚构己平台", "锦州市"))
    ]
    for number in cases:
        entered(app, actor, number, "selected", date(2026, 12, 15))
    shown = {"signed": date(2026, 12, 18), "contact": CONTACT}
    over = notices.open_notice(
        app, actor, round_id, "creation", published=date(2026, 12, 18), case_ids=cases[:2], **shown
    )
    ahead = notices.open_notice(app, actor, round_id, "creation", published=DAY, case_ids=cases[2:], **shown)
    filed = objections.file(
        app,
        actor,
        over,
        [cases[1]],
        source="named",
        from_name="虚构人",
        contact="虚构电话",
        channel="letter",
        postmarked=date(2026, 12, 23),
        received=date(2026, 12, 24),
        content="虚构的异议内容",
        evidence="虚构材料",
    )
    return Due(overdue, creating, rectifying, over, ahead, (cases[0], cases[1]), cases[2], filed[0])
