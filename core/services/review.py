"""Use cases of 条件审核: 核定值 beside the reported value, determinations of people, notes (第七条（二）)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.checks.finding import Verdict
from core.errors import Refused
from core.services.accounts import required_reason
from core.services.judging import Flip, flips_sentence, rejudge
from core.standards import loader
from core.standards.edition import Edition
from core.store.queries import held_applications, newest_assessments, one
from core.store.tables import applications, determinations, notes, rounds, verified_values
from core.store.unit import Entry, Unit
from sheets_schema import schema
from sheets_schema.values import read_text

# what an application is, and which criteria it is held against: only the city can send another
_IDENTITY = {("推荐汇总表", column) for column in ("编号", "申报类别", "类型")}
VERDICT_WORDS: dict[Verdict, str] = {"pass": "达标", "fail": "不达标", "review": "待认定", "missing": "缺数据"}


def verify_value(
    app: App,
    actor: Actor,
    application_id: int,
    version: int,
    *,
    sheet: str,
    column: str,
    text: str,
    why: str,
    evidence: str,
) -> list[Flip]:
    """Sets the province's verified value of one cell. The reported value stays; the verified one is judged."""
    actor.require(Permission.DECIDE)
    why = required_reason(why)
    if not evidence.strip():
        raise Refused("请写明核定依据（如审计报告第几页、现场核查表编号）。")
    if (sheet, column) in _IDENTITY:
        raise Refused(f"“{column}”决定是哪个申报、按哪套标准审核，不能核定。请推荐单位改表后重新报送。")
    try:
        declared = schema.load().sheet(sheet).column(column)
    except KeyError:
        raise Refused(f"〔{sheet}〕没有“{column}”这一列。") from None
    reading = read_text(declared, text)
    if reading.message:
        raise Refused(f"核定值“{text}”不能用：{reading.message}")
    with app.unit(actor) as unit:
        held, name = _touch(unit, application_id, version)
        _end(unit, verified_values, application_id, sheet=sheet, column=column)
        unit.insert(
            verified_values,
            application_id=application_id,
            sheet=sheet,
            column=column,
            value=text.strip(),
            reason=why,
            evidence=evidence.strip(),
            who=actor.name,
            at=unit.now,
        )
        flips = rejudge(app, unit, held.round_id, [application_id])
        what = f"核定“{column}”为 {text.strip()}，依据：{evidence.strip()}{flips_sentence(flips)}"
        details = {"sheet": sheet, "column": column, "value": text.strip(), "evidence": evidence.strip()}
        unit.record(_entry("review.verified", held, name, what, why, version, details))
    return flips


def end_verified(
    app: App, actor: Actor, application_id: int, version: int, *, sheet: str, column: str, why: str
) -> list[Flip]:
    """Takes a verified value back: the reported one is judged again."""
    actor.require(Permission.DECIDE)
    why = required_reason(why)
    with app.unit(actor) as unit:
        held, name = _touch(unit, application_id, version)
        if not _end(unit, verified_values, application_id, sheet=sheet, column=column):
            raise Refused(f"“{column}”没有核定值，无需取消。")
        flips = rejudge(app, unit, held.round_id, [application_id])
        what = f"取消“{column}”的核定值{flips_sentence(flips)}"
        details = {"sheet": sheet, "column": column}
        unit.record(_entry("review.verified_ended", held, name, what, why, version, details))
    return flips


def determine(
    app: App,
    actor: Actor,
    application_id: int,
    version: int,
    *,
    criterion: str,
    item: str = "",
    verdict: str,
    why: str,
) -> list[Flip]:
    """Settles a finding that is a person's to decide, or one condition of 第五条, with a reason.

    Only `review` findings can be settled: what is computed is corrected by a verified value, not overruled.
    """
    actor.require(Permission.DECIDE)
    why = required_reason(why)
    if verdict not in ("pass", "fail"):
        raise Refused("请选择“达标”或“不达标”。")
    with app.unit(actor) as unit:
        held, name = _touch(unit, application_id, version)
        title = _settleable(unit, held, application_id, criterion, item)
        _end(unit, determinations, application_id, criterion=criterion, item=item)
        unit.insert(
            determinations,
            application_id=application_id,
            criterion=criterion,
            item=item,
            verdict=verdict,
            reason=why,
            who=actor.name,
            at=unit.now,
        )
        flips = rejudge(app, unit, held.round_id, [application_id])
        what = f"认定“{title}”{'达标' if verdict == 'pass' else '不达标'}{flips_sentence(flips)}"
        details = {"criterion": criterion, "item": item, "verdict": verdict}
        unit.record(_entry("review.determined", held, name, what, why, version, details))
    return flips


def end_determination(
    app: App, actor: Actor, application_id: int, version: int, *, criterion: str, item: str = "", why: str
) -> list[Flip]:
    """Takes a determination back: the finding is open again."""
    actor.require(Permission.DECIDE)
    why = required_reason(why)
    with app.unit(actor) as unit:
        held, name = _touch(unit, application_id, version)
        if not _end(unit, determinations, application_id, criterion=criterion, item=item):
            raise Refused("这一项没有人工认定，无需取消。")
        flips = rejudge(app, unit, held.round_id, [application_id])
        what = f"取消对“{_title(_edition(unit, held.round_id), criterion, item)}”的认定{flips_sentence(flips)}"
        details = {"criterion": criterion, "item": item}
        unit.record(_entry("review.determination_ended", held, name, what, why, version, details))
    return flips


def add_note(app: App, actor: Actor, application_id: int, text: str) -> None:
    """Adds a note to an application. Notes are never changed."""
    actor.require(Permission.DECIDE)
    if not text.strip():
        raise Refused("备注是空的，请先写内容。")
    with app.unit(actor) as unit:
        held = one(
            unit.connection,
            sa.select(applications).where(applications.c.id == application_id),
            "没有这个申报。",
        )
        unit.insert(notes, application_id=application_id, text=text.strip(), who=actor.name, at=unit.now)
        unit.record(_entry("review.noted", held, _name(unit, held), f"添加备注：{text.strip()}", "", None, {}))


def _touch(unit: Unit, application_id: int, version: int) -> tuple[Any, str]:
    query = sa.select(applications).where(applications.c.id == application_id)
    held = one(unit.connection, query, "没有这个申报。")
    name = _name(unit, held)
    unit.update_version(
        applications, applications.c.id == application_id, version, ("application", application_id, f"“{name}”")
    )
    return held, name


def _name(unit: Unit, held: Any) -> str:
    """The name on the newest version, or the 编号 where every intake of it was undone."""
    found = held_applications(unit.connection, held.round_id, ids=[held.id])
    if not found:
        raise Refused(f"{held.city}“{held.key}”的材料已撤销受理，不能再作审核。")
    row = found[0].record["rows"]["推荐汇总表"][0]["fields"]
    return str(row["平台（基地）名称"][1]) if "平台（基地）名称" in row else str(held.key)


def _end(unit: Unit, table: sa.Table, application_id: int, **where: str) -> bool:
    query = table.update().where(table.c.application_id == application_id, table.c.ended_at.is_(None))
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    return unit.execute(query.values(ended_at=unit.now)).rowcount > 0


def _settleable(unit: Unit, held: Any, application_id: int, criterion: str, item: str) -> str:
    edition = _edition(unit, held.round_id)
    title = _title(edition, criterion, item)
    newest = newest_assessments(unit.connection, [application_id])[application_id]
    finding = next((each for each in newest.findings if each["criterion"] == criterion), None)
    if finding is None:
        raise Refused(f"“{title}”不适用于这个申报。")
    if not finding["open"]:
        word = VERDICT_WORDS[finding["verdict"]]
        raise Refused(f"“{title}”已由数据判定为{word}，不需要人工认定。如数据有误，请填写核定值。")
    return title


def _title(edition: Edition, criterion: str, item: str) -> str:
    try:
        found = edition.criterion(criterion)
    except KeyError:
        raise Refused(f"标准中没有指标 {criterion}。") from None
    items = found.items
    if bool(items) != bool(item) or (item and item not in items):
        raise Refused(f"“{found.name}”请逐项认定。" if items else f"“{found.name}”不分项认定。")
    return f"{items[item].clause}{items[item].text}" if item else found.name


def _edition(unit: Unit, round_id: int) -> Edition:
    standard = unit.execute(sa.select(rounds.c.standard_id).where(rounds.c.id == round_id)).scalar_one()
    return loader.load(standard)


def _entry(
    action: str, held: Any, name: str, what: str, why: str, based_on: int | None, details: dict[str, Any]
) -> Entry:
    return Entry(action, "application", held.id, f"{held.city} {name}", what, why, held.round_id, based_on, details)
