"""Reading a workbook of objects of former years for 存量建档: gather and decide, nothing is written here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.applications import KINDS
from core.bootstrap import App
from core.cohorts import STATUSES, CohortRow, CohortStatus, read_cohort
from core.derived import folded
from core.lifecycle.replay import Life
from core.lifecycle.table import load as load_table
from core.services.case_files import in_batches
from core.services.counting import lives
from core.services.uploads import read_upload
from core.standards import loader
from core.store.tables import case_names, ledger, standings
from sheets_schema.errors import CellError
from sheets_schema.parse import parse
from sheets_schema.schema import COHORT, load
from sheets_schema.template import COHORT_FILE

IMPORTED: Final = "cohort.imported"
TAKEN_BACK: Final = "cohort.taken_back"
SUBJECT: Final = "cohort"
_NAMED: Final = 3  # how many a sentence names
_WORDS: Final = {kind: word for word, kind in KINDS.items()}
# The days of a row that its status began on and that its period counts from; where the second is empty, the first.
_FROM: Final[Mapping[CohortStatus, tuple[str, str]]] = {
    "creating": ("confirmed", "confirmed"),
    "extended": ("extended", "confirmed"),
    "recognized": ("recognized", "review_passed"),
    "rectifying": ("review_failed", "review_failed"),
}


@dataclass(frozen=True, slots=True)
class Opening:
    """What a row becomes. `start` is the day that the period counts from; `overdue`: its last day is past."""

    row: CohortRow
    since: date
    start: date
    deadline: str
    due: date | None
    provisional: bool
    overdue: bool

    @property
    def status_name(self) -> str:
        """The status as staff call it."""
        return load_table().statuses[self.row.status].name


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that the store knows already. `certain`: the same live object; else a person may say that it is another."""

    row: int
    case_id: int
    certain: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class CohortPreview:
    """What importing a workbook would do. `problem` says why the file cannot be read at all.

    `before`: these very bytes were imported already, in a sentence. `notices` are about the file as a whole.
    """

    name: str
    sha256: str
    problem: str = ""
    notices: tuple[str, ...] = ()
    errors: tuple[CellError, ...] = ()
    rows: tuple[Opening, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    before: str = ""

    @property
    def wrong(self) -> tuple[CellError, ...]:
        """What must be put right before anything is imported."""
        return tuple(error for error in self.errors if error.level == "error")

    @property
    def doubts(self) -> tuple[Conflict, ...]:
        """Conflicts that a person may settle."""
        return tuple(each for each in self.conflicts if not each.certain)

    def counts(self) -> str:
        """How many of each status, in a few words."""
        found = Counter(each.status_name for each in self.rows)
        return "、".join(f"{name} {found[name]} 个" for name in STATUSES if found[name])

    def obstacle(self, *, others: bool = False) -> str:
        """Why it cannot be imported, in a sentence; '' where it can. `others`: the doubtful rows are other objects."""
        if self.problem:
            return self.problem
        if self.wrong:
            first = "；".join(error.message.rstrip("。") for error in self.wrong[:_NAMED])
            return f"工作簿中有 {len(self.wrong)} 处须改正，没有建档。请全部改好后重新上传：{first}。"
        standing = [each for each in self.conflicts if each.certain or not others]
        if self.before and standing:
            return self.before
        if standing:
            first = "".join(each.sentence for each in standing[:_NAMED])
            return f"有 {len(standing)} 行与已有的创建对象重复，没有建档。{first}"
        return "" if self.rows else "工作簿中一个平台（基地）也没有填。请从第 2 行起填写后重新上传。"


def preview(app: App, data: bytes, name: str) -> CohortPreview:
    """What importing the bytes of a workbook would do. They are read by the same child process as every workbook."""
    sha256 = hashlib.sha256(data).hexdigest()
    read = read_upload(data, name, COHORT_FILE)
    if read.raw is None:
        return CohortPreview(read.name, sha256, problem=str(read.problem or "读取失败，请稍后重试。"))
    today = app.clock.today()
    rows, errors = read_cohort(parse(read.raw, load(COHORT)), today)
    life = lives(app).of(loader.default())
    openings = tuple(_opening(life, row, today) for row in rows)
    with app.reader.connect() as connection:
        found = conflicts(connection, rows)
        before = imported_before(connection, sha256)
    return CohortPreview(read.name, sha256, "", read.notices, errors, openings, found, before)


def conflicts(connection: sa.Connection, rows: Sequence[CohortRow]) -> tuple[Conflict, ...]:
    """The rows that cases of the store have the name or the code of, in their order. Former names count as well.

    A case without a status was taken back and is none.
    """
    named = _known(connection, case_names.c.name, {folded(row.name) for row in rows})
    coded = _known(connection, case_names.c.uscc, {folded(row.uscc) for row in rows if row.uscc})
    return tuple(found for row in rows if (found := _conflict(row, named, coded)) is not None)


def imported_before(connection: sa.Connection, sha256: str) -> str:
    """By whom and when these bytes were imported, in a sentence; '' where they were not, or it was taken back."""
    gone = sa.select(ledger.c.subject_id).where(ledger.c.action == TAKEN_BACK)
    query = (
        sa.select(ledger.c.at, ledger.c.who)
        .where(ledger.c.action == IMPORTED, ledger.c.details["sha256"].as_string() == sha256)
        .where(ledger.c.subject_id.not_in(gone))
        .order_by(ledger.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return ""
    at = f"{row.at.year}年{row.at.month}月{row.at.day}日 {row.at:%H:%M}"
    return f"这个工作簿已于 {at} 由{row.who}建档，不能重复建档。"


def _opening(life: Life, row: CohortRow, today: date) -> Opening:
    since, start = _days(row)
    state = life.taken_over(row.status, since, start)
    due = state.due
    return Opening(
        row,
        since,
        start,
        life.table.deadlines[life.table.statuses[row.status].deadline],
        None if due is None else due.day,
        due is not None and due.provisional,
        due is not None and due.day < today,
    )


def _days(row: CohortRow) -> tuple[date, date]:
    """The day that a row's status began, and the one that its period counts from."""
    since, start = (getattr(row, name) for name in _FROM[row.status])
    return since, start or since


@dataclass(frozen=True, slots=True)
class _Case:
    """A case that has a status, under one of its names."""

    id: int
    kind: str
    city: str
    name: str
    status: str
    ended: bool


_Known = Mapping[tuple[str, str], list[_Case]]


def _known(connection: sa.Connection, column: sa.Column[Any], texts: set[str]) -> _Known:
    """Cases by their kind and a name or code, the live ones first."""
    statuses = load_table().statuses
    found: dict[tuple[str, str], list[_Case]] = {}
    shown = (standings.c[name] for name in ("case_id", "kind", "city", "name", "status"))
    query = sa.select(column.label("text"), *shown).join(standings, standings.c.case_id == case_names.c.case_id)
    query = query.where(standings.c.status.is_not(None)).order_by(standings.c.case_id).distinct()
    for some in in_batches(sorted(texts)):
        for row in connection.execute(query.where(column.in_(some))):
            status = statuses[row.status]
            held = _Case(row.case_id, row.kind, row.city, row.name, status.name, status.ended)
            found.setdefault((row.kind, row.text), []).append(held)
    for cases in found.values():
        cases.sort(key=lambda case: case.ended)
    return found


def _conflict(row: CohortRow, named: _Known, coded: _Known) -> Conflict | None:
    """What a row collides with: the same name first, then the code of another that is live."""
    kind = _WORDS[row.kind]
    for case in named.get((row.kind, folded(row.name)), ())[:1]:
        same = "已有同名的" if folded(case.name) == folded(row.name) else "已有曾用这个名称的"
        where = f"第 {row.row} 行“{row.name}”：{same}{kind}“{case.name}”（{case.city}，{case.status}）"
        if case.ended:
            return Conflict(row.row, case.id, certain=False, sentence=f"{where}。{_settle('重新建档')}")
        says = f"{where}，不能重复建档。请删去这一行；如果是另一个，请把名称写完整，以便区分。"
        return Conflict(row.row, case.id, certain=True, sentence=says)
    for case in coded.get((row.kind, folded(row.uscc or "")), ())[:1]:
        if not case.ended:
            same = f"{kind}“{case.name}”（{case.city}，{case.status}）"
            where = f"第 {row.row} 行“{row.name}”：统一社会信用代码与已有的{same}相同"
            return Conflict(row.row, case.id, certain=False, sentence=f"{where}。{_settle('建档')}")
    return None


def _settle(act: str) -> str:
    return f"如果是同一个，请删去这一行；确实要{act}的，请在建档时确认。"
