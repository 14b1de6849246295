"""The workbooks that experts without access score in: one for each, with what is assigned to the expert and no more."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.applications import FIGURES, KINDS
from core.bootstrap import App
from core.errors import Refused
from core.records import APPLICANTS, shown, with_verified
from core.scoring.workbook import asked_of
from core.services.case_files import in_batches
from core.services.panel import Panel, PanelExpert
from core.services.rounds import ZIP_TIME
from core.services.subjects import Scored
from core.services.uploads import called
from core.settings import program_version
from core.store.queries import held_applications, standing_verified
from core.working_days.periods import long_day
from sheets_schema.fold import fold_key
from sheets_schema.scoring_template import About, Fact, Line, build_scoring_book

NUMBER: Final = "编号"
# Of 推荐汇总表 only this goes to an expert: nothing that says whom to call.
_CATEGORY: Final = "平台类别"
_SHOWN: Final = (
    _CATEGORY, "运营主体性质", "承担公共服务方式", "是否分支机构", "开始运营日期", "所在县（市、区）", "国家级高新区",
)  # fmt: skip
_PLAIN: Final = 5  # items of a value as it is kept; a verified one carries one more
_WORDS: Final = {kind: word for word, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Terms:
    """Until when and how the workbooks come back; what is left out is told to the experts elsewhere."""

    until: date | None = None
    send: str = ""


def number_key(subject: Scored) -> str:
    """What the row of an application is known by in a workbook, folded: cities number their own."""
    return fold_key(f"{subject.city}-{subject.key}")


def book_name(known: Panel, expert: PanelExpert) -> str:
    """`2026-评分-专家02-姓名.xlsx`."""
    return called(f"{known.year}-评分-{expert.code}-{expert.name}.xlsx", f"{known.year}-评分-{expert.id}.xlsx")


def archive_name(known: Panel) -> str:
    """`2026-评分工作簿.zip`."""
    return f"{known.year}-评分工作簿.zip"


def own_subjects(known: Panel, expert_id: int) -> list[Scored]:
    """What an expert scores in a round, in official order; nothing that the expert is recused from."""
    mine = {each.application_id for each in known.assignments if each.expert_id == expert_id}
    return [one for one in known.subjects.values() if one.id in mine and not known.grounds(expert_id, one.id)]


class Making:
    """Makes workbooks of a round; what cities sent is read once for all of them."""

    def __init__(self, app: App, connection: sa.Connection, known: Panel, terms: Terms) -> None:
        self._connection, self._known, self._terms = connection, known, terms
        self._asked = asked_of(known.required(), known.rubric, app.clock.today())
        self._records: dict[int, Mapping[str, Any]] = {}

    def book_of(self, expert: PanelExpert) -> bytes:
        """The bytes of an expert's workbook. Refused where nothing is assigned to the expert."""
        subjects, known = own_subjects(self._known, expert.id), self._known
        if not subjects:
            raise Refused(f"{expert.code}（{expert.name}）本轮还没有分派申报，没有要评的。请先在“分派”中分派。")
        missing = [one.id for one in subjects if one.id not in self._records]
        self._records |= _records(self._connection, known.round_id, missing)
        lines = {one.id: _line(one, self._records[one.id]) for one in subjects}
        facts = [fact for one in subjects for fact in _facts(one, self._records[one.id], lines[one.id].number)]
        until = "" if self._terms.until is None else long_day(self._terms.until)
        about = About(known.year, expert.code, expert.name, until, self._terms.send.strip())
        return build_scoring_book(self._asked, about, list(lines.values()), facts, program_version())


def zipped(books: Mapping[str, bytes]) -> bytes:
    """The workbooks in one zip, by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in books.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), data)
    return made.getvalue()


def _records(connection: sa.Connection, round_id: int, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """What the cities sent of some applications, with 核定值 in their places."""
    found: dict[int, Mapping[str, Any]] = {}
    for some in in_batches(ids):
        verified = standing_verified(connection, some)
        for held in held_applications(connection, round_id, ids=some):
            values = {(row.sheet, row.column): row.value for row in verified.get(held.application_id, ())}
            found[held.application_id] = with_verified(held.record, values) if values else held.record
    return found


def _line(one: Scored, record: Mapping[str, Any]) -> Line:
    number = shown(record["rows"][APPLICANTS][0]["fields"].get(NUMBER)).strip()
    return Line(f"{one.city}-{number}", one.name, one.city, _WORDS[one.kind], one.subject.operator)


def _facts(one: Scored, record: Mapping[str, Any], number: str) -> list[Fact]:
    found: list[Fact] = []
    for sheet in (APPLICANTS, FIGURES[one.kind]):
        rows = record["rows"].get(sheet) or ()
        fields = rows[0]["fields"] if rows else {}
        columns = _SHOWN if sheet == APPLICANTS else tuple(column for column in fields if column != NUMBER)
        found += [
            Fact(number, one.name, sheet, column, shown(fields[column]).strip(), _remark(fields[column]))
            for column in columns
            if column in fields and not (column == _CATEGORY and one.kind == "base")
        ]
    return found


def _remark(written: Sequence[Any]) -> str:
    if written[4] is not None:
        return "填报有误"
    if len(written) > _PLAIN:
        return "核定"
    return "" if written[3] is not None else "未填"
