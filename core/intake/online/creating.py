"""The cities' online sheets of a round: made where there is none, put right where something is missing, shared.

Which sheet is whose is written on the file (a property of Drive's), so that one made just before the server fell is
found again and none is made twice. What has been deleted is made anew only if the caller says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Final, Literal

from core.errors import Refused
from core.intake.online import drive
from core.intake.online.clock import OnlineClock
from core.intake.online.faults import OnlineFault
from core.intake.source import Made, Progress
from sheets_schema.help import Guide
from sheets_schema.online import FIELDS, Plan, plan_for
from sheets_schema.schema import BookSchema, load

if TYPE_CHECKING:
    from core.intake.online.client import OnlineClient

PROPERTY: Final = "shifan_book"
LINK: Final = "https://docs.google.com/spreadsheets/d/{id}/edit"
AT_ONCE: Final = 4
_ROUNDS: Final = 3
_LOOKS: Final = (2.0, 5.0, 10.0)  # seconds before looking again: what was just made is found a little later
_MAY_EDIT: Final = ("owner", "organizer", "fileOrganizer", "writer")
_TOLD: Final = 6  # things named one by one
# What stops one city stops all: asking for the others would only take more of everybody's time.
_FOR_ALL: Final = frozenset(
    {"no_network", "untrusted", "key_missing", "key_damaged", "key_refused", "key_clock", "api_off", "no_room"}
    | {"quota", "busy"}
)


@dataclass(frozen=True, slots=True)
class SheetWanted:
    """An online sheet that is to be there, complete.

    `name` is its title (`2026-沈阳市`), `mark` what it is found by: one book of one round, the same each time.
    `email` is the contact's, '' where there is none. `id` is the spreadsheet that is known to be the city's, '' where
    none is; `anew`: if that one is gone, make another.
    """

    city: str
    year: int
    name: str
    mark: str
    email: str = ""
    id: str = ""
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """How all of them are made. `folder_id` is the folder they are put into, '' for the service account's own."""

    folder_id: str
    guide: Guide
    program_version: str
    clock: OnlineClock
    schema: BookSchema = field(default_factory=load)


def create_books(
    client: OnlineClient, wanted: Sequence[SheetWanted], terms: Terms, progress: Progress | None = None
) -> list[Made]:
    """Makes, repairs and shares them, a few at once; what became of each, in the order given.

    Never raises for one of them. `failed` with a `key`: the sheet is there, and something remains to be done.
    `progress(done, of, name)` is called here, in the caller's thread, after each.
    """
    making = _Making(client, terms)
    results: dict[int, Made] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="online-make") as pool:
        tasks = {pool.submit(making.one, each): at for at, each in enumerate(wanted)}
        for done in as_completed(tasks):
            results[tasks[done]] = done.result()
            if progress is not None:
                progress(len(results), len(wanted), wanted[tasks[done]].name)
    return [results[at] for at in range(len(wanted))]


@cache
def _texts() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "creating.toml").read_text(encoding="utf-8"))


def say(code: str, **values: object) -> str:
    """A sentence of creating.toml."""
    return _texts()[code].format_map(values)


class _Gone(Exception):
    """The sheet that was known is not there; the reason is a code of creating.toml."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A book that is there: its id, and how many others bear the same mark."""

    id: str
    others: int = 0

    @property
    def link(self) -> str:
        """Where people open it."""
        return LINK.format(id=self.id)


class _Making:
    """One run for all cities."""

    def __init__(self, client: OnlineClient, terms: Terms) -> None:
        self.client, self.terms = client, terms
        self._stopped = Event()
        self._why = ""

    def one(self, wanted: SheetWanted) -> Made:
        """One city from beginning to end."""
        if self._stopped.is_set():
            return Made(wanted.city, wanted.name, "failed", say("left_out", name=wanted.name, why=self._why))
        place: _Place | None = None
        try:
            place = self._place(wanted)
            if place is None:
                return Made(wanted.city, wanted.name, "failed", say("unknown", name=wanted.name))
            state, what = self._fill(wanted, place.id)
            if state == "failed":
                return self._made(wanted, place, "failed", say("incomplete", name=wanted.name, what=what))
            return self._shared(wanted, place, state, what)
        except _Gone as gone:
            return Made(wanted.city, wanted.name, "gone", say(str(gone), name=wanted.name))
        except Refused as refused:
            if isinstance(refused, OnlineFault) and refused.code in _FOR_ALL:
                self._why = str(refused)
                self._stopped.set()
            if place is None:
                return Made(wanted.city, wanted.name, "failed", say("failed", name=wanted.name, why=refused))
            sentence = say("unfinished", name=wanted.name, link=place.link, why=refused)
            return self._made(wanted, place, "failed", sentence)

    def _made(
        self, wanted: SheetWanted, place: _Place, state: Literal["made", "repaired", "kept", "failed"], sentence: str
    ) -> Made:
        return Made(wanted.city, wanted.name, state, sentence, place.id, place.link)

    def _place(self, wanted: SheetWanted) -> _Place | None:
        """The sheet known, else the one that bears the mark, else a new one. None: nobody can tell whether one was
        made. Raises _Gone."""
        if wanted.id:
            gone = self._gone(wanted.id)
            if not gone:
                return _Place(wanted.id)
            if not wanted.anew:
                raise _Gone(gone)
        found = self._marked(wanted)
        if found is not None:
            return found
        try:
            made = drive.create(self.client, wanted.name, self.terms.folder_id, {PROPERTY: wanted.mark})
        except OnlineFault as fault:
            if fault.code != "unknown_outcome":
                raise
            return self._looked_for(wanted)
        return _Place(made)

    def _gone(self, id: str) -> str:
        """Why the sheet cannot be used any more; '' where it can."""
        try:
            return "binned" if drive.head(self.client, id).trashed else ""
        except OnlineFault as fault:
            if fault.code != "not_found":
                raise
            return "gone"

    def _marked(self, wanted: SheetWanted) -> _Place | None:
        """The first that was made for this book, but for the one that is gone."""
        found = drive.find(self.client, PROPERTY, wanted.mark, folder_id=self.terms.folder_id)
        rest = [each for each in found if each.id != wanted.id]
        if not rest:
            return None
        return _Place(rest[0].id, len(rest) - 1)

    def _looked_for(self, wanted: SheetWanted) -> _Place | None:
        for wait in _LOOKS:
            self.terms.clock.sleep(wait)
            if found := self._marked(wanted):
                return found
        return None

    def _fill(self, wanted: SheetWanted, id: str) -> tuple[Literal["made", "repaired", "kept", "failed"], str]:
        """Brings the sheet to what the schema wants, and looks whether it is. What was done, in words."""
        there, unsure = self._read(id), False
        state: Literal["made", "repaired", "kept"] = "kept"
        said: list[str] = []
        for _ in range(_ROUNDS):
            plan = self._plan(wanted, there)
            if not plan:
                return state, _in_a_row(said)
            state = "made" if plan.made or state == "made" else "repaired"
            said += [each for each in plan.said if each not in said]
            try:
                there = self._write(id, plan, wanted)
            except OnlineFault as fault:
                # Refused after an answer that was lost: that write came through after all, and names are taken.
                if fault.code != "unknown_outcome" and not (unsure and fault.code == "refused"):
                    raise
                unsure, there = True, self._read(id)
        left = self._plan(wanted, there)
        return ("failed", _in_a_row(left.said)) if left else (state, _in_a_row(said))

    def _read(self, id: str) -> Mapping[str, Any]:
        return self.client.spreadsheet(id, fields=FIELDS, grid=True)

    def _write(self, id: str, plan: Plan, wanted: SheetWanted) -> Mapping[str, Any]:
        """Sends the plan. What comes back is the sheet as it then is; where that is not as planned, it is read."""
        fields = f"updatedSpreadsheet({FIELDS})"
        answer = self.client.batch_update(id, plan.requests, idempotent=False, fields=fields, grid=True)
        there = answer.get("updatedSpreadsheet")
        return there if there and not self._plan(wanted, there) else self._read(id)

    def _plan(self, wanted: SheetWanted, there: Mapping[str, Any]) -> Plan:
        return plan_for(
            self.terms.schema,
            city=wanted.city,
            year=wanted.year,
            guide=self.terms.guide,
            program_version=self.terms.program_version,
            service_account=self.client.key.client_email,
            there=there,
        )

    def _shared(
        self, wanted: SheetWanted, place: _Place, state: Literal["made", "repaired", "kept", "failed"], what: str
    ) -> Made:
        """Gives the contact the right to fill it in, if he has not got it."""
        try:
            now = self._share(place.id, wanted.email)
        except OnlineFault as fault:
            return self._made(wanted, place, "failed", say("unshared", name=wanted.name, why=fault))
        rest = say("shared", email=wanted.email) if now else ""
        rest += say("several", count=place.others) if place.others else ""
        return self._made(wanted, place, state, say(state, name=wanted.name, what=what, shared=rest))

    def _share(self, id: str, email: str) -> bool:
        """Whether it was shared now."""
        if not email:
            return False
        for grant in drive.permissions(self.client, id):
            if grant.email.casefold() == email.casefold() and grant.role in _MAY_EDIT:
                return False
        drive.share(self.client, id, email)
        return True


def _in_a_row(said: Sequence[str]) -> str:
    if len(said) <= _TOLD:
        return "；".join(said)
    return "；".join(said[:_TOLD]) + say("and_more", count=len(said))
