"""The connection tried step by step, so that a person sees where it stops. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.intake.online import drive
from core.intake.online.faults import OnlineFault, say

if TYPE_CHECKING:
    from core.intake.online.client import OnlineClient

# a spreadsheet that nobody has: Sheets says that it is not there where it is switched on, else that it is off
NOBODYS: Final = "1shifan-connection-test-no-such-spreadsheet"


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was tried: what it is called, whether it went, and a whole sentence about it."""

    name: str
    ok: bool
    sentence: str


class _Stopped(Exception):
    """A step did not go; the sentence says why."""


def connection_test(client: OnlineClient, folder_id: str, spreadsheet_ids: Mapping[str, str]) -> Iterator[Step]:
    """Gives each step when it is done. `folder_id` may be `""`; `spreadsheet_ids` are by city.

    Ends after a step without which no other can go; an API that is off or a city's sheet that is not shared stops
    only what needs it.
    """
    key = client.key
    yield Step(say("step", "key"), True, say("step", "key_ok", email=key.client_email, project=key.project_id))
    signed_in = _tried(say("step", "token"), lambda: _sign_in(client))
    yield signed_in
    if not signed_in.ok:
        return
    finding = _tried(say("step", "drive"), lambda: _drive(client))
    yield finding
    reading = _tried(say("step", "sheets"), lambda: _sheets(client))
    yield reading
    if folder_id and finding.ok:
        yield _tried(say("step", "folder"), lambda: _folder(client, folder_id))
    if finding.ok and reading.ok:
        for name, id in spreadsheet_ids.items():
            yield _tried(say("step", "book", name=name), lambda id=id: _book(client, id))  # type: ignore[misc]


def _tried(name: str, work: Callable[[], str]) -> Step:
    try:
        return Step(name, True, work())
    except (OnlineFault, _Stopped) as stopped:
        return Step(name, False, str(stopped))


def _sign_in(client: OnlineClient) -> str:
    client.sign_in()
    return say("step", "token_ok")


def _drive(client: OnlineClient) -> str:
    client.drive("get", params={"pageSize": 1, "fields": "files(id)"})
    return say("step", "drive_ok")


def _sheets(client: OnlineClient) -> str:
    try:
        client.spreadsheet(NOBODYS, fields="spreadsheetId")
    except OnlineFault as fault:
        if fault.code != "not_found":
            raise
    return say("step", "sheets_ok")


def _folder(client: OnlineClient, id: str) -> str:
    found = drive.head(client, id)
    if found.kind != drive.FOLDER:
        raise _Stopped(say("step", "folder_kind", name=found.name))
    if found.trashed:
        raise _Stopped(say("step", "folder_trashed", name=found.name))
    if not found.takes_files:
        raise _Stopped(say("step", "folder_locked", name=found.name, email=client.key.client_email))
    return say("step", "folder_ok" if found.shared_drive else "folder_own", name=found.name)


def _book(client: OnlineClient, id: str) -> str:
    found = drive.head(client, id)
    if found.trashed:
        raise _Stopped(say("step", "book_trashed", title=found.name))
    client.spreadsheet(id, fields="spreadsheetId")
    if not found.editable:
        raise _Stopped(say("step", "book_locked", title=found.name, email=client.key.client_email))
    return say("step", "book_ok", title=found.name)
