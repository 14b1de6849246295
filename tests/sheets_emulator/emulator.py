"""The emulator as tests hold it: its state, its clock, what goes wrong, and what has been asked of it."""

from __future__ import annotations

import threading
import urllib.parse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.sheets_emulator import drive, spreadsheets
from tests.sheets_emulator.auth import Account, Tokens
from tests.sheets_emulator.calls import ROUTES, Call
from tests.sheets_emulator.contact import Contact
from tests.sheets_emulator.faults import Outcome, Plan
from tests.sheets_emulator.faults import call as running
from tests.sheets_emulator.problems import Json, sheets
from tests.sheets_emulator.quota import Quota
from tests.sheets_emulator.server import Server
from tests.sheets_emulator.state import FOLDER, Clock, File, RealClock, State, grant

ANSWERING = (drive, spreadsheets)  # each enters its answers into ROUTES


@dataclass(frozen=True)
class Access:
    """A line of the log. Status 0: no answer was given. `requests` are the kinds in a batchUpdate."""

    at: float
    user: str
    method: str
    path: str
    kind: str
    status: int
    requests: tuple[str, ...] = ()


class Emulator:
    """Google Sheets and Drive on a free port of this machine."""

    def __init__(self, clock: Clock | None = None, port: int = 0) -> None:
        self.clock: Clock = clock or RealClock()
        self.state = State(self.clock)
        self.tokens = Tokens(self.clock)
        self.quota = Quota(self.clock)
        self.plans: list[Plan] = []
        self.latency = 0.0  # real seconds before each answer
        self.log: list[Access] = []
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self.account = self.add_account("shifan-sync")
        self.server = Server(self, port)
        self.tokens.audiences.add(self.url + "/token")

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.server.port}"

    def __enter__(self) -> Emulator:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.server.stop()

    # who there is

    def add_account(self, name: str) -> Account:
        """Another service account."""
        account = Account(name)
        self.tokens.accounts[account.email] = account
        return account

    def key_json(self, *, local: bool = False) -> Json:
        """The key of the service account; `local` lets its token_uri lead here, a real one's leads to Google."""
        return self.account.key_json(self.url + "/token") if local else self.account.key_json()

    def token(self, email: str) -> str:
        """A token for anyone."""
        return self.tokens.give(email)

    def contact(self, book_id: str, email: str = "", *, over_http: bool = False) -> Contact:
        """A person at work on a spreadsheet; without an address its owner."""
        return Contact(self, book_id, email or self.state.files[book_id].owner, over_http)

    # files

    def add_book(self, title: str, owner: str = "", *, editors: tuple[str, ...] = (), file_id: str = "") -> str:
        """A spreadsheet made out of hand; its id."""
        file = self.state.make(owner or self.account.email, title, file_id=file_id)
        file.permissions += [grant(each, "writer") for each in editors]
        return file.id

    def add_folder(self, name: str, owner: str, *, editors: tuple[str, ...] = (), shared_drive: bool = False) -> str:
        """A folder, or the root of a shared drive; its id."""
        file = self.state.make(owner, name, FOLDER)
        if shared_drive:
            file.drive, file.permissions = file.id, [grant(owner, "organizer")]
        file.permissions += [grant(each, "writer") for each in editors]
        return file.id

    def file(self, file_id: str) -> File:
        """A file as it stands."""
        return self.state.files[file_id]

    def share(self, file_id: str, email: str, role: str = "writer") -> None:
        """Let someone use a file."""
        self.unshare(file_id, email)
        self.file(file_id).permissions.append(grant(email, role))

    def unshare(self, file_id: str, email: str) -> None:
        """No longer for this person."""
        file = self.file(file_id)
        file.permissions = [each for each in file.permissions if each.get("emailAddress") != email]

    def delete(self, file_id: str) -> None:
        """Gone for good."""
        with self.state.lock:
            del self.state.files[file_id]

    def trash(self, file_id: str, trashed: bool = True) -> None:
        """Into the bin, or out of it."""
        with self.state.lock:
            file = self.file(file_id)
            file.trashed = trashed
            self.state.touch(file, file.owner)

    # what goes wrong

    def fail(self, outcome: Outcome, **where: Any) -> Plan:
        """Plan a fault for requests to come; `where` is what Plan takes: times, skip, every, after, method, path, …"""
        plan = Plan(outcome, **where)
        with self._lock:
            self.plans.append(plan)
        return plan

    def hook(self, run: Callable[[Call], Any], **where: Any) -> Plan:
        """Have something else happen just before (or after) a request is applied."""
        return self.fail(running(run), **where)

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self.plans.clear()

    def struck(self, call: Call, *, after: bool) -> list[Outcome]:
        """What meets this request."""
        with self._lock:
            return [plan.outcome for plan in self.plans if plan.after == after and plan.meets(call)]

    # what has been asked

    def note(self, call: Call, status: int) -> None:
        """Enter a request into the log."""
        body = call.body if isinstance(call.body, dict) else {}
        batch = body.get("requests") if call.path.endswith(":batchUpdate") else None
        kinds = (
            tuple(name for each in batch if isinstance(each, dict) for name in each) if isinstance(batch, list) else ()
        )
        line = Access(self.clock.now(), call.user, call.method, call.place, call.kind, status, kinds)
        with self._lock:
            self.log.append(line)

    def counts(self, user: str = "") -> Counter[str]:
        """How many requests of each kind (read, write, drive, token), of everybody or of one person."""
        with self._lock:
            return Counter(each.kind for each in self.log if not user or each.user == user)

    def reset_counts(self) -> None:
        """An empty log."""
        with self._lock:
            self.log.clear()

    # answering

    def answer(self, call: Call) -> Any:
        """What a request is answered with, and what it changes: without quota, faults or log."""
        for route in ROUTES:
            found = route.pattern.fullmatch(call.path)
            if found and route.method == call.method:
                call.parts = tuple(urllib.parse.unquote(part) for part in found.groups())
                with self.state.lock:
                    return route.answer(self.state, call)
        raise sheets(404, f"The requested URL {call.path} was not found on this server.")
