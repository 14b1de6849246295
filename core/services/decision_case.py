"""What became of an application, for the 申报办理卷: its case, the selection, and everything that happened since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from core.derived import folded
from core.publication.dossier import Block, Line, Table, heading, labelled
from core.services.basis import resting_on
from core.services.case_files import CaseFile, case_files, replayed
from core.services.case_history import PastEntry, past
from core.services.counting import Lives, overrides_known
from core.services.decision_data import About
from core.services.decision_ledger import SELECTED, Entries
from core.services.decision_words import Naming, moment, on_day
from core.services.notice_rows import status_name
from core.standards.rubric import Rubric
from core.store.tables import case_names, case_notes, cases
from core.working_days.calendar import Calendar

_SELECTION: Final = ("selected", "not_selected")
_NO_CASE: Final = "没有据此办理的创建对象。"


@dataclass(frozen=True, slots=True)
class Course:
    """The life of the case that an application is of, on the calendar that was known by the newest entry."""

    file: CaseFile
    life: Any
    calendar: Calendar
    entries: tuple[PastEntry, ...]
    status: str | None

    @property
    def called(self) -> str:
        """`“虚构平台”，创建期`."""
        return f"“{self.file.identity().name}”，{status_name(self.status)}"


def case_file(connection: sa.Connection, seen: About) -> CaseFile | None:
    """The case that an application began, or on which acceptance or review was decided by it; None without one.

    Only what acts have tied counts: which case a name could mean changes with other cases.
    """
    own = connection.execute(sa.select(cases.c.id).where(cases.c.application_id == seen.id)).scalar()
    if own is None and not seen.creation:
        same = sa.or_(
            case_names.c.uscc == (folded(seen.text("统一社会信用代码")) or None),
            case_names.c.name == folded(seen.name),
        )
        likely = sorted(set(connection.execute(sa.select(case_names.c.case_id).where(same)).scalars()))
        used = resting_on(case_files(connection, likely)).get(seen.id)
        own = None if used is None else used[0]
    return None if own is None else next(case_files(connection, [own]))


def course(connection: sa.Connection, file: CaseFile | None, entries: Entries) -> Course | None:
    """What happened to a case, by the days that were working days as far as known before it was last acted upon."""
    if file is None:
        return None
    # times are to the second: what was arranged within that of the newest entry may have come after it
    calendar = Calendar(overrides_known(connection, entries.newest.at - timedelta(seconds=1)))
    life = Lives(calendar).of(file.standard_id)
    return Course(file, life, calendar, past(connection, life, file).entries, replayed(life, file).status)


def selection(seen: About, held: Course | None, entries: Entries, rubric: Rubric, named: Naming) -> tuple[Block, ...]:
    """Whether it was listed, why, by which minutes, by whom and when; and when it was left for another day."""
    found: list[Block] = []
    for entry in entries.rows:
        later = entry.details.get("later", []) if entry.action == SELECTED else []
        if [seen.city, seen.name] in later:
            why = entry.details.get("later_why", "")
            found.append(Line(f"{moment(entry.at)}{entry.who}办理选定时，这个申报留待以后：{named.text(why)}。"))
    if held is not None:
        found += [_chosen(one, held, entries, rubric, named) for one in held.entries if one.type in _SELECTION]
    if not found and seen.creation:
        found.append(Line("还没有选定。"))
    return tuple(found) or (Line("选定拟创建对象只就创建申报办理。"),)


def _chosen(one: PastEntry, held: Course, entries: Entries, rubric: Rubric, named: Naming) -> Table:
    act = entries.one(next(each.ledger_id for each in held.file.entries if each.number == one.number))
    details: Mapping[str, Any] = {} if act is None else act.details
    choice: Mapping[str, str] = details.get("reasons", {}).get(str(held.file.id), {})
    reason = rubric.reason(choice.get("reason", ""))
    pairs = (
        ("结果", one.name),
        ("日期", on_day(one.day)),
        ("依据文件（纪要）", one.document),
        ("理由", named.text(one.why)),
        ("理由的依据", "" if reason is None else reason.clause),
        ("同等条件的一组", choice.get("equal", "")),
        ("全案依据", "" if act is None else named.text(act.why)),
        ("办理", f"{one.who}，{moment(one.at)}"),
        ("后来", _voided(one)),
    )
    return labelled(*(pair for pair in pairs if pair[1]))


def history(connection: sa.Connection, held: Course | None, named: Naming) -> tuple[Block, ...]:
    """Every entry of the case with its document number, voided ones too, and notes."""
    if held is None:
        return (Line(_NO_CASE),)
    rows = []
    for one in held.entries:
        details = "；".join(f"{name}：{text}" for name, text in one.details)
        said = "\n".join(part for part in (details, named.text(one.why), "逾期" if one.late else "") if part)
        rows.append((on_day(one.day), one.name, one.document, said, f"{one.who}\n{moment(one.at)}", _voided(one)))
    heads = ("日期", "事项", "文号", "内容", "办理", "后来")
    query = sa.select(case_notes).where(case_notes.c.case_id == held.file.id).order_by(case_notes.c.id)
    notes = tuple((moment(row.at), row.who, row.document, named.text(row.text)) for row in connection.execute(query))
    found: list[Block] = [Table(heads, tuple(rows), (28, 26, 24, 32, 27, 19))]
    if notes:
        found += [heading("备注"), Table(("时间", "办理人", "文号", "备注"), notes, (34, 22, 30, 70))]
    return tuple(found)


def _voided(one: PastEntry) -> str:
    if one.voided is None:
        return ""
    gone = one.voided
    by = "" if gone.by is None else f"，改为第 {gone.by} 条"
    return f"{moment(gone.at)}{gone.who}作废{by}：{gone.why}"
