"""What every source of workbooks keeps, the folder and online sheets alike: one set of tests, the same values."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from core.clock import SHANGHAI
from core.intake.feedback import FeedbackRow
from core.intake.source import BookRead, Capabilities, Taken
from sheets_schema.cells import RawBook, RawSheet
from tests.online.answers import Typed, Value, cells
from tests.online.filling import CITIES, FEEDBACK, MAIN, InFolder, Online, Place, changed, city_book, terms, wanted

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=SHANGHAI)
HEAD: dict[tuple[int, int], Typed | Value] = {(1, 1): "编号", (1, 2): "平台（基地）名称", (1, 3): "联系人"}
ROWS: dict[tuple[int, int], Typed | Value] = {
    **HEAD,
    **dict(zip(((2, 1), (2, 2), (2, 3)), ("SY-001", "甲平台", "张三"), strict=True)),
    **dict(zip(((3, 1), (3, 2), (3, 3)), ("SY-002", "乙平台", "李四"), strict=True)),
}
TOLD = (
    FeedbackRow("SY-001", MAIN, "C2", "联系人", "错误", "=1+1 不是人名", "请改正"),
    FeedbackRow("SY-002", MAIN, "", "编号", "提醒", "  第一行\n第二行", ""),
)
TIME = "2026-03-02 10:30"


@pytest.fixture(params=["folder", "online"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where cities keep their books."""
    if request.param == "folder":
        (tmp_path / "folder").mkdir()
        return InFolder(tmp_path / "folder")
    google, client, clock = (request.getfixturevalue(name) for name in ("google", "client", "clock"))
    return Online(google, client, clock)


def read(place: Place) -> Sequence[BookRead]:
    """Every book there is."""
    source = place.source()
    return source.read([entry for entry in source.books() if entry.readable])


def book(read: BookRead) -> RawBook:
    """The cells of a book that could be read."""
    assert read.problem is None
    assert read.raw is not None
    assert hashlib.sha256(read.data).hexdigest() == read.sha256
    return read.raw


def sheet(read: BookRead, title: str = MAIN) -> RawSheet:
    """One sheet of a book."""
    return next(each for each in book(read).sheets if each.name == title)


def lines(read: BookRead) -> list[tuple[str, ...]]:
    """What stands in 审核反馈 below the header."""
    found = sheet(read, FEEDBACK).cells
    rows = sorted({row for row, _ in found if row > 1})
    assert {found[at].kind for at in found} <= {"text"}
    return [tuple(found[row, at].text if (row, at) in found else "" for at in range(1, 9)) for row in rows]


def taken(read: BookRead) -> Taken:
    """A book as it was taken in."""
    return Taken(read.sha256, lambda: read.data)


def test_what_is_there_is_listed(place: Place) -> None:
    for city in CITIES[:2]:
        place.put(city_book(city, ROWS))
    found = place.source().books()
    assert sorted((entry.city, entry.year, entry.state, entry.readable, entry.level) for entry in found) == [
        ("大连市", 2026, "ok", True, "ok"),
        ("沈阳市", 2026, "ok", True, "ok"),
    ]
    assert {entry.name.removesuffix(".xlsx") for entry in found} == {"2026-沈阳市", "2026-大连市"}
    assert [entry.sentence for entry in found if place.kind == "online"] == ["", ""] * (place.kind == "online")
    for entry in found:
        assert entry.modified is not None
        assert entry.modified.utcoffset() == timedelta(hours=8)


def test_nothing_is_there(place: Place) -> None:
    assert place.source().books() == []
    assert place.source().read([]) == []


def test_values_of_every_type(place: Place) -> None:
    values: dict[tuple[int, int], Typed | Value] = {
        **ROWS,
        (4, 1): "914302007770000018",
        (4, 2): 914302007770000018,
        (4, 3): "85%",
        (4, 4): Typed(0.85, "percent"),
        (4, 5): "１２３．５",
        (4, 6): "\u00a0\u3000甲\u00a0",
        (4, 7): "\u3000",
        (4, 8): "'1",
        (5, 1): True,
        (5, 2): 12,
        (5, 3): 1200.5,
        (5, 4): 1e15,
        (5, 5): date(2026, 3, 1),
        (5, 6): datetime(2026, 3, 1, 13, 30, 59),  # noqa: DTZ001
        (5, 7): time(13, 30),
        (5, 8): timedelta(hours=30, minutes=5),
        (5, 9): Typed(45000, "month"),
        (5, 10): date(1850, 1, 2),
        (6, 1): "=1+1",
        (6, 2): "第一行\n第二行",
        (6, 3): 0,
    }
    place.put(city_book("沈阳市", values))
    [found] = read(place)
    assert {at: each for at, each in cells(sheet(found)).items() if at[0] > 3} == {
        (4, 1): ("text", "914302007770000018", False),
        (4, 2): ("number", "9.1430200777e+17", False),
        (4, 3): ("text", "85%", False),
        (4, 4): ("number", "0.85", False),
        (4, 5): ("text", "１２３．５", False),
        (4, 6): ("text", "\u00a0\u3000甲\u00a0", False),
        (4, 8): ("text", "'1", False),
        (5, 1): ("boolean", "TRUE", False),
        (5, 2): ("number", "12", False),
        (5, 3): ("number", "1200.5", False),
        (5, 4): ("number", "1e+15", False),
        (5, 5): ("date", "2026-03-01 00:00:00", False),
        (5, 6): ("date", "2026-03-01 13:30:59", False),
        (5, 7): ("text", "13:30:00", False),
        (5, 8): ("text", "30:05:00", False),
        (5, 9): ("date", "2023-03-15 00:00:00", False),
        (5, 10): ("date", "1850-01-02 00:00:00", False),
        (6, 1): ("text", "=1+1", False),
        (6, 2): ("text", "第一行\n第二行", False),
        (6, 3): ("number", "0", False),
    }


def test_formulas_and_errors(place: Place) -> None:
    values = {
        (2, 1): Typed(12, formula="=6+6"),
        (2, 2): Typed("十二", formula='="十"&"二"'),
        (2, 3): Typed(True, formula="=A2=12"),
        (2, 4): Typed(46082, "date", "=46081+1"),
        (3, 1): Typed("#DIV/0!", formula="=1/0", error=True),
        (3, 2): Typed("#NAME?", formula="=NOSUCH(1)", error=True),
        (3, 3): Typed("#REF!", formula="=nowhere!A1", error=True),
    }
    place.put(city_book("沈阳市", {**HEAD, **values}))
    [found] = read(place)
    assert {at: each for at, each in cells(sheet(found)).items() if at[0] > 1} == {
        (2, 1): ("number", "12", True),
        (2, 2): ("text", "十二", True),
        (2, 3): ("boolean", "TRUE", True),
        (2, 4): ("date", "2026-03-01 00:00:00", True),
        (3, 1): ("error", "#DIV/0!", True),
        (3, 2): ("error", "#NAME?", True),
        (3, 3): ("error", "#REF!", True),
    }


def test_what_is_merged_and_hidden(place: Place) -> None:
    place.put(city_book("沈阳市", ROWS, hidden_rows=(3, 9), merged=((5, 2, 7, 3),)))
    [found] = read(place)
    assert sheet(found).hidden_rows == {3, 9}
    assert sheet(found).merged == ("B5:C7",)
    assert [(each.name, each.hidden) for each in book(found).sheets] == [
        (MAIN, False),
        (FEEDBACK, False),
        ("_meta", True),
    ]
    assert cells(sheet(found))[3, 1] == ("text", "SY-002", False)


def test_books_are_read_in_the_order_asked_and_progress_is_told(place: Place) -> None:
    for city in CITIES:
        place.put(city_book(city, {**ROWS, (2, 2): city}))
    source = place.source()
    entries = list(reversed(source.books()))
    told: list[tuple[int, int, str]] = []
    found = source.read(entries, lambda *step: told.append(step))
    assert [cells(sheet(each))[2, 2][1] for each in found] == [entry.city for entry in entries]
    assert [step[:2] for step in told] == [(1, 3), (2, 3), (3, 3)]
    assert {step[2] for step in told} == {entry.name for entry in entries}
    told.clear()
    source.read(entries, lambda *step: told.append(step))
    assert [each.name for each in found] == [entry.name for entry in entries]


def test_what_is_unchanged_is_not_read_twice(place: Place) -> None:
    place.put(city_book("沈阳市", ROWS))
    changing = city_book("大连市", ROWS)
    place.put(changing)
    first = {each.name: each for each in read(place)}
    again = {each.name: each for each in read(place)}
    assert all(again[name] is found for name, found in first.items())
    place.put(changed(changing, {(2, 3): "王五"}))
    third = {each.name: each for each in read(place)}
    assert [name for name, found in third.items() if found is not first[name]] == [
        name for name in first if "大连市" in name
    ]


def test_a_source_knows_which_version_it_holds(place: Place) -> None:
    before = city_book("沈阳市", ROWS)
    place.put(before)
    [first] = read(place)
    source = place.source()
    [entry] = source.books()
    assert source.holds(entry, (first.sha256, "0" * 64))
    assert not source.holds(entry, ("0" * 64,))
    place.put(changed(before, {(2, 3): "王五"}))
    [entry] = place.source().books()
    assert not place.source().holds(entry, (first.sha256,))
    [second] = read(place)
    [entry] = place.source().books()
    assert place.source().holds(entry, (second.sha256,))
    assert second.sha256 != first.sha256


def test_feedback_is_written_left_as_it_is_and_cleared(place: Place) -> None:
    key = place.put(city_book("沈阳市", ROWS))
    [first] = read(place)
    written = place.source().write_feedback(key, taken(first), TOLD, NOW)
    name = "2026-沈阳市.xlsx" if place.kind == "folder" else "2026-沈阳市"
    where = "工作簿" if place.kind == "folder" else "在线表格"
    assert (written.way, written.name) == ("in_book", name)
    assert written.sentence == f"{name}：反馈已写入{where}的“审核反馈”页，共 2 条。"
    [found] = read(place)
    assert found.sha256 == written.new_sha256
    assert lines(found) == [
        ("SY-001", MAIN, "C2", "联系人", "错误", "=1+1 不是人名", "请改正", TIME),
        ("SY-002", MAIN, "", "编号", "提醒", "  第一行\n第二行", "", TIME),
    ]
    assert cells(sheet(found)) == cells(sheet(first))
    known = Taken(written.new_sha256, lambda: first.data)
    kept = place.bytes_of(key)
    again = place.source().write_feedback(key, known, TOLD, NOW + timedelta(hours=3))
    assert (again.way, again.name, again.new_sha256) == ("unchanged", name, written.new_sha256)
    file = "，没有改动文件" if place.kind == "folder" else "，没有改动"
    assert again.sentence == f"{name}：反馈内容与{where}中已有的一致{file}。"
    assert place.bytes_of(key) == kept
    fewer = place.source().write_feedback(key, known, TOLD[1:], NOW)
    [found] = read(place)
    assert [line[0] for line in lines(found)] == ["SY-002"]
    known = Taken(fewer.new_sha256, lambda: first.data)
    cleared = place.source().write_feedback(key, known, (), NOW)
    assert (cleared.way, cleared.sentence) == (
        "in_book",
        f"{name}：没有需要反馈的问题，已清空{where}的“审核反馈”页。",
    )
    [found] = read(place)
    assert lines(found) == []
    assert cells(sheet(found)) == cells(sheet(first))


def test_feedback_longer_than_the_sheet(place: Place) -> None:
    key = place.put(city_book("沈阳市", ROWS))
    [first] = read(place)
    many = [FeedbackRow(f"SY-{at:03}", MAIN, "", "", "错误", f"第 {at} 条", "请改正") for at in range(1, 301)]
    assert place.source().write_feedback(key, taken(first), many, NOW).way == "in_book"
    [found] = read(place)
    assert [line[5] for line in lines(found)] == [f"第 {at} 条" for at in range(1, 301)]


def test_feedback_on_a_book_that_has_changed_meanwhile(place: Place) -> None:
    """A file is somebody's version and left alone; an online sheet has one version, where the row is looked for."""
    before = city_book("沈阳市", ROWS)
    key = place.put(before)
    [first] = read(place)
    moved = {(2, at): ROWS[3, at] for at in (1, 2, 3)} | {(3, at): ROWS[2, at] for at in (1, 2, 3)}
    place.put(changed(before, moved))
    [second] = read(place)
    written = place.source().write_feedback(key, taken(first), TOLD, NOW)
    if place.kind == "folder":
        assert written.way == "beside"
        assert written.name == "2026-沈阳市_审核反馈_20260302-1030.xlsx"
        assert "工作簿在读取之后又被改动" in written.sentence
    else:
        assert (written.way, written.new_sha256) == ("in_book", "")  # to be sent again, should the rows go back
        [found] = read(place)
        assert [line[:4] for line in lines(found)] == [("SY-001", MAIN, "C3", "联系人"), ("SY-002", MAIN, "", "编号")]
        assert found.sha256 == second.sha256 != first.sha256


def test_a_book_that_is_gone(place: Place) -> None:
    key = place.put(city_book("沈阳市", ROWS))
    place.put(city_book("大连市", ROWS))
    source = place.source()
    entries = source.books()
    place.remove(key)
    found = {each.name: each for each in source.read(entries)}
    gone = next(each for name, each in found.items() if "沈阳市" in name)
    there = next(each for name, each in found.items() if "大连市" in name)
    assert (gone.raw, gone.sha256, gone.data) == (None, "", b"")
    assert gone.problem is not None
    assert gone.problem.code == ("vanished" if place.kind == "folder" else "not_found")
    assert book(there)
    left = {entry.city: entry for entry in place.source().books()}
    if place.kind == "folder":
        assert set(left) == {"大连市"}
    else:
        assert (left["沈阳市"].state, left["沈阳市"].readable, left["沈阳市"].level) == ("not_found", False, "error")
        assert left["沈阳市"].sentence == (
            "2026-沈阳市：找不到这个表格或文件夹：可能已被删除，链接填错，或没有共享给服务账号。请核对链接，"
            f"并在它的“共享”中把 {place.client.key.client_email} 设为“编辑者”，再重试。"
        )


def test_books_are_made_once_and_never_touched_again(place: Place) -> None:
    told: list[tuple[int, int]] = []
    asked = [wanted(city) for city in CITIES[:2]]
    made = place.source().create(asked, terms(), lambda number, total, _: told.append((number, total)))
    assert [(each.city, each.state) for each in made] == [("沈阳市", "made"), ("大连市", "made")]
    assert told == [(1, 2), (2, 2)]
    assert all(each.key for each in made)
    if isinstance(place, Online):
        place.ids.update({each.name: each.key for each in made})
    [first, second] = sorted(read(place), key=lambda each: "大连市" in each.name)
    assert cells(sheet(first))[1, 1] == ("text", "编号", False)
    assert [cell[1] for at, cell in sorted(cells(sheet(first, FEEDBACK)).items()) if at[0] == 1][:3] == [
        "编号",
        "工作表",
        "单元格",
    ]
    assert {cell[1] for cell in cells(sheet(second, "_meta")).values()} >= {"大连市", "2026"}
    if isinstance(place, Online):
        place.google.contact(made[0].key).set(MAIN, "A2", "SY-001")
    before = [place.bytes_of(each.key) for each in made]
    again = place.source().create([*asked, wanted(CITIES[2])], terms())
    assert [(each.city, each.state) for each in again] == [("沈阳市", "kept"), ("大连市", "kept"), ("鞍山市", "made")]
    assert [each.key for each in again[:2]] == [each.key for each in made]
    assert [place.bytes_of(each.key) for each in made] == before


def test_what_sources_can_do(place: Place) -> None:
    can = {
        "folder": Capabilities(protects=True, beside=True, live=False),
        "online": Capabilities(protects=True, beside=False, live=True),
    }
    assert place.source().capabilities == can[place.kind]
