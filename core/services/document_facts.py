"""What a document is filled with, gathered from the store: its list, its dates, whom one reaches about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.table import load
from core.publication.documents.facts import Facts
from core.publication.documents.kinds import Kind, Outcome, words
from core.publication.lists import KIND_WORDS
from core.publication.notice_text import chinese_day, from_plain
from core.services import lists
from core.services.case_files import CaseFile, case_files, places, replayed
from core.services.contacts import Contact, contact_of
from core.services.counting import calendar
from core.services.looking_back import Look, look
from core.services.notice_rows import STAGES, frozen_entries, frozen_list, notice_name, opening, stage_of
from core.standards import loader
from core.store.queries import one
from core.store.tables import case_events, cases, ledger, notices, rounds

# fields that an edition's periods fill
_PERIODS = {"创建期": "creation", "变更期限": "change_report", "复核间隔": "review"}
_DECLINED = "not_selected"


class NotYet(Refused):
    """A document cannot be made as things are. `page` is the address of the page where that is put right."""

    def __init__(self, sentence: str, page: str) -> None:
        super().__init__(sentence)
        self.page = page


@dataclass(frozen=True, slots=True)
class Source:
    """What was gathered. `parts`: one for each file; their number and day are still to be filled in.

    `published`: the first day of the notice that it is; `earliest`: the last day of what it tells of; `number` and
    `signed`: what was registered of it already, '' and None where nothing was.
    """

    year: int
    standard_id: str
    parts: tuple[Facts, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    phones: tuple[str, ...]
    published: date | None = None
    earliest: date | None = None
    number: str = ""
    signed: date | None = None
    warnings: tuple[str, ...] = ()


def gathered(app: App, kind: Kind, round_id: int, notice_id: int | None, as_of: date | None) -> Source:
    """Everything that a document of a kind needs. Refused as `core.services.documents.build` says."""
    if kind.stage:
        return _notice(app, kind, round_id, notice_id)
    with app.reader.connect() as connection:
        settings = _round(connection, round_id)
        contact = contact_of(connection, round_id)
    if kind.contact and contact is None:
        raise NotYet(f"{kind.name}要写明联系方式。请先在“年度轮次”的“联系方式”中填写。", "round")
    if not kind.list:
        return _letters(app, kind, settings, contact, as_of)
    found = lists.listing(app, round_id, kind.list, as_of)
    if not found.listed.objects:
        raise NotYet(found.empty, found.page)
    source = _source(kind, settings, contact, found.listed.title, found.listed.header, found.listed.rows)
    stage = next((each for each in STAGES.values() if each.confirms == _CONFIRMED.get(kind.list)), None)
    if stage is None:
        return source
    with app.reader.connect() as connection:
        seen = look(app, connection, as_of)
        documents, days = _registered(connection, round_id, stage.code, stage.confirms, seen)
    return Source(
        source.year, source.standard_id, source.parts, source.header, source.rows, source.phones,
        earliest=max(days, default=None),
        number=documents[0] if len(documents) == 1 else "",
        signed=days[0] if len(days) == 1 else None,
    )  # fmt: skip


_CONFIRMED: Mapping[str, str] = {"creation_objects": "creation_confirmed", "recognized": "recognized"}


def _round(connection: sa.Connection, round_id: int) -> Any:
    return one(connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")


def _source(
    kind: Kind,
    settings: Any,
    contact: Contact | None,
    title: str,
    header: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> Source:
    part = _facts(kind, settings, contact, title, header, rows)
    return Source(settings.year, settings.standard_id, (part,), header, rows, _phones(contact))


def _facts(
    kind: Kind,
    settings: Any,
    contact: Contact | None,
    title: str,
    header: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    **more: Any,
) -> Facts:
    edition = loader.load(settings.standard_id)
    day = settings.reference_day or settings.deadline or date(settings.year, 12, 31)
    terms = {name: edition.periods[code].values.whole(day) for name, code in _PERIODS.items() if name in kind.fields}
    given = {"more": terms} | more
    return Facts(
        kind, settings.year, header, rows, title, "", day, edition.name, settings.notice_number,
        {} if contact is None else contact.plain(), **given,
    )  # fmt: skip


def _phones(contact: Contact | None) -> tuple[str, ...]:
    return () if contact is None else (contact.phone,)


# ---------------------------------------------------------------- a notice


def _notice(app: App, kind: Kind, round_id: int, notice_id: int | None) -> Source:
    """A notice as it was registered: its frozen list, its own text, its own contact."""
    with app.reader.connect() as connection:
        settings = _round(connection, round_id)
        query = sa.select(notices).where(notices.c.id == notice_id, notices.c.round_id == round_id)
        held = one(connection, query.where(notices.c.stage == kind.stage), f"请先选定是哪一次{kind.name}。")
        stage = stage_of(held.stage)
        name = notice_name(stage, settings.year, held.published)
        entries = frozen_entries(connection, held.id)
        shown = frozen_list(stage, settings.year, entries)
        if shown.data_sha256 != held.sha256:
            raise Refused(f"{name}的名单与发布时的校验值不一致，不能生成公示文稿。请联系管理员核对数据。")
        files = case_files(connection, [each.case_id for each in entries])
        if all(opening(file.counted(), held.id) is None for file in files):
            raise Refused(f"{name}已经撤回，不再生成。")
        said = sa.select(ledger.c.details).where(ledger.c.id == held.ledger_id)
        told = one(connection, said, "操作留痕中没有这次公示的登记，请联系管理员核对数据。").details
    counting = calendar(app)
    last = counting.end_of_period(held.published, held.days, held.count_start).end
    contact = Contact(**held.contact)
    more = {
        "首日": chinese_day(held.published),
        "末日": chinese_day(last),
        "工作日数": held.days,
        "起算": "自发布当日起计算" if held.count_start else "自发布次日起计算，发布当日不计入",
    }
    text = from_plain(told["text"])
    warnings: tuple[str, ...] = ()
    if last.isoformat() != told["last"]:
        warnings = (
            f"公示最后一日现在是{chinese_day(last)}，与登记时的{chinese_day(date.fromisoformat(told['last']))}不同：工作日安排改过，请核对公示文本。",
        )
    part = _facts(kind, settings, contact, shown.title, shown.header, shown.rows, text=text, more=more)
    return Source(
        settings.year, settings.standard_id, (part,), shown.header, shown.rows, _phones(contact),
        published=held.published, signed=held.signed, warnings=warnings,
    )  # fmt: skip


def _registered(
    connection: sa.Connection, round_id: int, stage: str, confirms: str, seen: Look
) -> tuple[list[str], list[date]]:
    """The documents by which the objects of a round's notices were confirmed, and their days."""
    query = sa.select(notices.c.id).where(notices.c.round_id == round_id, notices.c.stage == stage)
    numbers = set(connection.execute(query).scalars())
    asked = sa.select(case_events.c.case_id).where(case_events.c.type == confirms)
    ids = set(connection.execute(asked).scalars())
    found = [
        entry
        for file in case_files(connection, sorted(ids))
        for entry in file.counted(seen.known_by)
        if entry.type == confirms and entry.data.get("notice_id") in numbers
    ]
    return list(dict.fromkeys(each.document for each in found)), sorted({each.day for each in found})


# ---------------------------------------------------------------- letters to the cities


def _letters(app: App, kind: Kind, settings: Any, contact: Contact | None, as_of: date | None) -> Source:
    """A letter for each city that has applied and of whose applications something has been decided."""
    with app.reader.connect() as connection:
        seen = look(app, connection, as_of)
        query = sa.select(cases.c.id).where(cases.c.round_id == settings.id)
        files = list(case_files(connection, sorted(connection.execute(query).scalars())))
    by_city: dict[str, list[_Told]] = {}
    waiting: Counter[str] = Counter()
    for file in files:
        told = _told(file, seen)
        if told is None:
            waiting[file.city] += 1
        else:
            by_city.setdefault(file.city, []).append(told)
    if not by_city:
        sentence = f"{settings.year}年度还没有审定拟创建对象，没有可以告知各市的结果。请先在“拟创建对象选定”中登记。"
        raise NotYet(sentence, "selection")
    header = tuple(column.head for column in kind.columns)
    parts, rows = [], []
    for city in sorted(by_city, key=lambda one: places()[one][0]):
        own = _numbered(by_city[city])
        chosen = sum(each.outcome.selected for each in by_city[city])
        more = {"入选数": chosen, "未入选数": len(own) - chosen}
        parts.append(_facts(kind, settings, contact, "", header, own, city=city, more=more))
        rows += [(city, *row[1:]) for row in own]
    return Source(
        settings.year,
        settings.standard_id,
        tuple(parts),
        ("序号", "地区", *header[1:]),
        tuple((str(number), *row) for number, row in enumerate(rows, start=1)),
        _phones(contact),
        earliest=max(each.day for told_ in by_city.values() for each in told_),
        warnings=tuple(
            f"{city}还有 {count} 个申报没有审定，不在函里；审定后请另行函告。"
            for city, count in sorted(waiting.items(), key=lambda one: places()[one[0]][0])
        ),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What a city is told of one application: its outcome, the reason, and the day it was decided."""

    name: str
    kind: str
    operator: str
    outcome: Outcome
    reason: str
    day: date


def _told(file: CaseFile, seen: Look) -> _Told | None:
    """None where nothing has been decided yet, or nothing was known of it."""
    state = replayed(seen.lives.of(file.standard_id), file, seen.day, seen.known_by)
    counted = file.counted(seen.known_by)
    ended = state.status is not None and load().statuses[state.status].ended
    decided = [each for each in counted if each.type in ("selected", _DECLINED)]
    if state.status is None or not (decided or ended):
        return None
    known = words().outcomes
    # whatever follows the creation period does not change how the application ended
    outcome = known.get(state.status, known["creating"])
    written = [each.why for each in decided if each.type == _DECLINED and each.why]
    reason = written[-1] if outcome.written and written else outcome.reason
    called = file.identity(seen.day, seen.known_by)
    day = counted[-1].day if ended else decided[-1].day
    return _Told(called.name, file.kind, called.operator, outcome, reason, day)


def _numbered(told: Iterable[_Told]) -> tuple[tuple[str, ...], ...]:
    ordered = sorted(told, key=lambda each: each.name)
    return tuple(
        (str(number), each.name, KIND_WORDS[each.kind], each.operator, each.outcome.result, each.reason or "—")
        for number, each in enumerate(ordered, start=1)
    )
