"""An application that has been through everything, for tests of what is told of it years later.

云帆 of 沈阳市 was verified and determined, scored by two experts, listed, published, objected to and confirmed;
北辰 of 大连市 and the others stand where `convene` left them.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

from core.bootstrap import App
from core.publication.dossier import Dossier, Section, Table
from core.services import cases, decision_file, review, scoring
from core.services.own_sheets import draft_of, own_sheet
from core.services.panel import SUBMITTED, content_of
from core.services.score_entries import ScoreEntries
from core.store import tables
from core.store.unit import Entry
from tests.chosen import chosen
from tests.notices import AFTER, PUBLISHED, confirm, object_to, publish, resolve
from tests.office import BEFORE, BUILDERS, SHENYANG, Office, office_of
from tests.panels import CONVENED, XINGHE, YUNFAN, assigned, recused
from tests.scoring.documents import CODES, even
from tests.settled import settled

NUMBERS: Final = "平台指标"
PHONES: Final = ("13000000000", "024-80000000", "13911112222")
NAMES: Final = ("王专家", "虚构冯某", "虚构陈某", "虚构褚某")
COMMENT: Final = "路径清楚，=责任到人 <a&b>"
CHOSEN: Final = date(2026, 5, 28)


def number_of(office: Office, city: str = SHENYANG, key: str = "pt-001") -> int:
    """The number of an application."""
    return int(office.application(city, key).id)


def decide_all(office: Office) -> None:
    """Brings 云帆 from its checks to its confirmation."""
    app, number = office.app, number_of(office)
    _checked(office, number)
    _scored(office)
    office.on(CHOSEN)
    chosen(
        app, office.staff, office.round_id, CHOSEN, [number], {number_of(office, key="jd-001"): "方案与王专家意见不符"}
    )
    case = int(office.row(tables.cases, application_id=number).id)
    notice = publish(office)
    [objection] = object_to(office, notice, case, received=PUBLISHED, postmarked=PUBLISHED)
    resolve(office, objection, PUBLISHED)
    confirm(office, notice, AFTER)
    cases.add_note(app, office.staff, case, text="来函询问进度", document="虚构函〔2026〕1号")


def _checked(office: Office, number: int) -> None:
    app, staff = office.app, office.staff
    verify = {"why": "与审计报告不符", "evidence": "审计报告第 7 页"}
    review.verify_value(app, staff, number, 1, sheet=NUMBERS, column="年服务中小企业数（家）", text="4800", **verify)
    phone: dict[str, Any] = {"why": "市里来电更正", "evidence": "电话"}
    review.verify_value(app, staff, number, 2, sheet="推荐汇总表", column="联系电话", text=PHONES[2], **phone)
    review.determine(app, staff, number, 3, criterion="annex1.assurance", verdict="fail", why="制度不全")
    review.end_determination(app, staff, number, 4, criterion="annex1.assurance", why="制度已补")
    review.add_note(app, staff, number, "聘书一份，受聘人虚构冯某")
    settled(app, staff, number)


def _scored(office: Office) -> None:
    """专家01 hands in, is given it back and hands in again; 专家02 by workbook; 专家03 recused, 专家04 taken off."""
    recused(office, "专家02", YUNFAN, "set_aside", "同名，不是同一人")
    recused(office, "专家03", YUNFAN, "declared", "虚构陈某曾在该单位任职")
    first, second, fourth, other = assigned(
        office, ("专家01", YUNFAN), ("专家02", YUNFAN), ("专家04", YUNFAN), ("专家01", XINGHE)
    )
    with office.app.writer.begin() as connection:
        gone = tables.assignments.update().where(tables.assignments.c.id == fourth)
        connection.execute(gone.values(ended_at=office.app.clock.now(), end_reason="褚老师出国"))
    scores(office, first, 80)
    scoring.reopen(office.app, office.staff, first, 1, "“实施路径”的评语写到了别处")
    scores(office, first, 82, path=COMMENT)
    with office.app.unit(office.staff) as unit:
        entries = ScoreEntries(unit)
        entries.add(second, 1, SUBMITTED, content_of(even("", 61)), "workbook")
        what = "收下专家02的评分工作簿"
        unit.record(Entry("score.book_taken", "score_book", 1, "专家02", what, "", office.round_id, None, entries.told))
    scores(office, other, 70)


def scores(office: Office, assignment_id: int, score: int, **comments: str) -> None:
    """专家01 hands in a sheet with one score on every indicator."""
    content = {"scores": dict.fromkeys(CODES, str(score)), "comments": comments, "counts": {CODES[0]: "3"}}
    with office.app.reader.connect() as connection:
        own = own_sheet(office.app, connection, office.expert, assignment_id)
        draft = draft_of(connection, own)
    scoring.submit(office.app, office.expert, assignment_id, content, draft.version, own.settings_version)


def _build(app: App, folder: Path) -> None:
    decide_all(office_of(app, folder))


DECIDED: Final = "decided"
BUILDERS[DECIDED] = _build
BEFORE[DECIDED] = CONVENED


def section(office: Office, title: str, number: int | None = None, *, names: bool = False) -> list[str]:
    """The texts of a section, without its title; of 云帆 unless another number is given."""
    made = decision_file.decision_file(office.app, number or number_of(office), names=names)
    return next(texts(each)[1:] for each in made.dossier.sections if each.title.endswith(f"、{title}"))


def at(office: Office, action: str) -> str:
    """When an act was done, as the document says it."""
    row = next(each for each in reversed(office.entries()) if each.action == action)
    return f"{row.at.year}年{row.at.month}月{row.at.day}日 {row.at:%H:%M}"


def all_texts(dossier: Dossier) -> str:
    """Every text of a document, a line each."""
    return "\n".join(
        (dossier.warning, dossier.title, dossier.subject, *chain.from_iterable(map(texts, dossier.sections)))
    )


def texts(part: Section) -> list[str]:
    """The texts of a section in their order: a line each, a row with its cells divided by ` | `."""
    found = [part.title]
    for block in part.blocks:
        if isinstance(block, Table):
            found += [" | ".join(row) for row in (*([block.heads] if block.heads else []), *block.rows)]
        else:
            found.append(block.text)
    return found
