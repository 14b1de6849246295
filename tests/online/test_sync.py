"""Synchronising online sheets: what a city types is taken in, and it reads the answer on its own sheet."""

from __future__ import annotations

import pytest

from tests.office import DALIAN, SHENYANG, Office, dalian, shenyang
from tests.online.clocks import StandingClock
from tests.online.online_office import OnlineOffice, with_key
from tests.sheets_emulator.emulator import Emulator


@pytest.fixture
def online(opened: Office, google: Emulator, clock: StandingClock) -> OnlineOffice:
    """Two cities on online sheets, which are made and empty."""
    opened.app.online_clock = clock
    made = with_key(opened, google)
    made.choose(SHENYANG, DALIAN)
    assert [each.state for each in made.create()] == ["made", "made"]
    return made


def test_what_a_city_types_is_taken_in_and_answered(online: OnlineOffice) -> None:
    online.fill(DALIAN, *dalian())
    online.fill(SHENYANG, *shenyang())
    done = online.sync()
    assert [(each.city, each.ok, each.added, each.errors) for each in done.outcomes] == [
        (SHENYANG, True, 2, 0),
        (DALIAN, True, 2, 1),
    ]
    told = online.feedback(DALIAN)
    assert [(each["编号"], each["工作表"], each["列"], each["级别"]) for each in told] == [
        ("PT-002", "平台指标", "专家数（人）", "错误"),
        ("PT-001", "平台指标", "年服务中小企业数（家）", "不达标"),
    ]
    assert told[0]["单元格"] == online.place(DALIAN, "平台指标", "PT-002", "专家数（人）")
    assert online.office.verdicts(DALIAN, "pt-001")["annex1.served"] == "fail"
    online.type(DALIAN, "平台指标", "PT-002", "专家数（人）", "50")
    online.type(DALIAN, "平台指标", "PT-001", "年服务中小企业数（家）", "1000")
    done = online.sync()
    assert [(each.city, each.changed, each.errors) for each in done.outcomes] == [(SHENYANG, 0, 0), (DALIAN, 2, 0)]
    assert online.feedback(DALIAN) == []
    assert online.office.verdicts(DALIAN, "pt-001")["annex1.served"] == "pass"
