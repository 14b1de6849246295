"""Accounts and sign-in: local, argon2id, a one-time token for the first administrator."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from core.accounts import Actor, Role
from core.bootstrap import App, build
from core.errors import NotAllowed, Refused, Stale
from core.services import accounts
from core.services.accounts import actor_of, sign_in, sign_out
from core.store import tables
from tests.conftest import one_database
from tests.office import PASSWORD, TODAY, Office, dump, refuses

WRONG = "账号或密码不正确。"
TOO_OFTEN = "连续输错次数过多，请 5 分钟后再试，或请管理员重置密码。"
NEW = "another-password"


def first(
    app: App, *, token: str | None = None, login: str = "zhang", name: str = "张主任", password: str = NEW
) -> int:
    right = accounts.setup_token(app)
    token = right if token is None else token
    return accounts.create_first_admin(app, token=token, login=login, name=name, password=password)


def test_the_first_administrator_is_made_with_the_servers_token(app: App) -> None:
    assert accounts.needs_first_admin(app)
    assert first(app, login=" ZHANG ", name=" 张主任 ") == 1
    assert not accounts.needs_first_admin(app)
    token = sign_in(app, login="zhang", password=NEW)
    assert actor_of(app, token) == Actor(1, "zhang", "张主任", Role.ADMIN)
    [entry] = dump(app)["ledger"]
    assert entry[2:11] == (
        None,
        "张主任",
        "admin",
        "account.first",
        None,
        "account",
        "1",
        "张主任",
        "建立首个管理员账户“zhang”",
    )


def test_the_token_is_the_same_for_the_life_of_a_process_and_another_in_the_next(app: App) -> None:
    token = accounts.setup_token(app)
    assert accounts.setup_token(app) == token
    again = build(app.settings)
    assert accounts.setup_token(again) != token
    again.close()


def test_a_wrong_token_makes_nobody(app: App) -> None:
    sentence = "一次性口令不对。请到服务器启动窗口查看“首次使用”一行。"
    for token in ("", "x", "口令"):
        assert refuses(app, Refused, lambda token=token: first(app, token=token)) == sentence
    assert accounts.needs_first_admin(app)


def test_there_is_no_second_first_administrator(opened: Office) -> None:
    act = lambda: first(opened.app, login="second", name="第二人")  # noqa: E731
    assert opened.refuses(Refused, act) == "管理员已经建立，请直接登录。"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"login": "a"}, "账号请用 2 至 32 个小写字母、数字、- 或 _。"),
        ({"login": "x" * 33}, "账号请用 2 至 32 个小写字母、数字、- 或 _。"),
        ({"login": "张三"}, "账号请用 2 至 32 个小写字母、数字、- 或 _。"),
        ({"login": "a b"}, "账号请用 2 至 32 个小写字母、数字、- 或 _。"),
        ({"login": "--"}, "账号请用 2 至 32 个小写字母、数字、- 或 _。"),
        ({"name": " "}, "请填写姓名（不超过 32 个字）。"),
        ({"name": "长" * 33}, "请填写姓名（不超过 32 个字）。"),
        ({"password": "nine-char"}, "密码至少 10 位，请重新设置。"),
        ({"password": ""}, "密码至少 10 位，请重新设置。"),
    ],
)
@one_database
def test_what_is_typed_is_looked_at(app: App, wrong: dict[str, str], sentence: str) -> None:
    assert refuses(app, Refused, lambda: first(app, **wrong)) == sentence


@one_database
def test_ten_characters_are_enough(app: App) -> None:
    assert first(app, login="a1", name="长" * 32, password="ten-chars!") == 1


def test_only_the_hash_of_a_password_and_of_a_session_is_kept(opened: Office) -> None:
    token = sign_in(opened.app, login="li", password=PASSWORD)
    written = repr(opened.dump())
    assert PASSWORD not in written
    assert token not in written
    hashes = [row[5] for row in opened.dump()["accounts"]]
    assert {text.split("$")[1] for text in hashes} == {"argon2id"}
    assert len(set(hashes)) == len(hashes)


@one_database
def test_a_hash_costs_what_is_recommended(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    # at the cost of the program, not at that of the tests (tests/conftest.py)
    monkeypatch.setattr("argon2.PasswordHasher", PasswordHasher)
    first(app)
    with app.reader.connect() as connection:
        hashed = connection.execute(sa.select(tables.accounts.c.password_hash)).scalar_one()
    # the second of the two profiles that RFC 9106 recommends: 64 MiB, three passes, four lanes
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_signing_in_and_out(opened: Office) -> None:
    one, two = (sign_in(opened.app, login="LI ", password=PASSWORD) for _ in range(2))
    assert actor_of(opened.app, one) == actor_of(opened.app, two) == opened.staff
    sign_out(opened.app, one)
    assert actor_of(opened.app, one) is None
    assert actor_of(opened.app, two) == opened.staff
    sign_out(opened.app, None)
    for stranger in (None, "", "x", two + "x"):
        assert actor_of(opened.app, stranger) is None


def test_a_session_ends_by_itself(opened: Office) -> None:
    token = sign_in(opened.app, login="li", password=PASSWORD)
    [row] = opened.dump()["sessions"]
    assert row[3] - row[2] == timedelta(hours=12)
    opened.on(TODAY + timedelta(days=1))
    assert actor_of(opened.app, token) is None
    other = sign_in(opened.app, login="zhao", password=PASSWORD)
    assert [held[1] for held in opened.dump()["sessions"]] == [opened.second.id]
    assert actor_of(opened.app, other) == opened.second


@one_database
def test_a_wrong_name_and_a_wrong_password_are_told_alike(opened: Office) -> None:
    for login, password in (("nobody", PASSWORD), ("li", "wrong"), ("li", ""), ("", "")):
        act = lambda login=login, password=password: sign_in(opened.app, login=login, password=password)  # noqa: E731
        assert opened.refuses(NotAllowed, act) == WRONG


@one_database
def test_guessing_is_stopped_for_that_account_only(opened: Office) -> None:
    for _ in range(5):
        assert opened.refuses(NotAllowed, lambda: sign_in(opened.app, login="li", password="guess")) == WRONG
    assert opened.refuses(NotAllowed, lambda: sign_in(opened.app, login=" LI", password=PASSWORD)) == TOO_OFTEN
    assert actor_of(opened.app, sign_in(opened.app, login="zhao", password=PASSWORD)) == opened.second
    opened.app.sign_in_failures["li"] = [at - 301 for at in opened.app.sign_in_failures["li"]]
    assert actor_of(opened.app, sign_in(opened.app, login="li", password=PASSWORD)) == opened.staff
    assert opened.app.sign_in_failures == {}


@one_database
def test_a_new_password_from_the_administrator_ends_the_wait_as_the_sentence_says(opened: Office) -> None:
    for _ in range(5):
        opened.refuses(NotAllowed, lambda: sign_in(opened.app, login="li", password="guess"))
    fresh = accounts.reset_password(opened.app, opened.admin, opened.staff.id or 0, "忘记密码")
    assert actor_of(opened.app, sign_in(opened.app, login="li", password=fresh)) is not None


@one_database
def test_a_right_password_forgets_the_wrong_ones(opened: Office) -> None:
    for _ in range(2):
        for _ in range(4):
            opened.refuses(NotAllowed, lambda: sign_in(opened.app, login="li", password="guess"))
        sign_in(opened.app, login="li", password=PASSWORD)


def test_a_new_account_must_change_the_password_it_was_given(opened: Office) -> None:
    given = accounts.create_account(
        opened.app, opened.admin, login="sun", name="孙经办", role=Role.STAFF, unit_name=" 企业处 "
    )
    assert len(given) == 12
    token = sign_in(opened.app, login="sun", password=given)
    actor = actor_of(opened.app, token)
    assert actor == Actor(6, "sun", "孙经办", Role.STAFF, must_change=True)
    assert opened.row(tables.accounts, login="sun").unit == "企业处"
    assert opened.last().what == "新增账户“sun”（孙经办，省厅经办）"
    other = sign_in(opened.app, login="sun", password=given)
    assert actor is not None
    accounts.change_own_password(opened.app, actor, old=given, new=NEW, keep_token=token)
    assert actor_of(opened.app, token) == Actor(6, "sun", "孙经办", Role.STAFF)
    assert actor_of(opened.app, other) is None
    assert opened.refuses(NotAllowed, lambda: sign_in(opened.app, login="sun", password=given)) == WRONG
    assert (opened.last().action, opened.last().what) == ("account.password", "修改本人密码")


@one_database
def test_two_given_passwords_differ(opened: Office) -> None:
    given = {
        accounts.create_account(opened.app, opened.admin, login=login, name="新人", role=Role.EXPERT)
        for login in ("one", "two")
    }
    assert len(given) == 2


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("wrong-password", NEW, "原密码不对，请重新输入。"),
        (PASSWORD, PASSWORD, "新密码与原密码相同，请换一个。"),
        (PASSWORD, "short", "密码至少 10 位，请重新设置。"),
    ],
)
@one_database
def test_ones_own_password_is_not_changed_lightly(opened: Office, old: str, new: str, sentence: str) -> None:
    act = lambda: accounts.change_own_password(opened.app, opened.staff, old=old, new=new)  # noqa: E731
    assert opened.refuses(Refused, act) == sentence


def test_a_name_is_given_once(opened: Office) -> None:
    act = lambda: accounts.create_account(  # noqa: E731
        opened.app, opened.admin, login=" LI ", name="另一人", role=Role.STAFF
    )
    assert opened.refuses(Refused, act) == "账号“li”已经有人使用，请换一个。"


def change(office: Office, who: Actor, version: int = 1, why: str = "调岗", **values: object) -> None:
    given = {"name": who.name, "role": who.role, "unit_name": "", "active": True} | values
    accounts.change_account(office.app, office.admin, who.id or 0, version, why=why, **given)  # type: ignore[arg-type]


def test_a_stopped_account_is_out_at_once(opened: Office) -> None:
    token = sign_in(opened.app, login="li", password=PASSWORD)
    other = sign_in(opened.app, login="zhao", password=PASSWORD)
    change(opened, opened.staff, active=False)
    assert actor_of(opened.app, token) is None
    assert actor_of(opened.app, other) == opened.second
    assert opened.refuses(NotAllowed, lambda: sign_in(opened.app, login="li", password=PASSWORD)) == WRONG
    entry = opened.last()
    assert (entry.what, entry.why, entry.based_on) == ("修改账户“li”：李经办，省厅经办，停用", "调岗", 1)
    change(opened, opened.staff, version=2, active=True)
    assert actor_of(opened.app, token) is None  # the session of before does not come back with the account
    assert actor_of(opened.app, sign_in(opened.app, login="li", password=PASSWORD)) == opened.staff


def test_a_changed_role_holds_from_the_next_click(opened: Office) -> None:
    token = sign_in(opened.app, login="li", password=PASSWORD)
    change(opened, opened.staff, role=Role.SUPERVISOR, name="李监督", unit_name=" 机关纪委 ")
    assert actor_of(opened.app, token) == Actor(opened.staff.id, "li", "李监督", Role.SUPERVISOR)
    assert opened.row(tables.accounts, login="li").unit == "机关纪委"


@pytest.mark.parametrize("values", [{"active": False}, {"role": Role.STAFF}])
def test_the_last_administrator_stays(opened: Office, values: dict[str, object]) -> None:
    sentence = "这是最后一个在用的管理员，不能停用或改为其他角色。请先新增一个管理员。"
    assert opened.refuses(Refused, lambda: change(opened, opened.admin, **values)) == sentence
    change(opened, opened.staff, role=Role.ADMIN)
    change(opened, opened.staff, version=2, role=Role.ADMIN, active=False)
    assert opened.refuses(Refused, lambda: change(opened, opened.admin, **values)) == sentence
    change(opened, opened.staff, version=3, role=Role.ADMIN)
    change(opened, opened.admin, **values)


def test_a_change_asks_for_a_reason_and_for_the_newest_version(opened: Office) -> None:
    act = lambda: change(opened, opened.staff, why="  ")  # noqa: E731
    assert opened.refuses(Refused, act) == "请写明理由，供日后核查。"
    change(opened, opened.staff, name="李一")
    assert opened.refuses(Stale, lambda: change(opened, opened.staff, name="李二")) == (
        f"账户“li”已由张主任于{opened.last().at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"
    )


def test_an_account_that_is_not_there_is_told(opened: Office) -> None:
    nobody = Actor(99, "x", "无此人", Role.STAFF)
    assert opened.refuses(Refused, lambda: change(opened, nobody)) == "没有这个账户。"
    act = lambda: accounts.reset_password(opened.app, opened.admin, 99, "忘记密码")  # noqa: E731
    assert opened.refuses(Refused, act) == "没有这个账户。"


def test_a_reset_password_ends_every_session_and_must_be_changed(opened: Office) -> None:
    token = sign_in(opened.app, login="li", password=PASSWORD)
    act = lambda: accounts.reset_password(opened.app, opened.admin, opened.staff.id or 0, "")  # noqa: E731
    assert opened.refuses(Refused, act) == "请写明理由，供日后核查。"
    fresh = accounts.reset_password(opened.app, opened.admin, opened.staff.id or 0, "忘记密码")
    assert actor_of(opened.app, token) is None
    assert opened.refuses(NotAllowed, lambda: sign_in(opened.app, login="li", password=PASSWORD)) == WRONG
    again = actor_of(opened.app, sign_in(opened.app, login="li", password=fresh))
    assert again == Actor(opened.staff.id, "li", "李经办", Role.STAFF, must_change=True)
    entry = opened.last()
    assert (entry.action, entry.what, entry.why) == ("account.reset", "重置账户“li”的密码", "忘记密码")


def test_a_session_lives_on_after_a_restart_of_the_server(opened: Office, tmp_path: Path) -> None:
    token = sign_in(opened.app, login="li", password=PASSWORD)
    again = build(opened.app.settings, opened.app.clock)
    assert actor_of(again, token) == opened.staff
    with again.reader.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.sessions)).scalar_one() == 1
    again.close()
    assert tmp_path.is_dir()
