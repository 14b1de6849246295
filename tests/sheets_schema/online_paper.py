"""An online sheet without a network: what the emulator makes of the requests, and people at work in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sheets_schema.online import FIELDS, Plan, plan_for
from sheets_schema.schema import BookSchema, load
from tests.sheets_emulator import answers
from tests.sheets_emulator.batch import update
from tests.sheets_emulator.book import Book, Sheet, new_book
from tests.sheets_emulator.masks import parse
from tests.sheets_emulator.protection import Editor

Json = dict[str, Any]
SERVICE, CONTACT = "shifan@fictional.iam.gserviceaccount.com", "lianxiren@example.cn"
GUIDE = {
    ("平台指标", "服务机构数（家）"): [
        "创建：≥ 40（附件1 服务能力/汇集服务资源情况）",
        "认定：≥ 80（附件1 服务能力/汇集服务资源情况）",
    ]
}


class Paper:
    """One book, and who changes it."""

    def __init__(self, schema: BookSchema | None = None, *, filled: bool = True) -> None:
        self.schema = schema or load()
        self.guide: dict[tuple[str, str], Sequence[str]] = dict(GUIDE)
        self.book: Book = new_book("1Fictional", "2026-沈阳市")
        if filled:
            self.fix()

    def short(self, rows: int = 24) -> Paper:
        """With fewer rows, for tests that look at it often."""
        for sheet in list(self.book.sheets):
            if sheet.rows > rows and sheet.title != self.schema.help:
                place = {"sheetId": sheet.id, "dimension": "ROWS", "startIndex": rows, "endIndex": sheet.rows}
                self.send([{"deleteDimension": {"range": place}}])
        return self

    def there(self) -> Json:
        """What a GET with the fields of the plan answers, as it comes over the wire."""
        answer = answers.spreadsheet(self.book, Editor(SERVICE, False), parse(FIELDS), [], True)
        again: Json = json.loads(json.dumps(answer))
        return again

    def plan(self) -> Plan:
        """What is to be done to it now."""
        return plan_for(
            self.schema,
            city="沈阳市",
            year=2026,
            guide=self.guide,
            program_version="0.1.0",
            service_account=SERVICE,
            there=self.there(),
        )

    def send(self, requests: Iterable[Json], who: str = SERVICE) -> None:
        """Somebody changes it, all of it or nothing. The service account is no owner: on a shared drive nobody is."""
        self.book, _ = update(self.book, Editor(who, False), {"requests": list(requests)})

    def fix(self) -> Plan:
        """Plans, and does so."""
        plan = self.plan()
        if plan:
            self.send(plan.requests)
        return plan

    def sheet(self, name: str) -> Sheet:
        """A sheet by its title."""
        found = self.book.titled(name)
        assert found is not None
        return found

    def id(self, name: str) -> int:
        """The number of a sheet."""
        return self.sheet(name).id

    def area(self, name: str, row: int, column: int, rows: int = 1, columns: int = 1) -> Json:
        """A range from a cell on, counted from 0."""
        ends = {"startRowIndex": row, "endRowIndex": row + rows}
        return {"sheetId": self.id(name)} | ends | {"startColumnIndex": column, "endColumnIndex": column + columns}

    def typing(self, name: str, row: int, column: int, *texts: str) -> Json:
        """The request that types texts into cells of a row; '' empties one."""
        values = [{"userEnteredValue": {"stringValue": text}} if text else {} for text in texts]
        area = self.area(name, row, column, 1, len(texts))
        return {"updateCells": {"range": area, "rows": [{"values": values}], "fields": "userEnteredValue"}}

    def type(self, name: str, row: int, column: int, *texts: str, who: str = CONTACT) -> None:
        """Somebody types them."""
        self.send([self.typing(name, row, column, *texts)], who)

    def header(self, name: str) -> list[str]:
        """The texts of the first row."""
        return self.texts(name)[0]

    def texts(self, name: str) -> list[list[str]]:
        """All rows down to the last with something in it, as wide as the widest."""
        sheet = self.sheet(name)
        area = sheet.used()
        return [
            [str(next(iter(_value(sheet, row, column).values()), "")) for column in range(area.right)]
            for row in range(area.bottom)
        ]

    def data(self) -> dict[str, dict[tuple[int, int], Json]]:
        """Everything that stands below the first row of any sheet that is the city's, by the sheet's number."""
        ours = {*(sheet.name for sheet in self.schema.sheets if sheet.filled_by == "province")}
        ours |= {self.schema.help, self.schema.dictionary, self.schema.meta}
        return {
            str(sheet.id): {
                (row, column): value for row, column in sheet.cells if row > 0 and (value := _value(sheet, row, column))
            }
            for sheet in self.book.sheets
            if sheet.title not in ours
        }


def _value(sheet: Sheet, row: int, column: int) -> Json:
    found: Json = sheet.cells.get((row, column), {}).get("userEnteredValue", {})
    return found


def kinds(plan: Plan) -> dict[str, int]:
    """How many requests of each kind."""
    found: dict[str, int] = {}
    for request in plan.requests:
        name = next(iter(request))
        found[name] = found.get(name, 0) + 1
    return found
