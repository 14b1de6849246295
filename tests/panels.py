"""A round that is being scored, for tests: settings decided, experts asked, sheets handed in, each in one line.

Rows are written straight into the store; how they come about is tested where the use cases are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.bootstrap import App
from core.services.panel import Panel, content_of, panel
from core.store import tables
from tests.office import BEFORE, BUILDERS, Office, office_of
from tests.passing import ALL, settle
from tests.scoring.documents import draft, even

YUNFAN, WANGHAI, XINGHE, ANSHAN = ALL
# what the round decided: two experts for each application, 60 is enough, a difference of 20 is pointed out
DECIDED: dict[str, Any] = draft({"experts": 2, "pass_line": "60", "range_mark": "20"})
# code, name, where the person works, city; the first is the office's expert and signs in, the others have no account
EXPERTS = (
    ("专家01", "王专家", "虚构评审中心", "沈阳市"),
    ("专家02", "虚构冯某", "虚构第一大学", "大连市"),
    ("专家03", "虚构陈某", "虚构第二大学", ""),
    ("专家04", "虚构褚某", "虚构研究所", "沈抚示范区"),
)


def assigned(office: Office, *pairs: tuple[str, str], cleared: bool = True) -> list[int]:
    """Assigns experts by code to applications by name; cleared: they have said that there is no conflict."""
    now, known, made = office.app.clock.now(), seen(office), []
    experts = {each.code: each.id for each in known.experts.values()}
    names = {each.name: each.id for each in known.subjects.values()}
    with office.app.writer.begin() as connection:
        for code, name in pairs:
            values = {
                "round_id": office.round_id, "application_id": names[name], "expert_id": experts[code],
                "who": "李经办", "at": now, "cleared_at": now if cleared else None,
            }  # fmt: skip
            done = connection.execute(tables.assignments.insert().values(**values))
            made.append(int(done.inserted_primary_key[0]))
    return made


def handed_in(office: Office, assignment_id: int, score: int | Mapping[str, Any], number: int = 1) -> None:
    """A sheet with one score on every indicator (a total of as much out of 100), or with the content given."""
    content = content_of(even("", score)) if isinstance(score, int) else dict(score)
    values = {
        "assignment_id": assignment_id, "number": number, "kind": "submitted", "content": content, "via": "app",
        "who": "王专家", "at": office.app.clock.now(), "ledger_id": 1,
    }  # fmt: skip
    with office.app.writer.begin() as connection:
        connection.execute(tables.score_entries.insert().values(**values))


def recused(office: Office, code: str, name: str, kind: str = "pinned", reason: str = "曾任职") -> None:
    """Somebody decided about a pair."""
    known = seen(office)
    values = {
        "round_id": office.round_id,
        "expert_id": next(each.id for each in known.experts.values() if each.code == code),
        "application_id": next(each.id for each in known.subjects.values() if each.name == name),
        "kind": kind, "reason": reason, "who": "李经办", "at": office.app.clock.now(),
    }  # fmt: skip
    with office.app.writer.begin() as connection:
        connection.execute(tables.recusals.insert().values(**values))


def seen(office: Office) -> Panel:
    """The scoring of the round as it stands."""
    with office.app.reader.connect() as connection:
        return panel(office.app, connection, office.round_id)


def convene(office: Office, content: Mapping[str, Any] = DECIDED, experts: Sequence[tuple[str, ...]] = EXPERTS) -> None:
    """Decides the settings and asks the experts; four applications pass (`ALL`), one lacks a figure."""
    settle(office, *ALL)
    with office.app.writer.begin() as connection:
        connection.execute(
            tables.scoring_settings.insert().values(
                round_id=office.round_id, content=dict(content), document="虚构工信〔2026〕7号"
            )
        )
        for code, name, unit, city in experts:
            account = office.expert.id if name == office.expert.name else None
            values = {"account_id": account, "code": code, "name": name, "units": [unit], "city": city, "fields": []}
            done = connection.execute(tables.experts.insert().values(**values))
            number = int(done.inserted_primary_key[0])
            connection.execute(tables.panel_members.insert().values(round_id=office.round_id, expert_id=number))


def _convene(app: App, folder: Path) -> None:
    convene(office_of(app, folder))


CONVENED = "convened"
BUILDERS[CONVENED] = _convene
BEFORE[CONVENED] = "taken"
