"""What one server process holds: the App, and the name of the cookie that a session travels in."""

from __future__ import annotations

import logging
import secrets
import sys
from functools import cache

from core.bootstrap import App, build
from core.errors import Refused

COOKIE_NAME = "shifan_session"
DEMO_COOKIE_NAME = "shifan_demo_session"


@cache
def the_app() -> App:
    """The App of this process, made at the first call. Raises Refused where the store cannot be opened."""
    return build()


def cookie_name() -> str:
    """Cookies know no ports: the demo has a name of its own, so that both can be open in one browser."""
    return DEMO_COOKIE_NAME if the_app().settings.demo else COOKIE_NAME


def open_log() -> logging.Logger:
    """The log of the server, on its standard error."""
    log = logging.getLogger("shifan")
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log.addHandler(handler)
        log.propagate = False
    return log


def sentence_for(error: BaseException) -> str:
    """What people are told: a refusal's own sentence, else the number under which the log holds the fault."""
    if isinstance(error, Refused):
        return str(error)
    number = secrets.token_hex(3).upper()
    open_log().error("故障编号 %s", number, exc_info=error)
    return f"系统出了故障，这一步可能没有办成。请刷新页面核对后再试；仍不行时，请把故障编号 {number} 告诉管理员。"
