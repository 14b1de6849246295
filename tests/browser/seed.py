"""A small round in a server's store: three cities, some errors, one workbook still to be taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.accounts import Actor, Role
from core.services import accounts, intake, rounds
from core.services.intake import Outcome
from tests.books import template
from tests.browser.books import applicant, fill
from tests.browser.driver import Server

YEAR = 2026
TAKEN, WAITING = ("沈阳市", "大连市"), "鞍山市"


@dataclass(frozen=True, slots=True)
class Seeded:
    """The round's number, its folder, who made it, and what taking in said."""

    round_id: int
    folder: Path
    actor: Actor
    outcomes: list[Outcome]


def staff(server: Server) -> Actor:
    """The member of staff as an actor of the services."""
    server.account(Role.STAFF)
    actor = accounts.actor_of(server.app, server.tokens[Role.STAFF])
    assert actor is not None
    return actor


def seed(server: Server) -> Seeded:
    """Opens the round, fills three workbooks and takes two of them in."""
    actor, folder = staff(server), server.home / "folder"
    round_id = rounds.open_round(
        server.app,
        actor,
        year=YEAR,
        notice_number="虚构工信〔2026〕1号",
        notice_date=date(2026, 3, 2),
        deadline=date(2026, 12, 31),
        reference_day=date(2026, 6, 30),
        folder=str(folder),
    )
    folder.mkdir()
    for city in (*TAKEN, WAITING):
        (folder / f"{YEAR}-{city}.xlsx").write_bytes(template(city))
    fill(
        folder / "2026-沈阳市.xlsx",
        [
            applicant(1),
            applicant(2, 平台指标={"服务机构数（家）": "10", "专家数（人）": "9"}),
            applicant(3, 平台指标={"满意用户数（人）": "约100"}),
            applicant(4, "base"),
        ],
    )
    fill(folder / "2026-大连市.xlsx", [applicant(5), applicant(6, "base", 基地指标={"入驻中小企业数（家）": "49"})])
    fill(folder / "2026-鞍山市.xlsx", [applicant(7)])
    outcomes = intake.take_in(server.app, actor, round_id, TAKEN)
    assert [(each.city, each.ok) for each in outcomes] == [("沈阳市", True), ("大连市", True)]
    return Seeded(round_id, folder, actor, outcomes)
