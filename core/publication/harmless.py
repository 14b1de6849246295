"""What a spreadsheet takes for a formula, and how it is kept from it (contract §6: a cell never starts one)."""

from __future__ import annotations

from typing import Final

# also in full width
_FORMULA_STARTS: Final = tuple("=+-@＝＋－＠")
# what does not show before it: some programs strip it away when they read a file
_UNSEEN: Final = "\ufeff\u200b\u200c\u200d\u2060"


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet that reads the text in a csv file takes it for a formula."""
    return text.lstrip().lstrip(_UNSEEN).lstrip().startswith(_FORMULA_STARTS)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if starts_formula(text) else text
