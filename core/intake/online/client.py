"""Google's Sheets and Drive over HTTP: retried by HTTP status, within the budget, never a write twice by chance.

gspread gives the addresses and the shape of the calls; its own client waits for a day on a lasting 429, and repeats
rows (research: spreadsheets §1.3), so every request goes through `request` here.
"""

from __future__ import annotations

import random
import weakref
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock, local
from typing import Any, Final
from urllib.parse import quote

import requests
from gspread.http_client import FileType, HTTPClient, ParamsType
from gspread.urls import DRIVE_FILES_API_V3_URL, SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL
from requests.auth import AuthBase

from core.intake.online import verdicts
from core.intake.online.access import Access
from core.intake.online.budget import Budget
from core.intake.online.clock import OnlineClock
from core.intake.online.faults import OnlineFault
from core.intake.online.key import ServiceKey
from core.intake.online.trying import Moment, Outcome, keep_trying, turned_down, unanswered
from core.intake.online.verdicts import DRIVE, SHEETS, SIGNING_IN
from core.settings import program_version

TIMEOUTS: Final = (5.0, 60.0)  # to connect, to read
SIGN_IN_CAP: Final = 20.0
LARGEST_MB: Final = 64
_PIECE = 1 << 16
_HOSTS: Final = {"https://sheets.googleapis.com": SHEETS, "https://www.googleapis.com": DRIVE}


@dataclass(frozen=True, slots=True)
class Spent:
    """How often Google was asked, every try counted; `retries` are all tries after the first of a call."""

    reads: int = 0
    writes: int = 0
    drive: int = 0
    retries: int = 0


@dataclass(frozen=True, slots=True)
class _Call:
    """One request as it is to be made. `repeatable`: made twice it does no more than made once."""

    method: str
    url: str
    host: str
    kind: str  # the field of Spent that it counts in
    repeatable: bool
    parts: Mapping[str, Any]


class OnlineClient(HTTPClient):
    """One service account's way to Google; made once for many books, shared by threads, to be closed at the end."""

    def __init__(
        self,
        key: ServiceKey,
        *,
        base_url: str,
        budget: Budget,
        clock: OnlineClock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`base_url` stands in for Google's addresses, `""` in real use. `chance` (0 to 1) spreads the waits."""
        self.key = key
        self._base_url, self._budget, self._clock, self._chance = base_url, budget, clock, chance
        self._access = Access(key, base_url)
        self._own = local()
        self._sessions: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        self._lock = Lock()
        self._spent = Spent()
        self.timeout = TIMEOUTS

    def __enter__(self) -> OnlineClient:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections of all threads."""
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            session.close()

    @property
    def spent(self) -> Spent:
        """What has been asked since the client was made."""
        return self._spent

    def sign_in(self) -> None:
        """Asks for a new token though one is held: shows whether there is a network and the key is accepted.

        Gives up sooner than any other call: somebody sits and waits, and where Google is out of reach it stays so.
        """
        keep_trying(
            lambda moment: self._token(replace(moment, refused=self._access.held))[0],
            self._clock,
            self._chance,
            SIGN_IN_CAP,
        )

    def spreadsheet(self, id: str, *, fields: str, ranges: Sequence[str] = (), grid: bool = False) -> dict[str, Any]:
        """A spreadsheet, or the parts of it that `fields` name; `grid` with the cells. One read."""
        params = _params(fields=fields, ranges=list(ranges), includeGridData=grid)
        return self._asked("get", SPREADSHEET_URL % quote(id, safe=""), params)

    def batch_update(  # type: ignore[override]
        self,
        id: str,
        requests: Sequence[Mapping[str, Any]],
        *,
        idempotent: bool,
        response_ranges: Sequence[str] = (),
        fields: str = "",
        grid: bool = False,
    ) -> dict[str, Any]:
        """Changes a spreadsheet, all of it or nothing. One write.

        `idempotent`: the requests do no more when they are made twice (fixed ranges, properties), so the call may be
        repeated; else OnlineFault `unknown_outcome` where nobody can tell whether they were made. `response_ranges`
        and `grid`: the answer carries these parts as they are after the change.
        """
        body: dict[str, Any] = {"requests": list(requests)}
        if response_ranges or grid:
            body |= {"includeSpreadsheetInResponse": True, "responseIncludeGridData": grid}
            body |= {"responseRanges": list(response_ranges)} if response_ranges else {}
        url = SPREADSHEET_BATCH_UPDATE_URL % quote(id, safe="")
        return self._asked("post", url, _params(fields=fields), body, idempotent=idempotent)

    def drive(
        self,
        method: str,
        path: str = "",
        *,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        idempotent: bool = False,
    ) -> dict[str, Any]:
        """A call of Drive v3 beneath `/files`, shared drives included; see `drive.py` for the calls there are."""
        return self._asked(
            method, DRIVE_FILES_API_V3_URL + path, _params(supportsAllDrives=True, **(params or {})), json, idempotent
        )

    def request(
        self,
        method: str,
        endpoint: str,
        params: ParamsType | None = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: FileType = None,
        headers: MutableMapping[str, str] | None = None,
        *,
        idempotent: bool = False,
    ) -> requests.Response:
        """One call with all its tries, within CAP seconds. Raises OnlineFault; an answer is always a success."""
        parts = {"params": params, "data": data, "json": json, "files": files, "headers": headers}
        call = self._call(method.upper(), endpoint, idempotent, parts)
        answer = keep_trying(lambda moment: self._try(call, moment), self._clock, self._chance)
        assert answer is not None
        return answer

    def _call(self, method: str, endpoint: str, idempotent: bool, parts: Mapping[str, Any]) -> _Call:
        origin = next(each for each in _HOSTS if endpoint.startswith(f"{each}/"))
        host = _HOSTS[origin]
        reading = method == "GET" or endpoint.endswith("ByDataFilter")
        kind = "drive" if host == DRIVE else "reads" if reading else "writes"
        url = (self._base_url or origin) + endpoint.removeprefix(origin)
        return _Call(method, url, host, kind, reading or idempotent, parts)

    def _try(self, call: _Call, moment: Moment) -> Outcome:
        """Asks once. Faults are given, not raised, so that none carries the exception of a library along."""
        if moment.tries:
            self._count("retries")
        outcome, token = self._token(moment)
        if outcome.fault:
            return outcome
        if call.kind != "drive":
            self._budget.wait("read" if call.kind == "reads" else "write", moment.until - self._clock.now())
        self._count(call.kind)
        try:
            answer = self._session().request(
                call.method,
                call.url,
                auth=_Bearer(token),
                timeout=self._timeouts(moment),
                allow_redirects=False,
                stream=True,
                **call.parts,
            )
            whole = _read(answer)
        except requests.RequestException as error:
            return unanswered(error, unknown=not call.repeatable and verdicts.was_sent(error))
        if not whole:
            return Outcome(fault=OnlineFault("too_large", limit=LARGEST_MB))
        if 200 <= answer.status_code < 300:
            return Outcome(answer)
        fault = verdicts.fault_in(answer, self.key, call.host)
        if answer.status_code == 401:
            return Outcome(fault=fault, refused=token)
        return turned_down(answer, fault, unknown=not call.repeatable and not verdicts.not_applied(answer))

    def _token(self, moment: Moment) -> tuple[Outcome, str]:
        """A token, or why there is none: nothing has been asked of Sheets or Drive by then."""
        try:
            return Outcome(), self._access.token(self._session(), self._timeouts(moment), moment.refused)
        except verdicts.ForLater as later:
            return turned_down(later.answer, verdicts.fault_in(later.answer, self.key, SIGNING_IN)), ""
        except requests.RequestException as error:
            return unanswered(error), ""

    def _asked(
        self,
        method: str,
        url: str,
        params: ParamsType,
        body: Mapping[str, Any] | None = None,
        idempotent: bool = False,
    ) -> dict[str, Any]:
        answer = self.request(method, url, params=params, json=body, idempotent=idempotent)
        try:
            document = answer.json() if answer.content else {}
        except ValueError:
            document = None
        if isinstance(document, dict):
            return document
        raise OnlineFault("strange_answer" if idempotent or method == "get" else "unknown_outcome")

    def _session(self) -> requests.Session:
        """A thread's own: requests does not share them."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
            self._own.session.headers["User-Agent"] = (
                f"shifan/{program_version()} (gzip)"  # without it nothing is packed
            )
            with self._lock:
                self._sessions.add(self._own.session)
        session: requests.Session = self._own.session
        return session

    def _timeouts(self, moment: Moment) -> tuple[float, float]:
        left = max(moment.until - self._clock.now(), 1.0)
        connect, read = TIMEOUTS if not isinstance(self.timeout, tuple) else self.timeout
        return min(connect, left), min(read, left)

    def _count(self, kind: str) -> None:
        with self._lock:
            self._spent = replace(self._spent, **{kind: getattr(self._spent, kind) + 1})


class _Bearer(AuthBase):
    """Puts the token into the request itself: a `.netrc` of the machine would replace a plain header."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _read(answer: requests.Response) -> bool:
    """Reads an answer whole, unless it is too large: then its connection is closed."""
    pieces, size = [], 0
    for piece in answer.iter_content(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_MB << 20:
            answer.close()
            return False
    answer._content = b"".join(pieces)  # as requests itself does in `content`
    return True


def _params(**values: Any) -> dict[str, Any]:
    """What stands in the address: without what is empty, true as Google writes it."""
    return {name: "true" if value is True else value for name, value in values.items() if value}
