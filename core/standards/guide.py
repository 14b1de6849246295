"""What each column of the sheets feeds: lines for the template workbook and for the help in the app."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from core.checks.finding import Stage
from core.standards.edition import Criterion, Edition
from core.standards.rules import (
    KINDS,
    STAGES,
    Baseline,
    Carriers,
    Choice,
    Entrances,
    Judged,
    Libraries,
    Materials,
    NotFewer,
    Operator,
    Rule,
)
from core.standards.threshold import Comparison, Ref, Threshold

SIGNS: Final[Mapping[Comparison, str]] = {">=": "≥", ">": "＞", "<=": "≤"}
STAGE_NAMES: Final[Mapping[Stage, str]] = {"creation": "创建", "recognition": "认定"}


def guide(edition: Edition, day: date) -> dict[tuple[str, str], tuple[str, ...]]:
    """(sheet, column) -> lines such as `创建：≥ 40（附件1 服务能力/汇集服务资源情况）`, in the edition's order.

    A line that is the same at both stages stands once, as `创建、认定：…`.
    """
    lines: dict[tuple[str, str], list[str]] = {}
    for criterion in edition.criteria:
        for ref, texts in _by_column(criterion, day).items():
            stages_of: dict[str, list[Stage]] = {}
            for stage, text in texts.items():
                stages_of.setdefault(text, []).append(stage)
            for text, stages in stages_of.items():
                names = "、".join(STAGE_NAMES[stage] for stage in stages)
                line = f"{names}：{text}（{criterion.clause}）"
                if line not in lines.setdefault(ref, []):
                    lines[ref].append(line)
    return {ref: tuple(found) for ref, found in lines.items()}


def required_text(rule: Rule, day: date) -> str:
    """What a rule asks, in a few words: `≥ 40`, `＞ 20%`, `高于创建时`."""
    match rule:
        case Choice(asks=asks) | Judged(asks=asks):
            return asks
        case Operator():
            return "按第二条所列的单位性质和承担方式"
        case NotFewer():
            return "不少于上年"
        case Materials():
            return "各项材料齐全"
        case Baseline():
            return "高于创建时" if rule.comparison == ">" else "不低于创建时"
        case Libraries():
            return f"{sign_text(rule.threshold, day)}，且具备{'、'.join(ref.column for ref in rule.also)}"
        case Entrances():
            return f"{'、'.join(ref.column for ref in rule.entrances)}都有，{sign_text(rule.threshold, day)}"
        case Carriers():
            return f"三类载体 {sign_text(rule.threshold, day)}，有效运行由人工认定"
        case _:
            return sign_text(rule.threshold, day)


def sign_text(threshold: Threshold, day: date) -> str:
    """`≥ 40`, `＞ 20%`, `≤ 8 分钟`."""
    return f"{SIGNS[threshold.comparison]} {threshold.amount(day)}"


def _by_column(criterion: Criterion, day: date) -> dict[Ref, dict[Stage, str]]:
    found: dict[Ref, dict[Stage, str]] = {}
    for kind in KINDS:
        for stage in STAGES:
            rule = criterion.rule(kind, stage)
            if rule is not None:
                text = required_text(rule, day)
                if not isinstance(rule, Choice | Judged):
                    text = f"{criterion.name} {text}"
                for ref in rule.columns:
                    found.setdefault(ref, {})[stage] = text
    return found
