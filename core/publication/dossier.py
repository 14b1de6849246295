"""A document of sections, lines and tables, all text: what a page shows and a file holds is the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `heading`: it heads what follows in its section; `note`: it explains, in smaller type."""

    text: str
    heading: bool = False
    note: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts. Without `heads` it is one of labels and values, two columns or four.

    `widths`: of the columns, in any unit. `numeric`: columns (from 0) whose texts stand to the right.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: tuple[int, ...] = ()


Block = Line | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its title, `一、申报基本情况`."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """The whole. `warning` stands before the title, and on every page; `subject` says what it is about."""

    warning: str
    title: str
    subject: str
    sections: tuple[Section, ...]


def heading(text: str) -> Line:
    """A line that heads what follows in its section."""
    return Line(text, heading=True)


def note(text: str) -> Line:
    """A line that explains."""
    return Line(text, note=True)


def labelled(*pairs: tuple[str, str]) -> Table:
    """A table of labels and values, a pair a row."""
    return Table((), pairs, (34, 122))
