"""What came back from an expert, compared with what stands: gather and decide, nothing is written here."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from core.intake.workbooks import ReadBook
from core.scoring.sheets import Sheet
from core.scoring.workbook import ScoreRow, Wanted, asked_of, read_scores
from core.services.panel import SUBMITTED, Assigned, Panel, PanelExpert
from core.services.score_book_files import book_name, number_key
from core.services.subjects import Scored
from sheets_schema.errors import CellError
from sheets_schema.fold import fold_key, strip_blanks
from sheets_schema.parse import parse
from sheets_schema.scoring_schema import Asked, column_name, scoring_schema, whose

Change = Literal["new", "changed", "same", "recused"]
CHANGES: Final[Mapping[Change, str]] = {
    "new": "新交",
    "changed": "改动",
    "recused": "申请回避",
    "same": "与已受理的相同",
}
UNKNOWN: Final = (
    "认不出是哪位专家的评分工作簿。请用本页下载的评分工作簿填写；文件改过名的，请改回下发时的名称"
    "（例如“2026-评分-专家02-姓名.xlsx”）再上传。"
)
_NAMED: Final = 3  # how many a sentence names


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it stands and as the workbook has it, by its column; '' where there is none."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a row would do. `number` is that of the entry that holds now (0: none). `sheet` None: a recusal."""

    row: int
    subject: Scored
    change: Change
    assigned: Assigned | None
    sheet: Sheet | None
    cells: tuple[Cell, ...] = ()
    reason: str = ""

    @property
    def number(self) -> int:
        """The number of the entry that holds now; 0 where there is none."""
        return 0 if self.assigned is None else self.assigned.number


@dataclass(frozen=True, slots=True)
class BookPreview:
    """What taking a workbook in would do. `problem` says why it cannot be read at all.

    `rows` in official order; `empty`: applications whose row is left empty, `drafts`: those of which the expert has
    typed something in the app and not handed it in. `based_on` stands for what it was compared with.
    """

    name: str
    sha256: str
    problem: str = ""
    notices: tuple[str, ...] = ()
    expert: PanelExpert | None = None
    errors: tuple[CellError, ...] = ()
    rows: tuple[RowChange, ...] = ()
    empty: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    based_on: str = ""

    @property
    def wrong(self) -> tuple[CellError, ...]:
        """What must be put right before anything is taken in."""
        return tuple(error for error in self.errors if error.level == "error")

    def of(self, change: Change) -> tuple[RowChange, ...]:
        """The rows with this effect."""
        return tuple(each for each in self.rows if each.change == change)

    @property
    def overriding(self) -> tuple[RowChange, ...]:
        """The rows that put something in the place of scores that hold: they need a reason."""
        held = (each for each in self.rows if each.assigned is not None and each.assigned.kind == SUBMITTED)
        return tuple(each for each in held if each.change != "same")

    @property
    def counts(self) -> str:
        """How many rows do what, in a few words."""
        found = Counter(each.change for each in self.rows)
        told = [f"{word} {found[change]} 项" for change, word in CHANGES.items() if found[change]]
        return "，".join(told + ([f"未填 {len(self.empty)} 项"] if self.empty else []))

    @property
    def obstacle(self) -> str:
        """Why it cannot be taken in, in a sentence; '' where it can."""
        if self.problem:
            return self.problem
        if self.wrong:
            first = "；".join(error.message.rstrip("。") for error in self.wrong[:_NAMED])
            return f"工作簿中有 {len(self.wrong)} 处须改正，没有受理。请全部改好后重新上传：{first}。"
        if not self.rows:
            return "工作簿中一项也没有填，没有可受理的。请专家填好后重新上传。"
        if len(self.of("same")) == len(self.rows):
            return "工作簿的内容与已受理的一致，无需重复受理。"
        return ""


def compared(known: Panel, read: ReadBook, drafts: Collection[int], day: date) -> BookPreview:
    """What a workbook would change of what stands. `drafts`: assignments whose expert typed something in the app."""
    sha256 = hashlib.sha256(read.data).hexdigest()
    if read.raw is None:
        return BookPreview(read.name, sha256, str(read.problem or "读取失败，请稍后重试。"))
    asked = asked_of(known.required(), known.rubric, day)
    schema = scoring_schema(asked)
    told = whose(read.raw, schema)
    expert, problem = _expert(known, read.name, told.year, told.expert)
    if expert is None:
        return BookPreview(read.name, sha256, problem, read.notices)
    subjects = {number_key(one): one for one in known.subjects.values()}
    own = _own(known, expert)
    found = read_scores(parse(read.raw, schema), asked, expert.code, _wanted(own, subjects))
    order = {one.id: at for at, one in enumerate(known.subjects.values())}
    rows = sorted(
        (_change(own, subjects[row.key], row, asked) for row in found.rows),
        key=lambda each: order[each.subject.id],
    )
    return BookPreview(
        read.name,
        sha256,
        "",
        read.notices,
        expert,
        found.errors,
        tuple(rows),
        tuple(subjects[key].name for key in found.empty if key in subjects),
        tuple(each.subject.name for each in rows if each.assigned is not None and each.assigned.id in drafts),
        _based_on(known, own, sha256),
    )


def _expert(known: Panel, name: str, year: str, code: str) -> tuple[PanelExpert | None, str]:
    """Whose workbook it is, by its hidden sheet, else by its name; or why it cannot be told."""
    by_code = {fold_key(each.code): each for each in known.experts.values()}
    named = _by_name(known, name)
    inside = by_code.get(fold_key(code)) if code else None
    if year and year != str(known.year):
        return None, f"这是 {year} 年度的评分工作簿，不是本轮次（{known.year} 年度）的，请在 {year} 年度的轮次中上传。"
    if code and inside is None:
        return None, f"工作簿内写明的专家是“{code}”，名册中没有这位专家。请核对是否放错了文件。"
    if inside is not None and named is not None and inside.id != named.id:
        return None, (
            f"工作簿内写明的专家是 {inside.code}（{inside.name}），文件名写的是 {named.code}（{named.name}）。"
            "请核对是谁填的，改正文件名后重新上传。"
        )
    found = inside or named
    if found is None:
        return None, UNKNOWN
    if not any(each.expert_id == found.id for each in (*known.assignments, *known.ended)):
        return None, f"{found.code}（{found.name}）本轮没有分派过申报，这个工作簿不能受理。请核对是否放错了文件。"
    return found, ""


def _by_name(known: Panel, name: str) -> PanelExpert | None:
    """The expert that a file is named for; of two codes, one of which begins with the other, the longer."""
    typed = fold_key(name)
    found = [each for each in known.experts.values() if typed.startswith(_stem(known, each))]
    return max(found, key=lambda each: len(each.code), default=None)


def _stem(known: Panel, expert: PanelExpert) -> str:
    whole = fold_key(book_name(known, expert))
    return whole[: whole.index(fold_key(expert.code)) + len(fold_key(expert.code))] + "-"


@dataclass(frozen=True, slots=True)
class _Own:
    """What an expert has to do with applications, by their numbers. `declared`: recused by the expert's own word."""

    standing: Mapping[int, Assigned]
    ended: Mapping[int, Assigned]
    barred: frozenset[int]
    declared: frozenset[int]


def _own(known: Panel, expert: PanelExpert) -> _Own:
    standing, ended = (
        {each.application_id: each for each in some if each.expert_id == expert.id}
        for some in (known.assignments, known.ended)
    )
    grounds = {number: known.grounds(expert.id, number) for number in {*standing, *ended} if number in known.subjects}
    declared = (number for number, some in grounds.items() if any(each.source == "declared" for each in some))
    barred = frozenset(number for number, some in grounds.items() if some)
    return _Own(standing, ended, barred, frozenset(declared))


def _wanted(own: _Own, subjects: Mapping[str, Scored]) -> Wanted:
    closed = {key: why for key, one in subjects.items() if (why := _closed(own, one))}
    recused = frozenset(key for key, one in subjects.items() if one.id in own.declared)
    return Wanted({key: one.name for key, one in subjects.items()}, closed, recused)


def _closed(own: _Own, one: Scored) -> str:
    """Why nothing is taken of an application, as the beginning of a sentence; '' where its row may be filled in."""
    if one.id in own.declared:
        return f"专家已对“{one.name}”申请回避，"
    if one.id in own.standing:
        return f"这位专家对“{one.name}”应当回避，" if one.id in own.barred else ""
    if one.id not in own.ended:
        return f"“{one.name}”没有分派给这位专家，"
    why = own.ended[one.id].end_reason.rstrip("。")
    return f"“{one.name}”已不由这位专家评审（{why}），" if why else f"“{one.name}”已不由这位专家评审，"


def _change(own: _Own, one: Scored, row: ScoreRow, asked: Sequence[Asked]) -> RowChange:
    standing = own.standing.get(one.id)
    if row.sheet is None:
        change: Change = "same" if one.id in own.declared else "recused"
        said = (Cell(column_name("recusal"), "", row.reason),)
        return RowChange(row.row, one, change, standing, None, said, row.reason)
    before = None if standing is None else standing.sheet
    cells = tuple(_cells(before, row.sheet, asked))
    change = "new" if before is None else "changed" if cells else "same"
    return RowChange(row.row, one, change, standing, row.sheet, cells)


def _cells(before: Sheet | None, after: Sheet, asked: Sequence[Asked]) -> list[Cell]:
    """The columns that differ, in the order of the sheet."""
    found = []
    for one in asked:
        columns = {
            "scores": one.score_column,
            "counts": one.count_column or f"{one.name}条数",
            "comments": one.comment_column or f"{one.name}评语",
        }
        for part, column in columns.items():
            old, new = (_text(sheet, part, one.code) for sheet in (before, after))
            if old != new:
                found.append(Cell(column, old, new))
    return found


def _text(sheet: Sheet | None, part: str, code: str) -> str:
    """A value as people read it; one typed another way (`80`, `80.0`) is the same."""
    value = None if sheet is None else getattr(sheet, part).get(code)
    if value is None:
        return ""
    return f"{value.normalize():f}" if part == "scores" else strip_blanks(str(value))


def _based_on(known: Panel, own: _Own, sha256: str) -> str:
    """Stands for the workbook and for everything that it was compared with."""
    mine = [*own.standing.values(), *own.ended.values()]
    seen = [
        sha256,
        known.settings_version,
        sorted((each.id, each.version, each.number, each.ended_at is not None) for each in mine),
        sorted(own.barred),
        list(known.subjects),
    ]
    return hashlib.sha256(json.dumps(seen, separators=(",", ":")).encode()).hexdigest()
