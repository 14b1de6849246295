"""Settings of a round: decided whole, changed with a reason, fixed by the first score, whoever meets whom."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.errors import Refused, Stale
from core.scoring.settings_document import SettingsRefused
from core.services import scoring_settings
from core.services.scoring_settings import LOCKED, held_version
from core.store import tables
from tests.office import TODAY, Office
from tests.panels import DECIDED, YUNFAN, assigned, handed_in, seen
from tests.scoring.documents import draft

PAPER = "虚构工信〔2026〕7号"


def decide(
    office: Office, content: Mapping[str, Any], version: int, *, document: str = PAPER, why: str = "按工作方案"
) -> int:
    return scoring_settings.decide(office.app, office.staff, office.round_id, content, document, version, why)


def typed(connection: sa.Connection, assignment_id: int) -> None:
    values = {"content": {"scores": {"path": "1"}}, "saved_at": datetime.combine(TODAY, datetime.min.time())}
    connection.execute(tables.score_drafts.insert().values(assignment_id=assignment_id, **values))


def test_settings_are_decided_and_changed_and_the_ledger_keeps_both(office: Office) -> None:
    assert seen(office).settings is None
    assert decide(office, draft({"experts": " ７ "}), 0) == 1
    known = seen(office)
    assert known.required().experts == 7
    assert (known.document, known.settings_version) == (PAPER, 1)
    entry = office.last()
    assert (entry.action, entry.subject, entry.what, entry.why) == (
        "scoring.settings", "2026年度", f"确定评审设置（{PAPER}）", "按工作方案",
    )  # fmt: skip
    assert entry.details == {"before": None, "after": draft({"experts": 7}), "document": ["", PAPER]}
    assert decide(office, draft({"experts": 5, "pass_line": "60.50"}), 1, document="虚构工信〔2026〕8号") == 2
    entry = office.last()
    assert entry.what == "修改评审设置：每项申报的评审专家人数、合格线（虚构工信〔2026〕8号）"
    assert entry.details["before"] == draft({"experts": 7})
    assert entry.details["after"] == draft({"pass_line": "60.50"})
    assert entry.details["document"] == [PAPER, "虚构工信〔2026〕8号"]
    assert seen(office).settings_version == 2


def test_what_is_wrong_is_told_whole_and_nothing_is_written(office: Office) -> None:
    sentence = office.refuses(SettingsRefused, lambda: decide(office, draft({"experts": 0, "pass_line": "101"}), 0))
    assert sentence == "每项申报至少要有 1 位专家评审。合格线应当大于 0、不超过 100；不设合格线的请选“不设”。"


def test_paper_and_reason_are_asked_for(office: Office) -> None:
    sentence = office.refuses(Refused, lambda: decide(office, draft(), 0, document=" "))
    assert sentence == "请写明依据文件（如本年度工作方案的文号）。"
    assert office.refuses(Refused, lambda: decide(office, draft(), 0, why=" ")) == "请写明理由，供日后核查。"


def test_the_second_person_is_told_who_came_first(convened: Office) -> None:
    again = convened.refuses(Refused, lambda: decide(convened, DECIDED, 1))
    assert again == "评审设置没有改动，无需保存。"
    assert decide(convened, draft({"experts": 3}), 1) == 2
    told = "评审设置已由李经办于2026-05-20 "
    for version in (0, 1):
        late = convened.refuses(Stale, lambda version=version: decide(convened, draft({"experts": 4}), version))
        assert late.startswith(told)
        assert late.endswith("修改，您的改动没有写入。请刷新页面，核对后再办。")
    assert seen(convened).required().experts == 3


def test_settings_hold_from_the_first_score_on_even_if_it_is_only_typed(convened: Office) -> None:
    [one] = assigned(convened, ("专家01", YUNFAN))
    with convened.app.writer.begin() as connection:
        typed(connection, one)
    assert convened.refuses(Refused, lambda: decide(convened, draft({"experts": 3}), 1)) == LOCKED
    with convened.app.writer.begin() as connection:
        connection.execute(tables.score_drafts.delete())
    assert decide(convened, draft({"experts": 3}), 1) == 2
    handed_in(convened, one, 80)
    assert convened.refuses(Refused, lambda: decide(convened, draft({"experts": 4}), 2)) == LOCKED


def test_a_change_waits_for_a_score_that_is_being_saved(convened: Office) -> None:
    """The score came first: the change sees it, although it began before the score was there for all to see."""
    [one] = assigned(convened, ("专家01", YUNFAN))
    ended: list[Exception | int] = []

    def change() -> None:
        try:
            ended.append(decide(convened, draft({"experts": 3}), 1))
        except Refused as refused:
            ended.append(refused)

    with convened.app.writer.begin() as connection:
        assert held_version(connection, convened.round_id) == 1
        typed(connection, one)
        thread = threading.Thread(target=change)
        thread.start()
        waits_for_this(connection, thread)
    thread.join()
    [refused] = ended
    assert str(refused) == LOCKED
    assert seen(convened).settings_version == 1


def waits_for_this(connection: sa.Connection, thread: threading.Thread) -> None:
    """Until the other thread stands before a lock of this transaction. SQLite lets no second writer begin."""
    if connection.dialect.name == "postgresql":
        query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
        while thread.is_alive() and not connection.execute(sa.text(query)).scalar():
            pass
