"""`shifan intake google`: the online sheets of a round from the command line, over the real way there."""

from __future__ import annotations

import os
import subprocess
import sys

from core.services import online_setup
from tests.office import DALIAN, SHENYANG, Office, dalian, shenyang
from tests.online.online_office import OnlineOffice, with_key
from tests.sheets_emulator.emulator import Emulator


def shifan(online: OnlineOffice, *arguments: str) -> tuple[int, list[str], str]:
    """Exit code, lines of standard output, standard error."""
    settings = online.office.app.settings
    own = {"SHIFAN_HOME": str(settings.home), "SHIFAN_GOOGLE_URL": online.google.url, "SHIFAN_TODAY": "2026-05-20"}
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", *arguments],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def test_the_online_sheets_are_taken_in_and_the_exit_code_tells(opened: Office, google: Emulator) -> None:
    online = with_key(opened, google)
    online.choose(SHENYANG, DALIAN)
    online.create()
    online.fill(SHENYANG, *shenyang())
    online.fill(DALIAN, *dalian())
    code, lines, error = shifan(online, "intake", "google", "--round", "2026")
    assert (code, error) == (1, "")
    assert lines == [
        "2026年度 在线表格",
        "2026-沈阳市：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 0 处。",
        "  2026-沈阳市：反馈内容与在线表格中已有的一致，没有改动。",
        "2026-大连市：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 1 处。",
        "  2026-大连市：反馈已写入在线表格的“审核反馈”页，共 2 条。",
        "同步完毕：2 个在线表格正常，0 个有问题。",
    ]
    google.delete(online.book(DALIAN))
    code, lines, error = shifan(online, "intake", "google")
    assert (code, error, lines[-1]) == (1, "", "同步完毕：1 个在线表格正常，1 个有问题。")


def test_what_cannot_be_done_is_one_line(opened: Office, google: Emulator) -> None:
    online = with_key(opened, google)
    assert shifan(online, "intake", "google") == (
        2,
        [],
        "shifan：本轮次没有已建立的在线表格。请先在“在线表格”中选择哪些市用在线表格，并建立表格。\n",
    )
    online.choose(SHENYANG)
    online.create()
    online_setup.forget_key(opened.app, opened.admin, "换人")
    assert shifan(online, "intake", "google") == (2, [], f"shifan：{online_setup.NO_KEY}\n")
