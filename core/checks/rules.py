"""How each kind of rule is carried out; the registry by kind. Arithmetic is exact throughout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from dateutil.relativedelta import relativedelta

from core.applications import Application, Look
from core.checks import wording
from core.checks.finding import Finding, Verdict
from core.standards import rules as kinds
from core.standards.edition import Criterion, Edition
from core.standards.figures import Exact, figure_text
from core.standards.rules import Figure, Rule
from core.standards.threshold import Ref, Threshold, compare


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule is carried out on."""

    application: Application
    edition: Edition
    criterion: Criterion
    as_of: date
    baseline: Application | None

    def number(self, ref: Ref) -> int | Decimal:
        """A number that `gaps` has found to be there."""
        return _number(self.application.look(ref)) or 0

    def value(self, ref: Ref) -> Any:
        """The value of a column."""
        return self.application.look(ref).value

    def cells(self, *refs: Ref) -> tuple[str, ...]:
        """The cells of columns, each once."""
        found: dict[str, None] = {}
        for ref in refs:
            found.update(dict.fromkeys(self.application.look(ref).cells))
        return tuple(found)

    def finding(
        self,
        verdict: Verdict,
        value: int | Fraction | Decimal | str | None,
        required: str,
        text: str,
        cells: tuple[str, ...],
        margin: Fraction | None = None,
    ) -> Finding:
        """A finding of this criterion; `text` is its sentence without result, clause and cells."""
        clause = self.criterion.clause
        message = wording.sentence(text, verdict, clause, cells)
        return Finding(self.criterion.code, clause, verdict, value, required, message, cells, margin)

    def missing(self, required: str, *refs: Ref) -> Finding | None:
        """The finding `missing` where one of the columns has no value, else None."""
        look = self.application.look
        gaps = [(ref, look(ref)) for ref in refs if look(ref).value is None]
        if not gaps:
            return None
        code, clause = self.criterion.code, self.criterion.clause
        cells = tuple(dict.fromkeys(cell for _, gap in gaps for cell in gap.cells))
        return Finding(code, clause, "missing", None, required, wording.missing(gaps, clause), cells)

    def held_against(
        self, threshold: Threshold, value: Exact, text: str, cells: tuple[str, ...], unit: str = ""
    ) -> Finding:
        """pass or fail of a number against a limit; `text` ends where the number comes."""
        bound = threshold.bound(self.as_of)
        verdict = _verdict(threshold.meets(value, self.as_of))
        shown = figure_text(value, threshold.unit or unit, apart_from=bound)
        asked = f"{wording.AT[threshold.comparison]} {threshold.amount(self.as_of)}"
        return self.finding(
            verdict,
            value,
            threshold.required(self.as_of),
            f"{text} {shown}，要求{asked}" + self._short(threshold, value, verdict, unit),
            cells,
            threshold.margin(value, self.as_of),
        )

    def _short(self, threshold: Threshold, value: Exact, verdict: Verdict, unit: str) -> str:
        gap = threshold.bound(self.as_of) - Fraction(value)
        if verdict != "fail" or gap <= 0 or threshold.unit == "%":
            return ""
        return f"，差 {figure_text(gap, threshold.unit or unit)}"


def carry_out(rule: Rule, context: Context) -> Finding:
    """The finding of one criterion."""
    return RULES[rule.kind](rule, context)


def _operator(rule: kinds.Operator, context: Context) -> Finding:
    required = "第二条第三款所列的单位"
    nature = context.value(rule.column)
    bound = nature in rule.bound
    needed = (rule.column, rule.ways) if bound else (rule.column,)
    if gap := context.missing(required, *needed):
        return gap
    cells = context.cells(*needed)
    text = wording.quoted(rule.column, nature)
    if not bound:
        return context.finding(_verdict(nature in rule.free), nature, required, text, cells)
    ways = context.value(rule.ways)
    text += f"，“{rule.ways.column}”填“{'、'.join(ways)}”"
    verdict: Verdict = "fail"
    if any(way in rule.named for way in ways):
        verdict = "pass"
    elif any(way in rule.judged for way in ways):
        verdict = "review"
    return context.finding(verdict, nature, required, text, cells)


def _choice(rule: kinds.Choice, context: Context) -> Finding:
    if gap := context.missing(rule.asks, rule.column):
        return gap
    value = context.value(rule.column)
    verdict: Verdict = "pass" if value in rule.passes else "fail" if value in rule.fails else "review"
    text = f"{wording.quoted(rule.column, value)}，要求{rule.asks}"
    return context.finding(verdict, value, rule.asks, text, context.cells(rule.column))


def _years(rule: kinds.Years, context: Context) -> Finding:
    required = rule.threshold.required(context.as_of)
    if gap := context.missing(required, rule.column):
        return gap
    start: date = context.value(rule.column)
    years = rule.threshold.values.whole(context.as_of)
    full = date.max if start.year + years > date.max.year else start + relativedelta(years=years)
    text = (
        f"“{rule.column.column}”为 {start.isoformat()}，到 {full.isoformat()} "
        f"满 {rule.threshold.amount(context.as_of)}，以 {context.as_of.isoformat()} 为准"
    )
    cells = context.cells(rule.column)
    return context.finding(_verdict(full <= context.as_of), start.isoformat(), required, text, cells)


def _not_fewer(rule: kinds.NotFewer, context: Context) -> Finding:
    required = ">= 上年"
    if gap := context.missing(required, rule.column, rule.before):
        return gap
    now, before = context.number(rule.column), context.number(rule.before)
    enough = compare(now, ">=", before)
    text = f"“{rule.column.column}”{now}，上年 {before}，要求保持稳定或增长"
    if not enough:
        text += "，比上年减少，是否“基本稳定”"
    return context.finding(
        "pass" if enough else "review",
        now,
        f">= {before}",
        text,
        context.cells(rule.column, rule.before),
        Fraction(Fraction(now) - Fraction(before), 1) / Fraction(before) if before else None,
    )


def _judged(rule: kinds.Judged, context: Context) -> Finding:
    name = context.criterion.name
    if rule.figure is None:
        text = f"{name}共 {len(rule.items)} 项，应逐项认定" if rule.items else name
        return context.finding("review", None, rule.asks, text, ())
    figure, value = rule.figure, _figure(rule.figure, context.application)
    shown = "无法算出" if value is None else figure_text(value, figure.unit)
    text = f"{figure.label} {shown}"
    kept = value if figure.shown == "value" else None
    return context.finding("review", kept, rule.asks, text, context.cells(*figure.columns))


def _materials(rule: kinds.Materials, context: Context) -> Finding:
    required = "各项材料齐全"
    by_operator = rule.waivable_by_operator
    asks_operator = context.value(by_operator) == rule.waived
    needed = (*rule.materials, rule.operator) if asks_operator else rule.materials
    if gap := context.missing(required, *needed):
        return gap
    waivable = set(rule.waivable)
    if asks_operator and context.value(rule.operator) in rule.operator_free:
        waivable.add(by_operator)
    lacking = [ref for ref in rule.materials if context.value(ref) == rule.lacking]
    wrong = [ref for ref in rule.materials if context.value(ref) == rule.waived and ref not in waivable]
    if not lacking and not wrong:
        return context.finding("pass", None, required, "所需材料齐全", context.cells(*rule.materials))
    told = []
    if lacking:
        told.append(f"缺{_names(lacking)}")
    if wrong:
        told.append(f"{_names(wrong)}不能填“{rule.waived}”")
    return context.finding("fail", None, required, "，".join(told), context.cells(*lacking, *wrong))


def _libraries(rule: kinds.Libraries, context: Context) -> Finding:
    asked = f"且具备{'、'.join(ref.column for ref in rule.also)}"
    required = f"{rule.threshold.required(context.as_of)}，{asked}"
    if gap := context.missing(required, *rule.columns):
        return gap
    there = [ref for ref in rule.counted if context.value(ref) == rule.yes]
    lacking = [ref for ref in rule.columns if context.value(ref) != rule.yes]
    count = len(there)
    enough = rule.threshold.meets(count, context.as_of)
    complete = all(context.value(ref) == rule.yes for ref in rule.also)
    text = (
        f"基础服务资源库已有 {count} 类，要求{wording.AT[rule.threshold.comparison]} "
        f"{rule.threshold.amount(context.as_of)}，{asked}"
    )
    if not (enough and complete):
        text += f"；没有{_names(lacking)}"
    margin = rule.threshold.margin(count, context.as_of)
    cells = context.cells(*rule.columns)
    return context.finding(_verdict(enough and complete), count, required, text, cells, margin)


def _entrances(rule: kinds.Entrances, context: Context) -> Finding:
    asked = f"{'、'.join(ref.column for ref in rule.entrances)}都有"
    required = f"{rule.threshold.required(context.as_of)}，{asked}"
    if gap := context.missing(required, *rule.columns):
        return gap
    minutes = context.number(rule.minutes)
    lacking = [ref for ref in rule.entrances if context.value(ref) != rule.yes]
    quick = rule.threshold.meets(minutes, context.as_of)
    shown = figure_text(minutes, rule.threshold.unit, apart_from=rule.threshold.bound(context.as_of))
    text = (
        f"“{rule.minutes.column}”{shown}，要求{wording.AT[rule.threshold.comparison]} "
        f"{rule.threshold.amount(context.as_of)}，{asked}"
    )
    if lacking:
        text += f"；没有{_names(lacking)}"
    margin = rule.threshold.margin(minutes, context.as_of)
    cells = context.cells(*rule.columns)
    return context.finding(_verdict(quick and not lacking), minutes, required, text, cells, margin)


def _items(rule: kinds.Items, context: Context) -> Finding:
    if gap := context.missing(rule.threshold.required(context.as_of), *rule.columns):
        return gap
    category = context.value(rule.category)
    listed = context.edition.items.get(category, ())
    count = len({item for item in context.value(rule.column) if item in listed})
    text = f"“{rule.column.column}”中属于{category}清单的有"
    return context.held_against(rule.threshold, count, text, context.cells(*rule.columns))


def _amount(rule: kinds.Amount, context: Context) -> Finding:
    if gap := context.missing(rule.threshold.required(context.as_of), *rule.columns):
        return gap
    numbers = [context.number(ref) for ref in rule.columns]
    total = sum(numbers)
    if len(numbers) > 1:
        text = "与".join(f"“{ref.column}”{one}" for ref, one in zip(rule.columns, numbers, strict=True)) + "合计"
    else:
        text = f"“{rule.columns[0].column}”为"
    return context.held_against(rule.threshold, total, text, context.cells(*rule.columns))


def _share(rule: kinds.Share, context: Context) -> Finding:
    if gap := context.missing(rule.threshold.required(context.as_of), *rule.columns):
        return gap
    part, whole = context.number(rule.part), context.number(rule.whole)
    share = Fraction(part) / Fraction(whole)
    text = f"“{rule.part.column}”{part}，占“{rule.whole.column}”{whole} 的"
    if rule.remark:
        text = f"{rule.remark}：{text}"
    return context.held_against(rule.threshold, share, text, context.cells(*rule.columns))


def _events(rule: kinds.Events, context: Context) -> Finding:
    if gap := context.missing(rule.threshold.required(context.as_of), *rule.columns):
        return gap
    minimum = context.edition.events.minimum.amount(context.as_of)
    text = f"参加企业 {minimum}以上的线下活动场次"
    (column,) = rule.columns
    return context.held_against(rule.threshold, context.number(column), text, context.cells(column))


def _weighted_share(rule: kinds.WeightedShare, context: Context) -> Finding:
    if gap := context.missing(rule.threshold.required(context.as_of), *rule.columns):
        return gap
    weighted = [
        (title.weight.at(context.as_of).value, context.number(title.column)) for title in context.edition.titles
    ]
    total = sum((Fraction(weight) * Fraction(count) for weight, count in weighted), Fraction(0))
    whole = context.number(rule.whole)
    told = "＋".join(f"{weight}×{count}" for weight, count in weighted)
    text = f"优质企业加权数（{told}）占“{rule.whole.column}”{whole} 的"
    return context.held_against(rule.threshold, total / Fraction(whole), text, context.cells(*rule.columns))


def _carriers(rule: kinds.Carriers, context: Context) -> Finding:
    required = rule.threshold.required(context.as_of)
    if gap := context.missing(required, *rule.columns):
        return gap
    there = [ref for ref in rule.columns if rule.each.meets(context.number(ref), context.as_of)]
    enough = rule.threshold.meets(len(there), context.as_of)
    text = (
        f"三类载体已有 {len(there)} 类，要求{wording.AT[rule.threshold.comparison]} "
        f"{rule.threshold.amount(context.as_of)}"
    )
    if enough:
        text += "，是否有效运行"
    margin = rule.threshold.margin(len(there), context.as_of)
    cells = context.cells(*rule.columns)
    return context.finding("review" if enough else "fail", len(there), required, text, cells, margin)


def _baseline(rule: kinds.Baseline, context: Context) -> Finding:
    required = f"{rule.comparison} 创建时"
    if gap := context.missing(required, *rule.columns):
        return gap
    cells = context.cells(*rule.columns)
    own = [_figure(figure, context.application) for figure in rule.figures]
    value = own[0] if len(own) == 1 else None
    before = [None if context.baseline is None else _figure(figure, context.baseline) for figure in rule.figures]
    pairs = list(zip(rule.figures, own, before, strict=True))
    if any(now is None or then is None for _, now, then in pairs):
        told = "；".join(f"{figure.label} {_shown(figure, now)}" for figure, now, _ in pairs)
        return context.finding("review", value, required, f"{told}，没有可比的创建时数据", cells)
    told = "；".join(
        f"{figure.label} {_shown(figure, now, then)}，创建时 {_shown(figure, then, now)}" for figure, now, then in pairs
    )
    met = all(compare(now or 0, rule.comparison, then or 0) for _, now, then in pairs)
    margins = [(Fraction(now or 0) - Fraction(then)) / Fraction(then) for _, now, then in pairs if then]
    verdict: Verdict = rule.met if met else "fail"
    if len(pairs) == 1:
        figure, _, then = pairs[0]
        required = f"{rule.comparison} {_shown(figure, then)}"
    asked = "高于创建时" if rule.comparison == ">" else "不低于创建时"
    return context.finding(verdict, value, required, f"{told}，要求{asked}", cells, min(margins, default=None))


RULES: Final[Mapping[str, Callable[[Any, Context], Finding]]] = {
    kinds.Operator.kind: _operator,
    kinds.Choice.kind: _choice,
    kinds.Years.kind: _years,
    kinds.NotFewer.kind: _not_fewer,
    kinds.Judged.kind: _judged,
    kinds.Materials.kind: _materials,
    kinds.Libraries.kind: _libraries,
    kinds.Entrances.kind: _entrances,
    kinds.Items.kind: _items,
    kinds.Amount.kind: _amount,
    kinds.Share.kind: _share,
    kinds.Events.kind: _events,
    kinds.WeightedShare.kind: _weighted_share,
    kinds.Carriers.kind: _carriers,
    kinds.Baseline.kind: _baseline,
}


def _figure(figure: Figure, application: Application) -> int | Decimal | Fraction | None:
    """The figure of an application, exact; None where a column has no value or the whole is 0."""
    part = _number(application.look(figure.part))
    if part is None or figure.whole is None:
        return part
    whole = _number(application.look(figure.whole))
    if not whole:
        return None
    made = Fraction(part) * Fraction(figure.scale) / Fraction(whole)
    return made - 1 if figure.growth else made


def _number(look: Look) -> int | Decimal | None:
    return look.value if isinstance(look.value, (int, Decimal)) else None


def _verdict(met: bool) -> Verdict:
    return "pass" if met else "fail"


def _names(refs: list[Ref]) -> str:
    return "、".join(f"“{ref.column}”" for ref in refs)


def _shown(figure: Figure, value: Exact | None, apart_from: Exact | None = None) -> str:
    return "无法算出" if value is None else figure_text(value, figure.unit, apart_from=apart_from)
