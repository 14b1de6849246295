"""What a round decides about scoring: in one act, changed until the first score is given, then fixed (附件3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.scoring.settings import NAMES
from core.scoring.settings_document import document as document_of
from core.scoring.settings_document import read
from core.services.accounts import required_reason
from core.services.panel import is_locked
from core.standards import loader
from core.store.queries import one
from core.store.tables import rounds, scoring_settings
from core.store.unit import Entry, Unit

LOCKED: Final = "已经有专家打分，评审设置从此不能改动。"
SUBJECT: Final = "scoring_settings"
_NAME: Final = "评审设置"


def decide(
    app: App, actor: Actor, round_id: int, content: Mapping[str, Any], document: str, version: int, why: str
) -> int:
    """Decides the settings of a round, or changes them, and gives their new version.

    `content` is a document of settings (`core.scoring.settings_document`); `document` names the paper that decides
    them; `version` is what the person had in front of them, 0 for none. Refused: `SettingsRefused` with everything
    that is wrong, no reason or paper, nothing changed, and once a score has been given.
    """
    actor.require(Permission.MANAGE_SCORING)
    why, document = required_reason(why), document.strip()
    if not document:
        raise Refused("请写明依据文件（如本年度工作方案的文号）。")
    with app.unit(actor) as unit:
        row = one(unit.connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
        held = _held(unit.connection, round_id, alone=True)
        if is_locked(unit.connection, round_id):
            raise Refused(LOCKED)
        after = document_of(read(content, loader.load(row.standard_id).rubric))
        before = None if held is None else held.content
        if held is not None and version == held.version and (before, held.document) == (after, document):
            raise Refused("评审设置没有改动，无需保存。")
        values = {"content": after, "document": document}
        _write(unit, round_id, held, version, values)
        changed = [name for key, name in NAMES.items() if before is not None and before.get(key) != after[key]]
        what = f"修改{_NAME}：{'、'.join(changed) or '依据文件'}" if held else f"确定{_NAME}"
        details = {"before": before, "after": after, "document": [held.document if held else "", document]}
        unit.record(
            Entry("scoring.settings", SUBJECT, round_id, f"{row.year}年度", f"{what}（{document}）", why, round_id,
                  version or None, details)
        )  # fmt: skip
    return version + 1


def held_version(connection: sa.Connection, round_id: int) -> int:
    """The version of a round's settings (0: none), which nobody changes before this transaction ends.

    Whoever writes a score asks this first and compares it with what the expert had in front of them: drafts are
    saved outside units of work, and a change of settings would otherwise pass by them on PostgreSQL.
    """
    held = _held(connection, round_id, alone=False)
    return 0 if held is None else int(held.version)


def _held(connection: sa.Connection, round_id: int, *, alone: bool) -> Any:
    """The row; alone: others who hold it have ended their transactions, and their scores can be seen."""
    query = sa.select(scoring_settings).where(scoring_settings.c.round_id == round_id)
    return connection.execute(query.with_for_update(read=not alone)).first()


def _write(unit: Unit, round_id: int, held: Any, version: int, values: dict[str, Any]) -> None:
    if held is not None:
        name = (SUBJECT, round_id, _NAME)
        unit.update_version(scoring_settings, scoring_settings.c.round_id == round_id, version, name, **values)
    elif version:
        raise Stale(f"{_NAME}已不在，您的改动没有写入。请刷新页面，核对后再办。")
    else:
        unit.insert(scoring_settings, round_id=round_id, version=1, **values)
