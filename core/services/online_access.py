"""The one way to the online sheets: the key that is held, the budget of the house, one client a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.bootstrap import App
from core.errors import Refused

if TYPE_CHECKING:
    from core.intake.online.client import OnlineClient
    from core.intake.online.key import ServiceKey

BUDGET_FILE = "online-budget.db"
NO_KEY = "还没有登记在线表格的服务账号密钥。请管理员先在“在线表格”中登记。"


def online_client(app: App) -> OnlineClient:
    """The client of this process, made anew where another key is held by now. Raises Refused where none is."""
    from core.intake.online.budget import Budget
    from core.intake.online.client import OnlineClient
    from core.intake.online.key import held_key

    key = held_key(app.settings.home)
    if key is None:
        raise Refused(NO_KEY)
    with app.lock:
        known: tuple[ServiceKey, OnlineClient] | None = app.remembered.get("online client")
        if known is None or known[0] != key:
            budget = Budget(app.settings.home / BUDGET_FILE, app.online_clock)
            made = OnlineClient(key, base_url=app.settings.google_url, budget=budget, clock=app.online_clock)
            known = (key, app.held.enter_context(made))
            app.remembered["online client"] = known
    return known[1]
