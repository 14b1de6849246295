"""Reads one rule of a criterion from the edition's TOML; a kind nobody knows is refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, cast

from core.standards.reading import Table
from core.standards.rules import (
    Amount,
    Baseline,
    Carriers,
    Choice,
    Entrances,
    Events,
    Figure,
    Item,
    Items,
    Judged,
    Libraries,
    Materials,
    NotFewer,
    Operator,
    Rule,
    Share,
    Title,
    WeightedShare,
    Years,
)
from core.standards.threshold import Comparison, Dated, Ref, Threshold, Values

Columns = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may refer to: columns by sheet, the words of comparison, titles, the roster's and events' columns."""

    columns: Columns
    comparisons: Mapping[str, Comparison]
    titles: tuple[Title, ...] = ()
    roster_whole: Ref | None = None
    events_column: Ref | None = None


def read_ref(table: Table, key: str, known: Known) -> Ref:
    """A column, written `工作表/列名`."""
    return _ref(table, key, table.text(key), known)


def read_refs(table: Table, key: str, known: Known) -> tuple[Ref, ...]:
    """At least one column."""
    found = tuple(_ref(table, key, text, known) for text in table.texts(key))
    if not found:
        table.refuse(key, "至少要写一列")
    return found


def read_values(table: Table) -> Values:
    """`values`: each with the day from which it holds, the value, and its source."""
    dated = []
    for row in table.tables("values"):
        dated.append(Dated(row.day("from"), row.number("value"), row.text("source")))
        row.done()
    days = [one.since for one in dated]
    if days != sorted(set(days)):
        table.refuse("values", "各行的 from 应当由早到晚，不能重复")
    return Values(tuple(dated))


def read_comparison(table: Table, known: Known) -> tuple[Comparison, str]:
    """The measure's word for the limit, and what it means."""
    words = table.text("words")
    if words not in known.comparisons:
        table.refuse("words", f"“{words}”没有在 comparisons 里说明含不含本数")
    return known.comparisons[words], words


def read_threshold(table: Table, known: Known) -> Threshold:
    """`words`, `unit` and `values` of a table."""
    comparison, words = read_comparison(table, known)
    return Threshold(comparison, words, table.text("unit", blank=True), read_values(table))


def read_rule(table: Table, known: Known) -> Rule:
    """The rule of a `[[criterion.rule]]` table, its `kind`, `kinds` and `stages` taken by the caller or here."""
    kind = table.text("kind")
    if kind not in READERS:
        table.refuse("kind", f"没有“{kind}”这种判断方式（可用：{'、'.join(READERS)}）")
    rule = READERS[kind](table, known)
    table.done()
    return rule


def _ref(table: Table, key: str, text: str, known: Known) -> Ref:
    sheet, mark, column = text.partition("/")
    if not mark:
        table.refuse(key, f"“{text}”应当写作“工作表/列名”")
    if sheet not in known.columns:
        table.refuse(key, f"没有“{sheet}”这张工作表")
    if column not in known.columns[sheet]:
        table.refuse(key, f"工作表“{sheet}”没有“{column}”这一列")
    return Ref(sheet, column)


def _figure(table: Table, known: Known, *, shown: bool) -> Figure:
    made = Figure(
        label=table.text("label"),
        unit=table.text("as"),
        part=read_ref(table, "part", known),
        whole=read_ref(table, "whole", known) if table.has("whole") else None,
        scale=table.number("scale", Decimal(1)),
        growth=table.flag("growth", default=False),
        shown=cast(Literal["value", "message"], table.one_of("shown", ("value", "message")) if shown else "value"),
    )
    table.done()
    return made


def _item(table: Table) -> Item:
    made = Item(table.text("code"), table.text("clause"), table.text("text"))
    table.done()
    return made


def _items_of(table: Table) -> tuple[Item, ...]:
    if not table.has("items"):
        return ()
    made = tuple(_item(one) for one in table.tables("items"))
    if len({one.code for one in made}) != len(made):
        table.refuse("items", "有两项用了同一个 code")
    return made


def _operator(table: Table, known: Known) -> Rule:
    return Operator(
        read_ref(table, "column", known),
        read_ref(table, "ways", known),
        *(table.texts(key) for key in ("free", "bound", "named", "judged")),
    )


def _choice(table: Table, known: Known) -> Rule:
    passes, fails = table.texts("passes"), table.texts("fails")
    if set(passes) & set(fails):
        table.refuse("fails", "同一个选项不能既通过又不通过")
    return Choice(read_ref(table, "column", known), passes, fails, table.text("asks"))


def _years(table: Table, known: Known) -> Rule:
    return Years(read_ref(table, "column", known), read_threshold(table, known))


def _not_fewer(table: Table, known: Known) -> Rule:
    return NotFewer(read_ref(table, "column", known), read_ref(table, "before", known))


def _judged(table: Table, known: Known) -> Rule:
    figure = _figure(table.table("figure"), known, shown=True) if table.has("figure") else None
    return Judged(table.text("asks"), _items_of(table), figure)


def _materials(table: Table, known: Known) -> Rule:
    return Materials(
        materials=read_refs(table, "columns", known),
        lacking=table.text("lacking"),
        waived=table.text("waived"),
        waivable=read_refs(table, "waivable", known),
        waivable_by_operator=read_ref(table, "waivable_by_operator", known),
        operator=read_ref(table, "operator", known),
        operator_free=table.texts("operator_free"),
    )


def _libraries(table: Table, known: Known) -> Rule:
    return Libraries(
        counted=read_refs(table, "columns", known),
        also=read_refs(table, "with", known),
        yes=table.text("yes"),
        threshold=read_threshold(table, known),
    )


def _entrances(table: Table, known: Known) -> Rule:
    return Entrances(
        entrances=read_refs(table, "columns", known),
        yes=table.text("yes"),
        minutes=read_ref(table, "minutes", known),
        threshold=read_threshold(table, known),
    )


def _items(table: Table, known: Known) -> Rule:
    return Items(read_ref(table, "column", known), read_ref(table, "category", known), read_threshold(table, known))


def _amount(table: Table, known: Known) -> Rule:
    return Amount(read_refs(table, "columns", known), read_threshold(table, known))


def _share(table: Table, known: Known) -> Rule:
    return Share(
        read_ref(table, "part", known),
        read_ref(table, "whole", known),
        table.text("remark", ""),
        read_threshold(table, known),
    )


def _events(table: Table, known: Known) -> Rule:
    if known.events_column is None:
        table.refuse("kind", "要先写 [events]")
    return Events((known.events_column,), read_threshold(table, known))


def _weighted_share(table: Table, known: Known) -> Rule:
    if known.roster_whole is None:
        table.refuse("kind", "要先写 [roster] 和 [[title]]")
    titles = tuple(title.column for title in known.titles)
    return WeightedShare(titles, known.roster_whole, read_threshold(table, known))


def _carriers(table: Table, known: Known) -> Rule:
    each = table.table("each")
    made = Carriers(read_refs(table, "columns", known), read_threshold(each, known), read_threshold(table, known))
    each.done()
    return made


def _baseline(table: Table, known: Known) -> Rule:
    comparison, words = read_comparison(table, known)
    return Baseline(
        comparison,
        words,
        cast(Literal["pass", "review"], table.one_of("met", ("pass", "review"))),
        tuple(_figure(one, known, shown=False) for one in table.tables("figures")),
    )


READERS: Final[Mapping[str, Callable[[Table, Known], Rule]]] = {
    Operator.kind: _operator,
    Choice.kind: _choice,
    Years.kind: _years,
    NotFewer.kind: _not_fewer,
    Judged.kind: _judged,
    Materials.kind: _materials,
    Libraries.kind: _libraries,
    Entrances.kind: _entrances,
    Items.kind: _items,
    Amount.kind: _amount,
    Share.kind: _share,
    Events.kind: _events,
    WeightedShare.kind: _weighted_share,
    Carriers.kind: _carriers,
    Baseline.kind: _baseline,
}
