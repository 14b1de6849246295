"""What the page of scoring shows: true at once, in official order, with what is against whom."""

from __future__ import annotations

from datetime import datetime

from core.accounts import Role
from core.services import accounts, recusals, scoring_settings
from core.store import tables
from core.views.panel import Pair, decisions, expert_accounts, pairs, panel_view, settings_origin
from tests.office import PASSWORD, TODAY, Office
from tests.panels import ANSHAN, DECIDED, WANGHAI, XINGHE, YUNFAN, assigned, handed_in
from tests.services.test_recusals import ids, named, pin, set_aside


def told(office: Office) -> list[tuple[str, str, list[str]]]:
    found = pairs(office.app, office.round_id).values()
    return [(each.subject.name, each.expert.code, [one.source for one in each.grounds]) for each in found]


def grow(office: Office) -> None:
    """Any act."""
    accounts.create_account(office.app, office.admin, login="new", name="新人", role=Role.STAFF)


def test_a_typed_score_locks_at_once_although_no_act_was_done(convened: Office) -> None:
    [one] = assigned(convened, ("专家01", YUNFAN))
    seen = panel_view(convened.app, convened.round_id)
    assert not seen.locked
    assert panel_view(convened.app, convened.round_id) is seen
    values = {"content": {"scores": {"path": "1"}}, "saved_at": datetime.combine(TODAY, datetime.min.time())}
    with convened.app.writer.begin() as connection:
        connection.execute(tables.score_drafts.insert().values(assignment_id=one, **values))
    assert panel_view(convened.app, convened.round_id).locked
    with convened.app.writer.begin() as connection:
        connection.execute(tables.score_drafts.delete())
    assert not panel_view(convened.app, convened.round_id).locked


def test_what_is_remembered_is_read_anew_after_an_act(convened: Office) -> None:
    [one] = assigned(convened, ("专家01", YUNFAN))
    assert [each.state for each in panel_view(convened.app, convened.round_id).assignments] == ["open"]
    handed_in(convened, one, 80)
    grow(convened)
    assert [each.state for each in panel_view(convened.app, convened.round_id).assignments] == ["submitted"]


def test_pairs_stand_in_official_order_and_only_hints_alone_are_to_be_looked_at(convened: Office) -> None:
    assigned(convened, ("专家02", YUNFAN))
    pin(convened, "专家04", ANSHAN)
    pin(convened, "专家03", WANGHAI)
    named(convened)
    assert told(convened) == [
        (YUNFAN, "专家02", ["named"]),
        (WANGHAI, "专家03", ["pinned"]),
        (ANSHAN, "专家04", ["pinned"]),
    ]
    hint, pinned, _ = pairs(convened.app, convened.round_id).values()
    assert ([each.source for each in hint.hints], hint.rules, pinned.hints) == (["named"], (), ())
    assert hint.assigned is not None
    assert pinned.assigned is None
    pin(convened)
    [first, *_] = pairs(convened.app, convened.round_id).values()
    assert ([each.source for each in first.grounds], first.hints) == (["pinned", "named"], ())


def test_the_same_city_bars_by_rule_where_the_round_says_so(convened: Office) -> None:
    assert told(convened) == []
    content = DECIDED | {"same_city": True}
    scoring_settings.decide(convened.app, convened.staff, convened.round_id, content, "虚构8号", 1, "按方案")
    found: list[Pair] = list(pairs(convened.app, convened.round_id).values())
    assert [(each.subject.name, each.expert.code) for each in found] == [
        (YUNFAN, "专家01"), (WANGHAI, "专家01"), (XINGHE, "专家02"), (ANSHAN, "专家04"),
    ]  # fmt: skip
    assert all(each.rules == each.grounds and not each.hints for each in found)


def test_decisions_that_stand_are_told_with_who_and_why(convened: Office) -> None:
    pin(convened, "专家04", ANSHAN, "曾任顾问")
    named(convened)
    set_aside(convened)
    pin(convened, "专家03", YUNFAN)
    number = convened.row(tables.recusals, expert_id=ids(convened, "专家03", YUNFAN)[1]).id
    recusals.end(convened.app, convened.staff, number, "登记错了")
    assert [
        (each.subject.name if each.subject else "", each.expert.code, each.kind, each.reason, each.who)
        for each in decisions(convened.app, convened.round_id)
    ] == [
        (YUNFAN, "专家02", "set_aside", "同名不同人", "李经办"),
        (ANSHAN, "专家04", "pinned", "曾任顾问", "李经办"),
    ]


def test_who_decided_the_settings_is_told(convened: Office) -> None:
    assert settings_origin(convened.app, convened.round_id) is None
    content = DECIDED | {"experts": 3}
    scoring_settings.decide(convened.app, convened.second, convened.round_id, content, "虚构8号", 1, "按方案")
    origin = settings_origin(convened.app, convened.round_id)
    assert origin is not None
    assert (origin.who, origin.why) == ("赵经办", "按方案")


def test_accounts_of_experts_say_whose_they_are(convened: Office) -> None:
    accounts.create_account(
        convened.app, convened.admin, login="feng", name="冯专家", role=Role.EXPERT, password=PASSWORD
    )
    first = ids(convened, "专家01", YUNFAN)[1]
    assert list(expert_accounts(convened.app).values()) == [("王专家（wang）", first), ("冯专家（feng）", None)]
