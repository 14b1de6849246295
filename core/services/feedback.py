"""审核反馈: what a city is told about its workbook, and sending it back (design.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from core.accounts import Actor
from core.bootstrap import App
from core.clock import SHANGHAI
from core.errors import Refused
from core.intake.feedback import FeedbackRow
from core.intake.source import Source, Taken
from core.services.intake_sources import RoundContext
from core.store.queries import held_applications, newest_assessments
from core.store.tables import intakes
from core.store.unit import Entry

LEVELS = {"error": "错误", "warning": "提醒", "fail": "不达标", "missing": "缺数据"}
_FAIL_ADVICE = "请核对数据。填写有误的请改正后重新报送；数据属实的不用修改。"
_MISSING_ADVICE = "请补齐所需数据后重新报送。"


@dataclass(frozen=True, slots=True)
class FeedbackSent:
    """Where the feedback went: `in_book`, `beside`, `unchanged`, or '' where it could not be sent.

    `sentence` says it to a person.
    """

    city: str
    way: str
    sentence: str
    count: int


def feedback_of(
    app: App,
    actor: Actor,
    context: RoundContext,
    intake_id: int,
    source: Source,
    key: str,
    sha256: str | None = None,
    *,
    only_if_due: bool = False,
) -> FeedbackSent | None:
    """Writes the feedback of one intake into the city's workbook, or beside it, and notes the way it went.

    `sha256` is of the book as taken in; where it is not given, that of the newest version known counts.
    With `only_if_due`, nothing is done (None) where this intake's feedback is out already.
    """
    with app.reader.connect() as connection:
        intake = connection.execute(sa.select(intakes).where(intakes.c.id == intake_id)).one()
        out = intake.feedback_way and intake.feedback_snapshot
        if intake.state != "effective" or (only_if_due and out):
            return None
        rows = feedback_rows(connection, context, intake, app.clock.now())
    known = sha256 or intake.feedback_snapshot or intake.snapshot
    try:
        taken = Taken(known, partial(app.snapshots.read, intake.snapshot))
        outcome = source.write_feedback(key, taken, rows, datetime.now(SHANGHAI))
    except Refused as refused:  # the intake stands; the next run tries again
        return FeedbackSent(intake.city, "", f"反馈没有送出。{refused}", len(rows))
    with app.unit(actor) as unit:
        unit.update_version(
            intakes,
            intakes.c.id == intake_id,
            intake.version,
            ("intake", intake_id, f"{intake.city}的受理"),
            feedback_way=outcome.way,
            feedback_name=outcome.name,
            feedback_at=unit.now,
            feedback_snapshot=known if outcome.way == "beside" else outcome.new_sha256,
        )
        what = f"向{intake.city}反馈 {len(rows)} 条：{outcome.sentence}"
        details = {"way": outcome.way, "file": outcome.name, "sha256": outcome.new_sha256, "rows": len(rows)}
        unit.record(
            Entry("intake.feedback", "intake", intake_id, intake.city, what, "", context.id, intake.version, details)
        )
    return FeedbackSent(intake.city, outcome.way, outcome.sentence, len(rows))


def feedback_rows(
    connection: sa.Connection, context: RoundContext, intake: Any, now: datetime
) -> Sequence[FeedbackRow]:
    """What to tell a city: cell errors and warnings first, then what misses a threshold or lacks data."""
    held = held_applications(connection, context.id, city=intake.city)
    newest = newest_assessments(connection, [each.application_id for each in held])
    ids = {each.key: _id_text(each.record) for each in held}
    by_row = {
        (sheet, row["row"]): ids[each.key]
        for each in held
        for sheet, rows in each.record["rows"].items()
        for row in rows
        if each.intake_id == intake.id
    }
    made = []
    for error in intake.errors:
        problem, advice = split_message(error["message"])
        number = by_row.get((error["sheet"], error["row"]), "")
        if error["code"] == "missing_row":
            number = str(error["value"])
        made.append(
            FeedbackRow(
                number,
                error["sheet"] or "",
                error["cell"] or "",
                error["column"] or "",
                LEVELS[error["level"]],
                problem,
                advice,
                now,
            )
        )
    told = {(error["sheet"], error["cell"]) for error in intake.errors if error["level"] == "error"}
    for each in held:
        if each.intake_id != intake.id or each.application_id not in newest:
            continue
        for finding in newest[each.application_id].findings:
            if finding["verdict"] not in ("fail", "missing"):
                continue
            places = [tuple(cell.split("!", 1)) for cell in finding["cells"]]
            if finding["verdict"] == "missing" and any(place in told for place in places):
                continue  # the empty or wrong cell itself is told above
            sheet, cell = places[0] if places else ("", "")
            made.append(
                FeedbackRow(
                    ids[each.key],
                    sheet,
                    cell,
                    _column_of(each.record, sheet, cell),
                    LEVELS[finding["verdict"]],
                    finding["message"],
                    _FAIL_ADVICE if finding["verdict"] == "fail" else _MISSING_ADVICE,
                    now,
                )
            )
    return made


def split_message(message: str) -> tuple[str, str]:
    """The sentence of a cell error as problem and advice, without the place that has columns of its own."""
    _, _, rest = message.partition("：")
    rest = rest or message
    at = next((rest.rindex(mark) for mark in ("。请", "；请", "，请") if mark in rest), None)
    return (rest, "请核对后改正。") if at is None else (rest[: at + 1].rstrip("，；。") + "。", rest[at + 1 :])


def _column_of(record: dict[str, Any], sheet: str, cell: str) -> str:
    """The name of the column that a cell of an applicant stands in."""
    fields = (field for row in record["rows"].get(sheet, ()) for field in row["fields"].items())
    return next((column for column, written in fields if cell and written[0] == cell), "")


def _id_text(record: dict[str, Any]) -> str:
    return str(record["rows"]["推荐汇总表"][0]["fields"]["编号"][1])
