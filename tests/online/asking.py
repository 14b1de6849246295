"""Requests to the emulator as anybody's, without our client: what Google's interfaces answer to plain HTTP."""

from __future__ import annotations

from typing import Any

import requests

from tests.sheets_emulator.emulator import Emulator

CITY = "shenyang@example.com"


class Asker:
    """One person with a token."""

    def __init__(self, google: Emulator, email: str) -> None:
        self.url, self.token = google.url, google.token(email)
        self.patience = 10.0  # seconds without an answer

    def answer(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """Whatever comes back."""
        head = {"Authorization": f"Bearer {self.token}"}
        address, seconds = self.url + path, self.patience
        return requests.request(method, address, params=query, json=body, headers=head, timeout=seconds)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of an answer that has to be good."""
        answer = self.answer("GET", path, **query)
        assert answer.ok, answer.text
        return answer.json()

    def batch(self, book: str, *batch: dict[str, Any], **more: Any) -> requests.Response:
        """A batchUpdate."""
        return self.answer("POST", f"/v4/spreadsheets/{book}:batchUpdate", {"requests": list(batch), **more})

    def rows(self, book: str, where: str = "Sheet1") -> list[list[Any]]:
        """Values as they are."""
        found = self.get(f"/v4/spreadsheets/{book}/values/{where}", valueRenderOption="UNFORMATTED_VALUE")
        values: list[list[Any]] = found.get("values", [])
        return values


def refusal(answer: requests.Response) -> tuple[int, str]:
    """Status and Google's own words."""
    return answer.status_code, answer.json()["error"]["message"]


def cells(row: int, *texts: str) -> dict[str, Any]:
    """An updateCells that writes texts into the first columns of a row (counted from 0) of the first tab."""
    written = {"values": [{"userEnteredValue": {"stringValue": text}} for text in texts]}
    return {"updateCells": {"start": {"sheetId": 0, "rowIndex": row}, "rows": [written], "fields": "userEnteredValue"}}
