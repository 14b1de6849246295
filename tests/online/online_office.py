"""An office whose cities report on online sheets: the store, the emulated service, and the contacts at work."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from core.intake.source import Made
from core.services import online_setup
from core.services.online_setup import SourceChange
from core.services.online_sync import SyncResult, sync
from core.settings import Settings
from core.store import tables
from tests.books import Sheets
from tests.office import Office
from tests.sheets_emulator.contact import Contact
from tests.sheets_emulator.emulator import Emulator

FEEDBACK = "审核反馈"
MAILS = {"沈阳市": "shenyang@example.com", "大连市": "dalian@example.com", "沈抚示范区": "shenfu@example.com"}


@dataclass(slots=True)
class OnlineOffice:
    """An office with a key, and what its people and the cities' contacts do."""

    office: Office
    google: Emulator

    def choose(self, *cities: str) -> None:
        """These cities report on online sheets from now on."""
        rows = [SourceChange(city, 0, "online", MAILS.get(city, ""), "") for city in cities]
        online_setup.set_sources(self.office.app, self.office.staff, self.office.round_id, rows, "按通知")

    def create(self, *cities: str, **options: Any) -> list[Made]:
        """Makes or repairs the spreadsheets, as staff."""
        return online_setup.create_sheets(
            self.office.app, self.office.staff, self.office.round_id, cities or None, **options
        )

    def sync(self, *cities: str, **options: Any) -> SyncResult:
        """Synchronises, as staff."""
        done = sync(self.office.app, self.office.staff, self.office.round_id, cities=cities or None, **options)
        assert done is not None
        return done

    def book(self, city: str) -> str:
        """The number of a city's spreadsheet."""
        row = self.office.row(tables.book_sources, round_id=self.office.round_id, city=city)
        return str(row.spreadsheet_id)

    def contact(self, city: str) -> Contact:
        """Whoever fills in a city's spreadsheet."""
        return self.google.contact(self.book(city), MAILS[city])

    def fill(self, city: str, *applicants: Sheets) -> None:
        """The contact enters applicants from the second row on, each value as it is."""
        contact = self.contact(city)
        by_tab: dict[str, list[dict[str, str]]] = {}
        for applicant in applicants:
            for tab, rows in applicant.items():
                by_tab.setdefault(tab, []).extend(rows)
        for tab, rows in by_tab.items():
            heads = [str(head) for head in contact.rows(tab)[0]]
            contact.fill(tab, "A2", [[row.get(head, "") for head in heads] for row in rows], typed=False)

    def type(self, city: str, tab: str, number: str, column: str, value: str) -> None:
        """The contact types into one cell: of the row with this 编号, in the column with this header."""
        contact = self.contact(city)
        contact.set(tab, self.place(city, tab, number, column), value, typed=False)

    def place(self, city: str, tab: str, number: str, column: str) -> str:
        """Where a cell stands now, like C5."""
        rows = self.contact(city).rows(tab)
        heads = [str(head) for head in rows[0]]
        key = heads.index("编号")
        row = next(at for at, each in enumerate(rows, start=1) if len(each) > key and each[key] == number)
        return f"{_letters(heads.index(column))}{row}"

    def feedback(self, city: str) -> list[dict[str, str]]:
        """What the city reads on 审核反馈: a row a problem, by column."""
        heads, *rows = self.contact(city).rows(FEEDBACK)
        return [dict(zip(heads, map(str, row), strict=False)) for row in rows]


def with_key(office: Office, google: Emulator) -> OnlineOffice:
    """The office connected to the emulated service, its key registered by the administrator."""
    settings = office.app.settings
    office.app.settings = Settings(settings.home, settings.database_url, settings.demo, google.url)
    online_setup.register_key(office.app, office.admin, json.dumps(google.key_json()))
    return OnlineOffice(office, google)


def _letters(index: int) -> str:
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
