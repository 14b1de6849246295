"""Read model of who can be proposed: it counts those that nobody has decided on, and forgets nothing that changes."""

from __future__ import annotations

from core.services import selection
from core.views.selection import SelectionView, selection_view, status_word, waits
from tests.notices import SELECTED
from tests.office import Office
from tests.settled import settled


def counts(seen: SelectionView) -> tuple[int, int, int, int]:
    return len(seen.candidates), seen.waiting, seen.passing, seen.fresh


def test_it_counts_who_waits_and_who_may_be_proposed(office: Office) -> None:
    assert counts(selection_view(office.app, office.round_id)) == (5, 5, 0, 5)
    for each in selection.candidates(office.app, office.round_id):
        if each.verdict == "review":
            settled(office.app, office.staff, each.application_id)
    seen = selection_view(office.app, office.round_id)
    assert counts(seen) == (5, 5, 3, 5)
    assert {status_word(each) for each in seen.candidates} == {"已受理，未选定"}
    office.on(SELECTED)
    chosen, other, *_ = [each.application_id for each in seen.candidates if each.verdict == "pass"]
    selection.propose(
        office.app, office.staff, office.round_id, day=SELECTED, selected=[chosen], declined={other: "重复建设"},
        minutes="虚构纪要1号", why="择优",
    )  # fmt: skip
    seen = selection_view(office.app, office.round_id)
    assert counts(seen) == (5, 3, 1, 0)
    assert [(status_word(each), waits(each)) for each in seen.candidates if each.application_id in (chosen, other)] == [
        ("拟创建对象", False),
        ("未入选", False),
    ]
