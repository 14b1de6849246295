"""What an expert sees: the own sheets, first sight before anything else, and of others what the round lets be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from core import views
from core.errors import NotAllowed, Refused
from core.services import intake, review, scoring
from core.services.own_sheets import NOTHING
from core.store import tables
from core.views.my_reviews import FirstSight, SheetView, check_typed, my_cards, my_facts, my_sheet
from tests.conftest import BOTH
from tests.office import SHENYANG, Office, shenyang
from tests.panels import ANSHAN, DECIDED, WANGHAI, XINGHE, YUNFAN, assigned, handed_in
from tests.scoring.documents import CODES

FULL: dict[str, Any] = {"scores": dict.fromkeys(CODES, "80"), "comments": {}, "counts": {}}


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite, PostgreSQL."""
    return str(request.param)


def whole(office: Office, number: int) -> SheetView:
    """An own sheet in full."""
    found = my_sheet(office.app, office.expert, number)
    assert isinstance(found, SheetView)
    return found


def decide(office: Office, **changes: Any) -> None:
    """The round has decided otherwise."""
    with office.app.writer.begin() as connection:
        connection.execute(tables.scoring_settings.update().values(content=DECIDED | changes))


def waiting(office: Office) -> Sequence[tuple[str, int, str, bool]]:
    """What waits for the expert on the first page."""
    return [(each.text, each.count, each.page, each.urgent) for each in views.today(office.app, office.expert).waiting]


def test_cards_stand_in_official_order_and_tell_how_far_each_is(convened: Office) -> None:
    assert my_cards(convened.app, convened.expert) == ()
    last, first = assigned(convened, ("专家01", ANSHAN), ("专家01", YUNFAN))
    assigned(convened, ("专家01", WANGHAI), cleared=False)
    assigned(convened, ("专家02", XINGHE))
    convened.app.remembered.clear()
    scoring.save_draft(convened.app, convened.expert, last, {"scores": {"path": "1"}}, 0, 1)
    scoring.submit(convened.app, convened.expert, first, FULL, 0, 1)
    [held] = my_cards(convened.app, convened.expert)
    assert [(each.name, each.city, each.kind, each.word, each.filled) for each in held.cards] == [
        (YUNFAN, "沈阳市", "平台", "已交", 6),
        (WANGHAI, "沈阳市", "基地", "未开始", 0),
        (ANSHAN, "沈抚示范区", "平台", "评审中", 1),
    ]
    assert (held.year, held.done) == (2026, 1)
    assert whole(convened, first).following == held.cards[1].id
    assert whole(convened, last).following == held.cards[1].id
    assert waiting(convened) == [("个申报待评审（2026年度，已交 1 / 3）", 2, "reviews", False)]
    scoring.reopen(convened.app, convened.staff, first, 1, "漏看佐证")
    assert waiting(convened) == [
        ("个申报退回重评，请修改后再提交（2026年度）", 1, "reviews", True),
        ("个申报待评审（2026年度，已交 0 / 3）", 2, "reviews", False),
    ]


def test_first_sight_shows_who_it_is_and_nothing_else(convened: Office) -> None:
    [number] = assigned(convened, ("专家01", WANGHAI), cleared=False)
    seen = my_sheet(convened.app, convened.expert, number)
    assert seen == FirstSight(number, WANGHAI, "虚构市望海园区有限公司", "沈阳市", "基地")
    with pytest.raises(Refused) as refused:
        my_facts(convened.app, convened.expert, number)
    assert str(refused.value) == NOTHING


def test_facts_stand_in_the_order_of_the_sheets_with_what_was_verified_and_nobody_to_call(convened: Office) -> None:
    [number] = assigned(convened, ("专家01", YUNFAN))
    held = convened.application(SHENYANG, "pt-001")
    where = {"sheet": "平台指标", "column": "专家数（人）"}
    review.verify_value(
        convened.app, convened.staff, held.id, held.version, **where, text="70", why="点过", evidence="甲"
    )
    review.add_note(convened.app, convened.staff, held.id, "内部说明")
    facts = my_facts(convened.app, convened.expert, number)
    assert [sheet for sheet, _ in facts.sheets] == ["推荐汇总表", "平台指标", "申报材料"]
    columns = [each.column for _, figures in facts.sheets for each in figures]
    assert {"编号", "联系人", "联系电话", "备注"} & set(columns) == set()
    [verified] = [each for _, figures in facts.sheets for each in figures if each.verified]
    assert (verified.column, verified.verified) == ("专家数（人）", "70")
    assert verified.reported != "70"
    told = {each.name: (each.clause, each.verdict) for each in facts.judgements}
    assert told["汇集服务资源"] == ("附件1 服务能力/汇集服务资源情况", "pass")
    assert "内部说明" not in str(facts)
    assert "点过" not in str(facts)


def test_points_are_those_of_the_kind_and_what_is_demanded_is_told(convened: Office) -> None:
    platform, base = assigned(convened, ("专家01", YUNFAN), ("专家01", WANGHAI))
    points = [{point for box in whole(convened, each).boxes for point in box.points} for each in (platform, base)]
    assert points[0] - points[1] == {"写明要完善哪些功能模块。"}
    assert points[1] - points[0] == {"梯度培育优质企业有探索、有创造，建立促进专精特新企业成长壮大的机制。"}
    [counted] = [box for box in whole(convened, platform).boxes if box.count]
    assert (counted.code, counted.count, counted.least) == ("innovation", "典型或特色经验做法", "不少于 2 条")
    assert [box.weight for box in whole(convened, platform).boxes] == ["20", "20", "20", "15", "15", "10"]


def test_what_is_typed_comes_to_a_total_and_notes_of_the_own_sheet_only(convened: Office) -> None:
    own, other = assigned(convened, ("专家01", YUNFAN), ("专家02", YUNFAN))
    found = check_typed(convened.app, convened.expert, own, FULL | {"counts": {"innovation": "1"}})
    note = "数出 1 条，附件3 要求不少于 2 条，请在打分时考虑。不影响提交。"
    assert (found.problems, found.notes, found.total) == ({}, {"innovation": note}, "80.00")
    assert check_typed(convened.app, convened.expert, own, {"scores": {"path": "80"}}).total == ""
    assert check_typed(convened.app, convened.expert, own, FULL | {"counts": {"innovation": "2"}}).notes == {}
    for work in (my_sheet, my_facts, lambda *given: check_typed(*given, FULL)):
        for number in (other, 999):
            with pytest.raises(Refused) as refused:
                work(convened.app, convened.expert, number)
            assert str(refused.value) == NOTHING
    with pytest.raises(NotAllowed):
        my_sheet(convened.app, convened.staff, own)


@pytest.mark.parametrize(("visibility", "sees"), [("never", []), ("after_own", [("专家02", "77.00")])])
def test_scores_of_others_are_seen_where_the_round_lets_and_after_the_own(
    convened: Office, visibility: str, sees: list[tuple[str, str]]
) -> None:
    decide(convened, visibility=visibility)
    own, other, _ = assigned(convened, ("专家01", YUNFAN), ("专家02", YUNFAN), ("专家03", YUNFAN))
    handed_in(convened, other, 77)
    assert whole(convened, own).others == ()
    scoring.save_draft(convened.app, convened.expert, own, FULL, 0, 1)
    assert whole(convened, own).others == ()
    scoring.submit(convened.app, convened.expert, own, FULL, 1, 1)
    seen = whole(convened, own)
    assert [(each.code, each.total) for each in seen.others] == sees
    assert "虚构冯某" not in str(seen)
    # a sheet that was given back is not in
    scoring.reopen(convened.app, convened.staff, own, 1, "漏看佐证")
    assert whole(convened, own).others == ()


def test_what_is_withdrawn_is_no_longer_there(convened: Office) -> None:
    own, left = assigned(convened, ("专家01", YUNFAN), ("专家01", WANGHAI))
    convened.put(SHENYANG, shenyang()[1])
    convened.take(SHENYANG)
    number = convened.application(SHENYANG, "pt-001")
    intake.decide_withdrawal(convened.app, convened.staff, number.id, number.version, withdrawn=True, why="市里撤回")
    [held] = my_cards(convened.app, convened.expert)
    assert [each.id for each in held.cards] == [left]
    with pytest.raises(Refused) as refused:
        my_sheet(convened.app, convened.expert, own)
    assert str(refused.value) == NOTHING
