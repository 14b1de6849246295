"""Drafts of the selection: one's own until shared, never overwritten unseen, compared, applied as they were seen."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.accounts import Actor
from core.errors import Refused, Stale
from core.services import selection, selection_drafts
from core.services.candidates import candidates
from core.services.selection_drafts import Difference, Draft, Picked
from core.store import tables
from tests.conftest import one_database
from tests.office import Office
from tests.passing import ALL, settle

LISTED = Picked("selected", "meets")
DAY = date(2026, 5, 28)


@pytest.fixture
def settled(office: Office) -> Office:
    settle(office, *ALL)
    office.on(DAY)
    return office


def numbers(office: Office) -> list[int]:
    """The applications in official order; the third lacks a figure."""
    return [each.application_id for each in candidates(office.app, office.round_id)]


def save(office: Office, picked: dict[int, Picked], held: Draft | None = None, actor: Actor | None = None) -> Draft:
    given = {} if held is None else {"draft_id": held.id, "version": held.version}
    return selection_drafts.save(office.app, actor or office.staff, office.round_id, picked, **given)


def seen(office: Office, actor: Actor) -> list[tuple[str, str, bool]]:
    found = selection_drafts.drafts(office.app, actor, office.round_id)
    return [(each.name, each.owner, each.own) for each in found]


def test_what_is_picked_is_kept_and_nothing_is_told_to_the_ledger(settled: Office) -> None:
    before = len(settled.entries())
    first, second, *_ = numbers(settled)
    made = save(settled, {first: LISTED, second: Picked("", "meets", "  同等 ", "甲组")})
    assert (made.name, made.version, made.own, made.shared) == ("方案1", 1, True, False)
    assert made.picked == {first: LISTED, second: Picked("", "", "同等", "甲组")}
    again = save(settled, {**made.picked}, made)
    assert again.version == 1
    changed = save(settled, {first: LISTED, second: Picked()}, made)
    assert (changed.version, list(changed.picked)) == (2, [first])
    assert len(settled.entries()) == before


def test_a_draft_changed_in_another_window_is_not_overwritten(settled: Office) -> None:
    first, second, *_ = numbers(settled)
    made = save(settled, {first: LISTED})
    save(settled, {second: LISTED}, made)
    sentence = "“方案1”已在别的窗口改动，刚才的改动没有存上。请刷新页面，在最新的方案上再改。"
    assert settled.refuses(Stale, lambda: save(settled, {}, made)) == sentence
    app, actor = settled.app, settled.staff
    act = lambda: selection_drafts.change(app, actor, made.id, made.version, name="甲", shared=True)  # noqa: E731
    assert settled.refuses(Stale, act) == sentence
    gone = lambda: selection_drafts.discard(app, actor, made.id, made.version)  # noqa: E731
    assert settled.refuses(Stale, gone) == sentence


def test_a_draft_is_seen_by_others_once_it_is_shared_and_changed_by_nobody_else(settled: Office) -> None:
    first, *_ = numbers(settled)
    made = save(settled, {first: LISTED})
    assert (seen(settled, settled.second), seen(settled, settled.supervisor)) == ([], [])
    hidden = "没有这份选定方案，可能已经删除或者不再共享。请刷新页面。"
    app = settled.app
    assert settled.refuses(Refused, lambda: selection_drafts.copy(app, settled.second, made.id)) == hidden
    made = selection_drafts.change(app, settled.staff, made.id, made.version, name=" 初步  方案", shared=True)
    save(settled, {}, actor=settled.second)
    assert seen(settled, settled.second) == [("方案1", "赵经办", True), ("初步 方案", "李经办", False)]
    assert seen(settled, settled.supervisor) == [("初步 方案", "李经办", False)]
    said = settled.refuses(Refused, lambda: save(settled, {}, made, settled.second))
    assert said == "“初步 方案”是李经办的方案，只能查看。要在它上面改，请先复制一份。"
    copied = selection_drafts.copy(app, settled.second, made.id)
    assert (copied.name, copied.own, copied.picked) == ("方案2", True, made.picked)
    selection_drafts.change(app, settled.staff, made.id, made.version, name=made.name, shared=False)
    assert seen(settled, settled.supervisor) == []


def test_two_drafts_are_compared_by_what_they_say_otherwise(settled: Office) -> None:
    first, second, third, fourth, _ = numbers(settled)
    mine = save(settled, {first: LISTED, second: LISTED, third: Picked("not_selected", "unmet")})
    turned = Picked("not_selected", "weak_plan", "目标不清")
    theirs = save(settled, {first: LISTED, second: turned, fourth: LISTED}, actor=settled.second)
    selection_drafts.change(settled.app, settled.second, theirs.id, 1, name="另一份", shared=True)
    found = selection_drafts.compare(settled.app, settled.staff, mine.id, theirs.id)
    assert set(found) == {
        Difference(second, LISTED, turned),
        Difference(third, Picked("not_selected", "unmet"), Picked()),
        Difference(fourth, Picked(), LISTED),
    }
    assert selection_drafts.compare(settled.app, settled.staff, mine.id, mine.id) == ()


def test_a_draft_is_removed_by_its_owner(settled: Office) -> None:
    made = save(settled, {})
    selection_drafts.discard(settled.app, settled.staff, made.id, made.version)
    with settled.app.reader.connect() as connection:
        assert connection.execute(sa.select(tables.selection_drafts)).all() == []


def test_what_is_applied_is_the_draft_that_was_on_the_screen(settled: Office) -> None:
    every = numbers(settled)
    made = save(settled, {number: LISTED for number in every if number != every[2]})
    given = {
        "day": DAY, "choices": made.choices(), "later": [every[2]], "later_why": "待核", "minutes": "甲", "why": "乙",
    }  # fmt: skip
    newer = save(settled, {every[0]: LISTED}, made)

    def act(version: int) -> selection.Decided:
        return selection.decide(settled.app, settled.staff, settled.round_id, **given, draft=(made.id, version))  # type: ignore[arg-type]

    said = settled.refuses(Stale, lambda: act(made.version))
    assert said == "这份选定方案已在别的窗口改动，没有登记。请刷新页面，核对后再办。"
    act(newer.version)
    last = settled.last()
    assert (last.based_on, last.details["draft"]) == (newer.version, made.id)


@one_database
def test_names_and_words_have_their_bounds(settled: Office) -> None:
    first, *_ = numbers(settled)
    said = settled.refuses(Refused, lambda: save(settled, {first: Picked(words="长" * 501)}))
    assert said == "具体情况请不超过 500 个字。"
    made = save(settled, {})
    for name, sentence in ((" ", "请给方案起个名称。"), ("长" * 33, "方案的名称请不超过 32 个字。")):
        change = lambda name=name: selection_drafts.change(  # noqa: E731
            settled.app, settled.staff, made.id, made.version, name=name, shared=False
        )
        assert settled.refuses(Refused, change) == sentence
    for _ in range(19):
        save(settled, {})
    assert settled.refuses(Refused, lambda: save(settled, {})) == "您在本轮次已有 20 份选定方案，请先删去不用的。"
