"""How a value is shown: number and date patterns, and the plain form where a cell has none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
DEFAULTS = {
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "CURRENCY": "$#,##0.00",
    "DATE": "m/d/yyyy",
    "TIME": "h:mm:ss am/pm",
    "DATE_TIME": "m/d/yyyy h:mm:ss",
    "SCIENTIFIC": "0.00E+00",
}
DATES = {"DATE", "TIME", "DATE_TIME"}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
TOKEN = re.compile(r'"([^"]*)"|\\(.)|(am/pm|a/p|y+|m+|d+|h+|s+|\.0+)|(.)', re.I | re.S)


def general(number: float) -> str:
    """A number without a pattern: at most ten places, and powers of ten for what is very large."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    if abs(number) >= 1e15 or abs(number) < 1e-9:
        head, _, power = f"{number:.5E}".partition("E")
        return f"{head.rstrip('0').rstrip('.')}E{power[0]}{power[1:].zfill(2)}"
    whole = len(str(int(abs(number))))
    return f"{number:.{max(min(10, 15 - whole), 0)}f}".rstrip("0").rstrip(".")


def shown(number: float, kind: str, pattern: str) -> str:
    """A number under a number format (type and pattern, either may be empty)."""
    if kind == "TEXT" or (not kind and not pattern):
        return general(number)
    pattern = pattern or DEFAULTS.get(kind, "")
    if kind in DATES:
        return dated(number, pattern)
    return patterned(number, pattern) if pattern else general(number)


def patterned(number: float, pattern: str) -> str:
    """Digits, thousands, percent and powers; anything else in the pattern stands as it is."""
    sections = pattern.split(";")
    if number < 0 and len(sections) > 1:
        pattern, number = sections[1], -number
    elif number == 0 and len(sections) > 2:
        pattern = sections[2]
    else:
        pattern = sections[0]
    bare = re.sub(r'"[^"]*"|\\.', "", pattern)
    found = re.search(r"[#0?,]*[#0?](?:\.[0#?]*)?(?:E\+?0+)?", bare)
    if not found:
        return general(number) if pattern in ("", "General", "@") else re.sub(r'"([^"]*)"|\\(.)', r"\1\2", pattern)
    if "%" in bare:
        number *= 100
    if "E" in found[0]:
        head = found[0].partition("E")[0]
        digits, _, power = f"{number:.{len(head.partition('.')[2])}E}".partition("E")
        text = f"{digits}E{power[0]}{power[1:].zfill(2)}"
    else:
        whole, _, places = found[0].partition(".")
        text = f"{abs(number):.{len(places)}f}"
        integer, _, fraction = text.partition(".")
        integer = integer.zfill(whole.count("0")) if whole.count("0") else integer.lstrip("0")
        if "," in whole:
            integer = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", integer)
        while len(fraction) > places.count("0") and fraction.endswith("0"):
            fraction = fraction[:-1]
        text = ("-" if number < 0 and text.strip("0.") else "") + integer + ("." + fraction if fraction else "")
    literal = re.sub(r'"([^"]*)"|\\(.)', r"\1\2", pattern)
    return literal.replace(found[0], text, 1)


def dated(serial: float, pattern: str) -> str:
    """Days since 30 December 1899 under a date pattern."""
    try:
        at = EPOCH + timedelta(seconds=round(serial * 86400))
    except OverflowError:
        return general(serial)
    half = re.search(r"am/pm|a/p", pattern, re.I) is not None
    parts, before = [], ""
    tokens = list(TOKEN.finditer(pattern))
    for place, token in enumerate(tokens):
        plain, escaped, code, other = token.groups()
        if code is None:
            parts.append(plain or escaped or other or "")
            continue
        after = next((each[3].lower() for each in tokens[place + 1 :] if each[3]), "")
        parts.append(_part(at, code.lower(), half, minutes=before.startswith("h") or after.startswith("s")))
        before = code.lower()
    return "".join(parts)


def _part(at: datetime, code: str, half: bool, minutes: bool) -> str:
    sign, size = code[0], len(code)
    if sign == "a":
        return "AM" if at.hour < 12 else "PM"
    if sign == ".":
        return "." + "0" * (size - 1)
    if sign == "y":
        return f"{at.year:04d}" if size > 2 else f"{at.year % 100:02d}"
    if sign == "m" and not minutes and size > 2:
        return MONTHS[at.month - 1][: 3 if size == 3 else None]
    if sign == "d" and size > 2:
        return f"{at:%A}"[: 3 if size == 3 else None]
    hour = (at.hour % 12 or 12) if half else at.hour
    number = {"m": at.minute if minutes else at.month, "d": at.day, "h": hour, "s": at.second}[sign]
    return f"{number:02d}" if size > 1 else str(number)
