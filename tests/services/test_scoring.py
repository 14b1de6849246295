"""An expert's sheet: kept as typed, handed in once, given back; nobody reaches what is not the own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from core.accounts import Actor
from core.errors import Refused, Stale
from core.lifecycle.entries import Identity
from core.services import recusals, review, scoring
from core.services.casework import Casework, New
from core.services.own_sheets import NOTHING, RANGE, draft_of, own_sheet, own_sheets
from core.services.panel import panel, sheet_of
from core.services.scoring import CHANGED, GONE, UNREADABLE, SheetRefused
from core.store import tables
from core.store.unit import Entry
from tests.conftest import one_database
from tests.office import DALIAN, TODAY, Office
from tests.panels import DECIDED, WANGHAI, XINGHE, YUNFAN, assigned, handed_in, recused, seen
from tests.scoring.documents import CODES, RUBRIC

NAMES = RUBRIC.names
FULL: dict[str, dict[str, str]] = {"scores": dict.fromkeys(CODES, "80"), "comments": {}, "counts": {}}


@pytest.fixture
def sheet(convened: Office) -> int:
    """A sheet of the office's expert, on which no conflict was declared."""
    return assigned(convened, ("专家01", YUNFAN))[0]


def save(office: Office, number: int, content: Any, version: int = 0, settings: int = 1) -> int:
    """Keeps a draft, as the office's expert."""
    return scoring.save_draft(office.app, office.expert, number, content, version, settings)


def submit(office: Office, number: int, content: Any = FULL, version: int = 0, settings: int = 1) -> None:
    """Hands it in, as the office's expert."""
    scoring.submit(office.app, office.expert, number, content, version, settings)


def kept(office: Office, number: int) -> tuple[dict[str, dict[str, str]], int]:
    """What stands in the boxes of a sheet, and its version."""
    with office.app.reader.connect() as connection:
        draft = draft_of(connection, own_sheet(office.app, connection, office.expert, number))
    return draft.texts, draft.version


def entries(office: Office) -> list[tuple[int, str, str, str]]:
    """Entries of sheets: number, kind, via, who."""
    table = tables.score_entries
    query = sa.select(table.c.number, table.c.kind, table.c.via, table.c.who).order_by(
        table.c.assignment_id, table.c.number
    )
    with office.app.reader.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def anew(office: Office) -> None:
    """Rows that a test writes past the services are in no ledger: what is remembered must be asked again."""
    office.app.remembered.clear()


def test_what_is_typed_is_kept_as_it_is_typed_and_is_no_act(convened: Office, sheet: int) -> None:
    before = convened.entries()
    typed = {"scores": {"content": "８０.", "path": "高"}, "comments": {"content": "甲\n 乙 "}, "counts": {}}
    assert save(convened, sheet, typed) == 1
    assert kept(convened, sheet) == (typed, 1)
    more = typed | {"counts": {"innovation": "两条"}}
    assert save(convened, sheet, more, version=1) == 2
    assert kept(convened, sheet) == (more, 2)
    assert convened.entries() == before
    assert seen(convened).locked


def test_what_is_emptied_again_locks_nothing(convened: Office, sheet: int) -> None:
    save(convened, sheet, {"scores": {"path": "1"}})
    assert seen(convened).locked
    save(convened, sheet, {"scores": {"path": " "}}, version=1)
    assert (kept(convened, sheet)[0]["scores"], seen(convened).locked) == ({}, False)


def test_of_two_windows_the_second_is_told_and_nothing_is_overwritten(convened: Office, sheet: int) -> None:
    save(convened, sheet, {"scores": {"path": "1"}})
    said = convened.refuses(Stale, lambda: save(convened, sheet, {"scores": {"path": "2"}}))
    assert said == f"“{YUNFAN}”的评审已在另一个窗口改过，这里的改动没有写入。请核对后选用其中一份。"
    assert convened.refuses(Stale, lambda: submit(convened, sheet)) == said
    # the same again is an answer that got lost, not another window
    assert save(convened, sheet, {"scores": {"path": "1"}}) == 1


def test_handing_in_locks_and_the_ledger_knows_no_score(convened: Office, sheet: int) -> None:
    content = FULL | {"scores": FULL["scores"] | {"path": "６6.50"}, "comments": {"path": " 可行 "}}
    version = save(convened, sheet, content)
    submit(convened, sheet, content, version)
    entry = convened.last()
    assert (entry.action, entry.subject, entry.what, entry.why) == (
        "score.submitted",
        YUNFAN,
        f"提交对沈阳市“{YUNFAN}”的评审。",
        "",
    )
    assert entry.details["scores"] == [[sheet, 1]]
    assert "66" not in str({**entry.details, "scores_sha256": ""})
    [stored] = seen(convened).assignments
    assert stored.content == {
        "scores": dict.fromkeys(CODES, "80") | {"path": "66.50"},
        "comments": {"path": "可行"},
        "counts": {},
    }
    assert (stored.state, stored.via, stored.number) == ("submitted", "app", 1)
    with convened.app.reader.connect() as connection:
        assert connection.execute(sa.select(tables.score_drafts)).all() == []
    locked = f"“{YUNFAN}”的评审已经提交，不能再改。确需修改的，请与省厅经办联系，由经办退回重评。"
    for again in (lambda: submit(convened, sheet, content, version), lambda: save(convened, sheet, content, RANGE)):
        assert convened.refuses(Refused, again) == locked
    assert entries(convened) == [(1, "submitted", "app", "王专家")]


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_handed_in(convened: Office, sheet: int) -> None:
    scores = {"content": "八十", "innovation": "100.01", "demonstration": "1e1", "path": "-1", "assurance": "80.005"}
    content = {"scores": scores, "comments": {}, "counts": {"innovation": "-1", "path": "几"}}
    with pytest.raises(SheetRefused) as refused:
        submit(convened, sheet, content)
    scale = "不在可打的分数之内（0 至 100 分，每 0.01 分一档），请改正。"
    assert refused.value.problems == {
        "content": (f"“{NAMES['content']}”的得分填的“八十”不是数，请改正。",),
        "innovation": (f"“创新特色”打了 100.01 分，{scale}", "“创新特色”数出的条数不能小于 0。"),
        "demonstration": ("“示范引领”的得分填的“1e1”不是数，请改正。",),
        "path": ("“实施路径”数出的条数填的“几”不是整数，请改正。", f"“实施路径”打了 -1 分，{scale}"),
        "orientation": ("“预期导向”还没有打分。",),
        "assurance": (f"“保障协同”打了 80.005 分，{scale}",),
    }
    assert entries(convened) == []


def test_comments_are_asked_for_where_the_round_does(convened: Office, sheet: int) -> None:
    decide(convened, DECIDED | {"comments": "each"}, 2)
    with pytest.raises(SheetRefused) as refused:
        submit(convened, sheet, FULL | {"comments": dict.fromkeys(CODES[1:], "好")}, settings=2)
    assert refused.value.problems == {"content": ("“创建内容”还没有写评语。",)}
    submit(convened, sheet, FULL | {"comments": dict.fromkeys(CODES, "好")}, settings=2)
    assert entries(convened) == [(1, "submitted", "app", "王专家")]


def test_fewer_than_the_rubric_demands_is_noted_and_hinders_nothing(convened: Office, sheet: int) -> None:
    submit(convened, sheet, FULL | {"counts": {"innovation": "１"}})
    assert seen(convened).assignments[0].content["counts"] == {"innovation": 1}


def decide(office: Office, content: dict[str, Any], version: int) -> None:
    """The round decides anew."""
    with office.app.writer.begin() as connection:
        connection.execute(tables.scoring_settings.update().values(content=content, version=version))
    anew(office)


def test_settings_that_changed_in_between_are_told(convened: Office, sheet: int) -> None:
    save(convened, sheet, {"comments": {"path": "甲"}})
    decide(convened, DECIDED | {"scale": {"top": "10", "step": "1"}}, 2)
    for late in (
        lambda: save(convened, sheet, {"scores": {"path": "80"}}, version=1),
        lambda: submit(convened, sheet, FULL, version=1),
    ):
        assert convened.refuses(Stale, late) == CHANGED
    assert save(convened, sheet, {"scores": {"path": "8"}}, version=1, settings=2) == 2


def test_a_sheet_given_back_begins_with_what_was_handed_in(convened: Office, sheet: int) -> None:
    content = FULL | {"counts": {"innovation": "3"}, "comments": {"path": "甲"}}
    submit(convened, sheet, content)
    scoring.reopen(convened.app, convened.staff, sheet, 1, " 漏看佐证 ")
    entry = convened.last()
    assert (entry.action, entry.what, entry.why) == (
        "score.reopened",
        f"把专家01对沈阳市“{YUNFAN}”的评审退回重评。",
        "漏看佐证",
    )
    assert kept(convened, sheet) == (content, 2 * RANGE)
    assert seen(convened).assignments[0].state == "reopened"
    with convened.app.reader.connect() as connection:
        assert own_sheet(convened.app, connection, convened.expert, sheet).why == "漏看佐证"
    # a window left open from before it is out of date
    convened.refuses(Stale, lambda: save(convened, sheet, {"scores": {"path": "1"}}, version=0))
    again = content | {"scores": content["scores"] | {"path": "81"}}
    submit(convened, sheet, again, save(convened, sheet, again, 2 * RANGE))
    assert [kind for _, kind, _, _ in entries(convened)] == ["submitted", "reopened", "submitted"]
    stored = seen(convened).assignments[0]
    assert (stored.number, str(sheet_of("", stored.content).scores["path"])) == (3, "81")


def test_giving_back_needs_a_reason_and_what_was_seen(convened: Office, sheet: int) -> None:
    app, staff = convened.app, convened.staff
    named = f"专家01对沈阳市“{YUNFAN}”的评审"
    not_yet = convened.refuses(Refused, lambda: scoring.reopen(app, staff, sheet, 0, "甲"))
    assert not_yet == f"{named}还没有提交，专家可以直接修改，不用退回。"
    submit(convened, sheet)
    assert convened.refuses(Refused, lambda: scoring.reopen(app, staff, sheet, 1, " ")) == "请写明理由，供日后核查。"
    late = convened.refuses(Stale, lambda: scoring.reopen(app, staff, sheet, 0, "甲"))
    first = f"王专家于{convened.last().at:%Y-%m-%d %H:%M}"
    assert late == f"{named}已由{first}修改，您的改动没有写入。请刷新页面，核对后再办。"
    scoring.reopen(app, staff, sheet, 1, "甲")
    late = convened.refuses(Stale, lambda: scoring.reopen(app, convened.second, sheet, 1, "甲"))
    assert late.startswith(f"{named}已由李经办于")
    assert convened.refuses(Refused, lambda: scoring.reopen(app, staff, 999, 1, "甲")) == GONE


def reached(office: Office, number: int, actor: Actor | None = None) -> set[str]:
    """With what everything that an expert could do with a sheet is refused."""
    person = actor or office.expert
    works = (
        lambda: scoring.save_draft(office.app, person, number, {}, 0, 1),
        lambda: scoring.submit(office.app, person, number, FULL, 0, 1),
    )
    return {office.refuses(Refused, work) for work in works}


def test_what_is_not_the_own_is_as_if_it_were_not_there(convened: Office) -> None:
    own, other, barred, ended = assigned(
        convened, ("专家01", YUNFAN), ("专家02", YUNFAN), ("专家01", WANGHAI), ("专家01", XINGHE)
    )
    handed_in(convened, barred, 80)
    recused(convened, "专家01", WANGHAI, "pinned")
    with convened.app.writer.begin() as connection:
        gone = {"ended_at": convened.app.clock.now(), "end_reason": "改派"}
        connection.execute(tables.assignments.update().where(tables.assignments.c.id == ended).values(**gone))
    for number in (other, barred, ended, 999):
        assert reached(convened, number) == {NOTHING}
    # an account of an expert's that nobody in the list of experts has
    assert reached(convened, own, replace(convened.expert, id=convened.staff.id)) == {NOTHING}
    with convened.app.writer.begin() as connection:
        connection.execute(tables.experts.update().values(active=False))
    anew(convened)
    assert reached(convened, own) == {NOTHING}


def taken_away_by_a_note(office: Office, named: int, left: int) -> bool:
    """Whether a note that names the expert's unit takes that one sheet away, and only that."""
    known = {each.id: each for each in seen(office).assignments}
    review.add_note(office.app, office.staff, known[named].application_id, "由虚构评审中心代编")
    with office.app.reader.connect() as connection:
        found = own_sheets(office.app, connection, office.expert)
    pair = known[named].expert_id, known[named].application_id
    recusals.set_aside(office.app, office.staff, office.round_id, *pair, "只是提到")
    return set(found) == {left}


def test_what_an_expert_may_is_kept_until_an_act_can_have_changed_it(convened: Office, sheet: int) -> None:
    app, staff = convened.app, convened.staff
    other, third = assigned(convened, ("专家02", YUNFAN), ("专家01", WANGHAI))
    anew(convened)
    with app.reader.connect() as connection:
        held = own_sheets(app, connection, convened.expert)
        # another's sheet is given back: nothing that this expert's sheets rest on
        handed_in(convened, other, 70)
        scoring.reopen(app, staff, other, 1, "漏看佐证")
        review.add_note(app, staff, convened.application(DALIAN, "pt-001").id, "与这位专家无关")
    with app.reader.connect() as connection:
        assert own_sheets(app, connection, convened.expert) is held
    assert taken_away_by_a_note(convened, sheet, third)
    submit(convened, third)
    with app.reader.connect() as connection:
        assert own_sheets(app, connection, convened.expert)[third].assigned.state == "submitted"
    save(convened, sheet, {"comments": {"path": "甲"}})
    known = seen(convened)
    expert, application = known.assignments[0].expert_id, known.assignments[0].application_id
    recusals.pin(app, staff, convened.round_id, expert, application, "曾任职")
    assert reached(convened, sheet) == {NOTHING}


def test_nothing_is_scored_before_the_question_of_conflicts_is_answered(convened: Office) -> None:
    [number] = assigned(convened, ("专家01", YUNFAN), cleared=False)
    assert reached(convened, number) == {f"请先说明与“{YUNFAN}”的申报单位有无利害关系，再打分。"}


@pytest.mark.parametrize(
    "content",
    [
        {"scores": {"path": 80}},
        {"scores": ["80"]},
        {"marks": {}},
        {"scores": {"annex9": "80"}},
        {"scores": {"path": "8" * 13}},
        {"comments": {"path": "长" * 2001}},
    ],
)
@one_database
def test_what_is_not_from_our_form_is_not_kept(convened: Office, sheet: int, content: Any) -> None:
    assert convened.refuses(Refused, lambda: save(convened, sheet, content)) == UNREADABLE


@one_database
def test_one_application_is_read_like_all_of_them(convened: Office, sheet: int) -> None:
    whole = seen(convened)
    with convened.app.reader.connect() as connection:
        own = own_sheet(convened.app, connection, convened.expert, sheet)
        assert own.subject == whole.subjects[own.assigned.application_id]
        assert own.assigned == panel(convened.app, connection, convened.round_id).assignments[0]
    assert (own.settings, own.rubric, own.year) == (whole.settings, whole.rubric, whole.year)


def test_what_was_decided_on_stays_as_it_was(convened: Office, sheet: int) -> None:
    number = seen(convened).assignments[0].application_id
    first = Identity(YUNFAN, "虚构市云帆服务中心", "")
    with convened.app.unit(convened.staff) as unit:
        work = Casework(convened.app, unit)
        case = work.begin(first, kind="platform", city="沈阳市", standard_id="ln-2025-draft", application_id=number)
        work.enter(case, New("recommended", TODAY))
        unit.record(Entry("selection.applied", "case", case, "", "", "", details=work.save()))
    submit(convened, sheet)
    scoring.reopen(convened.app, convened.staff, sheet, 1, "请复核")
    save(convened, sheet, FULL, RANGE * 2)
    with convened.app.unit(convened.staff) as unit:
        work = Casework(convened.app, unit, [case])
        work.enter(case, New("not_selected", TODAY, {}, "虚构纪要1号", "名额所限"))
        unit.record(Entry("selection.applied", "case", case, "", "", "", details=work.save()))
    said = (
        f"“{YUNFAN}”已经登记选定结果，评分从此不能改动。"
        "确需改动的，请与省厅经办联系，先在“创建对象”中作废选定的那一条。"
    )
    for act in (
        lambda: save(convened, sheet, FULL, RANGE * 2 + 1),
        lambda: submit(convened, sheet, FULL, RANGE * 2 + 1),
    ):
        assert convened.refuses(Refused, act) == said
