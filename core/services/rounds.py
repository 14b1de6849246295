"""Use cases of the yearly round: open it, set it, make its templates."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.intake.source import BookWanted, Terms
from core.services.accounts import required_reason
from core.services.intake_sources import NO_FOLDER, RoundContext, folder_source, round_context
from core.services.judging import Flip, flips_sentence, rejudge
from core.standards import loader
from core.standards.recommenders import recommenders as recommended_by
from core.store.queries import one
from core.store.tables import recommenders, rounds
from core.store.unit import Entry

OVER_QUOTA = {"warn": "提醒", "refuse": "不予受理"}
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same templates give the same bytes


@dataclass(frozen=True, slots=True)
class RecommenderChange:
    """One line of the table of 推荐单位, with the version the person had in front of them."""

    city: str
    version: int
    taking_part: bool
    quota: int | None
    contact: str


@dataclass(frozen=True, slots=True)
class SaveResult:
    """How many lines were saved, and a sentence for each that somebody else had changed first."""

    saved: int
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TemplateResult:
    """Files made in the folder, and files that were already there and were left alone."""

    made: tuple[str, ...]
    kept: tuple[str, ...]


def open_round(
    app: App,
    actor: Actor,
    *,
    year: int,
    standard_id: str | None = None,
    notice_number: str = "",
    notice_date: date | None = None,
    deadline: date | None = None,
    reference_day: date | None = None,
    count_start: bool | None = None,
    over_quota: str = "warn",
    folder: str = "",
) -> int:
    """Opens the round of a year with the 15 recommenders, none with a quota. One round a year (第七条（一）)."""
    actor.require(Permission.MANAGE_ROUND)
    edition = loader.load(standard_id or loader.default())
    values = _checked(
        year, notice_number, notice_date, edition.id, deadline, reference_day, count_start, over_quota, folder
    )
    with app.unit(actor) as unit:
        if unit.execute(sa.select(rounds.c.id).where(rounds.c.year == year)).first():
            raise Refused(f"{year}年度轮次已经建立，请直接打开设置。")
        made = unit.insert(rounds, year=year, **values)
        unit.execute(recommenders.insert(), [{"round_id": made, "city": each.name} for each in recommended_by()])
        what = f"建立{year}年度创建轮次，采用标准“{edition.name}”"
        unit.record(Entry("round.opened", "round", made, f"{year}年度", what, round_id=made, details=_plain(values)))
    return made


def change_round(
    app: App,
    actor: Actor,
    round_id: int,
    version: int,
    *,
    notice_number: str,
    notice_date: date | None,
    standard_id: str,
    deadline: date | None,
    reference_day: date | None,
    count_start: bool | None,
    over_quota: str,
    folder: str,
    why: str,
) -> list[Flip]:
    """Changes a round's settings; every application is judged again, and the flips are returned."""
    actor.require(Permission.MANAGE_ROUND)
    why = required_reason(why)
    edition = loader.load(standard_id)
    with app.unit(actor) as unit:
        held = one(unit.connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
        values = _checked(
            held.year, notice_number, notice_date, edition.id, deadline, reference_day, count_start, over_quota, folder
        )
        changed = [_LABELS[name] for name, value in values.items() if getattr(held, name) != value]
        if not changed:
            raise Refused("没有改动，无需保存。")
        unit.update_version(
            rounds, rounds.c.id == round_id, version, ("round", round_id, f"{held.year}年度轮次"), **values
        )
        flips = rejudge(app, unit, round_id)
        what = f"修改{held.year}年度轮次：{'、'.join(changed)}{flips_sentence(flips)}"
        unit.record(
            Entry(
                "round.changed",
                "round",
                round_id,
                f"{held.year}年度",
                what,
                why,
                round_id=round_id,
                based_on=version,
                details=_plain(values),
            )
        )
    return flips


def set_recommenders(app: App, actor: Actor, round_id: int, rows: Sequence[RecommenderChange], why: str) -> SaveResult:
    """Saves changed lines of 推荐单位; a line that somebody else changed meanwhile is left and named."""
    actor.require(Permission.MANAGE_ROUND)
    why = required_reason(why)
    for row in rows:
        if row.quota is not None and row.quota < 0:
            raise Refused(f"{row.city}的推荐名额不能是负数；不限名额请留空。")
    if not rows:
        raise Refused("没有改动，无需保存。")
    saved: list[RecommenderChange] = []
    conflicts: list[str] = []
    with app.unit(actor) as unit:
        held = one(unit.connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
        for row in rows:
            where = sa.and_(recommenders.c.round_id == round_id, recommenders.c.city == row.city)
            try:
                unit.update_version(
                    recommenders,
                    where,
                    row.version,
                    ("recommenders", round_id, row.city),
                    row.city,
                    taking_part=row.taking_part,
                    quota=row.quota,
                    contact=row.contact.strip(),
                )
                saved.append(row)
            except Stale as stale:
                conflicts.append(str(stale))
        if not saved:
            raise Stale("".join(conflicts))
        what = f"修改推荐单位 {len(saved)} 家：" + "、".join(row.city for row in saved)
        details = {row.city: [row.taking_part, row.quota, row.contact.strip()] for row in saved}
        unit.record(
            Entry(
                "round.recommenders", "recommenders", round_id, f"{held.year}年度", what, why, round_id, None, details
            )
        )
    return SaveResult(len(saved), tuple(conflicts))


def template_zip(app: App, round_id: int) -> bytes:
    """The workbooks of all recommenders of the round in one zip."""
    from sheets_schema.template import build_template

    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
    guide = book_terms(app, context).guide
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in wanted_books(context):
            data = build_template(year=each.year, city=each.city, guide=guide, program_version=app.program)
            archive.writestr(zipfile.ZipInfo(f"{each.title}.xlsx", ZIP_TIME), data)
    return made.getvalue()


def templates_into_folder(app: App, actor: Actor, round_id: int) -> TemplateResult:
    """Puts the workbooks into the round's shared folder. A file that is there already is never overwritten."""
    actor.require(Permission.MANAGE_ROUND)
    held = round_row(app, round_id)
    if not held.folder:
        raise Refused(NO_FOLDER)
    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
    # recommenders with an online sheet get theirs there
    wanted = [each for each in wanted_books(context) if each.city not in context.online]
    done = folder_source(app, context).create(wanted, book_terms(app, context))
    made = [each.name for each in done if each.state == "made"]
    kept = [each.name for each in done if each.state == "kept"]
    with app.unit(actor) as unit:
        what = f"生成推荐工作簿 {len(made)} 个，已有未动 {len(kept)} 个"
        unit.record(
            Entry("round.templates", "round", round_id, f"{held.year}年度", what, "", round_id, None, {"made": made})
        )
    return TemplateResult(tuple(made), tuple(kept))


def round_row(app: App, round_id: int) -> Any:
    """The round's settings; Refused where there is no such round."""
    with app.reader.connect() as connection:
        return one(connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")


def wanted_books(context: RoundContext) -> list[BookWanted]:
    """A book for each recommender of the round, by either way."""
    year = context.settings.year
    books = []
    for city in context.cities:
        row = context.online.get(city)
        known = () if row is None else (row.email, row.spreadsheet_id)
        books.append(BookWanted(city, year, f"{year}-{city}", *known))
    return books


def book_terms(app: App, context: RoundContext, place: str = "") -> Terms:
    """What the books of a round are made with."""
    return Terms(context.edition.guide(context.as_of), app.program, place)


_LABELS = {
    "notice_number": "通知文号",
    "notice_date": "通知日期",
    "standard_id": "采用标准",
    "deadline": "报送截止日",
    "reference_day": "审核基准日",
    "count_start": "公示期起算方式",
    "over_quota": "超额处理",
    "folder": "共享文件夹",
}


def _checked(
    year: int,
    notice_number: str,
    notice_date: date | None,
    standard_id: str,
    deadline: date | None,
    reference_day: date | None,
    count_start: bool | None,
    over_quota: str,
    folder: str,
) -> dict[str, Any]:
    if not 2000 <= year <= 2100:
        raise Refused("年度请填四位年份，如 2026。")
    if over_quota not in OVER_QUOTA:
        raise Refused("超额处理请选“提醒”或“不予受理”。")
    if notice_date and deadline and deadline < notice_date:
        raise Refused("报送截止日早于通知日期，请核对。")
    folder = folder.strip()
    if folder and not Path(folder).is_absolute():
        raise Refused("共享文件夹请填完整路径，如 /srv/shifan/2026 或 D:\\\\示范创建\\\\2026。")
    return {
        "notice_number": notice_number.strip(),
        "notice_date": notice_date,
        "standard_id": standard_id,
        "deadline": deadline,
        "reference_day": reference_day,
        "count_start": count_start,
        "over_quota": over_quota,
        "folder": folder,
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
