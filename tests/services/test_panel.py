"""What scoring rests on: who counts, what is missing, and when the settings hold."""

from __future__ import annotations

import pytest

from core.errors import Refused
from core.services import review
from core.services.panel import NOT_OPEN
from core.store import tables
from tests.office import SHENYANG, Office
from tests.panels import ANSHAN, WANGHAI, XINGHE, YUNFAN, assigned, handed_in, recused, seen


def totals(office: Office) -> dict[str, str]:
    """What each application comes to, or what is missing."""
    known = seen(office)
    return {
        known.subjects[number].name: result.gap or str(result.total.aggregate)
        for number, result in known.results().items()
    }


def test_what_is_scored_stands_in_official_order_and_only_what_passes_is_eligible(convened: Office) -> None:
    assert [(each.city, each.name, each.kind, each.eligible) for each in seen(convened).subjects.values()] == [
        ("沈阳市", YUNFAN, "platform", True),
        ("沈阳市", WANGHAI, "base", True),
        ("大连市", "虚构市北辰服务平台", "platform", False),
        ("大连市", XINGHE, "platform", True),
        ("沈抚示范区", ANSHAN, "platform", True),
    ]


def test_a_missing_expert_is_told_and_not_averaged_away(convened: Office) -> None:
    one, two, three = assigned(convened, ("专家01", YUNFAN), ("专家02", YUNFAN), ("专家01", WANGHAI))
    handed_in(convened, one, 80)
    handed_in(convened, three, 90)
    found = totals(convened)
    assert found[YUNFAN] == "还差 1 位专家的评分（专家02），暂不计算得分。"
    assert found[WANGHAI] == "应由 2 位专家评审，只分派了 1 位，暂不计算得分。"
    assert found[ANSHAN] == "应由 2 位专家评审，只分派了 0 位，暂不计算得分。"
    handed_in(convened, two, 71)
    assert totals(convened)[YUNFAN] == "151/2"


def test_a_recused_expert_counts_for_nothing(convened: Office) -> None:
    one, two = assigned(convened, ("专家01", YUNFAN), ("专家02", YUNFAN))
    handed_in(convened, one, 80)
    handed_in(convened, two, 70)
    assert totals(convened)[YUNFAN] == "75"
    recused(convened, "专家02", YUNFAN, "declared")
    assert totals(convened)[YUNFAN] == "应由 2 位专家评审，只分派了 1 位，暂不计算得分。"


def test_what_was_written_while_checking_gives_a_hint(convened: Office) -> None:
    number = convened.application(SHENYANG, "pt-001").id
    known = seen(convened)
    [expert] = [each.id for each in known.experts.values() if each.code == "专家02"]
    assert known.grounds(expert, number) == ()
    review.add_note(convened.app, convened.staff, number, "聘书一份，受聘人虚构冯某")
    [ground] = seen(convened).grounds(expert, number)
    assert (ground.source, ground.sentence) == ("named", "〔经办备注〕里有“虚构冯某”，请核对是不是这位专家。")


def test_a_score_locks_the_settings_even_if_it_is_only_typed(convened: Office) -> None:
    [one] = assigned(convened, ("专家01", YUNFAN))
    draft = tables.score_drafts
    with convened.app.writer.begin() as connection:
        now = convened.app.clock.now()
        connection.execute(draft.insert().values(assignment_id=one, content={"comments": {"path": "甲"}}, saved_at=now))
    assert not seen(convened).locked
    with convened.app.writer.begin() as connection:
        connection.execute(draft.update().values(content={"scores": {"path": "1"}}))
    assert seen(convened).locked


def test_without_settings_there_is_no_result(office: Office) -> None:
    known = seen(office)
    assert (known.settings, known.settings_version, known.locked) == (None, 0, False)
    with pytest.raises(Refused) as refused:
        known.results()
    assert str(refused.value) == NOT_OPEN
