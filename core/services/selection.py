"""Use cases of 拟创建对象: which 创建申报 become cases, and which of them are proposed (第七条（一）、（二）).

People choose, each with a reason; scores and the pass line are in front of them and decide nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.publication.lint_words import ranked
from core.scoring.results import Result
from core.services.accounts import required_reason
from core.services.candidates import Candidate, candidates_and_gone
from core.services.casework import Casework, New
from core.services.panel import panel
from core.services.selection_rules import Choice, Ground, Weighed, named, weigh
from core.standards import loader
from core.store.queries import one
from core.store.tables import recommenders, rounds, selection_drafts
from core.store.unit import Entry, Unit
from core.working_days.periods import long_day

LONGEST: Final = 500  # characters of words and of grounds
NO_DOCUMENT: Final = "请写明审定的依据文件（如会议纪要的文号）。"


@dataclass(frozen=True, slots=True)
class Decided:
    """What an act led to: cases begun, listed and not listed, and the applications left for later.

    `sentence` says it, with whom was left and what to look at.
    """

    opened: tuple[int, ...]
    selected: tuple[int, ...]
    declined: tuple[int, ...]
    later: tuple[int, ...]
    sentence: str


def ground_of(app: App, connection: sa.Connection, round_id: int) -> Ground:
    """What a choice of a round is made on, as it stands on this connection."""
    scoring = panel(app, connection, round_id)
    return ground_with(connection, round_id, None if scoring.settings is None else scoring.results())


def ground_with(connection: sa.Connection, round_id: int, results: Mapping[int, Result] | None) -> Ground:
    """The same where it is known what the scores come to; None: the round has decided nothing about scoring."""
    settings = one(connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
    found, gone = candidates_and_gone(connection, round_id)
    query = sa.select(recommenders.c.city, recommenders.c.quota).where(recommenders.c.round_id == round_id)
    return Ground(
        loader.load(settings.standard_id).rubric,
        {each.application_id: each for each in found},
        results,
        {row.city: row.quota for row in connection.execute(query)},
        settings.over_quota == "refuse",
        tuple(gone),
    )


def decide(
    app: App,
    actor: Actor,
    round_id: int,
    *,
    day: date,
    choices: Mapping[int, Choice],
    minutes: str,
    why: str,
    later: Collection[int] = (),
    later_why: str = "",
    draft: tuple[int, int] | None = None,
) -> Decided:
    """Begins a case for every held 创建申报 without one, and enters in the same act who is listed and who is not.

    `choices` and `later` name applications and together all that wait: those nobody thought of are refused by name.
    `minutes` names the document of the decision, `why` the grounds of the whole, `later_why` why some are left for
    another day, where they are caught up by the same act. `draft`: the draft it was read from, with the version
    that the person had in front of them; Stale where it has been changed since.
    """
    actor.require(Permission.ACT_ON_CASES)
    minutes, why, later_why = minutes.strip(), why.strip(), later_why.strip()
    if choices:
        why = required_reason(why)
        if not minutes:
            raise Refused(NO_DOCUMENT)
    if later and not later_why:
        raise Refused("请写明为什么留待以后。")
    _refuse_scores(why, later_why)
    with app.unit(actor) as unit:
        if draft is not None:
            _hold(unit, actor, round_id, *draft)
        ground = ground_of(app, unit.connection, round_id)
        weighed = weigh(ground, choices, later)
        if weighed.problems:
            raise Refused("".join(weighed.problems))
        year = unit.execute(sa.select(rounds.c.year).where(rounds.c.id == round_id)).scalar_one()
        work = Casework(app, unit, [each.case_id for each in ground.candidates.values() if each.case_id is not None])
        opened, case_of = _begin_all(work, ground, round_id, day, unit)
        for number in (*weighed.selected, *weighed.declined):
            choice = choices[number]
            reason = ground.rubric.reason(choice.reason)
            written = "" if reason is None else reason.written(choice.words.strip())
            work.enter(case_of[number], New(choice.outcome, day, {}, minutes, written))
        if not (opened or choices):
            raise Refused("没有新的创建申报，也没有选定或者不选定的对象，无需办理。")
        left = [ground.candidates[number] for number in weighed.later]
        made = Decided(
            tuple(opened),
            tuple(case_of[number] for number in weighed.selected),
            tuple(case_of[number] for number in weighed.declined),
            weighed.later,
            f"{_sentence(year, day, len(opened), weighed, left)}{''.join(weighed.cautions)}",
        )
        details = work.save() | {
            "opened": list(made.opened),
            "selected": list(made.selected),
            "declined": list(made.declined),
            "reasons": {str(case_of[number]): _plain(choices[number]) for number in choices},
            "later": [[each.city, each.name] for each in left],
            "later_why": later_why,
            "minutes": minutes,
            "draft": None if draft is None else draft[0],
        }
        what = made.sentence.removesuffix("。")
        told = "；".join(text for text in (why, f"留待以后：{later_why}" if later_why else "") if text)
        version = None if draft is None else draft[1]
        unit.record(
            Entry("selection.applied", "round", round_id, f"{year}年度", what, told, round_id, version, details)
        )
    return made


def _hold(unit: Unit, actor: Actor, round_id: int, draft_id: int, version: int) -> None:
    """Holds the act to the draft that was on the screen."""
    table = selection_drafts
    own = sa.select(table.c.version).where(
        table.c.id == draft_id, table.c.round_id == round_id, table.c.owner_id == actor.id
    )
    if unit.execute(own).scalar() != version:
        raise Stale("这份选定方案已在别的窗口改动，没有登记。请刷新页面，核对后再办。")


def _begin_all(
    work: Casework, ground: Ground, round_id: int, day: date, unit: Unit
) -> tuple[list[int], dict[int, int]]:
    """Begins what has no case yet; gives the cases begun, and the case of each application."""
    settings = unit.execute(sa.select(rounds.c.standard_id).where(rounds.c.id == round_id)).scalar_one()
    opened, case_of = [], {}
    for number, each in ground.candidates.items():
        case_of[number] = each.case_id or _begin(work, each, round_id, settings)
        if each.status is None:
            begun = New("recommended", min(each.taken.date(), day), {"application_id": number})
            work.enter(case_of[number], begun)
            opened.append(case_of[number])
    return opened, case_of


def _begin(work: Casework, each: Candidate, round_id: int, standard_id: str) -> int:
    return work.begin(
        each.identity,
        kind=each.kind,
        city=each.city,
        standard_id=standard_id,
        category=each.category,
        round_id=round_id,
        application_id=each.application_id,
    )


def _refuse_scores(*texts: str) -> None:
    for text in texts:
        if piece := ranked(text):
            raise Refused(f"理由里有“{piece}”：选定的理由不写得分和名次（第八条），请改写。")


def _plain(choice: Choice) -> dict[str, Any]:
    """A choice as the ledger keeps it."""
    return {
        "outcome": choice.outcome,
        "reason": choice.reason,
        "words": choice.words.strip(),
        "equal": choice.equal,
    }


def _sentence(year: int, day: date, opened: int, weighed: Weighed, left: list[Candidate]) -> str:
    chosen, declined = len(weighed.selected), len(weighed.declined)
    parts = [
        f"受理市级推荐 {opened} 个" if opened else "",
        f"{long_day(day)}列为拟创建对象 {chosen} 个" if chosen else "",
        f"{'' if chosen else long_day(day)}不列入 {declined} 个" if declined else "",
        f"留待以后 {len(left)} 个（{named(left)}）" if left else "",
    ]
    return f"{year}年度：{'，'.join(part for part in parts if part)}。"
