"""The section 条件审核 of the 申报办理卷: every finding with its clause, what people determined, notes."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from core.checks.shown import is_share, shown_limit, shown_value
from core.publication.dossier import Block, Line, Table, heading
from core.services.decision_data import About
from core.services.decision_ledger import Entries
from core.services.decision_words import Naming, moment, on_day
from core.services.judging import OVERALL
from core.services.review import VERDICT_WORDS
from core.standards import loader
from core.standards.edition import Edition
from core.store.tables import assessments, determinations, notes

_NONE: Final = "—"


def checks(connection: sa.Connection, seen: About, entries: Entries, named: Naming) -> tuple[Block, ...]:
    """The newest assessment, determinations with those that ended, how verdicts turned, and notes."""
    edition = loader.load(seen.judged.standard_id)
    return (
        Line(
            f"审核结论：{VERDICT_WORDS[seen.judged.verdict]}。依据《{edition.name}》（标准数据的校验值 "
            f"{seen.judged.standard_sha256}），按{on_day(seen.judged.as_of)}的情况审核，"
            f"{moment(seen.judged.at)}得出。"
        ),
        _findings(edition, seen.judged.findings, named),
        heading("人工认定"),
        _determined(connection, edition, seen.id, entries, named),
        heading("结论变化"),
        _turned(connection, edition, seen.id),
        heading("备注"),
        _notes(connection, seen.id, named),
    )


def _findings(edition: Edition, findings: list[dict[str, Any]], named: Naming) -> Table:
    rows = []
    for each in findings:
        criterion = edition.criterion(each["criterion"])
        value = shown_value(each["value"], each["required"], share=is_share(criterion))
        word = VERDICT_WORDS[each["verdict"]] + ("（人工认定）" if each["settled"] else "")
        rows.append(
            (f"{criterion.name}\n{each['clause']}", shown_limit(each["required"]) or _NONE, value or _NONE, word,
             named.text(each["message"]))
        )  # fmt: skip
    return Table(("指标和条款", "要求", "数值", "结论", "说明"), tuple(rows), (34, 22, 20, 20, 60), numeric=(2,))


def _determined(connection: sa.Connection, edition: Edition, number: int, entries: Entries, named: Naming) -> Block:
    query = sa.select(determinations).where(determinations.c.application_id == number).order_by(determinations.c.id)
    rows = []
    for each in connection.execute(query):
        criterion = edition.criterion(each.criterion)
        item = criterion.items.get(each.item)
        ended = entries.end_of("review.determined", each, criterion=each.criterion, item=each.item)
        what = criterion.name if item is None else f"{criterion.name}\n{item.clause}{item.text}"
        by = f"{each.who}\n{moment(each.at)}"
        rows.append((what, VERDICT_WORDS[each.verdict], named.text(each.reason), by, named.text(ended)))
    if not rows:
        return Line("没有人工认定。")
    return Table(("事项", "认定", "理由", "办理", "后来"), tuple(rows), (44, 16, 42, 27, 27))


def _turned(connection: sa.Connection, edition: Edition, number: int) -> Block:
    names = {each.code: each.name for each in edition.criteria} | {OVERALL: "总的结论"}
    query = sa.select(assessments).where(assessments.c.application_id == number).order_by(assessments.c.id)
    rows = tuple(
        (moment(row.at), names.get(code, code), VERDICT_WORDS[before], VERDICT_WORDS[after])
        for row in connection.execute(query)
        for code, before, after in row.flips
    )
    if not rows:
        return Line("受理以来结论没有变化。")
    return Table(("时间", "指标", "原结论", "新结论"), rows, (40, 60, 28, 28))


def _notes(connection: sa.Connection, number: int, named: Naming) -> Block:
    query = sa.select(notes).where(notes.c.application_id == number).order_by(notes.c.id)
    rows = tuple((moment(row.at), row.who, named.text(row.text)) for row in connection.execute(query))
    return Table(("时间", "办理人", "备注"), rows, (34, 22, 100)) if rows else Line("没有备注。")
