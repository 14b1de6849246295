"""The sentences of findings. They are part of what others rely on: tests hold whole sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from core.applications import Look
from core.checks.finding import Verdict
from core.standards.threshold import Comparison, Ref

AT: Final[Mapping[Comparison, str]] = {">=": "不低于", ">": "超过", "<=": "不超过"}
MOST_CELLS: Final = 12
RESULT: Final[Mapping[Verdict, str]] = {
    "pass": "达标",
    "fail": "不达标",
    "review": "需人工认定",
    "missing": "无法判断",
}


def sentence(text: str, verdict: Verdict, clause: str, cells: Iterable[str] = ()) -> str:
    """`text，达标（clause；cells）。`"""
    return f"{text}，{RESULT[verdict]}（{'；'.join(part for part in (clause, cell_list(cells)) if part)}）。"


def cell_list(cells: Iterable[str]) -> str:
    """`平台指标!K2、L2`: the sheet once, and first to last where there are many."""
    by_sheet: dict[str, dict[str, None]] = {}
    for cell in cells:
        sheet, _, address = cell.partition("!")
        by_sheet.setdefault(sheet, {})[address] = None
    return "，".join(_addresses(sheet, list(found)) for sheet, found in by_sheet.items())


def _addresses(sheet: str, addresses: list[str]) -> str:
    many = len(addresses) > MOST_CELLS
    told = f"{addresses[0]}至{addresses[-1]}" if many else "、".join(one for one in addresses if one)
    return f"{sheet}!{told}" if told else sheet


def missing(gaps: Iterable[tuple[Ref, Look]], clause: str) -> str:
    """What is not there, in which cell, and what to do."""
    told = "；".join(dict.fromkeys(_gap(ref, look) for ref, look in gaps))
    return f"缺数据，无法判断：{told}。请推荐单位补正后重新报送（{clause}）。"


def quoted(ref: Ref, value: object) -> str:
    """`“是否分支机构”填“否”`."""
    return f"“{ref.column}”填“{value}”"


def _gap(ref: Ref, look: Look) -> str:
    where = cell_list(look.cells)
    if look.gap == "absent":
        return f"〔{ref.sheet}〕没有“{ref.column}”的数据"
    state = "未填" if look.gap == "empty" else "填写有误"
    return f"“{ref.column}”{state}（{where or ref.sheet}）"
