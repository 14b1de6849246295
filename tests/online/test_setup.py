"""Setting online sheets up: the key, who reports how, the folder and the schedule, making the spreadsheets."""

from __future__ import annotations

import json

import pytest

from core.errors import NotAllowed, Refused, Stale
from core.services import online_setup
from core.services.online_setup import SourceChange
from core.store import tables
from tests.office import DALIAN, SHENYANG, Office
from tests.online.clocks import StandingClock
from tests.online.online_office import MAILS, OnlineOffice, with_key
from tests.sheets_emulator.emulator import Emulator

SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcd"


@pytest.fixture
def online(opened: Office, google: Emulator, clock: StandingClock) -> OnlineOffice:
    """An office with a key and nothing else set."""
    opened.app.online_clock = clock
    return with_key(opened, google)


def change(city: str, version: int = 0, kind: str = "online", email: str = "", sheet: str = "") -> SourceChange:
    return SourceChange(city, version, kind, email, sheet)


def save(office: Office, *rows: SourceChange) -> online_setup.SaveResult:
    return online_setup.set_sources(office.app, office.staff, office.round_id, rows, "按通知")


# ---------------------------------------------------------------- the key


def test_the_key_is_held_by_name_only(opened: Office, google: Emulator) -> None:
    assert online_setup.key_state(opened.app) == online_setup.KeyState("", "", False, "")
    made = with_key(opened, google)
    email = google.account.email
    state = online_setup.key_state(opened.app)
    assert (state.email, state.from_environment, state.problem) == (email, False, "")
    last = opened.last()
    assert (last.action, last.what, last.who) == ("online.key_registered", f"登记在线表格的服务账号 {email}", "张主任")
    secret = google.key_json()["private_key"].splitlines()[1]
    assert secret not in json.dumps([str(row) for rows in opened.dump().values() for row in rows])
    online_setup.forget_key(opened.app, opened.admin, "人员变动")
    assert online_setup.key_state(opened.app).email == ""
    last = opened.last()
    assert (last.action, last.what, last.why) == ("online.key_forgotten", f"停用在线表格的服务账号 {email}", "人员变动")
    made.choose(SHENYANG)
    assert opened.refuses(Refused, made.create) == online_setup.NO_KEY


def test_only_the_administrator_has_the_key(online: OnlineOffice) -> None:
    office, text = online.office, json.dumps(online.google.key_json())
    told = "您的角色“省厅经办”不能管理在线表格的密钥。如需办理，请联系管理员。"
    assert office.refuses(NotAllowed, lambda: online_setup.register_key(office.app, office.staff, text)) == told
    assert office.refuses(NotAllowed, lambda: online_setup.forget_key(office.app, office.staff, "x")) == told


def test_a_key_that_is_none_is_refused_and_the_old_one_stays(online: OnlineOffice) -> None:
    office = online.office
    before = online_setup.key_state(office.app)
    office.refuses(Refused, lambda: online_setup.register_key(office.app, office.admin, '{"type": "authorized_user"}'))
    assert online_setup.key_state(office.app) == before


def test_another_key_makes_another_client(online: OnlineOffice) -> None:
    online.choose(SHENYANG)
    online.create()
    other = online.google.add_account("another")
    online_setup.register_key(online.office.app, online.office.admin, json.dumps(other.key_json()))
    done = online.sync()
    assert [(each["ok"], "没有共享" in each["sentence"] or "找不到" in each["sentence"]) for each in books(online)] == [
        (False, True)
    ]
    assert done.outcomes == ()


def books(online: OnlineOffice) -> list[dict[str, object]]:
    """What the newest run noted."""
    rows = online.office.dump()["sync_runs"]
    columns = [column.name for column in tables.sync_runs.columns]
    noted: list[dict[str, object]] = rows[-1][columns.index("books")]
    return noted


# ---------------------------------------------------------------- who reports how


def test_ways_of_reporting_are_saved_with_reason_and_version(online: OnlineOffice) -> None:
    office = online.office
    done = save(office, change(SHENYANG, email=" a@example.com "), change(DALIAN, kind="folder"))
    assert (done.saved, done.conflicts) == (2, ())
    row = office.row(tables.book_sources, city=SHENYANG)
    assert (row.kind, row.email, row.spreadsheet_id, row.version) == ("online", "a@example.com", "", 1)
    last = office.last()
    assert (last.action, last.what, last.why) == (
        "online.sources",
        "设置报送方式：沈阳市用在线表格，大连市用共享文件夹",
        "按通知",
    )
    link = f"https://docs.google.com/spreadsheets/d/{SHEET}/edit?gid=0#gid=0"
    assert save(office, change(SHENYANG, 1, sheet=link), change(DALIAN, 1)).saved == 2
    assert office.row(tables.book_sources, city=SHENYANG).spreadsheet_id == SHEET


def test_what_somebody_else_changed_is_left_and_named(online: OnlineOffice) -> None:
    office = online.office
    save(office, change(SHENYANG))
    at = f"{office.last().at:%Y-%m-%d %H:%M}"
    stale = f"沈阳市的报送方式已由李经办于{at}修改，您的改动没有写入。请刷新页面，核对后再办。"
    done = save(office, change(SHENYANG, 0, "folder"), change(DALIAN))
    assert (done.saved, done.conflicts) == (1, (stale,))
    assert office.row(tables.book_sources, city=SHENYANG).kind == "online"
    assert office.refuses(Stale, lambda: save(office, change(SHENYANG, 0, "folder"))) == stale


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (change(SHENYANG, kind="mail"), "沈阳市的报送方式请选“共享文件夹”或“在线表格”。"),
        (change(SHENYANG, email="甲"), "沈阳市的联系人邮箱“甲”不像邮箱地址，请核对，如 name@example.com。"),
        (
            change(SHENYANG, sheet="https://example.com/x"),
            "沈阳市的表格的链接认不出来。请打开它，把浏览器地址栏中的整个网址粘贴过来。",
        ),
    ],
)
def test_what_cannot_be_is_refused(online: OnlineOffice, row: SourceChange, sentence: str) -> None:
    assert online.office.refuses(Refused, lambda: save(online.office, row)) == sentence


def test_two_recommenders_never_share_a_spreadsheet(online: OnlineOffice) -> None:
    office = online.office
    rows = (change(SHENYANG, sheet=SHEET), change(DALIAN, sheet=SHEET))
    told = office.refuses(Refused, lambda: save(office, *rows))
    assert told in ("沈阳市和大连市填了同一个表格。请各用各的。", "大连市和沈阳市填了同一个表格。请各用各的。")


# ---------------------------------------------------------------- the folder and the schedule


def set_round(online: OnlineOffice, version: int = 0, folder: str = "", minutes: int = 0) -> None:
    office = online.office
    online_setup.set_online_round(
        office.app, office.staff, office.round_id, version, drive_folder=folder, minutes=minutes, why="按方案"
    )


def test_folder_and_schedule_are_set_with_a_version(online: OnlineOffice) -> None:
    office = online.office
    set_round(online, folder=f"https://drive.google.com/drive/folders/{SHEET}?usp=sharing", minutes=15)
    row = office.row(tables.online_rounds, round_id=office.round_id)
    assert (row.drive_folder, row.minutes, row.version) == (SHEET, 15, 1)
    assert office.last().what == "设置2026年度的在线表格：每 15 分钟同步一次，有指定存放文件夹"
    set_round(online, 1)
    assert office.last().what == "设置2026年度的在线表格：不定时同步，没有指定存放文件夹"
    assert office.refuses(Refused, lambda: set_round(online, 2)) == "没有改动，无需保存。"
    assert "李经办" in office.refuses(Stale, lambda: set_round(online, 1, minutes=30))


@pytest.mark.parametrize("minutes", [-5, 4, 1441])
def test_no_schedule_is_too_dense_or_too_thin(online: OnlineOffice, minutes: int) -> None:
    told = online.office.refuses(Refused, lambda: set_round(online, minutes=minutes))
    assert told == "定时同步的间隔请填 5 到 1440 分钟；不要定时的填 0。"


@pytest.mark.parametrize("minutes", [5, 1440])
def test_the_bounds_themselves_may_be_set(online: OnlineOffice, minutes: int) -> None:
    set_round(online, minutes=minutes)
    assert online.office.row(tables.online_rounds, round_id=online.office.round_id).minutes == minutes


# ---------------------------------------------------------------- making


def test_spreadsheets_are_made_registered_and_not_made_again(online: OnlineOffice) -> None:
    office = online.office
    assert office.refuses(Refused, online.create) == "本轮次还没有选择用在线表格的市。请先选择报送方式。"
    online.choose(SHENYANG, DALIAN)
    made = online.create()
    assert [(each.city, each.state) for each in made] == [(SHENYANG, "made"), (DALIAN, "made")]
    row = office.row(tables.book_sources, city=DALIAN)
    assert (row.spreadsheet_id, row.title, row.link) == (made[1].key, "2026-大连市", made[1].link)
    last = office.last()
    assert (last.action, last.what) == ("online.created", "建立在线表格 2 个，补齐 0 个，没有办成 0 个")
    online.google.reset_counts()
    before = office.dump()
    assert [each.state for each in online.create()] == ["kept", "kept"]
    assert online.google.counts()["write"] == 0
    assert office.dump() == before
    contact = online.google.contact(online.book(SHENYANG), MAILS[SHENYANG])
    contact.set("推荐汇总表", "A2", "SY-001")
    assert contact.cell("推荐汇总表", "A2") == "SY-001"


def test_one_that_was_made_but_never_registered_is_found_again(online: OnlineOffice) -> None:
    office = online.office
    online.choose(SHENYANG)
    [made] = online.create()
    with office.app.writer.begin() as connection:  # as if the server had fallen before it noted the number down
        connection.execute(tables.book_sources.update().values(spreadsheet_id="", title="", link=""))
    [again] = online.create()
    assert again.key == made.key
    assert online.book(SHENYANG) == made.key


def test_the_steps_of_the_connection_test_are_told(online: OnlineOffice) -> None:
    office = online.office
    online.choose(SHENYANG)
    online.create()
    steps = list(online_setup.test_connection(office.app, office.staff, office.round_id))
    assert [step.ok for step in steps] == [True] * len(steps)
    assert len(steps) >= 5
    online.google.delete(online.book(SHENYANG))
    steps = list(online_setup.test_connection(office.app, office.staff, office.round_id))
    assert [step.ok for step in steps][-1] is False
