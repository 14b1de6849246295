"""The acts of online sheets, and the permission that each asks for (see test_rights)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.accounts import Actor, Permission
from core.services import intake, online_setup, online_sync
from tests.office import Office

Act = Callable[[Office, Actor], Any]
NO_CHANGE = online_setup.SourceChange("沈阳市", 0, "online", "", "")

ONLINE_ACTS: dict[str, tuple[Permission, Act]] = {
    "online_setup.register_key": (Permission.MANAGE_ONLINE, lambda o, a: online_setup.register_key(o.app, a, "{}")),
    "online_setup.forget_key": (Permission.MANAGE_ONLINE, lambda o, a: online_setup.forget_key(o.app, a, "x")),
    "online_setup.test_connection": (
        Permission.MANAGE_ROUND,
        lambda o, a: online_setup.test_connection(o.app, a, o.round_id),
    ),
    "online_setup.set_sources": (
        Permission.MANAGE_ROUND,
        lambda o, a: online_setup.set_sources(o.app, a, o.round_id, [NO_CHANGE], "x"),
    ),
    "online_setup.set_online_round": (
        Permission.MANAGE_ROUND,
        lambda o, a: online_setup.set_online_round(o.app, a, o.round_id, 0, drive_folder="", minutes=0, why="x"),
    ),
    "online_setup.create_sheets": (
        Permission.MANAGE_ROUND,
        lambda o, a: online_setup.create_sheets(o.app, a, o.round_id),
    ),
    "online_sync.sync": (Permission.TAKE_IN, lambda o, a: online_sync.sync(o.app, a, o.round_id)),
    # whoever may not is refused before anything is looked at
    "intake.answered": (Permission.TAKE_IN, lambda o, a: intake.answered(o.app, a, None, None, None)),  # type: ignore[arg-type]
    "intake.take_in_one": (Permission.TAKE_IN, lambda o, a: intake.take_in_one(o.app, a, None, None)),  # type: ignore[arg-type]
}
