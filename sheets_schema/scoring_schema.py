"""The workbook that an expert scores in. Its columns come of the round's indicators, so it is made and not declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sheets_schema.cells import RawBook
from sheets_schema.fold import fold_header, fold_text
from sheets_schema.help import words
from sheets_schema.identity import pairs
from sheets_schema.schema import BookSchema, Column, ColumnType, Rule, Sheet

SCORING: Final = "scoring"
VERSION: Final = "1"
# beside the sheet that is filled in: nobody types on them, so they are not read
_BESIDE: Final = ("points", "facts")
_ALWAYS, _NEVER = Rule("always"), Rule("never")
_EXAMPLE: Final = Decimal("0.8")  # of the full mark


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator as the workbook asks for it. `scale` says `top` and `step` in words; `weight` is out of 100.

    `points`: what to look at, by 类型 (平台, 基地). `comment`: whether one is asked for. `counted`: what can be
    counted, its unit and what is demanded of it (典型或特色经验做法, 条, 不少于 2 条); None: nothing.
    """

    code: str
    name: str
    looks: str
    top: Decimal
    step: Decimal
    scale: str
    weight: str
    points: Mapping[str, tuple[str, ...]]
    comment: bool
    counted: tuple[str, str, str] | None

    @property
    def score_column(self) -> str:
        """Where the score is typed."""
        return _of("score", name=self.name)

    @property
    def comment_column(self) -> str:
        """Where the comment is typed; '' where none is asked for."""
        return _of("comment", name=self.name) if self.comment else ""

    @property
    def count_column(self) -> str:
        """Where the count is typed; '' where nothing is counted."""
        return _of("count", name=self.counted[0], unit=self.counted[1]) if self.counted else ""


@dataclass(frozen=True, slots=True)
class Whose:
    """Which round and which expert a workbook is of, as it says itself; '' where it does not."""

    year: str
    expert: str


def scoring_words() -> dict[str, Any]:
    """The texts of scoring/help.toml."""
    return words(SCORING)


def column_name(key: str) -> str:
    """A column of 评分 that every round has: number, name, city, kind, operator, recusal."""
    return str(scoring_words()["column"][key]["name"])


def sheet_name(key: str) -> str:
    """A sheet: scores, points, facts, help."""
    return str(scoring_words()["sheets"][key])


def scoring_schema(asked: Sequence[Asked]) -> BookSchema:
    """The workbook for these indicators, in their order."""
    name, texts = sheet_name("scores"), scoring_words()
    columns: list[Column] = []

    def add(title: str, kind: ColumnType, required: Rule, says: str, example: str = "", width: int = 11) -> None:
        made = Column(name, title, kind, required, _NEVER, says, (example,), len(columns) + 1, width=width)
        columns.append(made)

    def fixed(key: str, kind: ColumnType = "text", required: Rule = _NEVER) -> None:
        one = texts["column"][key]
        add(one["name"], kind, required, one["help"], width=one["width"])

    fixed("number", "id", _ALWAYS)
    fixed("name", required=_ALWAYS)
    for key in ("city", "kind", "operator"):
        fixed(key)
    for one in asked:
        said = _of("score_help", looks=one.looks, scale=one.scale)
        add(one.score_column, "decimal", _ALWAYS, said, _example(one))
        if one.counted is not None:
            _, unit, demand = one.counted
            add(one.count_column, "integer", _NEVER, _of("count_help", unit=unit, demand=demand), "2")
        if one.comment:
            add(one.comment_column, "text", _ALWAYS, _of("comment_help"), width=30)
    fixed("recusal", required=_ALWAYS)
    number = column_name("number")
    sheet = Sheet(name, 1, "", "city", _ALWAYS, tuple(columns), key=number)
    return BookSchema(
        version=VERSION,
        sheets=(sheet,),
        applicants=name,
        name_column=column_name("name"),
        judged_by=(),
        meta="_meta",
        dictionary="_字典",
        help=sheet_name("help"),
        meta_keys=dict(texts["meta"]),
        left_alone="不读入",
        ignored_prefixes=("WpsReserved", *(sheet_name(key) for key in _BESIDE)),
    )


def whose(book: RawBook, schema: BookSchema) -> Whose:
    """Whose a received workbook is, by its hidden sheet."""
    meta = next((one for one in book.sheets if fold_header(one.name) == fold_header(schema.meta)), None)
    found = pairs(meta)
    year, expert = (fold_text(found.get(fold_header(schema.meta_keys[key]), "")) for key in ("year", "expert"))
    return Whose(year, expert)


def _of(key: str, **values: str) -> str:
    return str(scoring_words()["indicator"][key].format(**values))


def _example(one: Asked) -> str:
    return f"{(one.top * _EXAMPLE // one.step * one.step).normalize():f}"
