"""Use cases of scoring by workbook: made for an expert, compared when it comes back, taken in and taken back whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.intake.workbooks import ReadBook
from core.services.accounts import required_reason
from core.services.own_sheets import RANGE
from core.services.panel import REOPENED, SUBMITTED, Assigned, Panel, content_of, panel
from core.services.recusals import write_decision
from core.services.score_book_files import Making, Terms, archive_name, book_name, own_subjects, zipped
from core.services.score_book_reading import BookPreview, RowChange, compared
from core.services.score_entries import ScoreEntries
from core.services.uploads import read_upload
from core.store.queries import one
from core.store.tables import assignments, ledger, recusals, score_books, score_drafts, score_entries
from core.store.unit import Entry, Unit

BOOK_TAKEN: Final = "score.book_taken"
BOOK_UNDONE: Final = "score.book_undone"
TAKEN: Final = "taken"
UNDONE: Final = "undone"
SUBJECT: Final = "score_book"
WORKBOOK: Final = "workbook"
_NAMELESS: Final = "评分工作簿.xlsx"
_NAMED: Final = 5  # how many a sentence names


def build_book(app: App, actor: Actor, round_id: int, expert_id: int, terms: Terms | None = None) -> tuple[str, bytes]:
    """An expert's workbook: name and bytes. Refused before the settings are decided, and where nothing is assigned."""
    actor.require(Permission.MANAGE_SCORING)
    with app.reader.connect() as connection:
        known = panel(app, connection, round_id)
        expert = known.experts.get(expert_id)
        if expert is None:
            raise Refused("名册中没有这位专家，请刷新页面。")
        return book_name(known, expert), Making(app, connection, known, terms or Terms()).book_of(expert)


def archive(
    app: App, actor: Actor, round_id: int, expert_ids: Sequence[int], terms: Terms | None = None
) -> tuple[str, bytes]:
    """The workbooks of some experts in one zip, and its name; those to whom nothing is assigned are left out."""
    actor.require(Permission.MANAGE_SCORING)
    with app.reader.connect() as connection:
        known = panel(app, connection, round_id)
        chosen = [known.experts[number] for number in expert_ids if own_subjects(known, number)]
        if not chosen:
            raise Refused("这些专家本轮都还没有分派申报，没有要评的。请先在“分派”中分派。")
        making = Making(app, connection, known, terms or Terms())
        books = {book_name(known, each): making.book_of(each) for each in chosen}
    return archive_name(known), zipped(books)


def preview(app: App, actor: Actor, round_id: int, name: str, data: bytes) -> BookPreview:
    """What taking a workbook in would do; it is read by the same child process as every workbook."""
    actor.require(Permission.MANAGE_SCORING)
    read = read_upload(data, name, _NAMELESS)
    with app.reader.connect() as connection:
        return _compared(app, connection, round_id, read)[1]


def take_in(app: App, actor: Actor, round_id: int, name: str, data: bytes, based_on: str, why: str = "") -> BookPreview:
    """Takes a workbook in: every row that is filled in, or nothing where anything in it is wrong.

    `based_on`: that of the preview that the person saw; Stale where the workbook or what stands is another. `why` is
    asked for where scores that hold already would change. Gives what it did.
    """
    actor.require(Permission.MANAGE_SCORING)
    read = read_upload(data, name, _NAMELESS)
    with app.reader.connect() as connection:
        _refuse(_compared(app, connection, round_id, read)[1], based_on, why)
    app.snapshots.keep(data, read.sha256)
    with app.unit(actor) as unit:
        known, seen = _compared(app, unit.connection, round_id, read)
        why = _refuse(seen, based_on, why)
        _write(unit, known, seen, why)
    return seen


def take_back(app: App, actor: Actor, book_id: int, version: int, why: str) -> None:
    """Undoes a workbook as one act: what held before it holds again, by new entries; its recusals end.

    Refused, with their names, while anything on one of its applications came after it.
    """
    actor.require(Permission.MANAGE_SCORING)
    why = required_reason(why)
    with app.unit(actor) as unit:
        book = one(unit.connection, sa.select(score_books).where(score_books.c.id == book_id), "没有这次受理。")
        if book.state == UNDONE:
            raise Stale(f"“{book.name}”的这次受理已经撤销，请刷新页面。")
        known = panel(app, unit.connection, book.round_id)
        _refuse_newer(unit, known, book)
        unit.update_version(
            score_books, score_books.c.id == book_id, version, (SUBJECT, book_id, book.name), state=UNDONE
        )
        entries = ScoreEntries(unit)
        for number, (before, own) in _pairs(book.changed["entries"]):
            _restore(unit, entries, number, before, own + 1, why)
        _uncleared(unit, book.changed["cleared"])
        for number, recusal_id in _pairs(book.changed["recusals"]):
            unit.execute(recusals.update().where(recusals.c.id == recusal_id).values(ended_at=unit.now))
            _change_assignment(unit, number, ended_at=None, end_reason="")
        code = known.experts[book.expert_id].code
        count = len(book.changed["entries"]) + len(book.changed["recusals"])
        what = f"撤销受理 {code} 的评分工作簿“{book.name}”，{count} 项恢复为受理前的情况"
        details = {"recusals": sorted(book.changed["recusals"].values()), **entries.told}
        unit.record(Entry(BOOK_UNDONE, SUBJECT, book_id, book.name, what, why, book.round_id, details=details))


def _compared(app: App, connection: sa.Connection, round_id: int, read: ReadBook) -> tuple[Panel, BookPreview]:
    known = panel(app, connection, round_id)
    numbers = {each.id: each.number for each in known.assignments if each.kind != SUBMITTED}
    query = sa.select(score_drafts.c.assignment_id, score_drafts.c.version)
    typed = connection.execute(query.where(score_drafts.c.assignment_id.in_(numbers)))
    # a draft from before the newest entry holds no more
    drafts = {row.assignment_id for row in typed if row.version >= numbers[row.assignment_id] * RANGE}
    return known, compared(known, read, drafts, app.clock.today())


def _refuse(seen: BookPreview, based_on: str, why: str) -> str:
    """The reason where one is asked for; Refused where the workbook cannot be taken in."""
    if seen.obstacle:
        raise Refused(seen.obstacle)
    if seen.based_on != based_on:
        raise Stale("核对以后，工作簿、评审设置或这位专家的评分和分派又有变动，没有受理。请重新核对后再受理。")
    return required_reason(why) if seen.overriding else why.strip()


def _write(unit: Unit, known: Panel, seen: BookPreview, why: str) -> None:
    assert seen.expert is not None
    entries = ScoreEntries(unit)
    handed, cleared = {}, []
    for change, given in _given(seen):
        if change.sheet is None:
            continue
        entries.add(given.id, given.number + 1, SUBMITTED, content_of(change.sheet), WORKBOOK, why)
        handed[str(given.id)] = [given.number, given.number + 1]
        if given.cleared_at is None:
            cleared.append(given.id)
            _change_assignment(unit, given.id, cleared_at=unit.now)
    barred = {
        str(given.id): write_decision(unit, known, seen.expert.id, given.application_id, "declared", change.reason)[0]
        for change, given in _given(seen)
        if change.sheet is None
    }
    book_id = unit.insert(
        score_books,
        round_id=known.round_id,
        expert_id=seen.expert.id,
        name=seen.name,
        sha256=seen.sha256,
        state=TAKEN,
        changed={"entries": handed, "recusals": barred, "cleared": cleared},
        errors=[error.as_dict() for error in seen.errors],
        who=unit.actor.name,
        at=unit.now,
    )
    what = f"受理 {seen.expert.code} 的评分工作簿“{seen.name}”：{seen.counts}"
    details = {"sha256": seen.sha256, "expert": seen.expert.id, "recusals": sorted(barred.values()), **entries.told}
    unit.record(Entry(BOOK_TAKEN, SUBJECT, book_id, seen.name, what, why, known.round_id, details=details))


def _given(seen: BookPreview) -> list[tuple[RowChange, Assigned]]:
    """The rows that change something, each with its assignment."""
    return [(each, each.assigned) for each in seen.rows if each.change != "same" and each.assigned is not None]


def _change_assignment(unit: Unit, number: int, **values: Any) -> None:
    row = assignments.update().where(assignments.c.id == number)
    unit.execute(row.values(**values, version=assignments.c.version + 1))


def _uncleared(unit: Unit, numbers: Sequence[int]) -> None:
    for number in numbers:
        _change_assignment(unit, number, cleared_at=None)


def _restore(unit: Unit, entries: ScoreEntries, assignment_id: int, before: int, number: int, why: str) -> None:
    """What held before, as a new entry; opened again where nothing was handed in."""
    table = score_entries.c
    query = sa.select(score_entries).where(table.assignment_id == assignment_id, table.number == before)
    held = unit.execute(query).first()
    if held is None:
        entries.add(assignment_id, number, REOPENED, {}, WORKBOOK, why)
    else:
        entries.add(assignment_id, number, held.kind, held.content, held.via, why)


def _pairs(changed: Mapping[str, Any]) -> list[tuple[int, Any]]:
    return [(int(number), value) for number, value in changed.items()]


def _refuse_newer(unit: Unit, known: Panel, book: Any) -> None:
    """Refused, naming it, where anything came on one of the workbook's applications after it."""
    standing = {each.id: each for each in known.assignments}
    every = standing | {each.id: each for each in known.ended}
    found = []
    for number, (_, own) in _pairs(book.changed["entries"]):
        each = every[number]
        name = _called(known, each)
        if number not in standing:
            found.append(f"{name}的分派已撤回")
        elif each.number != own:
            found.append(f"{name}的评分{_last(unit, each)}")
    for number, recusal_id in _pairs(book.changed["recusals"]):
        each = every[number]
        name = _called(known, each)
        ended = unit.execute(sa.select(recusals.c.ended_at).where(recusals.c.id == recusal_id)).scalar_one()
        pair = (each.application_id, each.expert_id)
        if ended is not None:
            found.append(f"{name}的回避已解除")
        elif any((other.application_id, other.expert_id) == pair for other in known.assignments):
            found.append(f"{name}已重新分派")
        elif _otherwise(known, each):
            found.append(f"{name}另有回避")
    if found:
        more = f"等 {len(found)} 项" if len(found) > _NAMED else ""
        raise Refused(
            f"受理以后又有办理，不能整本撤销：{'；'.join(found[:_NAMED])}{more}。"
            "请逐项办理：改评分的，把评分退回重评；回避的，在“回避”中办理。"
        )


def _called(known: Panel, each: Assigned) -> str:
    subject = known.subjects.get(each.application_id)
    return "已撤回的申报" if subject is None else f"“{subject.name}”"


def _last(unit: Unit, each: Assigned) -> str:
    table = score_entries.c
    query = sa.select(ledger.c.who, ledger.c.at).join(score_entries, table.ledger_id == ledger.c.id)
    row = unit.execute(query.where(table.assignment_id == each.id, table.number == each.number)).one()
    word = "退回重评" if each.kind == REOPENED else "重新提交"
    return f"已由{row.who}于{row.at:%Y-%m-%d %H:%M}{word}"


def _otherwise(known: Panel, each: Assigned) -> bool:
    """Whether the pair is barred by more than the expert's own word."""
    if each.application_id not in known.subjects:
        return False
    return any(ground.source != "declared" for ground in known.grounds(each.expert_id, each.application_id))
