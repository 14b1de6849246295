"""Who is on each list (contract §6), now or as was known at the end of a past day.

A list that has been published is as it was published; before that, whom the province has chosen; before that,
whose application passes. What happens to a case later takes nothing off a list that it was on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.lifecycle.entries import OPENED
from core.lifecycle.table import load
from core.publication.lists import ListedObject, PublicList, in_official_order
from core.records import with_verified
from core.services.case_files import CaseFile, places
from core.services.listed_asked import Answer, Asked
from core.services.listed_later import in_force, renamed, review_results
from core.services.looking_back import look
from core.services.notice_rows import STAGES, Stage, frozen_entries, opening
from core.store.queries import Held, held_applications, newest_assessments, standing_verified, text_of
from core.store.tables import case_events, cases, notices, standings

REVOKED: Final = "revoked"
APPLIED: Final = {"creation": ("创建申报",), "recognition": ("期满验收", "延期验收")}
_DECIDED: Final = ("selected", "not_selected")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. `source` says where its lines come from.

    `empty`, where it has none: why, and what leads to some; `page` is the address of the page to do that on.
    """

    listed: PublicList
    source: str
    empty: str
    page: str


def listing(app: App, settings: Any, kind: str, as_of: date | None = None) -> Listing:
    """One of the lists of a round; `settings` is the round's row."""
    with app.reader.connect() as connection:
        asked = Asked(app, connection, settings.id, settings.year, look(app, connection, as_of), as_of)
        found = _ANSWERS[kind](asked)
        listed = PublicList(kind, settings.year, in_official_order(found.objects), as_of)
    if listed.objects:
        return Listing(listed, found.source, "", "")
    return Listing(listed, "", found.empty, found.page)


def _creation_candidates(asked: Asked) -> Answer:
    stage = STAGES["creation"]
    published = _published(asked, stage)
    if published:
        return Answer(published, "是已经发布的公示名单。")
    query = sa.select(cases.c.id).where(cases.c.round_id == asked.round_id)
    begun = asked.files(asked.connection.execute(query).scalars())
    if any(entry.type in _DECIDED for file in begun for entry in asked.counted(file)):
        waiting = [file for file in begun if asked.status(file)[0] == stage.waiting]
        empty = "审定时没有列为拟创建对象的，或者列入的已经撤回、取消资格。"
        return Answer(_as_applied(asked, waiting), "是审定列为拟创建对象的，还没有公示。", empty, "cases")
    empty = "还没有结论为“达标”的创建申报。请到“条件审核”逐项认定。"
    return Answer(_passing(asked, stage), "是结论为“达标”的创建申报，还没有审定拟创建对象。", empty, "checks")


def _recognition_candidates(asked: Asked) -> Answer:
    stage = STAGES["recognition"]
    published = _published(asked, stage)
    if published:
        return Answer(published, "是已经发布的公示名单。")
    waiting = [file for file, since in _standing(asked, stage.waiting) if since.year <= asked.year]
    if waiting:
        return Answer(map(asked.line, waiting), "是验收通过、列为拟认定对象的，还没有公示。")
    empty = "还没有验收通过的创建对象，也没有结论为“达标”的验收申报。请到“条件审核”逐项认定，再在“创建对象”办理验收。"
    return Answer(_passing(asked, stage), "是结论为“达标”的验收申报，还没有办理验收。", empty, "checks")


def _creation_objects(asked: Asked) -> Answer:
    empty = f"{asked.year}年度还没有确定创建对象。公示期满、在“公示与异议”确认之后，会列在这里。"
    objects = _confirmed(asked, STAGES["creation"])
    return Answer(objects, "是公示期满后确定的创建对象，名称用确定时的名称。", empty, "notices")


def _recognized(asked: Asked) -> Answer:
    empty = f"{asked.year}年度还没有认定的。认定公示期满、在“公示与异议”确认之后，会列在这里。"
    objects = _confirmed(asked, STAGES["recognition"])
    return Answer(objects, "是公示期满后正式认定的，名称用认定时的名称。", empty, "notices")


def _revoked(asked: Asked) -> Answer:
    ended = [(file, since) for file, since in _standing(asked, REVOKED) if since.year == asked.year]
    lines = [asked.line(file, since) for file, since in ended]
    source = f"是{asked.year}年撤销认定的，名称用撤销时的名称。"
    return Answer(lines, source, f"{asked.year}年没有撤销认定的。", "cases")


_ANSWERS: Final[dict[str, Callable[[Asked], Answer]]] = {
    "creation_candidates": _creation_candidates,
    "creation_objects": _creation_objects,
    "recognition_candidates": _recognition_candidates,
    "recognized": _recognized,
    "revoked": _revoked,
    "renamed": renamed,
    "review_results": review_results,
    "in_force": in_force,
}


def _notices(asked: Asked, stage: Stage) -> list[int]:
    query = sa.select(notices.c.id).where(notices.c.round_id == asked.round_id, notices.c.stage == stage.code)
    return list(asked.connection.execute(query.order_by(notices.c.id)).scalars())


def _published(asked: Asked, stage: Stage) -> list[ListedObject]:
    """The lines of the notices of a round as they were published; a notice that was taken back has none."""
    found: list[ListedObject] = []
    for notice_id in _notices(asked, stage):
        entries = {each.case_id: each for each in frozen_entries(asked.connection, notice_id)}
        found += [entries[file.id] for file in asked.files(entries) if opening(asked.counted(file), notice_id)]
    return found


def _confirmed(asked: Asked, stage: Stage) -> list[ListedObject]:
    """The cases that the notices of a round ended well for, called as on the day they were confirmed."""
    numbers = set(_notices(asked, stage))
    ids = {each.case_id for number in numbers for each in frozen_entries(asked.connection, number)}
    return [
        asked.line(file, entry.day)
        for file in asked.files(ids)
        for entry in asked.counted(file)
        if entry.type == stage.confirms and entry.data.get("notice_id") in numbers
    ]


def _standing(asked: Asked, status: str) -> list[tuple[CaseFile, date]]:
    """The cases that stood in a status, and since when."""
    if asked.seen.known_by is None:
        query = sa.select(standings.c.case_id).where(standings.c.status == status)
    else:
        # only what has been led there, or was taken over there, can have stood there
        leading = {row.event for rows in load().rows.values() for row in rows if row.to == status}
        taken_over = sa.and_(case_events.c.type == OPENED, case_events.c.data["status"].as_string() == status)
        query = sa.select(case_events.c.case_id).where(
            case_events.c.at <= asked.seen.known_by, sa.or_(case_events.c.type.in_(leading), taken_over)
        )
    found = []
    for file in asked.files(asked.connection.execute(query).scalars()):
        now, since = asked.status(file)
        if now == status and since is not None:
            found.append((file, since))
    return found


def _as_applied(asked: Asked, files: Sequence[CaseFile]) -> list[ListedObject]:
    """Cases that are still to be published, called as their applications call them (核定值 first)."""
    numbers = [file.application_id for file in files if file.application_id is not None]
    held = {each.application_id: each for each in _held(asked, numbers)}
    found = []
    for file in files:
        one = held.get(file.application_id or 0)
        found.append(asked.line(file) if one is None else _applied(one))
    return found


def _passing(asked: Asked, stage: Stage) -> list[ListedObject]:
    """The applications whose every finding is settled and passes."""
    # a row that disappeared is not published until a person has decided on it
    held = [each for each in _held(asked) if each.withdrawal in ("", "kept")]
    numbers = [each.application_id for each in held]
    newest = newest_assessments(asked.connection, numbers, asked.seen.known_by)
    return [
        _applied(each)
        for each in held
        if text_of(each, "申报类别") in APPLIED[stage.code]
        and (judged := newest.get(each.application_id)) is not None
        and judged.verdict == "pass"
    ]


def _held(asked: Asked, ids: Sequence[int] | None = None) -> list[Held]:
    """Applications of the round as they were held, with 核定值 in their places."""
    held = held_applications(asked.connection, asked.round_id, ids=ids, known_by=asked.seen.known_by)
    numbers = [each.application_id for each in held]
    verified = standing_verified(asked.connection, numbers, asked.seen.known_by)
    found = []
    for each in held:
        values = {(row.sheet, row.column): row.value for row in verified.get(each.application_id, ())}
        found.append(replace(each, record=with_verified(each.record, values)) if values else each)
    return found


def _applied(each: Held) -> ListedObject:
    return ListedObject(
        places()[each.city][1],
        each.city,
        text_of(each, "平台（基地）名称"),
        "platform" if text_of(each, "类型") == "平台" else "base",
        text_of(each, "运营主体"),
    )
