"""Read model of 今日: what waits for whom, where the round stands, what changed since the last visit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import pandas as pd
import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.services.candidates import WAITING
from core.services.panel import SUBMITTED
from core.store import tables
from core.store.queries import ledger_head
from core.views.checks import application_matrix
from core.views.intake import FolderView, folder_view, pending_withdrawals
from core.views.my_reviews import own_waiting
from core.views.people import ledger
from core.views.publications import of_round, running_elsewhere, to_publish
from core.views.rounds import RoundView, newest_round_id, round_view
from core.views.waiting import Waiting, due_waiting

VISIT = timedelta(hours=1)  # coming back within it is the same visit
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the round (第七条)."""

    name: str
    state: Literal["done", "now", "later"]
    text: str
    page: str


@dataclass(frozen=True, slots=True)
class TodayView:
    """What 今日 shows. `round` is None before the first round; `since` holds what others did meanwhile."""

    round: RoundView | None
    waiting: tuple[Waiting, ...]
    steps: tuple[Step, ...]
    since: pd.DataFrame


def today(app: App, actor: Actor) -> TodayView:
    """The day of one person; also notes the visit, so that the next one knows what is new."""
    before = _visit(app, actor)
    news = pd.DataFrame()
    if actor.may(Permission.READ_LEDGER):
        news = ledger(app, after_id=before, limit=_SHOWN)
        news = news[news["办理人"] != actor.name]
    due, round_id = due_waiting(app, actor), newest_round_id(app)
    if round_id is None:
        first = Waiting("还没有年度轮次，请先建立", 1, "round", urgent=True)
        return TodayView(None, _in_order([first, *due]) if _runs(actor) else (), (), news)
    held = round_view(app, round_id)
    if not actor.may(Permission.READ_ROUND):
        return TodayView(held, _in_order(list(own_waiting(app, actor))), (), news)
    folder = folder_view(app, round_id)
    frames = [application_matrix(app, round_id, kind) for kind in ("platform", "base")]
    verdicts = pd.concat([frame["结论"] for frame in frames])
    gone = len(pending_withdrawals(app, round_id))
    waiting = (
        _in_order([*_waiting(held, folder, frames, gone), *_to_publish(app, round_id), *due]) if _runs(actor) else ()
    )
    return TodayView(held, waiting, _steps(app, held, folder, verdicts), news)


def _runs(actor: Actor) -> bool:
    return actor.may(Permission.TAKE_IN)


def _waiting(held: RoundView, folder: FolderView, frames: list[pd.DataFrame], gone: int) -> list[Waiting]:
    by_city = folder.cities
    beside = sum(each.feedback_way == "beside" and each.state == "taken" for each in by_city)
    found = [
        Waiting("共享文件夹还没有设置", int(bool(folder.problem and not held.folder)), "round", urgent=True),
        Waiting(folder.problem, int(bool(folder.problem and held.folder)), "round", urgent=True),
        Waiting("报送截止日还没有填写", int(held.deadline is None), "round"),
        Waiting("公示期从哪天起算还没有确定", int(held.count_start is None), "round"),
        Waiting("个工作簿不能读取，需要联系市里", folder.count("refused"), "intake", urgent=True),
        Waiting("个工作簿待受理", folder.count("ready"), "intake"),
        Waiting("个工作簿有新版本，请看差异后受理", folder.count("changed"), "intake"),
        Waiting(
            "个工作簿逾期报送，待决定是否受理", sum(each.held_id is not None for each in by_city), "intake", urgent=True
        ),
        Waiting("个申报从工作簿中消失，待确认是否撤回", gone, "intake", urgent=True),
        Waiting("个市的反馈另存在旁边，请提醒市里查看", beside, "intake"),
    ]
    for kind, frame, word in zip(("platform", "base"), frames, ("平台", "基地"), strict=True):
        for verdict, text in (("review", "待认定"), ("missing", "缺数据，待市里补报或核定")):
            count = int((frame["结论"] == verdict).sum())
            query = (("kind", kind), ("verdict", verdict))
            found.append(Waiting(f"个{word}申报{text}", count, "checks", query))
    return found


def _to_publish(app: App, round_id: int) -> list[Waiting]:
    """What of the newest round is to be made public, and the notices of others that run without being registered."""
    found = to_publish(app, round_id)
    urgent = any(each.urgent for each in found)
    waiting = [Waiting("个名单待登记公布", len(found), "publications", urgent=urgent)]
    for year, count in Counter(each.year for each in running_elsewhere(app, round_id)).items():
        text = f"个{year}年度的公示正在进行，还没有登记公布"
        waiting.append(Waiting(text, count, "publications", (("year", f"{year}年度"),), urgent=True))
    return waiting


def _in_order(found: list[Waiting]) -> tuple[Waiting, ...]:
    return tuple(sorted((each for each in found if each.count), key=lambda each: not each.urgent))


def _steps(app: App, held: RoundView, folder: FolderView, verdicts: pd.Series) -> tuple[Step, ...]:
    acts = _acts(app, held.id)
    sent = sum(each.intake_id is not None or each.held_id is not None for each in folder.cities)
    settled = int(verdicts.isin(["pass", "fail"]).sum())
    announced = bool(held.notice_number and held.notice_date)
    templates = "round.templates" in acts or sent > 0
    received, judged = sent == len(folder.cities), len(verdicts) > 0 and settled == len(verdicts)
    listed = "list.exported" in acts
    assigned, handed_in, decided = _scoring(app, held.id)
    scored, selected = 0 < assigned == handed_in, decided > 0
    made, left = len(of_round(app, held.id)), len(to_publish(app, held.id))
    done = (announced, templates, received, judged, scored, selected, listed, made > 0 and not left)
    current = next((place for place, each in enumerate(done) if not each), len(done))
    # steps overlap: judging starts with the first workbook
    begun = (False, False, sent > 0, settled > 0, assigned > 0, False, False, made + left > 0)
    passed = int((verdicts == "pass").sum())
    texts = (
        ("发布通知", held.notice_number or "填写通知文号和日期", "round"),
        (
            "下发模板",
            f"{len(folder.cities)} 个推荐单位的工作簿" if templates else "生成工作簿，发给各推荐单位",
            "round",
        ),
        ("接收推荐", f"{sent} / {len(folder.cities)} 个推荐单位已报送", "intake"),
        ("条件审核", f"{settled} / {len(verdicts)} 个申报已有结论", "checks"),
        ("专家评审", f"{handed_in} / {assigned} 份评分已交" if assigned else "定评审设置，分派专家", "panel"),
        ("选定公示", f"{decided} 个申报已选定或答复" if decided else "选定拟创建对象，开始公示", "selection"),
        ("形成名单", f"{passed} 个申报达标" + ("，已导出" if listed else ""), "lists"),
        ("公布", _published(made, left), "publications"),
    )
    return tuple(
        Step(name, "done" if done[place] else "now" if place == current or begun[place] else "later", text, page)
        for place, (name, text, page) in enumerate(texts)
    )


def _published(made: int, left: int) -> str:
    told = [f"已公布 {made} 次"] * (made > 0) + [f"待公布 {left} 项"] * (left > 0)
    return "，".join(told) or "登记公布的名单和文件"


def _scoring(app: App, round_id: int) -> tuple[int, int, int]:
    """How many sheets are to be handed in, how many are, and how many applications are decided on."""
    given, entries = tables.assignments, tables.score_entries
    own = sa.select(given.c.id).where(given.c.round_id == round_id, given.c.ended_at.is_(None))
    newest = sa.select(entries.c.assignment_id, sa.func.max(entries.c.number)).group_by(entries.c.assignment_id)
    counted = sa.tuple_(entries.c.assignment_id, entries.c.number).in_(newest.where(entries.c.assignment_id.in_(own)))
    handed_in = sa.select(sa.func.count()).where(counted, entries.c.kind == SUBMITTED)
    stands = tables.standings
    decided = sa.select(sa.func.count()).where(stands.c.round_id == round_id, stands.c.status != WAITING)
    with app.reader.connect() as connection:
        asked = (sa.select(sa.func.count()).select_from(own.subquery()), handed_in, decided)
        one, two, three = (int(connection.execute(each).scalar_one()) for each in asked)
    return one, two, three


def _acts(app: App, round_id: int) -> set[str]:
    table = tables.ledger
    query = sa.select(table.c.action).where(table.c.round_id == round_id).distinct()
    with app.reader.connect() as connection:
        return set(connection.execute(query).scalars())


def _visit(app: App, actor: Actor) -> int:
    """The last entry this person had seen before this visit. A visit is no act: no ledger."""
    table = tables.accounts
    now = app.clock.now()
    with app.reader.connect() as connection:
        head = ledger_head(connection)
        row = connection.execute(sa.select(table).where(table.c.id == actor.id)).first()
    if row is None:
        return head
    before = row.seen_before_id
    fresh = row.seen_at is None or now - row.seen_at > VISIT
    if fresh:
        before = row.seen_ledger_id
    if fresh or head != row.seen_ledger_id:
        values = {"seen_before_id": before, "seen_ledger_id": head, "seen_at": now}
        with app.writer.begin() as connection:
            connection.execute(table.update().where(table.c.id == actor.id).values(**values))
    return int(before)
