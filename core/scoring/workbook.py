"""What an expert's workbook says: the sheets that can count, the recusals declared, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from core.applications import KINDS
from core.scoring.settings import Scale, ScoringSettings
from core.scoring.sheets import Sheet
from core.standards.rubric import Rubric
from sheets_schema.errors import CellError
from sheets_schema.fold import fold_key, strip_blanks
from sheets_schema.layout import HEADER_ROW, column_number
from sheets_schema.messages import place, quoted, sentence
from sheets_schema.rows import Field, ParsedBook, Row
from sheets_schema.scoring_schema import Asked, column_name, sheet_name

_NUMBER, _NAME, _RECUSAL = column_name("number"), column_name("name"), column_name("recusal")
_SHEET = sheet_name("scores")
# Characters that a text may have: longer is something pasted.
_LONGEST_COMMENT: Final = 2000
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a workbook may speak of, by folded number.

    `names`: applications of the round. `closed`: why a row is not taken, as a sentence; nothing may be typed there.
    `recused`: the expert's own declaration stands already, and may stand in the row again.
    """

    names: Mapping[str, str]
    closed: Mapping[str, str] = field(default_factory=dict)
    recused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A row in which something is typed: a whole sheet, or (`sheet` None) the reason of a recusal."""

    row: int
    key: str
    sheet: Sheet | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScoreBook:
    """A workbook read: rows that may count, rows left empty by key, and errors by row, then from left to right."""

    rows: tuple[ScoreRow, ...]
    empty: tuple[str, ...]
    errors: tuple[CellError, ...]


def asked_of(settings: ScoringSettings, rubric: Rubric, day: date) -> tuple[Asked, ...]:
    """The indicators as the workbook asks for them, with what is demanded on a day."""
    found = []
    for one in rubric.indicators:
        scale, demand = settings.scale_of(one.code), one.demand
        points = {word: one.points_for(kind) for word, kind in KINDS.items()}
        counted = None
        if demand is not None:
            limit = demand.threshold
            counted = (demand.name, limit.unit, f"{limit.words} {limit.amount(day)}")
        found.append(
            Asked(
                one.code, one.name, one.looks, scale.top, scale.step, scale.text,
                f"{settings.weights[one.code].normalize():f}", points, settings.comments == "each", counted,
            )
        )  # fmt: skip
    return tuple(found)


def read_scores(parsed: ParsedBook, asked: Sequence[Asked], expert: str, wanted: Wanted) -> ScoreBook:
    """What a book parsed with `scoring_schema(asked)` says of the applications that are `wanted`.

    A row with an error is not among `rows`; none is where the sheet lacks a column that is needed.
    """
    reader = _Reader(parsed, asked, wanted)
    rows = [reader.read(row, expert) for row in parsed.rows.get(_SHEET, ())]
    # what is asked of a cell depends on the rest of its row: the reader has said it
    errors = [error for error in parsed.errors if error.code != "missing_required"] + reader.errors
    errors.sort(key=lambda error: (error.sheet != _SHEET, error.row or 0, column_number(error.cell)))
    wrong = {error.row or HEADER_ROW for error in errors if error.level == "error"}
    usable = () if HEADER_ROW in wrong else tuple(row for row in rows if row is not None and row.row not in wrong)
    return ScoreBook(usable, tuple(reader.empty), tuple(errors))


class _Reader:
    def __init__(self, parsed: ParsedBook, asked: Sequence[Asked], wanted: Wanted) -> None:
        self._book, self._asked, self._wanted = parsed.name, asked, wanted
        self._first: dict[str, int] = {}
        self.empty: list[str] = []
        self.errors: list[CellError] = []

    def read(self, row: Row, expert: str) -> ScoreRow | None:
        """A row in which something is typed; None where nothing is, or it is of no application."""
        typed = [name for name in (*self._columns(), _RECUSAL) if _typed(row, name)]
        if not typed:
            self.empty.append(row.key)
            return None
        if not self._known(row):
            return None
        reason = str(row.value(_RECUSAL) or "")
        closed = self._wanted.closed.get(row.key, "")
        if reason and len(typed) > 1:
            self._report(row, _RECUSAL, "recused_and_scored", sentence("recused_and_scored", column=_RECUSAL))
        elif closed and not (reason and row.key in self._wanted.recused):
            self._report(row, _NUMBER, "closed_row", sentence("closed_row", why=closed))
        self._long(row, _RECUSAL, _LONGEST_REASON)
        if reason:
            return ScoreRow(row.number, row.key, None, reason)
        return ScoreRow(row.number, row.key, self._sheet(row, expert))

    def _columns(self) -> Iterator[str]:
        for one in self._asked:
            yield from filter(None, (one.score_column, one.count_column, one.comment_column))

    def _known(self, row: Row) -> bool:
        """Whether the row is of one application and of no other; says what is wrong where it is not."""
        if _NUMBER not in row.fields:
            return False  # the whole column is missing, which has been told
        shown = quoted(row.fields[_NUMBER].raw)
        name = self._wanted.names.get(row.key)
        first = self._first.setdefault(row.key, row.number)
        if name is None:
            self._report(row, _NUMBER, "unknown_id", sentence("unknown_number", value=shown))
        elif first != row.number:
            self._report(row, _NUMBER, "duplicate_id", sentence("number_twice", value=shown, first=first))
        elif _NAME in row.fields and fold_key(row.fields[_NAME].raw) != fold_key(name):
            given = quoted(row.fields[_NAME].raw)
            said = sentence("other_name", number=shown, name=quoted(name), value=given)
            self._report(row, _NAME, "other_name", said)
        return name is not None and first == row.number

    def _sheet(self, row: Row, expert: str) -> Sheet:
        scores: dict[str, Decimal] = {}
        comments: dict[str, str] = {}
        counts: dict[str, int] = {}
        for one in self._asked:
            score = row.value(one.score_column)
            if isinstance(score, Decimal):
                if not Scale(one.top, one.step).holds(score):
                    said = sentence("out_of_scale", column=one.score_column, value=f"{score:f}", scale=one.scale)
                    self._report(row, one.score_column, "out_of_scale", said)
                scores[one.code] = score
            elif not _typed(row, one.score_column):
                said = sentence("missing_score", column=one.score_column, scale=one.scale)
                self._report(row, one.score_column, "missing_score", said)
            comment, count = row.value(one.comment_column), row.value(one.count_column)
            if isinstance(comment, str):
                self._long(row, one.comment_column, _LONGEST_COMMENT)
                comments[one.code] = comment
            elif one.comment:
                said = sentence("missing_comment", column=one.comment_column)
                self._report(row, one.comment_column, "missing_score", said)
            if isinstance(count, int):
                counts[one.code] = count
        return Sheet(expert, scores, comments, counts)

    def _long(self, row: Row, column: str, most: int) -> None:
        count = len(str(row.value(column) or ""))
        if count > most:
            self._report(row, column, "too_long", sentence("too_long", column=column, count=count, most=most))

    def _report(self, row: Row, column: str, code: str, said: str) -> None:
        held = row.fields.get(column, Field(column, "", "", None))
        if not held.cell:
            return  # the column is not there, which has been told
        message = place(self._book, _SHEET, cell=held.cell) + said
        self.errors.append(CellError(self._book, _SHEET, row.number, column, held.cell, held.raw, code, message))


def _typed(row: Row, column: str) -> bool:
    held = row.fields.get(column)
    return held is not None and bool(strip_blanks(held.raw))
