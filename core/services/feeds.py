"""Use cases of private calendar addresses: whoever knows one reads the deadlines of its filters without signing in.

The address holds a token of which only the hash is stored. It works as long as its account may see the deadlines.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from core.accounts import PERMISSIONS, Actor, Permission, Role
from core.bootstrap import App
from core.errors import Refused
from core.services.accounts import token_hash
from core.services.due import Filters
from core.store.queries import one
from core.store.tables import accounts, feeds
from core.store.unit import Entry

MOST = 20  # addresses of one account at a time
SUBJECT = "日历订阅"


def make_feed(app: App, actor: Actor, query: str) -> str:
    """Makes an address for the filters that a page's address says, and gives its token: it cannot be had again."""
    actor.require(Permission.READ_CASES)
    if actor.id is None:
        raise Refused("命令行没有账户，不能建立订阅地址。请登录后在“期限”页面建立。")
    filters, token = Filters.read(query), secrets.token_urlsafe(32)
    with app.unit(actor) as unit:
        own = sa.select(sa.func.count()).where(feeds.c.account_id == actor.id, feeds.c.ended_at.is_(None))
        if unit.execute(own).scalar_one() >= MOST:
            raise Refused(f"您已有 {MOST} 个订阅地址，请先停用不再使用的。")
        kept = {"account_id": actor.id, "query": filters.query, "made_at": unit.now}
        made = unit.insert(feeds, token_hash=token_hash(token), **kept)
        what = f"建立日历订阅地址：{filters.words}"
        unit.record(Entry("feed.made", "feed", made, SUBJECT, what, details={"query": filters.query}))
    return token


def end_feed(app: App, actor: Actor, feed_id: int) -> None:
    """Ends an address of one's own: it leads nowhere from then on."""
    actor.require(Permission.READ_CASES)
    with app.unit(actor) as unit:
        own = sa.select(feeds).where(feeds.c.id == feed_id, feeds.c.account_id == actor.id)
        held = one(unit.connection, own, "没有这个订阅地址，或者它不是您建立的。")
        if held.ended_at is not None:
            raise Refused("这个订阅地址已经停用，无需再办。")
        unit.execute(feeds.update().where(feeds.c.id == feed_id).values(ended_at=unit.now))
        unit.record(
            Entry("feed.ended", "feed", feed_id, SUBJECT, f"停用日历订阅地址：{Filters.read(held.query).words}")
        )


def feed_of(app: App, token: str) -> Filters | None:
    """The filters that a token leads to; None for a made-up or ended one, or where its account may see them no more."""
    query = (
        sa.select(feeds.c.query, accounts.c.role)
        .join(accounts, accounts.c.id == feeds.c.account_id)
        .where(feeds.c.token_hash == token_hash(token), feeds.c.ended_at.is_(None), accounts.c.active)
    )
    with app.reader.connect() as connection:
        held = connection.execute(query).first()
    if held is None or Permission.READ_CASES not in PERMISSIONS[Role(held.role)]:
        return None
    return Filters.read(held.query)
