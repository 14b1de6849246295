"""A plugin for the pytest that runs gspread's suite: requests to Google go to the emulator, outcomes into a file.

It is loaded by another Python than ours (`-p to_emulator`) and knows nothing of this project.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from requests.adapters import HTTPAdapter

GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com")
WORST = ("passed", "skipped", "failed")
outcomes: dict[str, str] = {}


class ToEmulator(HTTPAdapter):
    """Sends what is meant for Google to the emulator instead; paths stay as they are."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: requests.PreparedRequest, *arguments: Any, **named: Any) -> requests.Response:
        """As HTTPAdapter.send."""
        for host in GOOGLE:
            request.url = (request.url or "").replace(host, self.url)
        return super().send(request, *arguments, **named)


@contextmanager
def mounted(session: requests.Session, adapter: HTTPAdapter) -> Iterator[requests.Session]:
    """Lead a session elsewhere, and close it in the end."""
    for host in GOOGLE:
        session.mount(host + "/", adapter)
    with session:
        yield session


def pytest_configure() -> None:
    """Every session that carries credentials gets the adapter."""
    made = AuthorizedSession.__init__

    def init(self: AuthorizedSession, *arguments: Any, **named: Any) -> None:
        made(self, *arguments, **named)  # type: ignore[no-untyped-call]
        for host in GOOGLE:
            self.mount(host + "/", ToEmulator(os.environ["EMULATOR_URL"]))

    AuthorizedSession.__init__ = init  # type: ignore[method-assign]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """The worst of setting up, running and clearing away is what becomes of a test."""
    name = report.nodeid.removeprefix("tests/")
    outcomes[name] = max(outcomes.get(name, "passed"), report.outcome, key=WORST.index)


def pytest_sessionfinish() -> None:
    """Write down what became of each."""
    Path(os.environ["OUTCOMES"]).write_text(json.dumps(outcomes), "utf-8")
