"""Random schedules: contacts edit before, during and between syncs while the service fails in every way it knows.

After each sync the store holds what one state of a sheet said, or what it held before; in the end, when nothing goes
wrong any more, it holds what the sheets say, and each sheet carries the answer to it.

`python -m tests.online.schedules 0-999` runs schedules by hand and counts; `SHIFAN_SEEDS=17,40-49` chooses for pytest.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from core.errors import Refused
from core.intake.online.trying import CAP
from core.services import intake
from core.services.online_sync import SyncResult
from core.store import tables
from tests.office import Worlds
from tests.online.edits import MAIN, Hands
from tests.online.little import CITIES, Little, little_office
from tests.online.script import BRIEF, HEAD, LASTING, READ, TOKEN, WRITE, Moment, Script
from tests.online.standing import Reader, apart, feedback_wrong, held, ledger_wrong, meant, newest, wherever
from tests.sheets_emulator.book import Book

LATE = date(2026, 6, 20)
PER_MINUTE = 60
RUNS = 3  # until nothing is left to do


class Wrong(AssertionError):
    """A schedule that ended as it may not."""


@dataclass
class Tally:
    """What a number of schedules came to."""

    schedules: int = 0
    syncs: int = 0
    failed: int = 0  # syncs that ended with a sentence
    counts: Counter[str] = field(default_factory=Counter)  # requests by kind, retries, edits
    faults: Counter[str] = field(default_factory=Counter)


class Schedule:
    """One schedule, the same for the same seed but for threads that ask at the same time."""

    def __init__(self, little: Little, seed: int) -> None:
        self.little, self.seed, self.rng = little, seed, Random(seed)
        self.online, self.office = little.online, little.office
        self.start = self.rng.choice(["filled", "taken"])
        little.back(self.start)
        self.cities = CITIES if self.rng.random() < 0.2 else (self.rng.choice(CITIES),)
        self.hands, self.script, self.reader = Hands(little), Script(little), Reader(self.office)
        self.log: list[str] = self.script.log
        self.seen: dict[str, deque[Book]] = {city: deque(maxlen=1) for city in CITIES}
        self.began = len(self._runs())
        self.syncs = self.failed = self.edits = 0
        self.sent_back: set[str] = set()
        self.files = {id: (file, file.permissions) for id, file in little.google.state.files.items()}

    def run(self, tally: Tally) -> None:
        """All of it. Raises Wrong with the whole schedule where something ends as it may not."""
        try:
            self._run()
        except Exception as error:
            told = "\n".join([f"SHIFAN_SEEDS={self.seed}: from {self.start}, {self.cities}", *self.log, repr(error)])
            raise Wrong(told) from error
        tally.schedules += 1
        tally.syncs += self.syncs
        tally.failed += self.failed
        tally.faults += self.script.struck
        tally.counts += self.little.google.counts()
        tally.counts["retries"] += sum(run.retries for run in self._runs())
        tally.counts["edits"] += self.edits

    def _run(self) -> None:
        if self.rng.random() < 0.08:
            self.log.append("after the deadline")
            self.office.on(LATE)
        for _ in range(self.rng.choice([1, 1, 2])):
            for _ in range(self.rng.choice([0, 1, 1, 2, 3])):
                self._edit(self.rng.choice(self.cities), self.rng.random())
            self._plan()
            self._sync()
            if self.rng.random() < 0.15:
                self._staff()
        self._heal()
        for _ in range(RUNS):
            if self._sync():
                break
        else:
            raise Wrong("it does not come to rest")
        self._agree()

    # what happens

    def _edit(self, city: str, seed: float) -> None:
        self.log.append(self._done(city, seed))

    def _done(self, city: str, seed: float) -> str:
        self.edits += 1
        return self.hands.edit(city, Random(seed))

    def _plan(self) -> None:
        """What is to happen during the next sync."""
        rng = self.rng
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            city = rng.choice(self.cities)
            kind, nth = rng.choice([(READ, 1), (READ, 1), (READ, 2), (WRITE, 1), (WRITE, 1), (WRITE, 2), (READ, 3)])
            moment = Moment(city, kind, nth, rng.random() < 0.5)
            self.script.edits[moment] = partial(self._done, city, rng.random())
        for _ in range(rng.choice([0, 1, 1, 2])):
            city, name = rng.choice(self.cities), rng.choice(list(BRIEF))
            kind, nth = rng.choice([(HEAD, 1), (READ, 1), (READ, 2), (WRITE, 1), (WRITE, 2), (TOKEN, 1)])
            after, times = BRIEF[name][1], rng.choice([1, 1, 2, 4])
            for more in range(times):
                city = "" if kind == TOKEN else city
                self.script.faults[Moment(city, kind, nth + more, after)] = name
        if rng.random() < 0.06:
            self.script.lasting = {rng.choice([HEAD, READ, WRITE]): rng.choice(list(LASTING))}
            self.log.append(f"from now on {self.script.lasting}")
        if rng.random() < 0.08:
            self._file(rng.choice(self.cities))

    def _file(self, city: str) -> None:
        """Something happens to a whole sheet, or to the account, at some moment of the sync."""
        google, id = self.little.google, self.little.books[city]
        file, account = google.file(id), google.account.email

        def lost() -> str:
            google.state.files.pop(id, None)
            return "deleted"

        def binned() -> str:
            file.trashed = True
            return "trashed"

        def shut() -> str:
            google.unshare(id, account)
            return "not shared any more"

        def refused() -> str:
            google.tokens.disabled.add(account)
            google.tokens.expire()
            return "the key is refused"

        def lagging() -> str:
            google.state.lag = 120
            return "Drive tells late"

        what = self.rng.choice([lost, binned, shut, refused, lagging])
        kind, nth = self.rng.choice([(HEAD, 1), (READ, 1), (READ, 2), (WRITE, 1)])

        def struck() -> str:
            self.script.struck[said := what()] += 1
            return said

        self.script.edits[Moment(city, kind, nth, self.rng.random() < 0.5)] = struck

    def _staff(self) -> None:
        """A person undoes an intake, or decides on one that came late."""
        city = self.rng.choice(self.cities)
        waiting, effective = newest(self.office, "held").get(city), newest(self.office, "effective").get(city)
        what = self.rng.choice([intake.accept_held, intake.decline_held]) if waiting else intake.undo
        subject = waiting or effective
        if subject is not None:
            what(self.office.app, self.office.staff, subject.id, "与市里核对")
            self.log.append(f"{what.__name__} {city} {subject.id}")
            if what is not intake.accept_held:
                self.sent_back.add(city)

    def _heal(self) -> None:
        self.log.append("everything heals")
        self.script.heal()
        google = self.little.google
        google.tokens.disabled.clear()
        google.state.lag = 0.0
        for id, (file, permissions) in self.files.items():
            google.state.files[id] = file
            file.trashed, file.permissions = False, permissions
        self.hands.heal()
        for city in sorted(self.sent_back):  # by the clock, what was sent back is not taken in again
            hand = self.little.google.contact(self.little.books[city])
            hand.insert_row(MAIN, 2)
            letter = self.online.place(city, MAIN, "编号", "平台（基地）名称").rstrip("1")
            hand.set(MAIN, f"{letter}2", f"虚构市重报平台{self.seed}")
            self.log.append(f"{city} reports again")

    # what must hold

    def _sync(self) -> bool:
        """One sync and everything that must hold after it; whether there was nothing left to do."""
        before = {city: row.id for city, row in self._newest().items()}
        self.script.begin()
        self.syncs += 1
        at = self.little.clock.now()
        done: SyncResult | None = None
        sentence = ""
        try:
            done = self.online.sync(*(self.cities if self.rng.random() < 0.9 else ()))
        except Refused as refused:
            sentence = str(refused)
            self.failed += 1
        self.log.append(f"sync: {sentence or [each.sentence + each.feedback_sentence for each in done.outcomes]}")
        self._ended(done, sentence, self.little.clock.now() - at)
        wrong = [*self.script.broken, *ledger_wrong(self.office)]
        after = self._newest()
        for city, row in after.items():
            self.seen[city] += self.script.read.get(city, ())[-1:]
            if before.get(city) != row.id:
                states = [*self.script.read.get(city, ()), *self.seen[city]]
                kept, said = held(self.office, row), [self.reader.said(book) for book in states]
                if kept not in said:
                    wrong += [f"{city}: what is held is no state of the sheet", *(apart(each, kept) for each in said)]
        if wrong:
            raise Wrong("\n".join(wrong))
        if done is None or done.problems or not all(each.ok and each.sentence for each in done.outcomes):
            return False
        taken = {city: row.id for city, row in after.items()} != before
        return not taken and not any(each.feedback_sentence for each in done.outcomes)

    def _newest(self) -> dict[str, Any]:
        return newest(self.office, "effective", "held")

    def _runs(self) -> list[Any]:
        with self.office.app.reader.connect() as connection:
            return list(connection.execute(sa.select(tables.sync_runs).order_by(tables.sync_runs.c.id)))

    def _ended(self, done: SyncResult | None, sentence: str, seconds: float) -> None:
        """The run stands in the diary as it went, nobody holds the lease, and it took no longer than its calls may."""
        runs = self._runs()
        last = runs[-1]
        told = ("failed", sentence) if done is None else ("done", done.sentence)
        if len(runs) - self.began != self.syncs or (last.state, last.sentence) != told or last.ended_at is None:
            raise Wrong(f"the diary says {last}")
        with self.office.app.reader.connect() as connection:
            if connection.execute(sa.select(tables.sync_leases)).all():
                raise Wrong("the lease is still held")
        if seconds > CAP * (2 + 4 * len(CITIES)):
            raise Wrong(f"it took {seconds} s")
        for kind in ("read", "write"):
            moments: deque[float] = deque()
            for line in self.little.google.log:
                if line.kind == kind:
                    moments.append(line.at)
                    while moments[0] <= line.at - 60:
                        moments.popleft()
                    if len(moments) > PER_MINUTE:
                        raise Wrong(f"{len(moments)} requests of the kind {kind} in a minute")

    def _agree(self) -> None:
        """What is held is what the sheets say, and what they are told is what is to be said."""
        wrong = list(self.script.broken)
        for city in self.cities:
            found = self._newest()[city]
            if found.state == "held":
                self.log.append(f"accept {city}")
                intake.accept_held(self.office.app, self.office.staff, found.id, "情况属实")
                found = self._newest()[city]
            book = self.little.google.file(self.little.books[city]).book
            assert book is not None
            said, kept = self.reader.said(book), held(self.office, found)
            if not (said.records or said.unjudged or said.errors):
                continue  # by the clock, an emptied sheet withdraws nothing
            # after the deadline sorting is nothing to decide on
            how = wherever if self.office.app.clock.today() == LATE and said != kept else meant
            if how(said) != how(kept):
                wrong += [f"{city}: the sheet does not say what is held", apart(how(said), how(kept))]
            if how is meant:
                wrong += [f"{city}: {what}" for what in feedback_wrong(self.office, found, book)]
        if wrong:
            raise Wrong("\n".join(wrong))


def chosen(text: str) -> list[int]:
    """`17,40-49` as numbers."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def main(text: str, keep_going: bool) -> None:
    """Runs schedules and counts."""
    with TemporaryDirectory(dir="/dev/shm") as folder:
        base, tally, wrong, began = Path(folder), Tally(), [], 0.0
        (base / "worlds").mkdir()
        with little_office(Worlds(base / "worlds", _nothing), base) as little:
            began = time.process_time()
            for seed in chosen(text):
                try:
                    Schedule(little, seed).run(tally)
                except Wrong as error:
                    wrong.append(seed)
                    print(error, flush=True)
                    if not keep_going:
                        break
        print(tally, f"{time.process_time() - began:.1f} s of CPU", f"wrong: {wrong}", sep="\n")


def _nothing() -> Any:
    raise RuntimeError("no PostgreSQL here")


if __name__ == "__main__":
    main(sys.argv[1], keep_going=len(sys.argv) > 2)
