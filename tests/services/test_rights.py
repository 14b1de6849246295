"""Every act is refused to every role that may not do it, and then nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.accounts import PERMISSIONS, Actor, Permission, Role
from core.errors import NotAllowed
from core.services import (
    accounts,
    assigning,
    calendar,
    cases,
    changes,
    cohorts,
    contacts,
    decision_file,
    document_templates,
    documents,
    experts,
    feeds,
    intake,
    lists,
    notices,
    objections,
    online_setup,
    online_sync,
    publishing,
    recusals,
    registry,
    review,
    rounds,
    scoring,
    scoring_books,
    scoring_settings,
    selection,
    selection_drafts,
)
from core.services.arrangement import DayOverride
from tests.notices import CONTACT
from tests.office import Office
from tests.services.rights_online import ONLINE_ACTS

Act = Callable[[Office, Actor], Any]
NEVER = date(2026, 1, 1)
# whoever may not have one is refused before it is looked at
NO_DOCUMENT = documents.Document("recognized", "", 1, 2026, None, "", "", NEVER, NEVER, "", (), (), {}, {})


def out(office: Office) -> Path:
    """A folder that is not there, and must not be afterwards."""
    return office.app.settings.home / "out"


ACTS: dict[str, tuple[Permission, Act]] = {
    "accounts.create_account": (
        Permission.MANAGE_ACCOUNTS,
        lambda o, a: accounts.create_account(o.app, a, login="new", name="新人", role=Role.ADMIN),
    ),
    "accounts.change_account": (
        Permission.MANAGE_ACCOUNTS,
        lambda o, a: accounts.change_account(
            o.app, a, a.id or 0, 1, name="甲", role=Role.ADMIN, unit_name="", active=True, why="x"
        ),
    ),
    "accounts.reset_password": (Permission.MANAGE_ACCOUNTS, lambda o, a: accounts.reset_password(o.app, a, 1, "x")),
    "rounds.open_round": (Permission.MANAGE_ROUND, lambda o, a: rounds.open_round(o.app, a, year=2027)),
    "documents.download": (Permission.EXPORT_LISTS, lambda o, a: documents.download(o.app, a, NO_DOCUMENT)),
    "document_templates.template_file": (
        Permission.EXPORT_LISTS,
        lambda o, a: document_templates.template_file(o.app, a, "recognized"),
    ),
    "document_templates.replace_template": (
        Permission.RUN_NOTICES,
        lambda o, a: document_templates.replace_template(o.app, a, "recognized", "x.docx", b"PK", None, "x"),
    ),
    "document_templates.restore_template": (
        Permission.RUN_NOTICES,
        lambda o, a: document_templates.restore_template(o.app, a, "recognized", 1, "x"),
    ),
    "contacts.set_contact": (
        Permission.MANAGE_ROUND,
        lambda o, a: contacts.set_contact(o.app, a, o.round_id, 0, CONTACT),
    ),
    "rounds.change_round": (
        Permission.MANAGE_ROUND,
        lambda o, a: rounds.change_round(
            o.app,
            a,
            o.round_id,
            1,
            notice_number="甲",
            notice_date=None,
            standard_id="ln-2025-draft",
            deadline=None,
            reference_day=None,
            count_start=None,
            over_quota="warn",
            folder="",
            why="x",
        ),
    ),
    "rounds.set_recommenders": (
        Permission.MANAGE_ROUND,
        lambda o, a: rounds.set_recommenders(
            o.app, a, o.round_id, [rounds.RecommenderChange("沈阳市", 1, True, 1, "")], "x"
        ),
    ),
    "rounds.templates_into_folder": (
        Permission.MANAGE_ROUND,
        lambda o, a: rounds.templates_into_folder(o.app, a, o.round_id),
    ),
    "intake.take_in": (Permission.TAKE_IN, lambda o, a: intake.take_in(o.app, a, o.round_id)),
    "intake.undo": (Permission.TAKE_IN, lambda o, a: intake.undo(o.app, a, 1, "x")),
    "intake.accept_held": (Permission.TAKE_IN, lambda o, a: intake.accept_held(o.app, a, 1, "x")),
    "intake.decline_held": (Permission.TAKE_IN, lambda o, a: intake.decline_held(o.app, a, 1, "x")),
    "intake.decide_withdrawal": (
        Permission.TAKE_IN,
        lambda o, a: intake.decide_withdrawal(o.app, a, 1, 1, withdrawn=True, why="x"),
    ),
    "intake.send_feedback": (Permission.TAKE_IN, lambda o, a: intake.send_feedback(o.app, a, o.round_id)),
    "review.verify_value": (
        Permission.DECIDE,
        lambda o, a: review.verify_value(
            o.app, a, 1, 1, sheet="平台指标", column="专家数（人）", text="1", why="x", evidence="x"
        ),
    ),
    "review.end_verified": (
        Permission.DECIDE,
        lambda o, a: review.end_verified(o.app, a, 1, 1, sheet="平台指标", column="专家数（人）", why="x"),
    ),
    "review.determine": (
        Permission.DECIDE,
        lambda o, a: review.determine(o.app, a, 1, 1, criterion="annex1.assurance", verdict="pass", why="x"),
    ),
    "review.end_determination": (
        Permission.DECIDE,
        lambda o, a: review.end_determination(o.app, a, 1, 1, criterion="annex1.assurance", why="x"),
    ),
    "review.add_note": (Permission.DECIDE, lambda o, a: review.add_note(o.app, a, 1, "x")),
    "lists.download": (
        Permission.EXPORT_LISTS,
        lambda o, a: lists.download(o.app, a, o.round_id, "creation_candidates", "csv"),
    ),
    "registry.export_to": (Permission.EXPORT_LISTS, lambda o, a: registry.export_to(o.app, a, out(o))),
    "registry.archive": (Permission.EXPORT_LISTS, lambda o, a: registry.archive(o.app, a)),
    "registry.table": (Permission.EXPORT_LISTS, lambda o, a: registry.table(o.app, a)),
    "lists.export_to": (
        Permission.EXPORT_LISTS,
        lambda o, a: lists.export_to(o.app, a, o.round_id, "creation_candidates", out(o)),
    ),
    "calendar.set_overrides": (
        Permission.MANAGE_CALENDAR,
        lambda o, a: calendar.set_overrides(o.app, a, [DayOverride(date(2026, 12, 18), "rest", "甲")], "x"),
    ),
    "calendar.end_override": (Permission.MANAGE_CALENDAR, lambda o, a: calendar.end_override(o.app, a, 1, 1, "x")),
    "cases.act": (
        Permission.ACT_ON_CASES,
        lambda o, a: cases.act(o.app, a, 1, 1, event="withdrawn", day=date(2026, 5, 1), why="x"),
    ),
    "cases.void": (Permission.ACT_ON_CASES, lambda o, a: cases.void(o.app, a, 1, 1, 1, "x")),
    "cases.correct": (
        Permission.ACT_ON_CASES,
        lambda o, a: cases.correct(o.app, a, 1, 1, 1, day=date(2026, 5, 1), document="", data={}, why="x"),
    ),
    "cohorts.import_cohort": (
        Permission.ACT_ON_CASES,
        lambda o, a: cohorts.import_cohort(o.app, a, b"", "x", expected_sha256="", why="x"),
    ),
    "cohorts.take_back": (Permission.ACT_ON_CASES, lambda o, a: cohorts.take_back(o.app, a, 1, "x")),
    "cases.add_note": (Permission.ACT_ON_CASES, lambda o, a: cases.add_note(o.app, a, 1, text="x")),
    "changes.register": (Permission.ACT_ON_CASES, lambda o, a: changes.register(o.app, a, 1, 1, "x")),
    "changes.register_all": (Permission.ACT_ON_CASES, lambda o, a: changes.register_all(o.app, a, [1], "x")),
    "decision_file.download": (
        Permission.READ_SCORES,
        lambda o, a: decision_file.download(o.app, a, 1, names=True),
    ),
    "feeds.make_feed": (Permission.READ_CASES, lambda o, a: feeds.make_feed(o.app, a, "")),
    "feeds.end_feed": (Permission.READ_CASES, lambda o, a: feeds.end_feed(o.app, a, 1)),
    "notices.open_notice": (
        Permission.RUN_NOTICES,
        lambda o, a: notices.open_notice(
            o.app, a, o.round_id, "creation", published=date(2026, 5, 1), signed=date(2026, 5, 1), contact=CONTACT
        ),
    ),
    "notices.confirm": (
        Permission.RUN_NOTICES,
        lambda o, a: notices.confirm(o.app, a, 1, 1, day=date(2026, 5, 1), document="甲"),
    ),
    "notices.withdraw_notice": (Permission.RUN_NOTICES, lambda o, a: notices.withdraw_notice(o.app, a, 1, 1, "x")),
    "objections.file": (
        Permission.RUN_NOTICES,
        lambda o, a: objections.file(
            o.app,
            a,
            1,
            [1],
            source="anonymous",
            from_name="",
            contact="",
            channel="letter",
            postmarked=None,
            received=date(2026, 5, 1),
            content="x",
            evidence="x",
        ),
    ),
    "objections.assign": (Permission.RUN_NOTICES, lambda o, a: objections.assign(o.app, a, 1, 1, "甲")),
    "objections.resolve": (
        Permission.RUN_NOTICES,
        lambda o, a: objections.resolve(o.app, a, 1, 1, day=date(2026, 5, 1), upheld=True, reason="x", answer=""),
    ),
    "objections.reopen": (Permission.RUN_NOTICES, lambda o, a: objections.reopen(o.app, a, 1, 1, "x")),
    "objections.void": (Permission.RUN_NOTICES, lambda o, a: objections.void(o.app, a, 1, 1, "x")),
    "publishing.publish": (
        Permission.RUN_NOTICES,
        lambda o, a: publishing.publish(
            o.app, a, publishing.Place("notice_creation", 1, 1), publishing.Given(date(2026, 5, 1), "甲")
        ),
    ),
    "publishing.published_file": (Permission.READ_LISTS, lambda o, a: publishing.published_file(o.app, a, 1, "x")),
    "selection.decide": (
        Permission.ACT_ON_CASES,
        lambda o, a: selection.decide(o.app, a, o.round_id, day=date(2026, 5, 1), choices={}, minutes="x", why="x"),
    ),
    "selection_drafts.drafts": (
        Permission.READ_SCORES,
        lambda o, a: selection_drafts.drafts(o.app, a, o.round_id),
    ),
    "selection_drafts.compare": (Permission.READ_SCORES, lambda o, a: selection_drafts.compare(o.app, a, 1, 2)),
    "selection_drafts.save": (
        Permission.ACT_ON_CASES,
        lambda o, a: selection_drafts.save(o.app, a, o.round_id, {}),
    ),
    "selection_drafts.change": (
        Permission.ACT_ON_CASES,
        lambda o, a: selection_drafts.change(o.app, a, 1, 1, name="x", shared=True),
    ),
    "selection_drafts.copy": (Permission.ACT_ON_CASES, lambda o, a: selection_drafts.copy(o.app, a, 1)),
    "selection_drafts.discard": (Permission.ACT_ON_CASES, lambda o, a: selection_drafts.discard(o.app, a, 1, 1)),
    "scoring_books.build_book": (
        Permission.MANAGE_SCORING,
        lambda o, a: scoring_books.build_book(o.app, a, o.round_id, 1),
    ),
    "scoring_books.archive": (Permission.MANAGE_SCORING, lambda o, a: scoring_books.archive(o.app, a, o.round_id, [1])),
    "scoring_books.preview": (
        Permission.MANAGE_SCORING,
        lambda o, a: scoring_books.preview(o.app, a, o.round_id, "x", b""),
    ),
    "scoring_books.take_in": (
        Permission.MANAGE_SCORING,
        lambda o, a: scoring_books.take_in(o.app, a, o.round_id, "x", b"", "", "x"),
    ),
    "scoring_books.take_back": (Permission.MANAGE_SCORING, lambda o, a: scoring_books.take_back(o.app, a, 1, 1, "x")),
    "experts.add": (
        Permission.MANAGE_SCORING,
        lambda o, a: experts.add(o.app, a, experts.Person("虚构蒋某", ("虚构第三大学",))),
    ),
    "experts.change": (
        Permission.MANAGE_SCORING,
        lambda o, a: experts.change(o.app, a, 1, 1, experts.Person("甲", ("乙",)), active=False, why="x"),
    ),
    "experts.set_panel": (
        Permission.MANAGE_SCORING,
        lambda o, a: experts.set_panel(o.app, a, o.round_id, set(), {1}, "x"),
    ),
    "recusals.pin": (Permission.MANAGE_SCORING, lambda o, a: recusals.pin(o.app, a, o.round_id, 1, 1, "x")),
    "recusals.set_aside": (Permission.MANAGE_SCORING, lambda o, a: recusals.set_aside(o.app, a, o.round_id, 1, 1, "x")),
    "recusals.end": (Permission.MANAGE_SCORING, lambda o, a: recusals.end(o.app, a, 1, "x")),
    "recusals.declare": (Permission.SCORE, lambda o, a: recusals.declare(o.app, a, 1, "x")),
    "recusals.clear": (Permission.SCORE, lambda o, a: recusals.clear(o.app, a, 1)),
    "assigning.apply_plan": (
        Permission.MANAGE_SCORING,
        lambda o, a: assigning.apply_plan(o.app, a, o.round_id, 1, "", "x"),
    ),
    "assigning.assign": (Permission.MANAGE_SCORING, lambda o, a: assigning.assign(o.app, a, o.round_id, 1, 1, "x")),
    "assigning.unassign": (Permission.MANAGE_SCORING, lambda o, a: assigning.unassign(o.app, a, 1, 1, "x")),
    "scoring.save_draft": (Permission.SCORE, lambda o, a: scoring.save_draft(o.app, a, 1, {}, 0, 1)),
    "scoring.submit": (Permission.SCORE, lambda o, a: scoring.submit(o.app, a, 1, {}, 0, 1)),
    "scoring.reopen": (Permission.MANAGE_SCORING, lambda o, a: scoring.reopen(o.app, a, 1, 1, "x")),
    "scoring_settings.decide": (
        Permission.MANAGE_SCORING,
        lambda o, a: scoring_settings.decide(o.app, a, o.round_id, {}, "甲", 0, "x"),
    ),
}
MODULES = (
    *(accounts, calendar, cases, changes, cohorts, contacts, decision_file, feeds, intake),
    *(document_templates, documents),
    *(lists, notices, objections, publishing, registry, review, rounds, selection, selection_drafts),
    *(online_setup, online_sync, scoring, scoring_books, scoring_settings, experts, recusals, assigning),
)
ACTS |= ONLINE_ACTS
# what those who only read may do, too: it is theirs alone
OWN = {
    "decision_file.download",
    "feeds.make_feed",
    "feeds.end_feed",
    "publishing.published_file",
    "selection_drafts.drafts",
    "selection_drafts.compare",
}
# what anybody signed in may do, and what is done before anybody is
FREE = {
    "create_first_admin",
    "change_own_password",
    "sign_in",
    "sign_out",
    "actor_of",
    "needs_first_admin",
    "setup_token",
    "required_reason",
}


@pytest.mark.parametrize("name", ACTS)
def test_those_who_may_not_are_refused_and_nothing_is_written(office: Office, name: str) -> None:
    permission, act = ACTS[name]
    files = {path.name: path.read_bytes() for path in office.folder.iterdir()}
    refused = [role for role in Role if permission not in PERMISSIONS[role]]
    if permission is Permission.SCORE:
        assert refused == [Role.ADMIN, Role.STAFF, Role.SUPERVISOR]
    else:
        assert set(refused) >= {Role.EXPERT} | (set() if name in OWN else {Role.SUPERVISOR})
    for role in refused:
        actor = replace(office.expert, role=role)
        sentence = office.refuses(NotAllowed, lambda actor=actor: act(office, actor))
        assert sentence == f"您的角色“{role.label}”不能{permission.value}。如需办理，请联系管理员。"
    assert {path.name: path.read_bytes() for path in office.folder.iterdir()} == files
    assert not out(office).exists()


def test_every_act_that_takes_a_person_is_in_this_list() -> None:
    import inspect

    found = set()
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                asks = "actor" in inspect.signature(function).parameters
                if asks and name not in FREE:
                    found.add(f"{module.__name__.rpartition('.')[2]}.{name}")
    assert found == set(ACTS)


def test_what_each_role_may() -> None:
    read = {
        Permission.READ_ROUND,
        Permission.READ_INTAKE,
        Permission.READ_CHECKS,
        Permission.READ_LISTS,
        Permission.READ_CASES,
        Permission.READ_SCORES,
        Permission.READ_CALENDAR,
        Permission.READ_LEDGER,
    }
    work = read | {
        Permission.MANAGE_ROUND,
        Permission.TAKE_IN,
        Permission.DECIDE,
        Permission.EXPORT_LISTS,
        Permission.ACT_ON_CASES,
        Permission.RUN_NOTICES,
        Permission.MANAGE_SCORING,
    }
    assert {role: set(held) for role, held in PERMISSIONS.items()} == {
        Role.ADMIN: set(Permission) - {Permission.SCORE},
        Role.STAFF: work,
        Role.EXPERT: {Permission.SCORE},
        Role.SUPERVISOR: read,
    }
    assert [role.label for role in Role] == ["管理员", "省厅经办", "评审专家", "监督只读"]
