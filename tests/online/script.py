"""What happens while a sync runs: at the n-th request of a kind for a city, just before it is applied or just after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from tests.online.little import Little
from tests.online.online_office import FEEDBACK
from tests.sheets_emulator import faults
from tests.sheets_emulator.book import Book, Sheet
from tests.sheets_emulator.calls import Call
from tests.sheets_emulator.faults import Outcome
from tests.sheets_emulator.problems import Problem, drive, drive_quota, unauthenticated
from tests.sheets_emulator.server import Answered, Dropped

HEAD, READ, WRITE, TOKEN = "head", "read", "write", "token"


@dataclass(frozen=True)
class Moment:
    """The `nth` request of a kind for a city since the sync began, tries counted; '' is any city."""

    city: str
    kind: str
    nth: int
    after: bool = False


# name -> what is answered, and whether it can come after the request was applied
BRIEF: dict[str, tuple[Callable[[], Outcome], bool]] = {
    "429": (lambda: faults.status(429), False),
    "429, wait 7 s": (lambda: faults.status(429, retry_after="7"), False),
    "403, too fast": (lambda: faults.refused(drive_quota()), False),
    "500": (lambda: faults.status(500), False),
    "502 as HTML": (lambda: faults.html(502), False),
    "503": (lambda: faults.status(503), False),
    "dropped": (faults.drop, False),
    "silent, then dropped": (lambda: faults.hang(0.002), False),
    "401": (lambda: faults.refused(unauthenticated()), False),
    "503 after applying": (lambda: faults.status(503), True),
    "502 as HTML after applying": (lambda: faults.html(502), True),
    "dropped after applying": (faults.drop, True),
    "half an answer": (faults.garbage, True),
    "a page of the network's": (lambda: faults.html(200), True),
}
LASTING: dict[str, Callable[[], Outcome]] = {
    "429 for ever": lambda: faults.status(429),
    "503 for ever": lambda: faults.status(503),
    "502 as HTML for ever": lambda: faults.html(502),
    "dropped for ever": faults.drop,
    "Sheets switched off": lambda: faults.api_off("sheets"),
    "Drive switched off": lambda: faults.api_off("drive"),
    "refused": lambda: faults.refused(drive(400, "badRequest", "Bad Request")),
}


@dataclass
class Script:
    """What is to happen, and what was seen: `read` holds each city's sheet as it was whenever it was asked for."""

    little: Little
    edits: dict[Moment, Callable[[], str]] = field(default_factory=dict)
    faults: dict[Moment, str] = field(default_factory=dict)
    lasting: dict[str, str] = field(default_factory=dict)  # kind of request -> name of a fault
    read: dict[str, list[Book]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)  # what we did to cells that are not ours

    def __post_init__(self) -> None:
        self._turns: Counter[tuple[str, str]] = Counter()
        self._calls: dict[int, Moment] = {}
        self._before: dict[int, Book] = {}
        self._lock = Lock()
        self.install()

    def install(self) -> None:
        """Meets every request from now on."""
        self.little.google.heal()
        self.little.google.hook(self._meet, times=None)
        self.little.google.hook(self._leave, times=None, after=True)

    def begin(self) -> None:
        """A sync begins: requests are counted anew."""
        self._turns.clear()
        self.read.clear()

    def heal(self) -> None:
        """Nothing happens any more."""
        self.edits.clear()
        self.faults.clear()
        self.lasting.clear()

    def _meet(self, call: Call) -> None:
        city = next((city for city, id in self.little.books.items() if id in call.path), "")
        kind = HEAD if call.kind == "drive" else call.kind
        with self._lock:
            self._turns[city, kind] += 1
            moment = self._calls[id(call)] = Moment(city, kind, self._turns[city, kind])
        self._happen(moment)
        file = self.little.google.state.files.get(self.little.books.get(city, ""))
        if file is not None and file.book is not None:
            if kind == READ:
                self.read.setdefault(city, []).append(file.book)
            self._before[id(call)] = file.book
        if kind in self.lasting:
            self._strike(self.lasting[kind], LASTING[self.lasting[kind]]())

    def _leave(self, call: Call) -> None:
        moment, before = self._calls[id(call)], self._before.pop(id(call), None)
        file = self.little.google.state.files.get(self.little.books.get(moment.city, ""))
        if file is not None and file.book is not None and before is not None:
            self.broken += [f"{moment}: {what}" for what in changed_by_us(before, file.book)]
        self._happen(Moment(moment.city, moment.kind, moment.nth, True))

    def _happen(self, moment: Moment) -> None:
        if (edit := self.edits.pop(moment, None)) is not None:
            self.log.append(f"  at {moment}: {edit()}")
        if (name := self.faults.pop(moment, None)) is not None:
            self.log.append(f"  at {moment}: {name}")
            self._strike(name, BRIEF[name][0]())

    def _strike(self, name: str, outcome: Outcome) -> None:
        self.struck[name] += 1
        if outcome.seconds:
            self.little.google.stopping.wait(outcome.seconds)
        if outcome.kind in ("hang", "drop"):
            raise Dropped
        if outcome.kind == "body":
            raise Answered(outcome.code, outcome.body, outcome.mime)
        raise outcome.problem or Problem(500, {})


def changed_by_us(before: Book, after: Book) -> list[str]:
    """What a request of ours changed that is not the province's: it may write below the header of 审核反馈."""
    if before is after:
        return []
    found = []
    if [sheet.id for sheet in before.sheets] != [sheet.id for sheet in after.sheets]:
        found.append("the tabs are others")
    for old, new in zip(before.sheets, after.sheets, strict=False):
        if old.title != FEEDBACK:
            if any(getattr(old, name) != getattr(new, name) for name in vars(old)):
                found.append(f"{old.title} is another")
        elif _not_ours(old) != _not_ours(new):
            found.append(f"{old.title} is another than it may be")
    return found


def _not_ours(sheet: Sheet) -> object:
    """The header, and what stands to the right of the eight columns."""
    kept = {at: cell for at, cell in sheet.cells.items() if at[0] == 0 or at[1] >= 8}
    looks = {at: cell.get("userEnteredFormat") for at, cell in sheet.cells.items() if "userEnteredFormat" in cell}
    return kept, looks, sheet.merges, sheet.rules, sheet.protected, sheet.row_data, sheet.column_data
