"""The server as a process: `shifan app` and its ports, a page that breaks, what the answers carry."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from core.accounts import Role
from core.errors import Refused
from core.serve import command_line, free_port
from core.settings import PROJECT
from tests.browser.driver import Server, heading, running_server, settled, signed_in


def test_the_app_takes_the_next_port_where_one_is_busy(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-c", "from core.cli import main; main()", "app", "--port", str(port)],
            env={**os.environ, "SHIFAN_HOME": str(tmp_path / "home"), "PYTHONPATH": str(PROJECT)},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            moved = re.fullmatch(rf"端口 {port} 已被其他程序占用，改用 (\d+)。\n", said)
            assert moved is not None, said
            address = f"http://127.0.0.1:{moved.group(1)}"
            assert process.stdout.readline() == f"示范创建工作台已启动，请在浏览器打开：{address}\n"
            token = process.stdout.readline()
            assert re.fullmatch(rf"首次使用：请打开 {address}/setup ，输入一次性口令 \S+ 建立管理员\n", token)
        finally:
            # the signal of Ctrl-C goes to both processes, as in a terminal
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=30)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        free_port("192.0.2.1", 8501)
    assert str(refused.value) == "地址“192.0.2.1”不是本机的地址，请改用 127.0.0.1 或 0.0.0.0。"


def test_a_checkout_needs_no_flags_but_address_and_port() -> None:
    script = str(PROJECT / "streamlit_app.py")
    assert command_line("127.0.0.1", 8600)[1:] == [
        "-m", "streamlit", "run", script, "--server.address=127.0.0.1", "--server.port=8600",
    ]  # fmt: skip


def test_every_answer_carries_the_security_headers(server: Server) -> None:
    connection = HTTPConnection(server.address.removeprefix("http://"), timeout=20)
    connection.request("GET", "/setup")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_fault_is_told_calmly_and_logged_under_its_number(tmp_path: Path, browser: Browser) -> None:
    with running_server(tmp_path / "home") as server:
        context = signed_in(browser, server, Role.STAFF)
        page = context.new_page()
        page.goto("/")
        expect(heading(page)).to_have_text("今日")
        settled(page)
        with server.app.writer.begin() as connection:
            connection.execute(sa.text("ALTER TABLE rounds RENAME TO rounds_gone"))
        server.account(Role.EXPERT)  # an act, so that nothing that is remembered holds any more
        page.goto("/round")
        alert = page.get_by_test_id("stAlert")
        sentence = re.compile(
            "^系统出了故障，这一步可能没有办成。请刷新页面核对后再试；仍不行时，请把故障编号 [0-9A-F]{6} 告诉管理员。$"
        )
        expect(alert).to_have_text(sentence)
        number = alert.inner_text().split("故障编号 ")[1].split(" ")[0]
        assert "Traceback" not in page.locator("body").inner_text()
        context.close()
        printed = server.stop()
    assert f"故障编号 {number}\nTraceback" in printed
    assert "no such table: rounds" in printed
