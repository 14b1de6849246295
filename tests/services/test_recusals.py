"""Recusal: decided, declared, ended; what bars a pair ends its assignment in the same act, by whomever and whenever."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.errors import Refused
from core.services import recusals, review
from core.services.own_sheets import NOTHING
from core.services.panel import Assigned
from core.store import tables
from tests.office import SHENYANG, TODAY, Office
from tests.panels import ANSHAN, WANGHAI, YUNFAN, assigned, handed_in, recused, seen

FENG, WANG = "专家02", "专家01"
PAIR = f"专家02 虚构冯某—沈阳市“{YUNFAN}”"


def ids(office: Office, code: str, name: str) -> tuple[int, int, int]:
    """The round, the expert and the application."""
    known = seen(office)
    [expert] = [each.id for each in known.experts.values() if each.code == code]
    [application] = [each.id for each in known.subjects.values() if each.name == name]
    return office.round_id, expert, application


def pin(office: Office, code: str = FENG, name: str = YUNFAN, reason: str = "曾任顾问") -> str:
    return recusals.pin(office.app, office.staff, *ids(office, code, name), reason)


def set_aside(office: Office, code: str = FENG, name: str = YUNFAN, reason: str = "同名不同人") -> str:
    return recusals.set_aside(office.app, office.staff, *ids(office, code, name), reason)


def sources(office: Office, code: str = FENG, name: str = YUNFAN) -> list[str]:
    """What is against a pair."""
    _, expert, application = ids(office, code, name)
    return [each.source for each in seen(office).grounds(expert, application)]


def named(office: Office) -> None:
    """Staff wrote 冯某's name about 云帆: a hint."""
    review.add_note(office.app, office.staff, office.application(SHENYANG, "pt-001").id, "聘书一份，受聘人虚构冯某")


def typed(office: Office, assignment_id: int) -> None:
    """Something is typed and not handed in."""
    values = {"content": {"scores": {"path": "1"}}, "saved_at": datetime.combine(TODAY, datetime.min.time())}
    with office.app.writer.begin() as connection:
        connection.execute(tables.score_drafts.insert().values(assignment_id=assignment_id, **values))


def ended(office: Office) -> list[tuple[int, str]]:
    """The assignments that ended, and why."""
    return [(each.id, each.end_reason) for each in seen(office).ended]


def own(office: Office, assignment_id: int) -> Assigned:
    return next(each for each in seen(office).assignments if each.id == assignment_id)


def test_what_staff_pin_bars_and_ends_the_assignment_with_its_draft(convened: Office) -> None:
    one, two = assigned(convened, (FENG, YUNFAN), (FENG, WANGHAI))
    typed(convened, one)
    typed(convened, two)
    assert pin(convened) == f"工作人员定为回避：{PAIR}；这一项分派随之撤回，已交的评分留存、不计入。"
    assert sources(convened) == ["pinned"]
    assert ended(convened) == [(one, "回避：曾任顾问")]
    assert [row[0] for row in convened.dump()["score_drafts"]] == [two]
    entry = convened.last()
    assert (entry.action, entry.subject, entry.why, entry.round_id) == (
        "recusal.pinned", YUNFAN, "曾任顾问", convened.round_id,
    )  # fmt: skip
    assert entry.what == f"工作人员定为回避：{PAIR}；这一项分派随之撤回，已交的评分留存、不计入"
    _, expert, application = ids(convened, FENG, YUNFAN)
    assert entry.details == {"expert": expert, "application": application, "ended": one}
    assert convened.refuses(Refused, lambda: pin(convened)) == f"{PAIR}已经定为回避，无需再办。"
    assert convened.refuses(Refused, lambda: pin(convened, name=WANGHAI, reason=" ")) == "请写明理由，供日后核查。"


def test_without_an_assignment_nothing_ends(convened: Office) -> None:
    assert pin(convened) == f"工作人员定为回避：{PAIR}。"
    assert ended(convened) == []


def test_a_sheet_that_was_handed_in_stays_on_file_and_counts_for_nothing(convened: Office) -> None:
    one, two = assigned(convened, (WANG, YUNFAN), (FENG, YUNFAN))
    handed_in(convened, one, 80)
    handed_in(convened, two, 60)
    application = ids(convened, FENG, YUNFAN)[2]
    assert str(seen(convened).results()[application].total.aggregate) == "70"
    pin(convened)
    found = seen(convened).results()[application]
    assert (found.total.aggregate, found.handed_in, found.lacking) == (None, (WANG,), 1)
    assert len(convened.dump()["score_entries"]) == 2


def test_a_hint_is_set_aside_only_where_there_is_one_and_pinning_takes_its_place(convened: Office) -> None:
    none = convened.refuses(Refused, lambda: set_aside(convened))
    assert none == f"{PAIR}没有需要核对的提示，无需办理。"
    named(convened)
    assert sources(convened) == ["named"]
    assert set_aside(convened) == f"核对无关：{PAIR}。"
    assert sources(convened) == []
    assert convened.last().action == "recusal.set_aside"
    assert convened.refuses(Refused, lambda: set_aside(convened)) == none
    pin(convened)
    assert sources(convened) == ["pinned", "named"]
    standing = [row for row in convened.dump()["recusals"] if row[-1] is None]
    assert [row[4] for row in standing] == ["pinned"]
    sentence = convened.refuses(Refused, lambda: set_aside(convened))
    assert sentence == f"{PAIR}已经定为回避；确实无关的，请先解除回避。"


def test_an_ended_recusal_brings_no_assignment_back(convened: Office) -> None:
    assigned(convened, (FENG, YUNFAN))
    pin(convened)
    number = convened.row(tables.recusals, kind="pinned").id
    sentence = recusals.end(convened.app, convened.second, number, "登记错了")
    assert sentence == f"解除“工作人员定为回避”：{PAIR}。"
    assert (sources(convened), seen(convened).assignments) == ([], ())
    assert (convened.last().action, convened.last().who, convened.last().why) == ("recusal.ended", "赵经办", "登记错了")
    again = convened.refuses(Refused, lambda: recusals.end(convened.app, convened.staff, number, "x"))
    assert again == f"{PAIR}：“工作人员定为回避”已经解除，无需再办。"
    assert convened.refuses(Refused, lambda: recusals.end(convened.app, convened.staff, 99, "x")) == (
        "没有这条回避，请刷新页面。"
    )


def test_a_hint_that_holds_again_ends_what_was_assigned_meanwhile(convened: Office) -> None:
    named(convened)
    set_aside(convened)
    [one] = assigned(convened, (FENG, YUNFAN))
    number = convened.row(tables.recusals, kind="set_aside").id
    told = recusals.end(convened.app, convened.staff, number, "核对有误")
    assert told == f"解除“核对无关”：{PAIR}；这一项分派随之撤回，已交的评分留存、不计入。"
    assert ended(convened) == [(one, "回避：〔经办备注〕里有“虚构冯某”，请核对是不是这位专家。")]


def test_an_expert_declares_and_staff_end_it_at_the_experts_word(convened: Office) -> None:
    [one] = assigned(convened, (WANG, YUNFAN), cleared=False)
    silent = convened.refuses(Refused, lambda: recusals.declare(convened.app, convened.expert, one, " "))
    assert silent == "请写明回避的理由，例如：与申报单位有合作、亲属在该单位任职。"
    assert recusals.declare(convened.app, convened.expert, one, "曾为其提供咨询") == (
        f"已登记您对“{YUNFAN}”的回避，不再由您评审。"
    )
    assert (sources(convened, WANG), ended(convened)) == (["declared"], [(one, "回避：曾为其提供咨询")])
    entry = convened.last()
    assert (entry.action, entry.who, entry.why) == ("recusal.declared", "王专家", "曾为其提供咨询")
    number = convened.row(tables.recusals, kind="declared").id
    recusals.end(convened.app, convened.staff, number, "王专家6月1日来函说明系同名单位")
    assert sources(convened, WANG) == []


def test_a_conflict_found_late_is_declared_after_the_sheet_was_handed_in(convened: Office) -> None:
    [one] = assigned(convened, (WANG, YUNFAN))
    handed_in(convened, one, 80)
    recusals.declare(convened.app, convened.expert, one, "事后得知亲属任职")
    assert ended(convened) == [(one, "回避：事后得知亲属任职")]
    assert len(convened.dump()["score_entries"]) == 1


def test_an_expert_who_has_nothing_to_declare_says_so_once(convened: Office) -> None:
    [one] = assigned(convened, (WANG, YUNFAN), cleared=False)
    assert own(convened, one).state == "unseen"
    recusals.clear(convened.app, convened.expert, one)
    assert own(convened, one).state == "open"
    entry = convened.last()
    assert (entry.action, entry.what) == ("recusal.cleared", f"专家01 王专家声明与“{YUNFAN}”没有利害关系")
    again = convened.refuses(Refused, lambda: recusals.clear(convened.app, convened.expert, one))
    assert again == f"您已经声明与“{YUNFAN}”没有利害关系，可以直接评审。"


def test_what_is_not_ones_own_is_refused_in_the_same_words_as_what_is_not_there(convened: Office) -> None:
    theirs, barred, gone = assigned(convened, (FENG, YUNFAN), (WANG, WANGHAI), (WANG, ANSHAN), cleared=False)
    recused(convened, WANG, WANGHAI)
    recusals.declare(convened.app, convened.expert, gone, "有合作")
    for number in (theirs, barred, gone, 999):
        for act in (
            lambda number=number: recusals.declare(convened.app, convened.expert, number, "x"),
            lambda number=number: recusals.clear(convened.app, convened.expert, number),
        ):
            assert convened.refuses(Refused, act) == NOTHING


@pytest.mark.parametrize("act", [recusals.pin, recusals.set_aside])
def test_a_pair_that_is_not_there_is_refused(convened: Office, act: object) -> None:
    round_id, expert, application = ids(convened, FENG, YUNFAN)
    for pair in ((expert, 999), (999, application)):
        sentence = convened.refuses(
            Refused,
            lambda pair=pair: act(convened.app, convened.staff, round_id, *pair, "x"),  # type: ignore[operator]
        )
        assert sentence == "没有这位专家或者这个申报，请刷新页面后重新选择。"
