"""Use cases of 在线表格: the key, which recommender reports how, the folder and the schedule, making the spreadsheets.

The key itself lies in a file of its own (core/intake/online/key.py); here and in the ledger stands only whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.intake.source import Made, Progress
from core.services.accounts import required_reason
from core.services.intake_sources import FOLDER, ONLINE, RoundContext, online_source, round_context
from core.services.online_access import NO_KEY, online_client
from core.services.online_lease import lease, renewing
from core.services.rounds import SaveResult, book_terms, round_row, wanted_books
from core.store.tables import book_sources, online_rounds
from core.store.unit import Entry, Unit

if TYPE_CHECKING:
    from core.intake.online.connection import Step

WAYS = {FOLDER: "共享文件夹", ONLINE: "在线表格"}
SHORTEST, LONGEST = 5, 1440  # minutes: not before the last run can have ended, and once a day
_ID = re.compile(r"[A-Za-z0-9_-]{20,128}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True)
class KeyState:
    """Whose key is held: `email` is '' where none is. `problem` says why one that is there cannot be used."""

    email: str
    project: str
    from_environment: bool
    problem: str


@dataclass(frozen=True, slots=True)
class SourceChange:
    """How one recommender reports, with the version that the person had in front of them (0: nothing set yet).

    `spreadsheet` is '' or the link or number of a spreadsheet that is there already.
    """

    city: str
    version: int
    kind: str
    email: str
    spreadsheet: str


def key_state(app: App) -> KeyState:
    """Whose key is held, without asking anybody over the network."""
    from core.intake.online.key import held_key, named_key

    named = named_key() is not None
    try:
        key = held_key(app.settings.home)
    except Refused as refused:
        return KeyState("", "", named, str(refused))
    return KeyState("", "", named, "") if key is None else KeyState(key.client_email, key.project_id, named, "")


def register_key(app: App, actor: Actor, text: str) -> str:
    """Keeps the key of a service account in place of any other; gives whose it is. Refuses what is no such key."""
    from core.intake.online.key import keep_key

    actor.require(Permission.MANAGE_ONLINE)
    with app.unit(actor) as unit:
        key = keep_key(app.settings.home, text)
        what = f"登记在线表格的服务账号 {key.client_email}"
        unit.record(Entry("online.key_registered", "online_key", 1, "在线表格的密钥", what))
    return key.client_email


def forget_key(app: App, actor: Actor, why: str) -> None:
    """Removes the key from this server. The account itself is closed in Google's console, and nowhere else."""
    from core.intake.online.key import forget_key as forget

    actor.require(Permission.MANAGE_ONLINE)
    why = required_reason(why)
    state = key_state(app)
    if state.from_environment:
        raise Refused("密钥由环境变量 SHIFAN_GOOGLE_KEY 指定，请在服务器的设置中取消。")
    if not state.email and not state.problem:
        raise Refused(NO_KEY)
    with app.unit(actor) as unit:
        forget(app.settings.home)
        what = f"停用在线表格的服务账号 {state.email or '（密钥不能使用）'}"
        unit.record(Entry("online.key_forgotten", "online_key", 1, "在线表格的密钥", what, why))


def test_connection(app: App, actor: Actor, round_id: int) -> Iterator[Step]:
    """Tries the way to the round's spreadsheets step by step; each step is given when it is done. Changes nothing."""
    from core.intake.online.connection import connection_test

    actor.require(Permission.MANAGE_ROUND)
    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
        folder = connection.execute(sa.select(online_rounds.c.drive_folder).where(_of(round_id))).scalar() or ""
    books = {city: row.spreadsheet_id for city, row in context.online.items() if row.spreadsheet_id}
    return connection_test(online_client(app), folder, books)


def set_sources(app: App, actor: Actor, round_id: int, rows: Sequence[SourceChange], why: str) -> SaveResult:
    """Saves how recommenders report; a line that somebody else changed meanwhile is left and named."""
    actor.require(Permission.MANAGE_ROUND)
    why = required_reason(why)
    if not rows:
        raise Refused("没有改动，无需保存。")
    values = [(row, _values(row)) for row in rows]
    saved: list[SourceChange] = []
    conflicts: list[str] = []
    held = round_row(app, round_id)
    with app.unit(actor) as unit:
        for row, value in values:
            try:
                _save(unit, round_id, row, value)
                saved.append(row)
            except Stale as stale:
                conflicts.append(str(stale))
        if not saved:
            raise Stale("".join(conflicts))
        _one_each(unit, round_id)
        what = "设置报送方式：" + "，".join(f"{row.city}用{WAYS[row.kind]}" for row in saved)
        details = {row.city: value for row, value in values if row in saved}
        subject = ("book_sources", round_id, f"{held.year}年度")
        unit.record(Entry("online.sources", *subject, what, why, round_id, None, details))
    return SaveResult(len(saved), tuple(conflicts))


def set_online_round(
    app: App, actor: Actor, round_id: int, version: int, *, drive_folder: str, minutes: int, why: str
) -> None:
    """Sets the folder that spreadsheets are made in, and how often they are synchronised (0: on demand only)."""
    actor.require(Permission.MANAGE_ROUND)
    why = required_reason(why)
    if minutes and not SHORTEST <= minutes <= LONGEST:
        raise Refused(f"定时同步的间隔请填 {SHORTEST} 到 {LONGEST} 分钟；不要定时的填 0。")
    values: dict[str, Any] = {"drive_folder": _number(drive_folder, "folders", "文件夹"), "minutes": minutes}
    held = round_row(app, round_id)
    with app.unit(actor) as unit:
        subject = ("online_rounds", round_id, f"{held.year}年度在线表格的设置")
        known = unit.execute(sa.select(online_rounds).where(_of(round_id))).first()
        if known is not None and all(getattr(known, name) == value for name, value in values.items()):
            raise Refused("没有改动，无需保存。")
        if known is None and version == 0:
            unit.insert(online_rounds, round_id=round_id, **values)
        else:
            unit.update_version(online_rounds, _of(round_id), version, subject, **values)
        every = f"每 {minutes} 分钟同步一次" if minutes else "不定时同步"
        what = f"设置{held.year}年度的在线表格：{every}，{'有' if values['drive_folder'] else '没有'}指定存放文件夹"
        unit.record(Entry("online.settings", *subject, what, why, round_id, version, values))


def create_sheets(
    app: App,
    actor: Actor,
    round_id: int,
    cities: Sequence[str] | None = None,
    progress: Progress | None = None,
    *,
    anew: bool = False,
) -> list[Made]:
    """Makes the spreadsheets that are not there yet and repairs the others; what cities filled in is not touched.

    Each is shared with the e-mail of its recommender. One that could not be made does not stop the others. Where the
    program was stopped half way, the next call finds what had been made already. One that somebody deleted is made
    again only with `anew`: what a city had filled in there does not come back.
    """
    actor.require(Permission.MANAGE_ROUND)
    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
        folder = connection.execute(sa.select(online_rounds.c.drive_folder).where(_of(round_id))).scalar() or ""
    chosen = [city for city in context.online if cities is None or city in cities]
    wanted = [replace(each, anew=anew) for each in wanted_books(context) if each.city in chosen]
    if not wanted:
        raise Refused("本轮次还没有选择用在线表格的市。请先选择报送方式。")
    terms = book_terms(app, context, folder)
    with lease(app) as renew:  # two at once would make two of each
        made = list(online_source(app, context).create(wanted, terms, renewing(renew, progress)))
        _register(app, actor, context, made)
    return made


def _register(app: App, actor: Actor, context: RoundContext, made: Sequence[Made]) -> None:
    found = [each for each in made if each.key]
    done = [each for each in made if each.state in ("made", "repaired")]
    new = [each for each in found if context.online[each.city].spreadsheet_id != each.key]
    if not done and not new:
        return
    with app.unit(actor) as unit:
        for each in found:
            city = sa.and_(_of(context.id, book_sources), book_sources.c.city == each.city)
            # one that somebody named another spreadsheet for meanwhile keeps it
            same = book_sources.c.spreadsheet_id == context.online[each.city].spreadsheet_id
            values = {"spreadsheet_id": each.key, "title": each.name, "link": each.link}
            unit.execute(book_sources.update().where(city, same).values(version=book_sources.c.version + 1, **values))
        count = {state: sum(each.state == state for each in made) for state in ("made", "repaired", "failed")}
        what = f"建立在线表格 {count['made']} 个，补齐 {count['repaired']} 个，没有办成 {count['failed']} 个"
        details = {each.city: [each.state, each.key] for each in made}
        subject = ("book_sources", context.id, f"{context.settings.year}年度")
        unit.record(Entry("online.created", *subject, what, "", context.id, None, details))


def _values(row: SourceChange) -> dict[str, Any]:
    if row.kind not in WAYS:
        raise Refused(f"{row.city}的报送方式请选“共享文件夹”或“在线表格”。")
    email = row.email.strip()
    if email and not _EMAIL.fullmatch(email):
        raise Refused(f"{row.city}的联系人邮箱“{email}”不像邮箱地址，请核对，如 name@example.com。")
    return {
        "kind": row.kind,
        "email": email,
        "spreadsheet_id": _number(row.spreadsheet, "d", f"{row.city}的表格"),
    }


def _number(text: str, before: str, what: str) -> str:
    """The service's own number in a link (`…/d/NUMBER/edit`, `…/folders/NUMBER`) or given bare; '' for none."""
    text = text.strip()
    if not text:
        return ""
    found = re.search(rf"/{before}/({_ID.pattern})(?:[/?#]|$)", text) if "/" in text else _ID.fullmatch(text)
    if found is None:
        raise Refused(f"{what}的链接认不出来。请打开它，把浏览器地址栏中的整个网址粘贴过来。")
    return found[1] if "/" in text else found[0]


def _save(unit: Unit, round_id: int, row: SourceChange, values: dict[str, Any]) -> None:
    where = sa.and_(_of(round_id, book_sources), book_sources.c.city == row.city)
    known = unit.execute(sa.select(book_sources).where(where)).first()
    if known is None and row.version == 0:
        unit.insert(book_sources, round_id=round_id, city=row.city, **values)
        return
    if known is not None and known.spreadsheet_id != values["spreadsheet_id"]:
        values = {**values, "title": "", "link": ""}
    subject = ("book_sources", round_id, f"{row.city}的报送方式")
    unit.update_version(book_sources, where, row.version, subject, row.city, **values)


def _one_each(unit: Unit, round_id: int) -> None:
    """Two recommenders must not write into one spreadsheet."""
    query = sa.select(book_sources.c.city, book_sources.c.spreadsheet_id).where(
        _of(round_id, book_sources), book_sources.c.spreadsheet_id != ""
    )
    held: dict[str, str] = {}
    for row in unit.execute(query):
        if row.spreadsheet_id in held:
            raise Refused(f"{held[row.spreadsheet_id]}和{row.city}填了同一个表格。请各用各的。")
        held[row.spreadsheet_id] = row.city


def _of(round_id: int, table: sa.Table = online_rounds) -> sa.ColumnElement[bool]:
    return table.c.round_id == round_id
