"""Use cases of 拟创建对象: which 创建申报 become cases, and which of them are proposed (第七条（一）、（二）)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.applications import KINDS
from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.entries import Identity
from core.lifecycle.table import load
from core.records import with_verified
from core.services.accounts import required_reason
from core.services.case_files import places
from core.services.casework import Casework, New
from core.services.review import VERDICT_WORDS
from core.standards import loader
from core.standards.edition import Edition
from core.store.queries import Held, held_applications, newest_assessments, one, standing_verified, text_of
from core.store.tables import cases, intakes, rounds, standings, submissions
from core.store.unit import Entry
from core.working_days.periods import long_day

CREATION: Final = "创建申报"
WAITING: Final = "recommended"
_NAMED: Final = 5  # named in a sentence; of more the number is told
_VERDICTS: Final[Mapping[str, str]] = {str(code): word for code, word in VERDICT_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A 创建申报 that is held. `case_id` and `status` are None before its case is begun; nothing here is a score.

    Texts are as verified (核定值) where they are. `taken`: when it was first taken in. `preferences`: sentences.
    """

    application_id: int
    case_id: int | None
    city: str
    number: str
    name: str
    kind: str
    operator: str
    verdict: str
    status: str | None
    preferences: tuple[str, ...]
    uscc: str
    category: str
    taken: datetime

    @property
    def identity(self) -> Identity:
        """What its case is called."""
        return Identity(self.name, self.operator, self.uscc)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What an act led to: cases begun, proposed and declined, and how many stay 已推荐; `sentence` says it."""

    opened: tuple[int, ...]
    selected: tuple[int, ...]
    declined: tuple[int, ...]
    left: int
    sentence: str


def candidates(app: App, round_id: int) -> list[Candidate]:
    """Every 创建申报 of the round that is held, in official order (第八条). Withdrawn and undecided ones are none."""
    with app.reader.connect() as connection:
        return held_candidates(connection, round_id)


def held_candidates(connection: sa.Connection, round_id: int) -> list[Candidate]:
    """The same on an open connection, for use inside a unit of work."""
    settings = one(connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
    held = [each for each in held_applications(connection, round_id) if each.withdrawal in ("", "kept")]
    held = [each for each in held if text_of(each, "申报类别") == CREATION]
    ids = [each.application_id for each in held]
    judged, verified = newest_assessments(connection, ids), standing_verified(connection, ids)
    begun, taken = _begun(connection, round_id), _taken(connection, round_id)
    edition = loader.load(settings.standard_id)
    found = []
    for each in held:
        values = {(row.sheet, row.column): row.value for row in verified.get(each.application_id, ())}
        record = with_verified(each.record, values) if values else each.record
        case = begun.get(each.application_id)
        assessment = judged.get(each.application_id)
        found.append(
            _candidate(
                Held(each.application_id, each.city, each.key, each.version, each.intake_id, record, each.withdrawal),
                edition,
                (None, None) if case is None else (case.id, case.status),
                "" if assessment is None else assessment.verdict,
                taken[each.application_id],
            )
        )
    return sorted(found, key=lambda one: (places()[one.city][0], one.name))


def propose(
    app: App,
    actor: Actor,
    round_id: int,
    *,
    day: date,
    selected: Sequence[int],
    declined: Mapping[int, str],
    minutes: str,
    why: str,
) -> Proposed:
    """Begins a case for every held 创建申报 without one, and enters in the same act which of them are proposed.

    `selected` and `declined` name applications; each declined one has its reason. `minutes` names the document of
    the decision, `why` the grounds. The rest stays 已推荐. Refused whole: an application that does not pass, that
    is no candidate any more, or on which somebody has decided already.
    """
    actor.require(Permission.ACT_ON_CASES)
    chosen, turned_down = list(dict.fromkeys(selected)), {key: text.strip() for key, text in declined.items()}
    minutes, why = minutes.strip(), why.strip()
    if chosen or turned_down:
        why = required_reason(why)
        if not minutes:
            raise Refused("请写明审定的依据文件（如会议纪要的文号）。")
    with app.unit(actor) as unit:
        found = {each.application_id: each for each in held_candidates(unit.connection, round_id)}
        _check(found, chosen, turned_down)
        settings = one(unit.connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
        work = Casework(app, unit, [each.case_id for each in found.values() if each.case_id is not None])
        opened = []
        case_of: dict[int, int] = {}
        for number, each in found.items():
            case_of[number] = each.case_id or _begin(work, each, round_id, settings.standard_id)
            if each.status is None:
                begun = New("recommended", min(each.taken.date(), day), {"application_id": number})
                work.enter(case_of[number], begun)
                opened.append(case_of[number])
        for number in chosen:
            work.enter(case_of[number], New("selected", day, {}, minutes, why))
        for number, reason in turned_down.items():
            work.enter(case_of[number], New("not_selected", day, {}, minutes, reason))
        if not (opened or chosen or turned_down):
            raise Refused("没有新的创建申报，也没有选定或者不选定的对象，无需办理。")
        left = sum(work.state(case_id).status == WAITING for case_id in case_of.values())
        made = Proposed(
            tuple(opened),
            tuple(case_of[number] for number in chosen),
            tuple(case_of[number] for number in turned_down),
            left,
            _sentence(settings.year, day, len(opened), len(chosen), len(turned_down), left),
        )
        details = work.save() | {
            "opened": list(made.opened),
            "selected": list(made.selected),
            "declined": list(made.declined),
            "minutes": minutes,
        }
        subject = f"{settings.year}年度"
        what = made.sentence.removesuffix("。")
        unit.record(Entry("selection.applied", "round", round_id, subject, what, why, round_id, None, details))
    return made


def _begun(connection: sa.Connection, round_id: int) -> dict[int, Any]:
    """The cases that have been begun from applications of a round: id and status, by application."""
    query = (
        sa.select(cases.c.id, cases.c.application_id, standings.c.status)
        .join(standings, standings.c.case_id == cases.c.id)
        .where(cases.c.round_id == round_id, cases.c.application_id.is_not(None))
    )
    return {row.application_id: row for row in connection.execute(query)}


def _taken(connection: sa.Connection, round_id: int) -> dict[int, datetime]:
    """When each application of a round was first taken in."""
    query = (
        sa.select(submissions.c.application_id, sa.func.min(intakes.c.taken_at).label("at"))
        .join(intakes, intakes.c.id == submissions.c.intake_id)
        .where(intakes.c.round_id == round_id, intakes.c.state == "effective")
        .group_by(submissions.c.application_id)
    )
    return {row.application_id: row.at for row in connection.execute(query)}


def _candidate(
    held: Held, edition: Edition, case: tuple[int | None, str | None], verdict: str, taken: datetime
) -> Candidate:
    kind = KINDS[text_of(held, "类型")]
    return Candidate(
        held.application_id,
        case[0],
        held.city,
        text_of(held, "编号"),
        text_of(held, "平台（基地）名称"),
        kind,
        text_of(held, "运营主体"),
        verdict,
        case[1],
        tuple(each.text for each in edition.preferences if text_of(held, each.column.column) == each.option),
        text_of(held, "统一社会信用代码"),
        text_of(held, "平台类别") if kind == "platform" else "",
        taken,
    )


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


def _check(found: Mapping[int, Candidate], chosen: Sequence[int], declined: Mapping[int, str]) -> None:
    """Everything that stands against an act, told at once."""
    gone = [number for number in (*chosen, *declined) if number not in found]
    if gone:
        raise Refused(f"所选的申报中有 {len(gone)} 个已撤回、待确认或者不是创建申报，请刷新页面后重新选择。")
    both = [found[number].name for number in chosen if number in declined]
    decided = [
        f"“{found[number].name}”（{load().statuses[status].name}）"
        for number in dict.fromkeys((*chosen, *declined))
        if (status := found[number].status) not in (None, WAITING)
    ]
    failing = [
        f"“{found[number].name}”（{_VERDICTS.get(found[number].verdict, '未审核')}）"
        for number in chosen
        if found[number].verdict != "pass"
    ]
    silent = [f"“{found[number].name}”" for number, reason in declined.items() if not reason]
    problems = [
        f"{_some([f'“{name}”' for name in both])}既列为拟创建对象又不列入，请只选一种。" if both else "",
        f"{_some(decided)}已经办理过，请刷新页面后重新选择。" if decided else "",
        f"{_some(failing)}的审核结论不是“达标”，不能列为拟创建对象；请先在“条件审核”中办完。" if failing else "",
        f"请写明{_some(silent)}不列为拟创建对象的理由。" if silent else "",
    ]
    if any(problems):
        raise Refused("".join(problems))


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + (f"等 {len(names)} 个" if len(names) > _NAMED else "")


def _sentence(year: int, day: date, opened: int, chosen: int, declined: int, left: int) -> str:
    parts = [
        f"受理市级推荐 {opened} 个" if opened else "",
        f"{long_day(day)}列为拟创建对象 {chosen} 个" if chosen else "",
        f"{'' if chosen else long_day(day)}不列入 {declined} 个" if declined else "",
        f"仍为“已推荐”{left} 个" if left else "",
    ]
    return f"{year}年度：{'，'.join(part for part in parts if part)}。"
