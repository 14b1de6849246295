"""First sections of the 申报办理卷: what was applied for, the workbooks that brought it, data beside 核定值."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from core.errors import Refused
from core.publication.dossier import Block, Line, Table, heading, labelled, note
from core.records import APPLICANTS, ONE_ROW_SHEETS, shown, with_verified
from core.services.basis import FIRST
from core.services.decision_ledger import Entries
from core.services.decision_words import Naming, moment
from core.services.review import VERDICT_WORDS
from core.store.queries import held_applications, newest_assessments, one
from core.store.tables import applications, intakes, rounds, submissions, verified_values

# columns whose only use is to reach a person: never in a document that is handed on
PERSONAL: Final = frozenset({(APPLICANTS, "联系人"), (APPLICANTS, "联系电话")})
STATES: Final[Mapping[str, str]] = {
    "effective": "已受理",
    "held": "逾期报送，待决定",
    "undone": "受理已撤销",
    "declined": "逾期报送，未受理",
}
_WITHDRAWAL: Final[Mapping[str, str]] = {
    "": "",
    "pending": "市里最近一次报送的工作簿中已没有这个申报，是否撤回待确认",
    "withdrawn": "已确认撤回",
    "kept": "市里最近一次报送的工作簿中已没有这个申报，经确认保留，按上次报送的内容办理",
}
_GONE: Final = "没有这个申报，请回到列表重新选择。"
_UNDONE: Final = "这个申报的受理已全部撤销，目前没有可以成卷的内容。"


@dataclass(frozen=True, slots=True)
class About:
    """An application as it is held. `record` as reported, `counted` with 核定值 in; `versions` oldest first."""

    id: int
    round_id: int
    year: int
    city: str
    record: Mapping[str, Any]
    counted: Mapping[str, Any]
    intake_id: int
    withdrawal: str
    judged: Any
    versions: tuple[Any, ...]
    verified: tuple[Any, ...]

    def text(self, column: str) -> str:
        """A text of 推荐汇总表, as verified where it is."""
        return shown(self.counted["rows"][APPLICANTS][0]["fields"].get(column))

    @property
    def name(self) -> str:
        """平台（基地）名称."""
        return self.text("平台（基地）名称") or "（未填名称）"

    @property
    def creation(self) -> bool:
        """Whether it is a 创建申报: those are scored and selected."""
        return self.text("申报类别") == FIRST


def about(connection: sa.Connection, application_id: int) -> About:
    """An application with all versions of it; Refused where there is none, or every intake of it was undone."""
    query = sa.select(applications.c.round_id, applications.c.city, rounds.c.year).join(rounds)
    row = one(connection, query.where(applications.c.id == application_id), _GONE)
    held = next(iter(held_applications(connection, row.round_id, ids=[application_id])), None)
    judged = newest_assessments(connection, [application_id]).get(application_id)
    if held is None or judged is None:
        raise Refused(_UNDONE)
    brought = sa.select(intakes, submissions.c.record).join(submissions, submissions.c.intake_id == intakes.c.id)
    brought = brought.where(submissions.c.application_id == application_id).order_by(intakes.c.id)
    set_ = sa.select(verified_values).where(verified_values.c.application_id == application_id)
    verified = tuple(connection.execute(set_.order_by(verified_values.c.id)))
    values = {(each.sheet, each.column): each.value for each in verified if each.ended_at is None}
    return About(
        application_id,
        row.round_id,
        row.year,
        row.city,
        held.record,
        with_verified(held.record, values) if values else held.record,
        held.intake_id,
        held.withdrawal,
        judged,
        tuple(connection.execute(brought)),
        verified,
    )


def identity(seen: About, case: str) -> tuple[Block, ...]:
    """Who applied for what. `case`: what is said of the case that the application is of."""
    pairs = (
        ("轮次", f"{seen.year}年度"),
        ("推荐单位", seen.city),
        ("编号", seen.text("编号")),
        ("平台（基地）名称", seen.name),
        ("类型", "，".join(part for part in (seen.text("类型"), seen.text("平台类别")) if part)),
        ("申报类别", seen.text("申报类别")),
        ("运营主体", seen.text("运营主体")),
        ("统一社会信用代码", seen.text("统一社会信用代码")),
        ("审核结论", VERDICT_WORDS[seen.judged.verdict]),
        ("撤回情况", _WITHDRAWAL[seen.withdrawal]),
        ("创建对象", case),
    )
    return (labelled(*(pair for pair in pairs if pair[1])),)


def workbooks(seen: About) -> tuple[Block, ...]:
    """Every workbook that brought the application, and which of them holds."""
    rows = tuple(
        (
            f"第 {number} 次",
            each.file_name,
            moment(each.taken_at),
            STATES[each.state] + ("，本卷依据" if each.id == seen.intake_id else ""),
            each.snapshot,
        )
        for number, each in enumerate(seen.versions, start=1)
    )
    heads = ("报送", "工作簿", "收到时间", "受理情况", "原件校验值")
    return (Table(heads, rows, (12, 32, 28, 22, 62)),)


def data(seen: About, entries: Entries, named: Naming) -> tuple[Block, ...]:
    """What was reported and what was verified, cell by cell; contact data are left out."""
    values = {(each.sheet, each.column): each.value for each in seen.verified if each.ended_at is None}
    found: list[Block] = []
    for sheet, lines in seen.record["rows"].items():
        found.append(heading(f"〔{sheet}〕"))
        found.append(_cells(sheet, lines, values) if sheet in ONE_ROW_SHEETS else _lines(lines))
    strange = [sheet for sheet in dict.fromkeys(sheet for sheet, _ in values) if sheet not in seen.record["rows"]]
    for sheet in strange:
        found += [heading(f"〔{sheet}〕"), _cells(sheet, [{"fields": {}}], values)]
    found.append(note("联系人、联系电话只用于联系，不列入本卷。"))
    return (*found, *_verified(seen, entries, named), *_changed(seen))


def _cells(sheet: str, lines: Sequence[Mapping[str, Any]], values: Mapping[tuple[str, str], str]) -> Table:
    fields = lines[0]["fields"] if lines else {}
    columns = dict.fromkeys([*fields, *(column for held, column in values if held == sheet)])
    rows = tuple(
        (
            column,
            fields[column][0] if column in fields else "",
            _reported(fields.get(column)),
            values.get((sheet, column), ""),
        )
        for column in columns
        if (sheet, column) not in PERSONAL
    )
    return Table(("数据", "单元格", "填报值", "核定值"), rows, (56, 16, 50, 34))


def _reported(written: Any) -> str:
    text = shown(written) or "（空）"
    return f"{text}（填写有误）" if written is not None and written[4] else text


def _lines(lines: Sequence[Mapping[str, Any]]) -> Line:
    if not lines:
        return Line("没有明细。")
    return Line(f"{len(lines)} 行明细，在本卷所依据的工作簿第 {lines[0]['row']} 至 {lines[-1]['row']} 行。")


def _verified(seen: About, entries: Entries, named: Naming) -> tuple[Block, ...]:
    rows = []
    for each in seen.verified:
        if (each.sheet, each.column) in PERSONAL:
            continue
        ended = entries.end_of("review.verified", each, sheet=each.sheet, column=each.column)
        why = f"{named.text(each.reason)}\n依据：{named.text(each.evidence)}"
        rows.append(
            (f"{each.sheet}\n{each.column}", each.value, why, f"{each.who}\n{moment(each.at)}", named.text(ended))
        )
    if not rows:
        return (heading("核定经过"), Line("没有核定过数值。"))
    heads = ("数据", "核定值", "理由和依据", "办理", "后来")
    return (heading("核定经过"), Table(heads, tuple(rows), (36, 20, 46, 27, 27)))


def _changed(seen: About) -> tuple[Block, ...]:
    """Values that the city reported otherwise in an earlier workbook that counts."""
    counting = [each for each in seen.versions if each.state == "effective"]
    rows: list[tuple[str, ...]] = []
    for sheet in ONE_ROW_SHEETS:
        told: dict[str, list[tuple[str, str]]] = {}
        for each in counting:
            lines = each.record["rows"].get(sheet)
            for column, written in (lines[0]["fields"] if lines else {}).items():
                past = told.setdefault(column, [])
                text = shown(written) or "（空）"
                if (sheet, column) not in PERSONAL and (not past or past[-1][0] != text):
                    past.append((text, f"{text}\n{moment(each.taken_at)}收到"))
        for column, past in told.items():
            if len(past) > 1:
                rows.append((f"{sheet}\n{column}", "\n".join(said for _, said in past[:-1]), past[-1][1]))
    if not rows:
        return ()
    return (heading("市里改过的填报值"), Table(("数据", "以前填报", "最近填报"), tuple(rows), (46, 60, 50)))
