"""Who scores what, as HTML: applications by experts, and how much each expert has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from core.services.experts import CODE
from core.services.panel import PanelExpert
from core.services.subjects import Scored

WIDE = 24  # as many experts have a column each; of more, an application names its own only
Marks = Mapping[tuple[int, int], tuple[str, str]]  # by expert and application: which mark, and what it says
SIGNS = {
    "standing": ("●", "sf-tone-act", "已分派"),
    "new": ("＋", "sf-pass", "方案新派"),
    "barred": ("✕", "sf-missing", "回避，不能派"),
    "conflict": ("!", "sf-fail", "已分派，但应当回避，请撤回"),
}


def assign_html(subjects: Sequence[Scored], experts: Sequence[PanelExpert], marks: Marks) -> str:
    """A row an application; a column an expert where there are few of them, else their names in a row."""
    few = len(experts) <= WIDE
    heads = '<th scope="col">地区</th><th scope="col" class="name">名称</th><th class="num" scope="col">专家数</th>'
    heads += "".join(map(_head, experts)) if few else '<th scope="col">专家</th>'
    body = "".join(_row(each, experts, marks, few=few) for each in subjects)
    return (
        f'<div class="sf-wrap"><table class="sf sf-matrix sf-scores"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def legend_html(*kinds: str) -> str:
    """What the marks mean."""
    said = "　".join(f'<span class="sf-v {SIGNS[kind][1]}">{SIGNS[kind][0]}</span> {SIGNS[kind][2]}' for kind in kinds)
    return f'<p class="sf-legend">{said}　指向标记可看是哪位专家、什么缘由。</p>'


def loads_html(loads: Mapping[PanelExpert, int]) -> str:
    """How many applications each expert has, as bars, by code."""
    most = max(loads.values(), default=0)
    bars = "".join(
        f"<div><span>{escape(each.code)} {escape(each.name)}</span>"
        f'<span class="sf-bar"><i style="width:{100 * load / most if most else 0:.0f}%"></i></span><b>{load}</b></div>'
        for each, load in loads.items()
    )
    return f'<p class="sf-legend">各位专家的件数</p><div class="sf-loads">{bars}</div>'


def _head(each: PanelExpert) -> str:
    return (
        f'<th class="c" scope="col" title="{escape(f"{each.code} {each.name}")}">'
        f"{escape(each.code.removeprefix(CODE))}<br>{escape(each.name)}</th>"
    )


def _row(subject: Scored, experts: Sequence[PanelExpert], marks: Marks, *, few: bool) -> str:
    found = [(each, marks.get((each.id, subject.id))) for each in experts]
    given = [(each, mark) for each, mark in found if mark and mark[0] != "barred"]
    name = f'<a href="/checks?app={subject.id}" target="_blank">{escape(subject.name)}</a>'
    cells = "".join(_cell(each, mark) for each, mark in found) if few else _chips(found)
    return (
        f'<tr><td class="nowrap">{escape(subject.city)}</td><td class="name">{name}</td>'
        f'<td class="num">{len(given)}</td>{cells}</tr>'
    )


def _cell(each: PanelExpert, mark: tuple[str, str] | None) -> str:
    if mark is None:
        return '<td class="c"></td>'
    sign, css, word = SIGNS[mark[0]]
    tip = escape(f"{each.code} {each.name}：{mark[1] or word}")
    return f'<td class="c {css}" title="{tip}" aria-label="{tip}">{sign}</td>'


def _chips(found: Sequence[tuple[PanelExpert, tuple[str, str] | None]]) -> str:
    """One cell with the names of those that it is given to, and how many are barred."""
    chips = []
    for each, mark in found:
        if mark is not None and mark[0] != "barred":
            sign, css, word = SIGNS[mark[0]]
            tip = escape(mark[1] or word)
            chips.append(f'<span class="sf-v {css}" title="{tip}">{sign} {escape(f"{each.code} {each.name}")}</span>')
    barred = sum(mark is not None and mark[0] == "barred" for _, mark in found)
    more = f' <span class="soft">回避 {barred} 位</span>' if barred else ""
    return f"<td>{' '.join(chips)}{more}</td>"
