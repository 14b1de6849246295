"""A sheet that nobody has filled in: it is no report, and takes nothing back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.views.intake import folder_view
from tests.office import DALIAN, SHENYANG, TODAY, Office, shenyang
from tests.online.clocks import StandingClock
from tests.online.online_office import OnlineOffice, with_key
from tests.sheets_emulator.emulator import Emulator


@pytest.fixture
def online(office: Office, google: Emulator, clock: StandingClock) -> OnlineOffice:
    """Two cities change from the folder, where they have reported, to online sheets that are made and empty."""
    office.app.online_clock = clock
    made = with_key(office, google)
    made.choose(SHENYANG, DALIAN, "鞍山市")
    assert [each.state for each in made.create()] == ["made"] * 3
    return made


@pytest.mark.parametrize("put_back", [0, 1], ids=["clock-goes-on", "clock-was-put-back"])
def test_an_empty_sheet_is_told_and_not_taken_in(online: OnlineOffice, put_back: int) -> None:
    entries = len(online.office.entries())
    online.office.on(TODAY - timedelta(days=put_back))
    done = online.sync()
    emptied = "2026-{}：表格是空的，没有受理，已受理的内容仍然有效。如确实要全部撤回，请在“推荐接收”中比较后受理。"
    assert [(each.city, each.ok, each.sentence) for each in done.outcomes] == [
        (SHENYANG, True, emptied.format(SHENYANG)),
        (DALIAN, True, emptied.format(DALIAN)),
        ("鞍山市", True, "2026-鞍山市：还没有填报。"),
    ]
    assert len(online.office.entries()) == entries
    shown = {each.city: each for each in folder_view(online.office.app, online.office.round_id).cities}
    assert [(shown[city].state, shown[city].sentence) for city in (SHENYANG, "鞍山市")] == [
        ("taken", emptied.format(SHENYANG)),
        ("not_sent", "2026-鞍山市：还没有填报。"),
    ]
    online.fill(SHENYANG, *shenyang())
    filled = online.sync().outcomes[0]
    assert (filled.city, filled.ok, filled.gone) == (SHENYANG, True, 0)
