"""What was received can be opened years later, whichever way it came and whatever has become of it since."""

from __future__ import annotations

from pathlib import Path

from core.errors import NotAllowed, Refused
from core.intake.online.answer import taken_book
from core.services.received import received
from core.store import tables
from tests.office import DALIAN, SHENYANG, Office, better, dalian, shenyang
from tests.online.clocks import StandingClock
from tests.online.online_office import with_key
from tests.sheets_emulator.emulator import Emulator
from tests.workbooks import raw_book


def test_a_workbook_is_what_it_was_although_the_city_has_changed_it(office: Office) -> None:
    first = office.row(tables.intakes, city=DALIAN)
    before = received(office.app, office.supervisor, first.id)
    office.put(DALIAN, *better())
    office.take(DALIAN)
    assert received(office.app, office.supervisor, first.id) == before
    assert before[0] == "2026-大连市.xlsx"
    assert office.app.snapshots.read(first.snapshot) == before[1]


def test_an_online_sheet_comes_as_a_workbook_with_the_same_cells(
    opened: Office, google: Emulator, clock: StandingClock, tmp_path: Path
) -> None:
    opened.app.online_clock = clock
    online = with_key(opened, google)
    online.choose(SHENYANG)
    online.create()
    online.fill(SHENYANG, *shenyang())
    [done] = online.sync().outcomes
    online.fill(SHENYANG, *dalian())
    name, data = received(opened.app, opened.staff, done.intake_id or 0)
    assert name == "2026-沈阳市.xlsx"
    path = tmp_path / name
    path.write_bytes(data)
    kept = taken_book(opened.app.snapshots.read(opened.row(tables.intakes, city=SHENYANG).snapshot))
    assert {sheet.name: sheet.cells for sheet in raw_book(path).sheets} == {
        sheet.name: sheet.cells for sheet in kept.sheets
    }
    assert "虚构市云帆服务平台" in {cell.text for sheet in kept.sheets for cell in sheet.cells.values()}


def test_not_everybody_may_and_not_everything_is_there(office: Office) -> None:
    told = office.refuses(NotAllowed, lambda: received(office.app, office.expert, 1))
    assert told == "您的角色“评审专家”不能查看推荐接收。如需办理，请联系管理员。"
    assert office.refuses(Refused, lambda: received(office.app, office.staff, 99)) == "没有这次受理。"
