"""Names that a careless writer of files would let do harm, or lose."""

from __future__ import annotations

FORMULAS = (
    "=1+1",
    '=HYPERLINK("https://example.invalid","点我")',
    "+86虚构平台",
    "-1虚构",
    "@SUM(A1)",
    "＝1+1",
    "＋虚构",
    "－虚构",
    "＠虚构",
)
TEXTS = (
    "a,b;\"c\"'d'",
    "第一行\n第二行",
    "<b>&amp;</b>",
    "{=1}",
    "0012",
    "1E5",
    "2026-01-01",
    "虚构市𠮷田平台",
    "_x0041_平台",
    "https://example.invalid",
    "TRUE",
    "{{ name }}",
    "  前后有空格  ",
    "长" * 200,
)
NAMES = FORMULAS + TEXTS
