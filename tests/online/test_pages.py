"""What the pages of online sheets keep and are told: no key stays with a session, and nothing asks the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.accounts import Actor
from core.services import online_setup, rounds
from core.services.online_lease import lease
from core.services.online_setup import SourceChange
from core.standards.recommenders import recommenders
from core.views.intake import folder_view
from core.views.online import online_view, synchronising
from tests.office import SHENYANG, Office
from tests.online.keys import key_text, private_key, secrets_of

CITIES = [each.name for each in recommenders()]
SHEET = "1" + "s" * 43


def key_step(app, actor):  # type: ignore[no-untyped-def]
    """The first step of the page alone; it runs as a script of its own, and knows nothing of this module."""
    from core.services.online_setup import key_state
    from pages._parts.online_key import key_part
    from pages._shell import Desk

    key_part(Desk(app, actor), key_state(app))


def opened(office: Office, actor: Actor) -> AppTest:
    """The step as a person of the office sees it."""
    step: AppTest = AppTest.from_function(key_step, kwargs={"app": office.app, "actor": actor}, default_timeout=30)
    step.run()
    assert not step.exception
    return step


def held(step: AppTest) -> str:
    """Everything that the session holds."""
    state: Any = step.session_state
    return repr(state) + repr(vars(state._state))


@pytest.mark.parametrize("spoiled", [False, True])
def test_what_was_pasted_does_not_stay_with_the_session(office: Office, spoiled: bool) -> None:
    step = opened(office, office.admin)
    text = key_text()[: -40 if spoiled else None]
    secrets = secrets_of(private_key())
    step.text_area[0].set_value(text)
    step.button[0].click().run()
    assert not step.exception
    [(kind, said)] = step.session_state["flashes"]
    assert (kind, "登记" in said) == (("error", False) if spoiled else ("success", True))
    assert [line for line in secrets if line in held(step)] == []


def test_a_key_of_the_servers_own_settings_is_shown_and_not_changed(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key.json").write_text(key_text(), "utf-8")
    monkeypatch.setenv("SHIFAN_GOOGLE_KEY", str(tmp_path / "key.json"))
    step = opened(office, office.admin)
    email = online_setup.key_state(office.app).email
    assert [each.value for each in step.code] == [email]
    told = "密钥由服务器的环境变量 SHIFAN_GOOGLE_KEY 指定，不能在这里更换。要更换，请联系管服务器的人。"
    assert [each.value for each in step.info] == [told]
    assert (len(step.text_area), len(step.button)) == (0, 0)


def test_where_all_report_online_nobody_waits_for_a_folder(office: Office) -> None:
    rounds_of = rounds.open_round(office.app, office.admin, year=2027)
    assert folder_view(office.app, rounds_of).problem != ""
    rows = [SourceChange(city, 0, "online", "", "") for city in CITIES]
    online_setup.set_sources(office.app, office.staff, rounds_of, rows, "全部用在线表格")
    shown = folder_view(office.app, rounds_of)
    assert (shown.problem, {each.sentence for each in shown.cities}) == ("", {"在线表格还没有建立。"})


def test_each_recommender_with_its_way_its_sheet_and_its_version(office: Office) -> None:
    link = f"https://docs.google.com/spreadsheets/d/{SHEET}/edit"
    row = SourceChange(SHENYANG, 0, "online", "a@example.com", f"{link}#gid=0")
    online_setup.set_sources(office.app, office.staff, office.round_id, [row], "按通知")
    online_setup.set_online_round(
        office.app, office.staff, office.round_id, 0, drive_folder="f" * 33, minutes=15, why="集中填报"
    )
    seen = online_view(office.app, office.round_id)
    assert [each.city for each in seen.cities] == CITIES
    [ready] = seen.ready
    assert (ready.city, ready.email, ready.spreadsheet, ready.link, ready.version) == (
        SHENYANG,
        "a@example.com",
        SHEET,
        link,
        1,
    )
    assert {(each.kind, each.version) for each in seen.cities if not each.online} == {("folder", 0)}
    assert (seen.folder_link, seen.minutes, seen.version) == (
        f"https://drive.google.com/drive/folders/{'f' * 33}",
        15,
        1,
    )
    assert (seen.missing, seen.runs, seen.next_at is None) == ((), (), False)


def test_a_run_that_goes_on_is_told_while_it_goes_on(office: Office) -> None:
    app = office.app
    with lease(app):
        assert synchronising(app)
    assert not synchronising(app)
