"""How texts are made comparable: headers, choices, codes and 编号, however a person typed them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_QUOTES = frozenset("\"'“”‘’„‟‚‛«»‹›「」『』〝〞〟`´")

# Compatibility forms that are only another width of the same character. Others (①, ², ½, ㎡, ⒈) would turn a
# footnote mark into a digit: 1000① must never be read as 10001.
_WIDTHS = ("<wide>", "<narrow>", "<small>", "<noBreak>")


@lru_cache(maxsize=8192)  # asked for every character of every cell, and there are few different ones
def _is_blank(character: str) -> bool:
    """Blanks, line breaks, and the invisible characters that copying from web pages leaves behind."""
    return character.isspace() or unicodedata.category(character) in ("Cf", "Cc", "Zs")


def strip_blanks(text: str) -> str:
    """`text` without blanks and invisible characters around it; nothing inside is changed."""
    start, end = 0, len(text)
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def fold_text(text: str) -> str:
    """NFKC, without blanks around: for choices and items of lists."""
    return strip_blanks(unicodedata.normalize("NFKC", text))


def fold_width(text: str) -> str:
    """Full-width and half-width forms as one, without blanks around: for numbers, dates, codes and phones.

    Narrower than NFKC on purpose: what is not merely another width of a character stays what it is, and the
    reader of the value refuses it.
    """
    return strip_blanks(text if text.isascii() else "".join(map(_narrow, text)))


@lru_cache(maxsize=8192)  # as _is_blank
def _narrow(character: str) -> str:
    if character.isascii():
        return character
    form = unicodedata.decomposition(character)
    if form.startswith(_WIDTHS) or unicodedata.category(character) == "Zs":
        return unicodedata.normalize("NFKC", character)
    # Kangxi radicals (⽉ for 月), as copied from PDF files.
    if form.startswith("<compat>") and 0x2F00 <= ord(character) <= 0x2FD5:
        return unicodedata.normalize("NFKC", character)
    return character


@lru_cache(maxsize=4096)  # the same few names in every book
def fold_header(text: str) -> str:
    """For headers and sheet names: one form of width, no quotes, no blanks anywhere (contract §2)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c not in _QUOTES and not _is_blank(c))


def fold_item(text: str) -> str:
    """For options and list items: as `fold_text`, and the quotes around 小巨人 make no difference."""
    return strip_blanks("".join(c for c in fold_text(text) if c not in _QUOTES))


def fold_key(text: str) -> str:
    """For 编号 and names: what is equal after NFKC, blanks around and upper or lower case is the same."""
    return fold_text(text).casefold()
