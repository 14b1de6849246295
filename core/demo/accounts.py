"""The demo's sign-in accounts: made with the real use cases, passwords by chance, kept in a file of the demo."""

from __future__ import annotations

import secrets
from pathlib import Path

from core.accounts import Actor, Role
from core.bootstrap import App
from core.demo.plan import Plan
from core.errors import Refused
from core.services.accounts import actor_of, create_account, create_first_admin, setup_token, sign_in, sign_out

SIGN_IN_FILE = "登录信息.txt"
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_DIGITS = "23456789"


def make_accounts(app: App, plan: Plan, home: Path) -> dict[str, Actor]:
    """Makes the accounts of the plan and writes them to the sign-in file.

    Gives the actors by login, and by role the first of each.
    """
    made: dict[str, Actor] = {}
    lines: list[str] = []
    for each in plan.main["account"]:
        login, name, role, password = each["login"], each["name"], Role(each["role"]), _password()
        if "admin" not in made:
            create_first_admin(app, token=setup_token(app), login=login, name=name, password=password)
        else:
            create_account(app, made["admin"], login=login, name=name, role=role, password=password)
        actor = _signed_in(app, login, password)
        made.setdefault(role.value, actor)
        made[login] = actor
        lines.append(f"{role.label}　账号 {login}　密码 {password}")
    draft = home / f".{SIGN_IN_FILE}.tmp"
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(home / SIGN_IN_FILE)
    return made


def sign_in_lines(home: Path) -> tuple[str, ...]:
    """The lines of the sign-in file, one an account; () where it is gone."""
    try:
        return tuple((home / SIGN_IN_FILE).read_text(encoding="utf-8").splitlines())
    except OSError:
        return ()


def _signed_in(app: App, login: str, password: str) -> Actor:
    token = sign_in(app, login=login, password=password)
    actor = actor_of(app, token)
    sign_out(app, token)
    if actor is None:
        raise Refused(f"演示账户“{login}”没有建成。请用 --fresh 重新生成。")
    return actor


def _password() -> str:
    """Easy to type from a terminal, hard to guess: four letters and four digits, twice."""
    part = (_LETTERS, _DIGITS)
    return "-".join("".join(secrets.choice(each) for _ in range(4)) for each in part * 2)
