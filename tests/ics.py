"""A plain reading of calendar files by RFC 5545, which shares nothing with the library that writes them."""

from __future__ import annotations

import re

LINE = 75  # octets, without the line end


def lines_of(content: bytes) -> list[str]:
    """The logical lines: every physical one ends in CRLF and is short, and a blank at its start continues the last."""
    assert content.endswith(b"\r\n")
    physical = content.split(b"\r\n")[:-1]
    assert [one for one in physical if len(one) > LINE or b"\n" in one or b"\r" in one] == []
    return re.sub(rb"\r\n[ \t]", b"", content).decode("utf-8").split("\r\n")[:-1]


def plain(text: str) -> str:
    """A text value as meant."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def events_of(content: bytes) -> list[dict[str, str]]:
    """The events by name of property, those of their alarms as ALARM.name."""
    found: list[dict[str, str]] = []
    inside: list[str] = []
    for line in lines_of(content):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert inside.pop() == value
        elif "VEVENT" in inside:
            found[-1][f"ALARM.{name}" if inside[-1] == "VALARM" else name] = value
    assert inside == []
    return found
