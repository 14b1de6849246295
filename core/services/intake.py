"""Use cases of 推荐接收: take workbooks in, undo, settle what came late or disappeared (第七条（一）).

Each workbook is taken in wholly or not at all, in one unit of work; its bytes are kept before that. The
feedback goes back afterwards in a unit of its own, so a fault there leaves the intake standing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.intake.changes import FIELDS, told
from core.intake.source import Progress
from core.services.accounts import required_reason
from core.services.feedback import FeedbackSent, feedback_of
from core.services.intake_books import Preview, previews
from core.services.intake_sources import RoundContext, all_books, folder_books, place_of, round_context
from core.services.judging import Flip, flips_sentence, rejudge
from core.store.queries import held_applications, newest_intakes, one
from core.store.tables import applications, change_reports, intakes, submissions
from core.store.unit import Entry, Unit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one workbook. `sentence` tells a person; the figures are for tables."""

    city: str
    ok: bool
    sentence: str
    file_name: str = ""
    intake_id: int | None = None
    held: bool = False
    added: int = 0
    changed: int = 0
    gone: int = 0
    errors: int = 0
    warnings: int = 0
    feedback_way: str = ""
    feedback_sentence: str = ""
    flips: tuple[Flip, ...] = ()


def preview(
    app: App, round_id: int, cities: Sequence[str] | None = None, progress: Progress | None = None
) -> list[Preview]:
    """What taking in the workbooks of the round would do, workbook by workbook."""
    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
    return previews(app, context, all_books(app, context, cities), cities, progress)


def take_in(
    app: App,
    actor: Actor,
    round_id: int,
    cities: Sequence[str] | None = None,
    *,
    expected: Mapping[str, str] | None = None,
    why: str = "",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Takes the workbooks in and writes the feedback back.

    `expected` maps a city to the SHA-256 that the person saw in the preview: a workbook that is another one
    by now is left alone and said so. After the deadline a change is kept waiting (`held`). Where nothing
    changed and the feedback is out already, nothing is written.
    """
    actor.require(Permission.TAKE_IN)
    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
    listed = all_books(app, context, cities) if folder is None else folder_books(app, context, folder)
    found = previews(app, context, listed, cities, progress)
    made = []
    for each in found:
        done = take_in_one(app, actor, context, each, expected, why)
        made.append(answered(app, actor, context, each, done))
    return made


def undo(app: App, actor: Actor, intake_id: int, why: str) -> Outcome:
    """Undoes one intake as a whole: what was held before it holds again. Only the newest of a city."""
    actor.require(Permission.TAKE_IN)
    why = required_reason(why)
    with app.unit(actor) as unit:
        intake = one(unit.connection, sa.select(intakes).where(intakes.c.id == intake_id), "没有这次受理。")
        if intake.state != "effective":
            raise Stale(f"{intake.city}的这次受理已不在有效状态，请刷新页面。")
        if newest_intakes(unit.connection, intake.round_id)[intake.city].id != intake_id:
            raise Refused(f"{intake.city}在这之后又受理过，请先撤销后一次。")
        _set_state(unit, intake, "undone")
        flips = rejudge(app, unit, intake.round_id, _ids_of_city(unit, intake.round_id, intake.city))
        what = f"撤销受理{intake.city}“{intake.file_name}”，恢复到此前的内容{flips_sentence(flips)}"
        unit.record(_entry("intake.undone", intake, what, why))
    return Outcome(
        intake.city, True, f"已撤销，{intake.city}恢复到此前的内容。", intake_id=intake_id, flips=tuple(flips)
    )


def accept_held(app: App, actor: Actor, intake_id: int, why: str) -> Outcome:
    """Accepts a workbook that arrived after the deadline, with a reason, and sends its feedback."""
    actor.require(Permission.TAKE_IN)
    why = required_reason(why)
    with app.unit(actor) as unit:
        intake = _waiting_intake(unit, intake_id)
        _set_state(unit, intake, "effective")
        flips = rejudge(app, unit, intake.round_id, _ids_of_city(unit, intake.round_id, intake.city))
        what = f"同意逾期受理{intake.city}“{intake.file_name}”{flips_sentence(flips)}"
        unit.record(_entry("intake.late_accepted", intake, what, why))
    said = f"已同意受理{intake.city}逾期报送的内容。"
    done = Outcome(intake.city, True, said, intake_id=intake_id, flips=tuple(flips))
    with app.reader.connect() as connection:
        context = round_context(app, connection, intake.round_id)
    source, key = place_of(app, context, intake.city, intake.file_name)
    return _with_feedback(done, feedback_of(app, actor, context, intake_id, source, key))


def decline_held(app: App, actor: Actor, intake_id: int, why: str) -> Outcome:
    """Declines a workbook that arrived after the deadline; its bytes are kept all the same."""
    actor.require(Permission.TAKE_IN)
    why = required_reason(why)
    with app.unit(actor) as unit:
        intake = _waiting_intake(unit, intake_id)
        _set_state(unit, intake, "declined")
        what = f"不予受理{intake.city}逾期报送的“{intake.file_name}”"
        unit.record(_entry("intake.late_declined", intake, what, why))
    return Outcome(intake.city, True, f"已决定不受理{intake.city}逾期报送的内容。", intake_id=intake_id)


def decide_withdrawal(app: App, actor: Actor, application_id: int, version: int, *, withdrawn: bool, why: str) -> None:
    """Decides on an application whose row disappeared from the workbook: withdrawn, or kept as last sent."""
    actor.require(Permission.TAKE_IN)
    why = required_reason(why)
    with app.unit(actor) as unit:
        query = sa.select(applications).where(applications.c.id == application_id)
        held = one(unit.connection, query, "没有这个申报。")
        now = held_applications(unit.connection, held.round_id, ids=[application_id])
        if not now or now[0].withdrawal == "":
            raise Stale("这个申报仍在市里报送的工作簿中，不需要确认撤回。")
        decided = "withdrawn" if withdrawn else "kept"
        on = newest_intakes(unit.connection, held.round_id)[held.city].id
        unit.update_version(
            applications,
            applications.c.id == application_id,
            version,
            ("application", application_id, f"{held.city}“{held.key}”"),
            withdrawal=decided,
            withdrawal_intake_id=on,
        )
        what = "确认撤回" if withdrawn else "保留申报（工作簿中已无此行，仍按上次报送内容审核）"
        subject = ("application", application_id, f"{held.city} {held.key}")
        details = {"withdrawal": decided, "intake": on}
        unit.record(Entry("intake.withdrawal", *subject, what, why, held.round_id, version, details))


def send_feedback(
    app: App, actor: Actor, round_id: int, cities: Sequence[str] | None = None, progress: Progress | None = None
) -> list[FeedbackSent]:
    """Writes the feedback as it stands now (errors, findings, determinations) into the cities' workbooks."""
    actor.require(Permission.TAKE_IN)
    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
        newest = newest_intakes(connection, round_id)
    sent = []
    wanted = [city for city in context.cities if city in newest and (cities is None or city in cities)]
    for number, city in enumerate(wanted, start=1):
        if progress:
            progress(number, len(wanted), city)
        source, key = place_of(app, context, city, newest[city].file_name)
        done = feedback_of(app, actor, context, newest[city].id, source, key)
        if done is not None:
            sent.append(done)
    return sent


def take_in_one(
    app: App,
    actor: Actor,
    context: RoundContext,
    seen: Preview,
    expected: Mapping[str, str] | None = None,
    why: str = "",
) -> Outcome:
    """Takes in one workbook as it was read and compared; its feedback is for `answered` to send. See `take_in`."""
    actor.require(Permission.TAKE_IN)
    plain = Outcome(
        seen.city,
        False,
        "",
        seen.file_name,
        errors=seen.error_count,
        warnings=len(seen.errors) - seen.error_count,
    )
    if seen.problem is not None:
        return replace(plain, sentence=f"{seen.file_name}：{seen.problem}")
    if expected is not None and expected.get(seen.city) != seen.sha256:
        return replace(plain, sentence=f"{seen.file_name}：您查看差异之后，这个文件又有变化。请重新查看差异再受理。")
    if seen.over_quota and context.settings.over_quota == "refuse":
        sentence = f"{seen.file_name}：创建申报超过推荐名额 {seen.quota} 个，按本轮次设置不予受理。请市里减少后再报。"
        return replace(plain, sentence=sentence)
    if seen.registered and seen.late:
        sentence = f"{seen.file_name}：逾期报送的内容已登记，待决定是否受理。"
        return replace(plain, ok=True, held=True, sentence=sentence, intake_id=seen.based_on)
    assert seen.difference is not None
    counts = {
        "added": len(seen.difference.added),
        "changed": len({each.id for each in seen.difference.changed} | {each.id for each in seen.difference.lines}),
        "gone": len(seen.difference.gone),
    }
    if not seen.changes and seen.based_on is not None:
        _note_same(app, actor, context, seen)
        sentence = f"{seen.file_name}：与已受理的内容一致，无需重复受理。"
        return replace(plain, ok=True, sentence=sentence, intake_id=seen.based_on)
    app.snapshots.keep(seen.data, seen.sha256)
    try:
        intake_id, flips = _store(app, actor, context, seen, why, counts)
    except Stale as stale:
        return replace(plain, sentence=f"{seen.file_name}：{stale}")
    return replace(
        plain,
        ok=True,
        sentence=_sentence(seen, counts),
        intake_id=intake_id,
        held=seen.late,
        flips=tuple(flips),
        added=counts["added"],
        changed=counts["changed"],
        gone=counts["gone"],
    )


def answered(app: App, actor: Actor, context: RoundContext, seen: Preview, done: Outcome) -> Outcome:
    """Sends the feedback of a workbook that was taken in, where it is not out already; may run beside others."""
    actor.require(Permission.TAKE_IN)
    if not done.ok or done.held or done.intake_id is None:
        return done
    place = (seen.book.source, seen.book.entry.key)
    sent = feedback_of(app, actor, context, done.intake_id, *place, seen.sha256, only_if_due=True)
    return _with_feedback(done, sent)


def _store(
    app: App, actor: Actor, context: RoundContext, seen: Preview, why: str, counts: Mapping[str, int]
) -> tuple[int, list[Flip]]:
    with app.unit(actor) as unit:
        newest = newest_intakes(unit.connection, context.id).get(seen.city)
        waiting = unit.execute(
            sa.select(intakes).where(
                intakes.c.round_id == context.id, intakes.c.city == seen.city, intakes.c.state == "held"
            )
        ).all()
        now = max((row.id for row in waiting), default=None if newest is None else newest.id)
        if now != seen.based_on:
            raise Stale("您查看差异之后，这个市又有新的受理。请重新查看差异再受理。")
        for row in waiting:  # a newer workbook takes the place of one that still waits
            _set_state(unit, row, "declined")
        intake_id = unit.insert(
            intakes,
            round_id=context.id,
            city=seen.city,
            file_name=seen.file_name,
            snapshot=seen.sha256,
            size=len(seen.data),
            taken_at=unit.now,
            state="held" if seen.late else "effective",
            errors=[error.as_dict() for error in seen.errors],
            unjudged=list(seen.unjudged),
        )
        ids = _application_ids(unit, context.id, seen)
        if seen.records:
            rows = [
                {"intake_id": intake_id, "application_id": ids[key], "record": record}
                for key, record in seen.records.items()
            ]
            unit.execute(submissions.insert(), rows)
        if seen.reports:
            brought = [{name: getattr(each, name) for name in ("row", *FIELDS)} for each in seen.reports]
            unit.execute(change_reports.insert(), [{"intake_id": intake_id, **each} for each in brought])
        flips = [] if seen.late else rejudge(app, unit, context.id, _ids_of_city(unit, context.id, seen.city))
        verb = "收到逾期报送，待定" if seen.late else "受理"
        what = (
            f"{verb}{seen.city}“{seen.file_name}”：新增 {counts['added']} 个，修改 {counts['changed']} 个，"
            f"消失 {counts['gone']} 个，填报错误 {seen.error_count} 处{told(seen.reports, seen.reports_before)}"
            f"{flips_sentence(flips)}"
        )
        unit.record(
            Entry(
                "intake.held" if seen.late else "intake.taken",
                "intake",
                intake_id,
                seen.city,
                what,
                why,
                context.id,
                seen.based_on,
                {"sha256": seen.sha256, **counts, "errors": seen.error_count, "reports": len(seen.reports)},
            )
        )
    return intake_id, flips


def _note_same(app: App, actor: Actor, context: RoundContext, seen: Preview) -> None:
    """Keeps a workbook that was saved anew with the same content, so that it is not taken for a new version."""
    with app.reader.connect() as connection:
        intake = connection.execute(sa.select(intakes).where(intakes.c.id == seen.based_on)).one()
    if seen.sha256 in (intake.snapshot, intake.feedback_snapshot):
        return
    app.snapshots.keep(seen.data, seen.sha256)
    if intake.feedback_way and not intake.feedback_snapshot:
        return  # the feedback that is sent again in a moment notes it
    with app.unit(actor) as unit:
        unit.update_version(
            intakes,
            intakes.c.id == intake.id,
            intake.version,
            ("intake", intake.id, f"{intake.city}的受理"),
            feedback_snapshot=seen.sha256,
        )
        what = f"{seen.city}“{seen.file_name}”重新保存过，内容与已受理的一致"
        details = {"sha256": seen.sha256}
        unit.record(Entry("intake.same", "intake", intake.id, seen.city, what, "", context.id, intake.version, details))


def _application_ids(unit: Unit, round_id: int, seen: Preview) -> dict[str, int]:
    """The numbers of the applications of a workbook; those never seen before get one."""
    query = sa.select(applications.c.key, applications.c.id).where(
        applications.c.round_id == round_id, applications.c.city == seen.city
    )
    ids = {row.key: row.id for row in unit.execute(query)}
    for key in seen.records:
        if key not in ids:
            ids[key] = unit.insert(applications, round_id=round_id, city=seen.city, key=key)
    return ids


def _ids_of_city(unit: Unit, round_id: int, city: str) -> list[int]:
    query = sa.select(applications.c.id).where(applications.c.round_id == round_id, applications.c.city == city)
    return list(unit.execute(query).scalars())


def _waiting_intake(unit: Unit, intake_id: int) -> Any:
    intake = one(unit.connection, sa.select(intakes).where(intakes.c.id == intake_id), "没有这次受理。")
    if intake.state != "held":
        raise Stale(f"{intake.city}的这次报送已有人处理，请刷新页面。")
    return intake


def _set_state(unit: Unit, intake: Any, state: str) -> None:
    unit.update_version(
        intakes, intakes.c.id == intake.id, intake.version, ("intake", intake.id, f"{intake.city}的受理"), state=state
    )


def _entry(action: str, intake: Any, what: str, why: str) -> Entry:
    return Entry(action, "intake", intake.id, intake.city, what, why, intake.round_id, intake.version)


def _with_feedback(done: Outcome, sent: FeedbackSent | None) -> Outcome:
    return done if sent is None else replace(done, feedback_way=sent.way, feedback_sentence=sent.sentence)


def _sentence(seen: Preview, counts: Mapping[str, int]) -> str:
    start = "已过报送截止日，先行登记，待决定是否受理" if seen.late else "已受理"
    over = f"；创建申报超过推荐名额 {seen.quota} 个，请注意" if seen.over_quota else ""
    return (
        f"{seen.file_name}：{start}。新增 {counts['added']} 个，修改 {counts['changed']} 个，"
        f"消失 {counts['gone']} 个，填报错误 {seen.error_count} 处{told(seen.reports, seen.reports_before)}{over}。"
    )
