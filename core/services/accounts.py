"""Use cases of accounts and sign-in: local accounts, argon2id, sessions kept by the server."""

from __future__ import annotations

import hashlib
import secrets
import string
import time
from datetime import timedelta
from functools import cache

import sqlalchemy as sa

from core.accounts import Actor, Permission, Role
from core.bootstrap import App
from core.errors import NotAllowed, Refused
from core.store.queries import one
from core.store.tables import accounts, sessions
from core.store.unit import Entry, Unit

SESSION_HOURS = 12
PASSWORD_LENGTH = 10
FAILURES_ALLOWED = 5
FAILURE_WINDOW_SECONDS = 300


def needs_first_admin(app: App) -> bool:
    """True while nobody can sign in yet."""
    with app.reader.connect() as connection:
        return connection.execute(sa.select(accounts.c.id).limit(1)).first() is None


def setup_token(app: App) -> str:
    """The one-time token of this process for making the first administrator; printed by the server at start."""
    with app.lock:
        if not app.setup_token:
            app.setup_token = secrets.token_urlsafe(9)
        return app.setup_token


def create_first_admin(app: App, *, token: str, login: str, name: str, password: str) -> int:
    """Makes the first 管理员 from the browser. Refused once an account exists or if the token is wrong."""
    if not secrets.compare_digest(token.strip().encode(), setup_token(app).encode()):
        raise Refused("一次性口令不对。请到服务器启动窗口查看“首次使用”一行。")
    login, name = _checked_login(login), _checked_name(name)
    hashed = _hash(_checked_password(password))
    with app.unit(Actor(None, login, name, Role.ADMIN)) as unit:
        if unit.execute(sa.select(accounts.c.id).limit(1)).first() is not None:
            raise Refused("管理员已经建立，请直接登录。")
        made = _insert(unit, login, name, Role.ADMIN, "", hashed, must_change=False)
        unit.record(Entry("account.first", "account", made, name, f"建立首个管理员账户“{login}”"))
    return made


def create_account(
    app: App, actor: Actor, *, login: str, name: str, role: Role, unit_name: str = "", password: str = ""
) -> str:
    """Makes an account and gives its first password, which the person must change at the first sign-in."""
    actor.require(Permission.MANAGE_ACCOUNTS)
    login, name = _checked_login(login), _checked_name(name)
    first = _checked_password(password) if password else _new_password()
    hashed = _hash(first)
    with app.unit(actor) as unit:
        if unit.execute(sa.select(accounts.c.id).where(accounts.c.login == login)).first():
            raise Refused(f"账号“{login}”已经有人使用，请换一个。")
        made = _insert(unit, login, name, role, unit_name.strip(), hashed, must_change=not password)
        what = f"新增账户“{login}”（{name}，{role.label}）"
        unit.record(Entry("account.created", "account", made, name, what))
    return first


def change_account(
    app: App,
    actor: Actor,
    account_id: int,
    version: int,
    *,
    name: str,
    role: Role,
    unit_name: str,
    active: bool,
    why: str,
) -> None:
    """Changes name, unit, role or use of an account; stopped accounts lose their sessions at once."""
    actor.require(Permission.MANAGE_ACCOUNTS)
    name, why = _checked_name(name), required_reason(why)
    with app.unit(actor) as unit:
        held = one(unit.connection, sa.select(accounts).where(accounts.c.id == account_id), "没有这个账户。")
        admins = sa.select(sa.func.count()).where(
            accounts.c.role == Role.ADMIN.value, accounts.c.active, accounts.c.id != account_id
        )
        leaves = held.role == Role.ADMIN.value and (role is not Role.ADMIN or not active)
        if leaves and not unit.execute(admins).scalar():
            raise Refused("这是最后一个在用的管理员，不能停用或改为其他角色。请先新增一个管理员。")
        unit.update_version(
            accounts,
            accounts.c.id == account_id,
            version,
            ("account", account_id, f"账户“{held.login}”"),
            name=name,
            role=role.value,
            unit=unit_name.strip(),
            active=active,
        )
        if not active:
            unit.execute(sessions.delete().where(sessions.c.account_id == account_id))
        what = f"修改账户“{held.login}”：{name}，{role.label}，{'在用' if active else '停用'}"
        unit.record(Entry("account.changed", "account", account_id, name, what, why, based_on=version))


def reset_password(app: App, actor: Actor, account_id: int, why: str) -> str:
    """Gives an account a new first password and ends its sessions."""
    actor.require(Permission.MANAGE_ACCOUNTS)
    why, first = required_reason(why), _new_password()
    hashed = _hash(first)
    with app.unit(actor) as unit:
        held = one(unit.connection, sa.select(accounts).where(accounts.c.id == account_id), "没有这个账户。")
        unit.execute(
            accounts.update()
            .where(accounts.c.id == account_id)
            .values(password_hash=hashed, must_change=True, version=accounts.c.version + 1)
        )
        unit.execute(sessions.delete().where(sessions.c.account_id == account_id))
        what = f"重置账户“{held.login}”的密码"
        unit.record(Entry("account.reset", "account", account_id, held.name, what, why))
    with app.lock:  # whoever guessed too often is sent to the administrator: the new password must work
        app.sign_in_failures.pop(held.login, None)
    return first


def change_own_password(app: App, actor: Actor, *, old: str, new: str, keep_token: str = "") -> None:
    """Changes one's own password; other sessions of the account end."""
    hashed = _hash(_checked_password(new))
    with app.reader.connect() as connection:
        held = connection.execute(sa.select(accounts).where(accounts.c.id == actor.id)).one()
    if not _verify(held.password_hash, old):
        raise Refused("原密码不对，请重新输入。")
    if old == new:
        raise Refused("新密码与原密码相同，请换一个。")
    with app.unit(actor) as unit:
        unit.execute(
            accounts.update()
            .where(accounts.c.id == actor.id)
            .values(password_hash=hashed, must_change=False, version=accounts.c.version + 1)
        )
        others = sessions.c.token_hash != token_hash(keep_token)
        unit.execute(sessions.delete().where(sessions.c.account_id == actor.id, others))
        unit.record(Entry("account.password", "account", held.id, held.name, "修改本人密码"))


def sign_in(app: App, *, login: str, password: str) -> str:
    """Gives the token of a new session. Refused with the same sentence for a wrong name and a wrong password."""
    login = login.strip().lower()
    _refuse_guessing(app, login)
    with app.reader.connect() as connection:
        held = connection.execute(sa.select(accounts).where(accounts.c.login == login)).first()
    # the hash is verified even for unknown names, so that the time taken tells nothing
    right = _verify(held.password_hash if held else _nobody(), password)
    if held is None or not right or not held.active:
        with app.lock:
            app.sign_in_failures.setdefault(login, []).append(time.monotonic())
        raise NotAllowed("账号或密码不正确。")
    with app.lock:
        app.sign_in_failures.pop(login, None)
    token, now = secrets.token_urlsafe(32), app.clock.now()
    with app.writer.begin() as connection:
        # sessions and visits are no business state: they are not in the ledger
        connection.execute(sessions.delete().where(sessions.c.expires_at < now))
        connection.execute(
            sessions.insert().values(
                token_hash=token_hash(token),
                account_id=held.id,
                created_at=now,
                expires_at=now + timedelta(hours=SESSION_HOURS),
            )
        )
    return token


def actor_of(app: App, token: str | None) -> Actor | None:
    """Who holds a session token; None for a stranger, an expired session or a stopped account."""
    if not token:
        return None
    query = (
        sa.select(accounts)
        .join(sessions, sessions.c.account_id == accounts.c.id)
        .where(
            sessions.c.token_hash == token_hash(token),
            sessions.c.expires_at > app.clock.now(),
            accounts.c.active,
        )
    )
    with app.reader.connect() as connection:
        held = connection.execute(query).first()
    if held is None:
        return None
    return Actor(held.id, held.login, held.name, Role(held.role), held.must_change)


def sign_out(app: App, token: str | None) -> None:
    """Ends one session."""
    if token:
        with app.writer.begin() as connection:
            connection.execute(sessions.delete().where(sessions.c.token_hash == token_hash(token)))


def required_reason(text: str) -> str:
    """The reason given, or Refused: every act that others must understand later asks for one."""
    if not text.strip():
        raise Refused("请写明理由，供日后核查。")
    return text.strip()


def token_hash(token: str) -> str:
    """What the store keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _insert(unit: Unit, login: str, name: str, role: Role, unit_name: str, hashed: str, *, must_change: bool) -> int:
    return unit.insert(
        accounts,
        login=login,
        name=name,
        role=role.value,
        unit=unit_name,
        password_hash=hashed,
        must_change=must_change,
        created_at=unit.now,
    )


def _checked_login(text: str) -> str:
    login = text.strip().lower()
    if not (2 <= len(login) <= 32 and login.isascii() and login.replace("-", "").replace("_", "").isalnum()):
        raise Refused("账号请用 2 至 32 个小写字母、数字、- 或 _。")
    return login


def _checked_name(text: str) -> str:
    if not text.strip() or len(text.strip()) > 32:
        raise Refused("请填写姓名（不超过 32 个字）。")
    return text.strip()


def _checked_password(text: str) -> str:
    if len(text) < PASSWORD_LENGTH:
        raise Refused(f"密码至少 {PASSWORD_LENGTH} 位，请重新设置。")
    return text


def _refuse_guessing(app: App, login: str) -> None:
    since = time.monotonic() - FAILURE_WINDOW_SECONDS
    with app.lock:
        recent = [at for at in app.sign_in_failures.get(login, ()) if at > since]
        app.sign_in_failures[login] = recent
    if len(recent) >= FAILURES_ALLOWED:
        raise NotAllowed("连续输错次数过多，请 5 分钟后再试，或请管理员重置密码。")


def _new_password() -> str:
    alphabet = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
    return "".join(secrets.choice(alphabet) for _ in range(PASSWORD_LENGTH + 2))


def _hash(password: str) -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def _verify(hashed: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    try:
        return PasswordHasher().verify(hashed, password)
    except VerificationError:
        return False


@cache
def _nobody() -> str:
    return _hash(secrets.token_hex())
