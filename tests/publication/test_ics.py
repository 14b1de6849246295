"""The calendar file is read back by the library that wrote it, and by a plain reading of RFC 5545 besides."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from core.publication.ics import DueDay, as_ics
from tests.ics import events_of, plain

CHANGED = datetime.fromisoformat("2026-12-28T09:30:05")
LONG = "虚构市" + "中小企业公共服务" * 12 + "平台"
DAYS = (
    DueDay("case-1-review-20241216", date(2026, 12, 16), "运行复核：虚构甲平台", "谁办：省厅会同市级\n依据：第十条", 7),
    DueDay("notice-2", date(2027, 1, 5), f"公示期满确认：{LONG}（暂定）", r"甲;乙,丙\丁", 1),
)


def test_a_plain_reading_finds_every_day() -> None:
    first, second = events_of(as_ics("期限", DAYS, CHANGED, "abc.shifan"))
    assert first == {
        "UID": "case-1-review-20241216@abc.shifan",
        "DTSTAMP": "20261228T013005Z",
        "DTSTART;VALUE=DATE": "20261216",
        "DTEND;VALUE=DATE": "20261217",
        "SUMMARY": "运行复核：虚构甲平台",
        "DESCRIPTION": r"谁办：省厅会同市级\n依据：第十条",
        "TRANSP": "TRANSPARENT",
        "ALARM.ACTION": "DISPLAY",
        "ALARM.DESCRIPTION": "运行复核：虚构甲平台",
        "ALARM.TRIGGER": "-P6DT15H",
    }
    assert (second["SUMMARY"], plain(second["DESCRIPTION"])) == (DAYS[1].title, DAYS[1].text)
    assert second["ALARM.TRIGGER"] == "-PT15H"


def test_the_library_reads_back_what_was_written() -> None:
    read = Calendar.from_ical(as_ics("期限", DAYS, CHANGED, "abc.shifan"))
    assert (str(read["version"]), str(read["x-wr-calname"])) == ("2.0", "期限")
    found = [
        (str(one["uid"]), one.start, one.end, str(one["summary"]), str(one["description"]), one["dtstamp"].dt)
        for one in read.walk("VEVENT")
    ]
    stamp = datetime(2026, 12, 28, 1, 30, 5, tzinfo=UTC)
    assert found == [
        (f"{one.key}@abc.shifan", one.day, one.day + timedelta(days=1), one.title, one.text, stamp) for one in DAYS
    ]


def test_the_same_days_give_the_same_bytes() -> None:
    assert as_ics("期限", DAYS, CHANGED, "abc") == as_ics("期限", list(DAYS), CHANGED, "abc")


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=120))
def test_whatever_a_name_holds_makes_no_line_of_its_own(name: str) -> None:
    [found] = events_of(as_ics("期限", [DueDay("case-1", date(2027, 1, 5), name, name, 7)], CHANGED, "abc"))
    assert set(found) == set(events_of(as_ics("期限", DAYS[:1], CHANGED, "abc"))[0])
    shown = "".join(" " if unicodedata.category(one) == "Cc" and one != "\n" else one for one in name)
    assert plain(found["SUMMARY"]) == shown
