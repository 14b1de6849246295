"""Private calendar addresses: the token is told once, and leads to the filters only while its account may see them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core import views
from core.accounts import Role
from core.errors import Refused
from core.services import accounts, feeds
from core.services.due import Filters
from core.store import tables
from tests.office import Office

QUERY = "city=沈阳市&what=review&within=90&page=7&who=nobody"
WORDS = "沈阳市，运行复核，90 天内"


def feed_id(office: Office, token: str) -> int:
    number: int = office.row(tables.feeds, token_hash=accounts.token_hash(token)).id
    return number


def change(office: Office, *, role: Role = Role.STAFF, active: bool = True) -> None:
    """Changes the account of the member of staff."""
    held = office.row(tables.accounts, id=office.staff.id)
    given = {"name": held.name, "role": role, "unit_name": "", "active": active, "why": "调离"}
    accounts.change_account(office.app, office.admin, held.id, held.version, **given)


def test_an_address_leads_to_what_it_was_made_for(opened: Office) -> None:
    token = feeds.make_feed(opened.app, opened.staff, QUERY)
    # what is no filter, and no value of one, is left out
    assert feeds.feed_of(opened.app, token) == Filters(city="沈阳市", what="review", within="90")
    assert [(each.words, each.made_at) for each in views.own_feeds(opened.app, opened.staff)] == [
        (WORDS, opened.last().at)
    ]
    assert views.own_feeds(opened.app, opened.supervisor) == []
    last = opened.last()
    assert (last.action, last.what, last.who) == ("feed.made", f"建立日历订阅地址：{WORDS}", "李经办")


def test_the_store_does_not_know_the_token(opened: Office) -> None:
    token = feeds.make_feed(opened.app, opened.staff, "")
    held = [str(value) for rows in opened.dump().values() for row in rows for value in row]
    assert [value for value in held if token in value] == []
    assert len(token) >= 43


def test_every_address_is_another_one(opened: Office) -> None:
    first, second = (feeds.make_feed(opened.app, opened.staff, "") for _ in range(2))
    feeds.end_feed(opened.app, opened.staff, feed_id(opened, first))
    assert (feeds.feed_of(opened.app, first), feeds.feed_of(opened.app, second)) == (None, Filters())
    assert opened.last().what == "停用日历订阅地址：全部期限"
    assert len(views.own_feeds(opened.app, opened.staff)) == 1
    said = opened.refuses(Refused, lambda: feeds.end_feed(opened.app, opened.staff, feed_id(opened, first)))
    assert said == "这个订阅地址已经停用，无需再办。"


@pytest.mark.parametrize("made_up", ["", "x", "x" * 43, "停用"])
def test_a_made_up_token_leads_nowhere(opened: Office, made_up: str) -> None:
    feeds.make_feed(opened.app, opened.staff, "")
    assert feeds.feed_of(opened.app, made_up) is None
    # nor does what the store holds of a real one
    with opened.app.reader.connect() as connection:
        kept = connection.execute(sa.select(tables.feeds.c.token_hash)).scalar_one()
    assert feeds.feed_of(opened.app, kept) is None


def test_nobody_ends_the_address_of_another(opened: Office) -> None:
    number = feed_id(opened, feeds.make_feed(opened.app, opened.staff, ""))
    for actor in (opened.second, opened.admin):
        said = opened.refuses(Refused, lambda actor=actor: feeds.end_feed(opened.app, actor, number))
        assert said == "没有这个订阅地址，或者它不是您建立的。"


def test_a_stopped_account_or_another_role_shuts_it_and_opens_it_again(opened: Office) -> None:
    token = feeds.make_feed(opened.app, opened.staff, "")
    for role, active, found in (
        (Role.STAFF, False, None),
        (Role.STAFF, True, Filters()),
        (Role.EXPERT, True, None),
        (Role.SUPERVISOR, True, Filters()),
    ):
        change(opened, role=role, active=active)
        assert feeds.feed_of(opened.app, token) == found


def test_there_is_an_end_to_addresses_and_the_command_line_has_none(opened: Office) -> None:
    for _ in range(feeds.MOST):
        feeds.make_feed(opened.app, opened.supervisor, "")
    said = opened.refuses(Refused, lambda: feeds.make_feed(opened.app, opened.supervisor, ""))
    assert said == f"您已有 {feeds.MOST} 个订阅地址，请先停用不再使用的。"
    nobody = replace(opened.staff, id=None)
    said = opened.refuses(Refused, lambda: feeds.make_feed(opened.app, nobody, ""))
    assert said == "命令行没有账户，不能建立订阅地址。请登录后在“期限”页面建立。"
