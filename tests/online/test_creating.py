"""The cities' online sheets: all of a round made at once, looked at again, found again, shared with the contacts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from core.intake.online import drive
from core.intake.online.answer import FIELDS, book_of
from core.intake.online.client import OnlineClient, Spent
from core.intake.online.creating import PROPERTY, Terms, create_books
from core.intake.source import Made
from sheets_schema.parse import parse
from sheets_schema.rows import ParsedBook
from sheets_schema.schema import load
from sheets_schema.template import build_template
from tests.online.clocks import StandingClock
from tests.online.making import CITIES, OWNER, folder, one, spent, terms, wanted
from tests.sheets_emulator.emulator import Emulator
from tests.sheets_emulator.problems import Problem
from tests.sheets_schema.template_view import fill
from tests.workbooks import raw_book

__all__ = ["folder", "terms"]  # fixtures


def test_fifteen_books_cost_a_read_and_a_write_each_and_a_second_run_writes_nothing(
    google: Emulator, client: OnlineClient, terms: Terms
) -> None:
    told: list[tuple[int, int, str]] = []
    made = create_books(client, [wanted(city) for city in CITIES], terms, lambda *step: told.append(step))
    assert [each.sentence for each in made] == [
        f"2026-{city}：已建好在线表格，并已共享给 lianxiren{at}@example.cn。" for at, city in enumerate(CITIES)
    ]
    assert spent(client, Spent()) == {"reads": 15, "writes": 15, "drive": 60, "retries": 0}
    assert [(done, of) for done, of, _ in told] == [(done, 15) for done in range(1, 16)]
    assert {name for *_, name in told} == {f"2026-{city}" for city in CITIES}
    assert len([line for line in google.log if line.requests]) == 15  # one batch a book
    files = [google.file(each.key) for each in made]
    assert [(file.name, file.parents, file.app_properties) for file in files] == [
        (f"2026-{city}", [terms.folder_id], {PROPERTY: f"2026/{city}"}) for city in CITIES
    ]

    before, again = client.spent, [wanted(each.city, id=each.key) for each in made]
    assert create_books(client, again, terms) == [
        replace(each, state="kept", sentence=f"{each.name}：在线表格完整，没有改动。") for each in made
    ]
    assert spent(client, before) == {"reads": 15, "writes": 0, "drive": 30, "retries": 0}
    assert Counter(len(file.changes) for file in files) == {2: 15}  # made and filled


def content(parsed: ParsedBook) -> dict[str, list[dict[str, object]]]:
    """Values and cells of all rows, by sheet."""
    return {
        sheet: [{name: (found.cell, found.value, found.error) for name, found in row.fields.items()} for row in rows]
        for sheet, rows in parsed.rows.items()
    }


def test_what_a_contact_fills_in_reads_as_the_same_in_the_workbook(
    google: Emulator, client: OnlineClient, folder: str, clock: StandingClock, tmp_path: Path
) -> None:
    made = one(client, Terms(folder, {}, "0.1.0", clock), wanted("沈阳市"))
    contact = google.contact(made.key, "lianxiren0@example.cn")
    for sheet in load().city_sheets:
        contact.fill(
            sheet.name, "A2", list(map(list, zip(*(column.examples for column in sheet.columns), strict=True)))
        )
    online = parse(book_of(client.spreadsheet(made.key, fields=FIELDS, grid=True)))
    path = tmp_path / "2026-沈阳市.xlsx"
    fill(build_template(year=2026, city="沈阳市", guide={}, program_version="0.1.0"), path)
    file = parse(raw_book(path))
    assert (online.city, online.year, online.template_version) == (file.city, file.year, file.template_version)
    assert content(online) == content(file)
    assert (online.errors, file.errors) == ((), ())
    assert {sheet: len(rows) for sheet, rows in online.rows.items()} == {
        sheet.name: len(sheet.columns[0].examples) for sheet in load().city_sheets
    }
    for tab, cell in (("推荐汇总表", "A1"), ("审核反馈", "A2"), ("_meta", "B1")):
        with pytest.raises(Problem):
            contact.set(tab, cell, "大连市")


def test_what_was_made_before_a_fall_is_found_and_finished(
    google: Emulator, client: OnlineClient, terms: Terms
) -> None:
    left = drive.create(client, "2026-沈阳市", terms.folder_id, {PROPERTY: "2026/沈阳市"})
    made = one(client, terms, wanted("沈阳市"))
    assert (made.state, made.key) == ("made", left)
    again = one(client, terms, wanted("沈阳市"))
    assert (again.state, again.key, again.sentence) == ("kept", left, "2026-沈阳市：在线表格完整，没有改动。")
    assert len([file for file in google.state.files.values() if file.book is not None]) == 1


def test_a_book_of_another_round_or_folder_is_another_one(google: Emulator, client: OnlineClient, terms: Terms) -> None:
    first = one(client, terms, wanted("沈阳市"))
    other = one(client, terms, wanted("沈阳市", year=2027, name="2027-沈阳市", mark="2027/沈阳市"))
    elsewhere = google.add_folder("另一处", OWNER, editors=(google.account.email,))
    third = one(client, replace(terms, folder_id=elsewhere), wanted("沈阳市"))
    assert [made.state for made in (first, other, third)] == ["made"] * 3
    assert len({made.key for made in (first, other, third)}) == 3


def test_of_two_with_one_mark_the_first_is_used_and_the_other_told_of(client: OnlineClient, terms: Terms) -> None:
    first = drive.create(client, "2026-沈阳市", terms.folder_id, {PROPERTY: "2026/沈阳市"})
    drive.create(client, "2026-沈阳市", terms.folder_id, {PROPERTY: "2026/沈阳市"})
    made = one(client, terms, wanted("沈阳市", email=""))
    assert (made.key, made.sentence) == (
        first,
        "2026-沈阳市：已建好在线表格。另有 1 份同名的重复表格没有使用，请在 Google 云端硬盘中核对后删除。",
    )


BINNED = (
    "2026-沈阳市：在线表格在 Google 云端硬盘的回收站中，没有另建。要继续用它，请先从回收站还原；"
    "确认不要的，请选择“重新建立”。"
)
GONE = (
    "2026-沈阳市：找不到原来的在线表格，可能已被删除，或取消了对服务账号的共享，没有另建。"
    "请先在 Google 云端硬盘中查找；确认不要的，请选择“重新建立”，原表格中填报的内容不会带入。"
)


@pytest.mark.parametrize(("away", "sentence"), [("trash", BINNED), ("delete", GONE), ("unshare", GONE)])
def test_what_was_deleted_is_made_anew_only_if_the_caller_says_so(
    google: Emulator, client: OnlineClient, terms: Terms, away: str, sentence: str
) -> None:
    first = one(client, terms, wanted("沈阳市"))
    if away == "unshare":
        google.unshare(first.key, google.account.email)
        google.file(first.key).parents = []
    else:
        getattr(google, away)(first.key)
    before = client.spent
    known = wanted("沈阳市", id=first.key)
    assert one(client, terms, known) == Made("沈阳市", "2026-沈阳市", "gone", sentence)
    assert spent(client, before) == {"reads": 0, "writes": 0, "drive": 1, "retries": 0}
    anew = one(client, terms, replace(known, anew=True))
    assert (anew.state, anew.key == first.key) == ("made", False)
    # It fell before it was registered, and is asked for once more.
    assert one(client, terms, replace(known, anew=True)).key == anew.key


def test_an_existing_book_is_not_made_anew_though_the_caller_would(client: OnlineClient, terms: Terms) -> None:
    first = one(client, terms, wanted("沈阳市"))
    again = one(client, terms, wanted("沈阳市", id=first.key, anew=True))
    assert (again.state, again.key) == ("kept", first.key)


def test_it_is_shared_once_and_with_another_contact_too(google: Emulator, client: OnlineClient, terms: Terms) -> None:
    first = one(client, terms, wanted("沈阳市", email=""))
    assert first.sentence == "2026-沈阳市：已建好在线表格。"
    google.share(first.key, "Lianxiren0@Example.cn", "reader")
    upgraded = one(client, terms, wanted("沈阳市", id=first.key))
    assert upgraded.sentence == "2026-沈阳市：在线表格完整，没有改动，并已共享给 lianxiren0@example.cn。"
    other = one(client, terms, wanted("沈阳市", id=first.key, email="jiebanren@example.cn"))
    assert other.sentence == "2026-沈阳市：在线表格完整，没有改动，并已共享给 jiebanren@example.cn。"
    kept = one(client, terms, wanted("沈阳市", id=first.key, email="JieBanRen@example.cn"))
    assert kept.sentence == "2026-沈阳市：在线表格完整，没有改动。"


def test_a_repair_says_what_it_did_and_leaves_what_was_filled_in(
    google: Emulator, client: OnlineClient, terms: Terms
) -> None:
    first = one(client, terms, wanted("沈阳市"))
    contact = google.contact(first.key, "lianxiren0@example.cn")
    contact.fill("推荐汇总表", "A2", [["示例-001", "期满验收", "=1+1", "平台"], ["'007", "创建申报", "名称", "基地"]])
    rows = contact.rows("推荐汇总表", "FORMULA")
    contact.rename_tab("推荐汇总表", "汇总")
    google.contact(first.key, google.account.email).delete_tab("审核反馈")
    second = one(client, terms, wanted("沈阳市", id=first.key))
    assert (second.state, second.key) == ("repaired", first.key)
    assert second.sentence == (
        "2026-沈阳市：已修复在线表格，填报内容没有改动：工作表“汇总”改回原名“推荐汇总表”；补建工作表“审核反馈”。"
    )
    assert contact.rows("推荐汇总表", "FORMULA") == rows
    assert contact.tabs() == ["填报说明", "推荐汇总表", "变更报告", "审核反馈", "_字典", "_meta"]
