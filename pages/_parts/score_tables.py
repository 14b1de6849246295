"""A round's scores as HTML: who gave what to which application, as figures and as dots. In official order, always."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape

from core.scoring.results import MARKS, Result
from core.scoring.shown import shown, shown_root
from core.services.panel import STATES, PanelExpert
from core.views.scores import ScoreCell, ScoreRow, ScoresView
from pages._parts.linked import link

WIDE = 10  # as many experts have a column each; of more, an application shows its own only
MISSING = "—"
FULL, STEP = 100, 10
DOT, LINE, HIGH = 4.5, 20, 26  # pixels: a dot, the mark of a score, a row of the picture


def matrix_html(view: ScoresView, rows: Sequence[ScoreRow]) -> str:
    """Applications by experts: the total that each gave, what they come to, and how far apart they are."""
    known = _by_code(view)
    experts = _columns(view)
    most = max((len(row.cells) for row in rows), default=0)
    if experts:
        cells = "".join(_expert_head(known[code]) for code in experts)
    else:
        cells = (
            f'<th class="e" scope="col" colspan="{max(most, 1)}">各位专家的总分</th><th class="e" scope="col">回避</th>'
        )
    line, grades = view.settings.pass_line is not None, view.settings.grades is not None
    heads = [
        '<th class="opt" scope="col">地区</th><th class="name" scope="col">名称</th>', cells,
        '<th class="num" scope="col">得分</th>',
        '<th scope="col">合格</th>' if line else "",
        '<th scope="col">等次</th>' if grades else "",
        '<th class="num" scope="col">极差</th><th class="num opt" scope="col">标准差</th><th scope="col">提示</th>',
    ]  # fmt: skip
    body = "".join(_row(view, row, experts, known, max(most, 1)) for row in rows)
    return (
        f'<div class="sf-wrap"><table class="sf sf-matrix sf-scores"><thead><tr>{"".join(heads)}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def dots_html(view: ScoresView, rows: Sequence[ScoreRow], low: int) -> str:
    """A dot for each expert's total, a bar for what they come to, a line where the pass line is. `low`: left edge."""
    known = _by_code(view)
    ticks = "".join(
        f'<text x="{_share(Fraction(at), low)}" y="14" text-anchor="middle">{at}</text>'
        for at in range(low, FULL + 1, STEP)
    )
    heads = (
        '<th class="opt" scope="col">地区</th><th class="name" scope="col">名称</th>'
        f'<th class="dots" scope="col"><svg width="100%" height="18" font-size="12">{ticks}</svg></th>'
        '<th class="num" scope="col">得分</th><th scope="col">提示</th>'
    )
    body = "".join(
        f'<tr><td class="nowrap opt">{escape(row.subject.city)}</td><td class="name">{_name(row)}</td>'
        f'<td class="dots">{_dots(view, row, low, known)}</td>{_score(view, row)}<td>{_marks(row.result)}</td></tr>'
        for row in rows
    )
    return (
        f'<div class="sf-wrap"><table class="sf sf-matrix sf-scores"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def left_edge(rows: Sequence[ScoreRow]) -> int:
    """The ten below the lowest total, so that the dots have the room; 0 where there is none."""
    totals = [total for row in rows for total in row.result.total.by_expert.values()]
    return min(int(min(totals)) // STEP * STEP, FULL - STEP) if totals else 0


def bar_html(done: int, whole: int) -> str:
    """How much of a whole is done, as a bar with its figures."""
    share = 100 * done / whole if whole else 0
    return f'<span class="sf-bar"><i style="width:{share:.1f}%"></i></span> {done:,} / {whole:,}'


def spread_texts(result: Result) -> tuple[str, str]:
    """Range and standard deviation of the totals; — where there are not two."""
    whole = result.total
    return (
        MISSING if whole.range is None else shown(whole.range),
        MISSING if whole.variance is None else shown_root(whole.variance),
    )


def passed_text(passed: bool | None) -> str:
    """Whether an application reaches the pass line, as a word; "" where it is not known."""
    return {True: "合格", False: "不合格", None: ""}[passed]


def _by_code(view: ScoresView) -> Mapping[str, PanelExpert]:
    return {one.code: one for one in view.panel.experts.values()}


def _columns(view: ScoresView) -> tuple[str, ...]:
    """The experts that have a column each; () where they are too many."""
    codes = {one.expert.code for one in view.progress} | {cell.code for row in view.rows.values() for cell in row.cells}
    return tuple(sorted(codes)) if len(codes) <= WIDE else ()


def _expert_head(expert: PanelExpert) -> str:
    return f'<th class="e" scope="col">{escape(expert.code)}<small>{escape(expert.name)}</small></th>'


def _row(view: ScoresView, row: ScoreRow, experts: Sequence[str], known: Mapping[str, PanelExpert], places: int) -> str:
    recused = view.recused(row.subject.id)
    if experts:
        held = {cell.code: cell for cell in row.cells}
        cells = "".join(_cell(held.get(code), known[code], recused.get(code, "")) for code in experts)
    else:
        cells = "".join(_cell(cell, known[cell.code], recused.get(cell.code, ""), coded=True) for cell in row.cells)
        cells += "<td></td>" * (places - len(row.cells)) + _recused(recused, known)
    spread, deviation = spread_texts(row.result)
    passed = f"<td>{_passed(row.result.passed)}</td>" if view.settings.pass_line is not None else ""
    grade = f'<td class="nowrap">{escape(row.grade)}</td>' if view.settings.grades is not None else ""
    return (
        f'<tr><td class="nowrap opt">{escape(row.subject.city)}</td><td class="name">{_name(row)}</td>{cells}'
        f'{_score(view, row)}{passed}{grade}<td class="num">{spread}</td><td class="num opt">{deviation}</td>'
        f"<td>{_marks(row.result)}</td></tr>"
    )


def _name(row: ScoreRow) -> str:
    number = row.subject.id
    return link(row.subject.name or "（未填名称）", str(number), f"?tab=scores&scored={number}")


def _cell(cell: ScoreCell | None, expert: PanelExpert, recused: str, *, coded: bool = False) -> str:
    who = f"{expert.code} {expert.name}"
    code = f"<small>{escape(expert.code)}</small>" if coded else ""
    if recused:
        return f'<td class="e soft" title="{escape(f"{who}：{recused}")}">{code}回避</td>'
    if cell is None:
        return "<td></td>"
    if cell.total is None:
        state = cell.assigned.state
        css, text = ("e sf-review", "退回") if state == "reopened" else ("e soft", MISSING)
        return f'<td class="{css}" title="{escape(f"{who}：{STATES[state]}")}">{code}{text}</td>'
    return f'<td class="e" title="{escape(who)}">{code}{shown(cell.total)}</td>'


def _recused(found: Mapping[str, str], known: Mapping[str, PanelExpert]) -> str:
    tip = "；".join(f"{code} {known[code].name}：{why}" for code, why in found.items())
    return f'<td class="e soft" title="{escape(tip)}">{f"{len(found)} 位" if found else ""}</td>'


def _score(view: ScoresView, row: ScoreRow) -> str:
    if row.complete:
        return f'<td class="num"><b>{view.aggregate_text(row)}</b></td>'
    lacking = row.result.lacking
    text = f"缺 {len(row.result.missing) + lacking} 位"
    return f'<td class="num soft" title="{escape(row.result.gap)}">{text}</td>'


def _passed(passed: bool | None) -> str:
    css = {True: "sf-pass", False: "sf-fail", None: ""}[passed]
    mark = {True: "✓", False: "✗", None: ""}[passed]
    return f'<span class="sf-v {css}"><i>{mark}</i>{passed_text(passed)}</span>' if mark else ""


def _marks(result: Result) -> str:
    if not result.marks:
        return ""
    tip = "；".join(MARKS[mark] for mark in result.marks)
    return f'<span class="sf-state sf-tone-warn" title="{escape(tip)}">! 分歧</span>'


def _share(value: Fraction, low: int) -> str:
    """Where a total stands, in hundredths of the picture; a little room is left on both sides."""
    return f"{2 + float((value - low) / (FULL - low)) * 96:.2f}%"


def _dots(view: ScoresView, row: ScoreRow, low: int, known: Mapping[str, PanelExpert]) -> str:
    middle = HIGH / 2
    drawn = [
        f'<line x1="{_share(Fraction(at), low)}" x2="{_share(Fraction(at), low)}" y1="0" y2="{HIGH}" stroke="#e6ebf0"/>'
        for at in range(low, FULL + 1, STEP)
    ]
    line = view.settings.pass_line
    if line is not None and line >= low:
        at = _share(Fraction(line), low)
        drawn.append(
            f'<line x1="{at}" x2="{at}" y1="0" y2="{HIGH}" stroke="#b3261e" stroke-dasharray="3 2">'
            f"<title>合格线 {shown(line)}</title></line>"
        )
    for code, total in row.result.total.by_expert.items():
        dropped = code in row.result.total.dropped
        look = 'fill="#fff" stroke="#5a6775"' if dropped else 'fill="#1b5a96" fill-opacity="0.75"'
        said = f"{code} {known[code].name}：{shown(total)}{'（去掉，不计入）' if dropped else ''}"
        drawn.append(
            f'<circle cx="{_share(total, low)}" cy="{middle}" r="{DOT}" {look}><title>{escape(said)}</title></circle>'
        )
    score = row.result.total.aggregate
    if score is not None:
        at, top = _share(score, low), (HIGH - LINE) / 2
        drawn.append(
            f'<line x1="{at}" x2="{at}" y1="{top}" y2="{HIGH - top}" stroke="#1f2a36" stroke-width="2.5">'
            f"<title>得分 {view.aggregate_text(row)}</title></line>"
        )
    words = "，".join(f"{code} {shown(total)}" for code, total in row.result.total.by_expert.items()) or "还没有评分"
    return f'<svg role="img" aria-label="{escape(words)}" width="100%" height="{HIGH}">{"".join(drawn)}</svg>'
