"""Assigning: a plan is applied as it was looked at or not at all, by hand too, and nobody recused by any way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from core.errors import Refused, Stale
from core.services import assigning, experts, recusals, scoring_settings
from core.services.assigning import MOVED, Drawn, draw
from core.services.experts import Person
from core.services.panel import NOT_OPEN
from core.store import tables
from tests.office import SHENYANG, TODAY, Office
from tests.panels import ANSHAN, DECIDED, WANGHAI, XINGHE, YUNFAN, assigned, handed_in, recused, seen
from tests.scoring.documents import draft
from tests.services.test_recusals import ids, named

FENG = "专家02"
PAIR = f"专家02 虚构冯某—沈阳市“{YUNFAN}”"


def by_name(office: Office, drawn: Drawn) -> dict[str, tuple[str, ...]]:
    subjects = seen(office).subjects
    return {subjects[number].name: codes for number, codes in drawn.plan.assignments.items()}


def apply(office: Office, drawn: Drawn, seed: int | None = None) -> int:
    number = drawn.seed if seed is None else seed
    return assigning.apply_plan(office.app, office.staff, office.round_id, number, drawn.fingerprint, "按方案")


def assign(office: Office, code: str = FENG, name: str = YUNFAN, why: str = "加派") -> int:
    _, expert, application = ids(office, code, name)
    return assigning.assign(office.app, office.staff, office.round_id, application, expert, why)


def unassign(office: Office, number: int, version: int = 1) -> None:
    assigning.unassign(office.app, office.staff, number, version, "派错")


def held(office: Office) -> dict[str, list[str]]:
    """The codes that stand, by application."""
    known = seen(office)
    return {each.name: [one.code for one in known.of(each.id)] for each in known.subjects.values()}


def test_a_plan_is_looked_at_and_applied_in_one_act(convened: Office) -> None:
    drawn = draw(convened.app, convened.round_id, 1)
    assert convened.dump()["assignments"] == []
    assert set(by_name(convened, drawn)) == {YUNFAN, WANGHAI, XINGHE, ANSHAN}
    assert set(drawn.plan.loads.values()) == {2}
    assert (drawn.count, drawn.unplaced, drawn.plan.impossible) == (8, (), {})
    before = len(convened.entries())
    assert apply(convened, drawn) == 8
    assert {name: tuple(codes) for name, codes in held(convened).items() if codes} == by_name(convened, drawn)
    [entry] = convened.entries()[before:]
    assert (entry.action, entry.subject, entry.why) == ("assignment.applied", "2026年度", "按方案")
    assert entry.what == "2026年度按第 1 签分派 8 项，涉及 4 个申报"
    assert entry.details["seed"] == 1
    assert {int(number): tuple(codes) for number, codes in entry.details["added"].items()} == drawn.plan.added
    again = draw(convened.app, convened.round_id, 2)
    assert (again.count, by_name(convened, again)) == (0, by_name(convened, drawn))
    assert convened.refuses(Refused, lambda: apply(convened, again)) == "方案中没有新的分派，无需办理。"


def test_another_lot_is_another_plan_and_the_same_lot_the_same(convened: Office) -> None:
    drawn = [draw(convened.app, convened.round_id, seed) for seed in (1, 2, 3, 4, 1)]
    assert drawn[0] == drawn[-1]
    assert len({tuple(sorted(one.plan.added.items())) for one in drawn}) > 1
    assert len({one.fingerprint for one in drawn}) == 4
    assert convened.refuses(Stale, lambda: apply(convened, drawn[0], seed=2)) == MOVED


def test_what_stands_is_kept_and_who_got_nobody_is_told(convened: Office) -> None:
    assigned(convened, ("专家04", YUNFAN))
    for code in ("专家01", "专家02", "专家03"):
        recused(convened, code, WANGHAI)
    drawn = draw(convened.app, convened.round_id, 1)
    assert "专家04" in by_name(convened, drawn)[YUNFAN]
    application = ids(convened, FENG, WANGHAI)[2]
    assert dict(drawn.plan.impossible) == {
        application: f"“{WANGHAI}”应由 2 位专家评审，还差 2 位；4 位专家中除去回避的只有 1 位可派。"
        "请增加专家，或者核对回避后重新分派。"
    }
    assert apply(convened, drawn) == 5
    assert convened.last().what == "2026年度按第 1 签分派 5 项，涉及 3 个申报；1 个申报没有派成"
    assert held(convened)[WANGHAI] == []


def _pin(office: Office) -> None:
    recusals.pin(office.app, office.staff, *ids(office, FENG, YUNFAN), "曾任职")


def _declare(office: Office) -> None:
    [number] = assigned(office, ("专家01", ANSHAN))
    recusals.declare(office.app, office.expert, number, "有合作")


def _fewer(office: Office) -> None:
    now = {each.id for each in seen(office).members}
    experts.set_panel(office.app, office.staff, office.round_id, now, now - {ids(office, FENG, YUNFAN)[1]}, "x")


def _moves(office: Office) -> None:
    number = ids(office, FENG, YUNFAN)[1]
    person = Person("虚构冯某", ("虚构市云帆服务平台运营有限公司", YUNFAN), "大连市")
    experts.change(office.app, office.staff, number, 1, person, active=True, why="x")


def _more(office: Office) -> None:
    scoring_settings.decide(office.app, office.staff, office.round_id, DECIDED | {"experts": 3}, "甲", 1, "x")


def _by_hand(office: Office) -> None:
    assign(office)


@pytest.mark.parametrize("meanwhile", [_pin, named, _declare, _fewer, _moves, _more, _by_hand])
def test_a_plan_is_not_applied_to_what_has_changed_since(convened: Office, meanwhile: Callable[[Office], None]) -> None:
    drawn = next(  # one in which 冯某 scores 云帆, and 王专家 does 安山, so that each change is one of the plan
        one
        for seed in range(1, 99)
        if FENG in by_name(convened, one := draw(convened.app, convened.round_id, seed))[YUNFAN]
        and "专家01" in by_name(convened, one)[ANSHAN]
    )
    meanwhile(convened)
    assert convened.refuses(Stale, lambda: apply(convened, drawn)) == MOVED


def test_who_is_recused_is_assigned_by_no_way(convened: Office) -> None:
    recused(convened, FENG, YUNFAN, reason="曾任职")
    for seed in range(1, 30):
        assert FENG not in by_name(convened, draw(convened.app, convened.round_id, seed))[YUNFAN]
    assert convened.refuses(Refused, lambda: assign(convened)) == (
        f"{PAIR}不能分派：工作人员定为回避：曾任职"
    )  # fmt: skip
    named(convened)
    recusals.end(convened.app, convened.staff, convened.row(tables.recusals).id, "登记错了")
    hint = f"{PAIR}不能分派：〔经办备注〕里有“虚构冯某”，请核对是不是这位专家。"
    assert convened.refuses(Refused, lambda: assign(convened)) == hint
    recusals.set_aside(convened.app, convened.staff, *ids(convened, FENG, YUNFAN), "同名不同人")
    assign(convened)
    assert held(convened)[YUNFAN] == [FENG]


def test_a_standing_assignment_that_has_become_barred_stops_the_plan(convened: Office) -> None:
    assign(convened)
    named(convened)
    with pytest.raises(Refused) as refused:
        draw(convened.app, convened.round_id, 1)
    assert str(refused.value) == (
        f"已有的分派与回避相冲突：{YUNFAN}—虚构冯某（专家02）。请先撤回这些分派，再重新分派。"
    )
    assert all(not each for each in seen(convened).counted().values())


def test_who_cannot_be_placed_is_left_out_until_the_city_is_known(convened: Office) -> None:
    scoring_settings.decide(
        convened.app, convened.staff, convened.round_id, DECIDED | {"same_city": True}, "甲", 1, "x"
    )
    drawn = draw(convened.app, convened.round_id, 1)
    assert [each.code for each in drawn.unplaced] == ["专家03"]
    assert "专家03" not in drawn.plan.loads
    assert convened.refuses(Refused, lambda: assign(convened, "专家03")) == (
        f"专家03 虚构陈某—沈阳市“{YUNFAN}”不能分派：没有填所在城市，本轮规定同市专家回避，请先补填。"
    )
    same = convened.refuses(Refused, lambda: assign(convened, "专家01"))
    assert same == f"专家01 王专家—沈阳市“{YUNFAN}”不能分派：专家与申报同在沈阳市，按本轮规定回避。"


def test_one_more_by_hand_and_taken_back(convened: Office) -> None:
    number = assign(convened)
    entry = convened.last()
    assert (entry.action, entry.what, entry.why) == ("assignment.added", f"分派{PAIR}", "加派")
    assert convened.refuses(Refused, lambda: assign(convened)) == f"{PAIR}不能分派：已经分派。"
    values = {"content": {}, "saved_at": datetime.combine(TODAY, datetime.min.time())}
    with convened.app.writer.begin() as connection:
        connection.execute(tables.score_drafts.insert().values(assignment_id=number, **values))
    unassign(convened, number)
    entry = convened.last()
    assert (entry.action, entry.what, entry.why) == ("assignment.ended", f"撤回分派{PAIR}", "派错")
    assert (held(convened)[YUNFAN], convened.dump()["score_drafts"]) == ([], [])
    assert [each.end_reason for each in seen(convened).ended] == ["派错"]
    assert convened.refuses(Refused, lambda: unassign(convened, number)) == f"{PAIR}：分派已经撤回，无需再办。"
    assert convened.refuses(Refused, lambda: unassign(convened, 99)) == "没有这项分派，请刷新页面。"
    assign(convened)
    assert held(convened)[YUNFAN] == [FENG]


def test_what_is_handed_in_is_not_taken_back(convened: Office) -> None:
    number = assign(convened)
    handed_in(convened, number, 80)
    assert convened.refuses(Refused, lambda: unassign(convened, number)) == (
        f"{PAIR}：评分已经提交，不能撤回分派。需要重评的，请先退回重评；需要回避的，请在“回避”中定为回避。"
    )


def test_the_second_person_who_takes_an_assignment_back_is_told(convened: Office) -> None:
    [number] = assigned(convened, ("专家01", YUNFAN), cleared=False)
    recusals.clear(convened.app, convened.expert, number)
    sentence = convened.refuses(Stale, lambda: unassign(convened, number))
    assert sentence.startswith(f"专家01 王专家—沈阳市“{YUNFAN}”的分派已由王专家于2026-05-20 ")


def test_only_what_passes_is_assigned_and_only_to_members(convened: Office) -> None:
    assert convened.refuses(Refused, lambda: assign(convened, FENG, "虚构市北辰服务平台")) == (
        "“虚构市北辰服务平台”的审核结论不是“达标”，不评审。请先办完条件审核。"
    )
    _fewer(convened)
    sentence = convened.refuses(Refused, lambda: assign(convened))
    assert sentence == f"{PAIR}不能分派：不是本轮的评审专家。"
    for pair in ((99, FENG), (ids(convened, FENG, YUNFAN)[2], "")):
        number = 99 if pair[1] == "" else ids(convened, FENG, YUNFAN)[1]
        sentence = convened.refuses(
            Refused,
            lambda pair=pair, number=number: assigning.assign(
                convened.app, convened.staff, convened.round_id, pair[0], number, "x"
            ),
        )
        assert sentence == "没有这个申报或者这位专家，请刷新页面后重新选择。"


def test_nothing_is_drawn_before_there_is_what_it_rests_on(office: Office) -> None:
    def said() -> str:
        with pytest.raises(Refused) as refused:
            draw(office.app, office.round_id, 1)
        return str(refused.value)

    assert said() == NOT_OPEN
    scoring_settings.decide(office.app, office.staff, office.round_id, draft({"experts": 1}), "甲", 0, "x")
    assert said() == "还没有审核达标的创建申报，没有可以分派的。请先办完条件审核。"
    number = office.application(SHENYANG, "pt-001").id
    with office.app.writer.begin() as connection:
        table = tables.assessments
        connection.execute(table.update().where(table.c.application_id == number).values(verdict="pass"))
    assert said() == "本轮还没有可以分派的专家。请先在“专家”中登记，并勾选参加本轮的专家。"
