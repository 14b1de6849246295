"""What of a list is not as it was made public: lines that came, lines that went, lines that say something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Row = tuple[str, ...]
_NUMBER: Final = "序号"


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines without their running number. `changed`: the line as it was, and as it is."""

    header: Row
    added: tuple[Row, ...]
    gone: tuple[Row, ...]
    changed: tuple[tuple[Row, Row], ...]

    @property
    def count(self) -> int:
        """How many lines differ."""
        return len(self.added) + len(self.gone) + len(self.changed)

    @property
    def text(self) -> str:
        """`增加 2 行，减少 1 行，改动 1 行`."""
        parts = {"增加": self.added, "减少": self.gone, "改动": self.changed}
        return "，".join(f"{word} {len(rows):,} 行" for word, rows in parts.items() if rows)


NO_DIFFERENCE: Final = Difference((), (), (), ())


def difference(header: Sequence[str], then: Sequence[Sequence[str]], now: Sequence[Sequence[str]]) -> Difference:
    """What changed between two lists of the same columns; a line that only stands elsewhere has not changed.

    A line is known by everything up to its first column of a name; equal lines count as often as they are there.
    """
    kept = [place for place, head in enumerate(header) if head != _NUMBER]
    heads = tuple(header[place] for place in kept)
    before, after = (Counter(tuple(row[place] for place in kept) for row in rows) for rows in (then, now))
    gone, added = list((before - after).elements()), list((after - before).elements())
    known = next((place for place, head in enumerate(heads) if "名称" in head), len(heads) - 1) + 1
    others: dict[Row, list[Row]] = {}
    for row in added:
        others.setdefault(row[:known], []).append(row)
    changed = [(row, others[row[:known]].pop(0)) for row in gone if others.get(row[:known])]
    pairs = Counter(row for pair in changed for row in pair)
    added, gone = (list((Counter(rows) - pairs).elements()) for rows in (added, gone))
    return Difference(heads, tuple(added), tuple(gone), tuple(changed))
