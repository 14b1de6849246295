"""Online sheets as a source: what is wrong with one book is that book's, with the connection that of all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import pytest

from core.clock import SHANGHAI
from core.intake.online.client import OnlineClient
from core.intake.online.source import TRUSTED, OnlineEntry, OnlineRead
from tests.online.answers import Typed, Value
from tests.online.clocks import StandingClock
from tests.online.filling import CITIES, MAIN, Online, city_book
from tests.online.refusals import fault
from tests.sheets_emulator import faults
from tests.sheets_emulator.emulator import Emulator
from tests.sheets_emulator.state import FOLDER

ROWS: dict[tuple[int, int], Typed | Value] = {(1, 1): "编号", (2, 1): "SY-001"}
FIRST, SECOND, THIRD = CITIES


@pytest.fixture
def place(google: Emulator, client: OnlineClient, clock: StandingClock) -> Online:
    """Three cities with a sheet each."""
    made = Online(google, client, clock)
    for city in CITIES:
        made.put(city_book(city, ROWS))
    google.reset_counts()
    return made


def entries(place: Online) -> dict[str, OnlineEntry]:
    """What is listed, by city."""
    return {entry.city: entry for entry in place.source().books()}


def key(place: Online, city: str) -> str:
    return place.ids[f"2026-{city}"]


def read(place: Online) -> dict[str, OnlineRead]:
    """What is read of everything that is readable, by city."""
    source = place.source()
    listed = [entry for entry in source.books() if entry.readable]
    return dict(zip([entry.city for entry in listed], source.read(listed), strict=True))


def test_one_call_of_drive_a_book(place: Online) -> None:
    found = entries(place)
    assert list(found) == list(CITIES)
    assert dict(place.google.counts()) == {"drive": 3, "token": 1}
    modified = found[FIRST].modified
    assert modified == datetime(2026, 1, 1, 10, 46, 40, tzinfo=SHANGHAI)


def test_what_is_wrong_with_one_book_is_its_sentence(place: Online) -> None:
    place.google.trash(key(place, FIRST))
    place.google.contact(key(place, SECOND)).batch(
        {"updateSpreadsheetProperties": {"properties": {"title": "推荐表（定稿）"}, "fields": "title"}}
    )
    place.google.file(key(place, THIRD)).permissions.clear()
    found = entries(place)
    assert [(each.state, each.readable, each.level) for each in found.values()] == [
        ("trashed", False, "error"),
        ("other_title", True, "notice"),
        ("not_found", False, "error"),
    ]
    email = place.client.key.client_email
    assert [each.sentence for each in found.values()] == [
        "2026-沈阳市：已被移到回收站，没有读取。请在 Google 云端硬盘的回收站中还原；"
        "不再使用的，请在“在线表格”中重新建立。",
        "推荐表（定稿）：表格已改名（原名“2026-大连市”），照常读取。",
        "2026-鞍山市：找不到这个表格或文件夹：可能已被删除，链接填错，或没有共享给服务账号。请核对链接，"
        f"并在它的“共享”中把 {email} 设为“编辑者”，再重试。",
    ]
    assert [(each.name, each.problem) for each in read(place).values()] == [("推荐表（定稿）", None)]


def test_a_file_that_is_no_spreadsheet(place: Online) -> None:
    place.google.file(key(place, FIRST)).mime = FOLDER
    assert entries(place)[FIRST].state == "not_a_sheet"
    assert entries(place)[SECOND].state == "ok"


@pytest.mark.parametrize(
    ("break_off", "code"),
    [
        (lambda google: google.fail(faults.api_off("drive"), times=None, kind="drive"), "api_off"),
        (lambda google: google.fail(faults.status(429, service="drive"), times=None, kind="drive"), "quota"),
        (lambda google: google.fail(faults.status(503), times=None, kind="drive"), "service_down"),
        (lambda google: google.fail(faults.drop(), times=None), "no_network"),
        (lambda google: google.tokens.disabled.add(google.account.email), "key_refused"),
    ],
)
def test_a_fault_of_the_connection_is_raised(place: Online, break_off: Callable[[Emulator], object], code: str) -> None:
    break_off(place.google)
    assert fault(place.source().books)[0] == code


def test_a_service_that_fails_for_one_book_only(place: Online) -> None:
    place.google.fail(faults.status(503), times=None, kind="drive", path=key(place, SECOND))
    found = entries(place)
    assert [each.state for each in found.values()] == ["ok", "service_down", "ok"]


def test_a_book_that_fails_is_that_books_problem(place: Online) -> None:
    place.google.fail(faults.status(500), times=None, kind="read", path=key(place, SECOND))
    place.google.contact(key(place, THIRD)).set(MAIN, "A3", "甲" * 40_001, typed=False)
    found = read(place)
    assert [None if each.problem is None else each.problem.code for each in found.values()] == [
        None,
        "service_down",
        "too_much_text",
    ]
    problem = found[SECOND].problem
    assert problem is not None
    assert str(problem) == ("2026-大连市：Google 的服务暂时出了故障，多次重试仍没有成功，这一步没有办成。请稍后重试。")
    assert (found[SECOND].raw, found[SECOND].data, found[SECOND].sha256) == (None, b"", "")
    place.google.heal()
    assert read(place)[SECOND].problem is None  # a problem is not remembered


def test_nobody_is_asked_any_more_once_the_connection_is_gone(place: Online) -> None:
    for at in range(20):
        place.put(city_book(f"第{at}市", ROWS))
    source = place.source()
    listed = source.books()
    place.google.tokens.disabled.add(place.google.account.email)
    place.google.tokens.expire()
    place.google.reset_counts()
    found = source.read(listed)
    assert {each.problem.code for each in found if each.problem is not None} == {"key_refused"}
    assert all(each.problem is not None for each in found)
    assert place.google.counts()["read"] <= 8
    assert place.google.counts()["token"] <= 8


def test_after_half_an_hour_a_book_is_read_whatever_drive_says(place: Online, clock: StandingClock) -> None:
    place.google.state.lag = 24 * 3600  # Drive never tells in time
    first = read(place)
    place.google.contact(key(place, FIRST)).set(MAIN, "A2", "SY-002")
    clock.advance(TRUSTED - 60)
    place.google.reset_counts()
    assert read(place) == first
    assert place.google.counts()["read"] == 0
    clock.advance(61)
    again = read(place)
    assert place.google.counts()["read"] == 3
    assert again[FIRST].sha256 != first[FIRST].sha256
    assert again[SECOND] == first[SECOND]


def test_what_changes_between_looking_and_reading_is_seen_next_time(place: Online) -> None:
    source = place.source()
    listed = source.books()
    hand = place.google.contact(key(place, FIRST))
    hand.set(MAIN, "A2", "SY-002")
    assert source.read(listed)[0].raw is not None
    hand.set(MAIN, "A2", "SY-003")
    found = read(place)[FIRST]
    assert found.raw is not None
    assert found.raw.sheets[0].cells[2, 1].text == "SY-003"


def test_progress_is_told_in_the_callers_thread_as_books_come(place: Online) -> None:
    seen: list[tuple[int, int, str, int]] = []
    source = place.source()
    listed = source.books()
    read(place)
    place.google.contact(key(place, SECOND)).set(MAIN, "A2", "SY-002")
    source.read(source.books(), lambda *step: seen.append((*step, threading.get_ident())))
    assert [step[:2] for step in seen] == [(1, 3), (2, 3), (3, 3)]
    assert seen[-1][2] == "2026-大连市"
    assert {step[3] for step in seen} == {threading.get_ident()}
    assert len(listed) == 3


def test_a_progress_that_breaks_off_ends_the_reading(place: Online) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    source = place.source()
    with pytest.raises(KeyboardInterrupt):
        source.read(source.books(), stop)


def test_a_version_is_held_only_while_drive_tells_the_same(place: Online) -> None:
    found = read(place)[FIRST]
    entry = entries(place)[FIRST]
    assert place.source().holds(entry, (found.sha256,))
    place.remembered.clear()
    assert not place.source().holds(entry, (found.sha256,))
