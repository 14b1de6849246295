"""The life of a case as a picture: statuses as bands, entries as marks, the deadline and today as lines.

Drawn with shares of the width, so that it fits every window and its words stay as large as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html import escape

from core.views.case import CaseView
from core.views.cases import groups
from pages._parts.words import short_day

COLOURS = {
    "to_select": ("#e9ecef", "#33414f"),
    "to_publish": ("#dceafa", "#134a80"),
    "published": ("#fdf1d3", "#6b4600"),
    "creation": ("#b9d6f2", "#12385f"),
    "recognition": ("#cfeadb", "#15502f"),
    "rectification": ("#fbe6e4", "#8c1c15"),
    "ended": ("#d5dbe1", "#33414f"),
}
LETTER = 1.85  # the width of a Chinese character in the narrowest window, in hundredths of the picture
BAND, ROW, MARK = 28, 18, 22  # heights in pixels
EDGE = 1.5  # left free on both sides, in hundredths
LEAST = timedelta(days=60)  # shown at least
MOST_TICKS = 8
TODAY = "#1b5a96"
STEPS = (1, 3, 6, 12, 24, 60, 120)  # months between two ticks


def timeline(seen: CaseView) -> str:
    """The picture with a description in words, as HTML for `linked`; '' for a case without a history."""
    if not seen.bands:
        return ""
    scale = _Scale(*_span(seen))
    notes = _narrow_bands(seen, scale)
    marks = _places(seen, scale)
    top = ROW + ROW * max((row for _, row in notes), default=0) + (ROW if notes else 0)
    under = top + BAND + 6
    axis = under + MARK * (1 + max((row for _, row in marks), default=-1)) + 4
    height = axis + ROW * 2 + 8
    drawn = [
        *_ticks(scale, axis),
        *_bands(seen, scale, top),
        *_lines(seen, scale, top, axis),
        *_callouts(seen, scale, notes, top),
        *_marks(seen, marks, under),
    ]
    return (
        f'<svg class="sf-life" role="img" aria-label="{escape(described(seen))}" width="100%" height="{height}"'
        f' font-size="13" fill="#1f2a36">{"".join(drawn)}</svg>'
    )


def described(seen: CaseView) -> str:
    """What the picture shows, in words."""
    said = [f"{each.name}自{short_day(each.start)}" for each in seen.bands]
    today = f"{'查看' if seen.past else '今天'}{short_day(seen.day)}"
    until = [f"{seen.deadline.name}{short_day(seen.deadline.due)}"] if seen.deadline else []
    return f"状态时间线：{'；'.join([*said, today, *until])}。"


class _Scale:
    """From a day to its place, in hundredths of the width."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._days = (last - first).days

    def at(self, day: date) -> float:
        """The place of a day's beginning."""
        return EDGE + (100 - 2 * EDGE) * (day - self.first).days / self._days


def _span(seen: CaseView) -> tuple[date, date]:
    first = min(seen.bands[0].start, *(one.day for one in seen.standing))
    ends = [seen.bands[-1].start, *(one.day for one in seen.standing)]
    if not seen.ended:
        ends.append(seen.day)
    if seen.deadline:
        ends.append(seen.deadline.due)
    last = max(ends)
    last = max(last, first + LEAST)
    # room for the name of what began last
    return first - (last - first) / 100, last + (last - first) / 6


def _end(seen: CaseView, scale: _Scale, end: date | None) -> float:
    """Where a band ends: one that lasts reaches to the day looked from, a life that has ended to the edge."""
    if end is not None:
        return scale.at(end)
    return 100 - EDGE if seen.ended else scale.at(max(seen.day, seen.bands[-1].start)) + 0.3


def _bands(seen: CaseView, scale: _Scale, top: float) -> Iterator[str]:
    for each in seen.bands:
        left, right = scale.at(each.start), _end(seen, scale, each.end)
        fill, ink = _colours(each.status)
        yield (
            f'<rect x="{left:.2f}%" y="{top}" width="{max(right - left, 0.3):.2f}%" height="{BAND}" fill="{fill}"'
            f' stroke="{ink}" stroke-width="1"><title>{escape(each.name)}　自{short_day(each.start)}</title></rect>'
        )
        if right - left >= _width(each.name):
            yield f'<text class="in" x="{left + 0.8:.2f}%" y="{top + BAND - 9}" fill="{ink}">{escape(each.name)}</text>'


def _narrow_bands(seen: CaseView, scale: _Scale) -> list[tuple[int, int]]:
    """The bands that have no room for their names, each with the row its name stands in above them."""
    placed: list[tuple[int, int]] = []
    taken: list[float] = []
    for index, each in reversed(list(enumerate(seen.bands))):
        left = scale.at(each.start)
        if _end(seen, scale, each.end) - left >= _width(each.name):
            continue
        # the rightmost stands lowest, so that no leader crosses a name
        row = next((at for at, until in enumerate(taken) if left + _width(each.name) <= until), len(taken))
        taken[row : row + 1] = [left]
        placed.append((index, row))
    return placed


def _callouts(seen: CaseView, scale: _Scale, notes: Sequence[tuple[int, int]], top: float) -> Iterator[str]:
    for index, row in notes:
        each = seen.bands[index]
        x, y = scale.at(each.start), top - 6 - ROW * row
        yield f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="{y - 11}" y2="{top}" stroke="#8a97a5"/>'
        yield f'<text x="{x:.2f}%" dx="4" y="{y}" fill="{_colours(each.status)[1]}">{escape(each.name)}</text>'


def _places(seen: CaseView, scale: _Scale) -> list[tuple[float, int]]:
    """Where each entry that counts has its mark: its place, and a row free of others."""
    found: list[tuple[float, int]] = []
    taken: list[float] = []
    for one in seen.standing:
        x = scale.at(one.day)
        row = next((at for at, until in enumerate(taken) if x >= until), len(taken))
        taken[row : row + 1] = [x + LETTER * 1.6]
        found.append((x, row))
    return found


def _marks(seen: CaseView, places: Sequence[tuple[float, int]], top: float) -> Iterator[str]:
    for one, (x, row) in zip(seen.standing, places, strict=True):
        y = top + MARK * row + MARK / 2
        yield (
            f"<g><title>{escape(f'{one.number}　{one.name}　{short_day(one.day)}')}</title>"
            f'<circle cx="{x:.2f}%" cy="{y}" r="9" fill="#ffffff" stroke="#1f2a36"/>'
            f'<text x="{x:.2f}%" y="{y + 4}" text-anchor="middle" font-size="11">{one.number}</text></g>'
        )


def _lines(seen: CaseView, scale: _Scale, top: float, axis: float) -> Iterator[str]:
    """Today's words stand below, the deadline's above: the two are never in each other's way."""
    if seen.deadline:
        until = seen.deadline
        colour = "#b3261e" if until.overdue else "#1f2a36"
        sure = "（暂定）" if until.provisional else ""
        x = scale.at(until.due)
        yield _rule(x, 16, axis, colour, "5 3")
        yield _words(x, 13, f"{until.name} {short_day(until.due)}{sure}", colour)
    if not seen.ended or seen.past:
        x, y = scale.at(min(seen.day, scale.last)), axis + ROW + 16
        yield _rule(x, top - 3, y - 12, TODAY)
        yield _words(x, y, f"{'查看的一天' if seen.past else '今天'} {short_day(seen.day)}", TODAY)


def _rule(x: float, top: float, bottom: float, colour: str, dash: str = "") -> str:
    return (
        f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="{top}" y2="{bottom}" stroke="{colour}" stroke-width="1.5"'
        f' stroke-dasharray="{dash}"/>'
    )


def _words(x: float, y: float, text: str, colour: str) -> str:
    anchor, nudge = ("end", -4) if x > 50 else ("start", 4)
    return (
        f'<text x="{x:.2f}%" dx="{nudge}" y="{y}" text-anchor="{anchor}" fill="{colour}" font-weight="600">'
        f"{escape(text)}</text>"
    )


def _ticks(scale: _Scale, axis: float) -> Iterator[str]:
    yield f'<line x1="{EDGE}%" x2="{100 - EDGE}%" y1="{axis}" y2="{axis}" stroke="#8a97a5"/>'
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month
    step = next((each for each in STEPS if months / each <= MOST_TICKS), STEPS[-1])
    number = scale.first.year * 12 + scale.first.month - 1
    number += -number % step
    while (day := date(number // 12, number % 12 + 1, 1)) < scale.last:
        x = scale.at(day)
        if x >= EDGE:
            text = f"{day.year}年" if step >= 12 else f"{day.year}年{day.month}月"
            yield f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="{axis}" y2="{axis + 6}" stroke="#8a97a5"/>'
            if x + 0.7 * _width(text) <= 100:  # mostly figures, which are narrow
                yield f'<text x="{x:.2f}%" y="{axis + ROW}" font-size="12" fill="#5a6775">{text}</text>'
        number += step


def _colours(status: str) -> tuple[str, str]:
    return COLOURS[next(each.code for each in groups() if status in each.statuses)]


def _width(text: str) -> float:
    """How much room a text takes at most."""
    return LETTER * (len(text) + 1)
