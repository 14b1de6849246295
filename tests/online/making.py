"""Making online sheets in the emulator: what is asked for, with a schema that is quickly made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.intake.online.client import OnlineClient, Spent
from core.intake.online.creating import SheetWanted, Terms, create_books
from core.intake.source import Made
from core.standards.recommenders import recommenders
from sheets_schema.schema import BookSchema, load
from tests.online.clocks import StandingClock
from tests.sheets_emulator.emulator import Emulator

CITIES = [each.name for each in recommenders()]
FEW = {"推荐汇总表", "变更报告", "审核反馈"}
OWNER = "sheng@example.cn"


def small() -> BookSchema:
    """A schema with few sheets, for tests that are not about the schema."""
    whole = load()
    return replace(whole, sheets=tuple(sheet for sheet in whole.sheets if sheet.name in FEW))


def wanted(city: str, **changed: object) -> SheetWanted:
    """The book of a city, with its contact."""
    at = CITIES.index(city)
    made = SheetWanted(city, 2026, f"2026-{city}", f"2026/{city}", f"lianxiren{at}@example.cn")
    return replace(made, **changed)  # type: ignore[arg-type]


@pytest.fixture
def folder(google: Emulator) -> str:
    """A folder of a shared drive that the service account may put files into."""
    return google.add_folder("2026年推荐", OWNER, editors=(google.account.email,), shared_drive=True)


@pytest.fixture
def terms(folder: str, clock: StandingClock) -> Terms:
    """Books of few sheets, in that folder."""
    return Terms(folder, {}, "0.1.0", clock, small())


def one(client: OnlineClient, terms: Terms, asked: SheetWanted) -> Made:
    """One book asked for, and what became of it."""
    (made,) = create_books(client, [asked], terms)
    return made


def spent(client: OnlineClient, before: Spent) -> dict[str, int]:
    """What it has cost since."""
    now = client.spent
    return {name: getattr(now, name) - getattr(before, name) for name in ("reads", "writes", "drive", "retries")}
