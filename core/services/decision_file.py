"""The 申报办理卷 of an application: all that the store tells of why it was in or out, as one document.

It rests on the entries of the ledger that concern the application, and says which is the newest of them. Whatever
else happens, and whenever and wherever it is made, it stays the same byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.publication.dossier import Block, Dossier, Line, Section, Table, labelled, note
from core.services.decision_case import case_file, course, history, selection
from core.services.decision_checks import checks
from core.services.decision_data import PERSONAL, about, data, identity, workbooks
from core.services.decision_ledger import Entries, Traces, concerning, intakes_since, told
from core.services.decision_notices import notices_of, objections_of, published
from core.services.decision_scores import scores
from core.services.decision_scoring import scoring_of
from core.services.decision_words import Naming, moment, naming
from core.store.tables import assessments
from core.store.unit import Entry

TITLE: Final = "申报办理卷"
WARNING: Final = "内部资料：载有评审情况，不得公开"
WITH_NAMES: Final = "内部资料：载有评审情况和专家姓名，仅限内部，不得公开"
_NUMERALS: Final = "一二三四五六七八九十"
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """The document, what it is about, the ledger's entry that it rests on, and what its files' names begin with."""

    dossier: Dossier
    application_id: int
    round_id: int
    city: str
    name: str
    case_id: int | None
    entry: int
    stem: str


def decision_file(app: App, application_id: int, *, names: bool) -> DecisionFile:
    """The document as the store stands; with `names` experts are named beside their codes. Refused: see `about`."""
    with app.reader.connect() as connection:
        return gathered(app, connection, application_id, names=names)


def gathered(app: App, connection: sa.Connection, application_id: int, *, names: bool) -> DecisionFile:
    """The same on an open connection."""
    seen = about(connection, application_id)
    file = case_file(connection, seen)
    scoring = scoring_of(app, connection, seen)
    named = naming(connection, seen.round_id, scoring.experts, names=names)
    case_id = None if file is None else file.id
    shown, against = notices_of(connection, case_id), objections_of(connection, case_id)
    things = {
        "application": [seen.id],
        "case": [] if case_id is None else [case_id],
        "intake": intakes_since(connection, seen.round_id, seen.city, seen.versions[0].id),
        "notice": [row.id for row in shown],
        "objection": [row.id for row in against],
        "expert": sorted(scoring.experts),
        "assignment": [each.row.id for each in scoring.asked],
        "recusal": [row.id for row in scoring.recused],
    }
    made = set(
        connection.execute(sa.select(assessments.c.ledger_id).where(assessments.c.application_id == seen.id)).scalars()
    )
    made |= {entry.ledger_id for each in scoring.asked for entry in each.entries}
    made |= set() if file is None else {one.ledger_id for one in file.entries}
    traces = Traces(seen.round_id, seen.city, seen.name, case_id, seen.creation, things, made)
    entries = concerning(connection, traces)
    held = course(connection, file, entries)
    dossier = Dossier(
        WITH_NAMES if names else WARNING,
        TITLE,
        f"{seen.year}年度　{seen.city}　{seen.name}（{seen.text('编号')}）",
        _numbered(
            ("申报基本情况", identity(seen, "" if held is None else held.called)),
            ("报送的工作簿", workbooks(seen)),
            ("填报数据和核定", data(seen, entries, named)),
            ("条件审核", checks(connection, seen, entries, named)),
            ("专家评审", scores(seen, scoring, entries, named)),
            ("选定", selection(seen, held, entries, scoring.rubric, named)),
            ("公示与异议", published(held, shown, against, entries, named)),
            ("办理经过", history(connection, held, named)),
            ("操作留痕", _ledger(entries, named)),
            ("本卷依据", _basis(entries, named)),
        ),
    )
    stem = _UNSAFE.sub("_", f"{TITLE}-{seen.year}-{seen.city}-{seen.text('编号') or seen.id}")
    return DecisionFile(dossier, seen.id, seen.round_id, seen.city, seen.name, case_id, entries.newest.id, stem)


def file_name(made: DecisionFile, *, names: bool) -> str:
    """What the file of a variant is called."""
    return f"{made.stem}{'（含专家姓名）' if names else ''}.docx"


def download(app: App, actor: Actor, application_id: int, *, names: bool) -> tuple[str, bytes]:
    """The document as a docx file, by name; noted in the ledger with its SHA-256.

    Entries that note an export do not concern the application, so that the next file is the same.
    """
    from core.publication.decision_docx import as_docx

    actor.require(Permission.READ_SCORES)
    made = decision_file(app, application_id, names=names)
    content, name = as_docx(made.dossier), file_name(made, names=names)
    with app.unit(actor) as unit:
        details = {"sha256": hashlib.sha256(content).hexdigest(), "names": names, "entry": made.entry}
        what = f"导出{TITLE}{'（含专家姓名）' if names else ''}：{name}"
        about_ = ("decision", application_id, f"{made.city} {made.name}")
        unit.record(Entry("decision.exported", *about_, what, "", made.round_id, None, details))
    return name, content


def _numbered(*parts: tuple[str, tuple[Block, ...]]) -> tuple[Section, ...]:
    return tuple(
        Section(f"{numeral}、{title}", blocks) for numeral, (title, blocks) in zip(_NUMERALS, parts, strict=True)
    )


def _ledger(entries: Entries, named: Naming) -> tuple[Block, ...]:
    rows = tuple((str(row.id), moment(row.at), named.who(row), *told(row, named, PERSONAL)) for row in entries.rows)
    return (Table(("序号", "时间", "办理人", "内容", "理由"), rows, (12, 32, 20, 60, 32), numeric=(0,)),)


def _basis(entries: Entries, named: Naming) -> tuple[Block, ...]:
    newest = entries.newest
    return (
        Line(f"本卷依据操作留痕中与这个申报有关的登记编成，最近一条是第 {newest.id} 号。"),
        labelled(
            ("最近一条的时间", moment(newest.at)),
            ("办理人", named.who(newest)),
            ("校验值", newest.hash),
        ),
        note("本卷各处的校验值都按 SHA-256 计算。"),
        note("与这个申报无关的办理和导出不改变本卷；同样的留痕，什么时候、在哪里编成都是同一份文件。"),
        *([note("专家以代号代替姓名，经办文字中出现的本轮专家的姓名也以代号代替。")] if named.hidden else []),
    )
