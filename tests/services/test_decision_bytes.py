"""申报办理卷, byte for byte: what changes it and what does not, wherever and whenever it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.accounts import Role
from core.errors import Refused
from core.publication.decision_docx import as_docx
from core.services import accounts, assigning, cases, decision_file, experts, lists, review, rounds
from core.services.arrangement import DayOverride
from core.services.calendar import set_overrides
from core.services.decision_file import download
from core.settings import PROJECT
from core.store import tables
from core.upkeep.backup import backup
from tests.books import applicant
from tests.conftest import BOTH, one_database
from tests.decided import number_of, section
from tests.office import DALIAN, SHENYANG, Office, Worlds, shenyang
from tests.panels import ANSHAN, seen
from tests.upkeep.stores import brought_back

Act = Callable[[Office], object]


def bytes_of(office: Office, *, names: bool = False) -> bytes:
    """The file of 云帆."""
    made = decision_file.decision_file(office.app, number_of(office), names=names)
    return as_docx(made.dossier)


def _other_city(office: Office) -> None:
    office.put(DALIAN, applicant("platform", "PT-001", "虚构市星河服务平台"))
    assert [each.ok for each in office.take(DALIAN)] == [True]


def _other_expert(office: Office) -> None:
    person = experts.Person("虚构卫某", ("虚构设计院",), "沈阳市")
    experts.add(office.app, office.staff, person)


def _by_hand(office: Office) -> None:
    expert = next(each.id for each in seen(office).experts.values() if each.code == "专家03")
    number = next(each.id for each in seen(office).subjects.values() if each.name == ANSHAN)
    assigning.assign(office.app, office.staff, office.round_id, number, expert, "补足人数")


def _by_lot(office: Office) -> None:
    made = assigning.draw(office.app, office.round_id, 7)
    assert assigning.apply_plan(office.app, office.staff, office.round_id, 7, made.fingerprint, "抽签") > 0


def _holiday(office: Office) -> None:
    # within the notice: it would end a day later now
    rest = DayOverride(date(2026, 6, 5), "rest", "虚构通知1号")
    set_overrides(office.app, office.admin, [rest], "临时放假")


UNRELATED: dict[str, Act] = {
    "another city's workbook": _other_city,
    "a note on another application": lambda o: review.add_note(o.app, o.staff, number_of(o, DALIAN), "甲"),
    "another account": lambda o: accounts.create_account(
        o.app, o.admin, login="sun", name="孙经办", role=Role.STAFF, password="tests-only-password"
    ),
    "another expert": _other_expert,
    "an assignment of another application": _by_hand,
    "a plan that gives it nobody": _by_lot,
    "a holiday after the confirmation": _holiday,
    "a list that was exported": lambda o: lists.download(o.app, o.staff, o.round_id, "creation_objects", "csv"),
    "the file itself that was exported": lambda o: download(o.app, o.staff, number_of(o), names=True),
    "another round": lambda o: rounds.open_round(o.app, o.admin, year=2027),
}


@pytest.mark.parametrize("name", UNRELATED)
def test_what_does_not_concern_it_changes_no_byte(decided: Office, name: str) -> None:
    before = [bytes_of(decided, names=names) for names in (False, True)]
    entries = len(decided.entries())
    UNRELATED[name](decided)
    assert len(decided.entries()) > entries
    assert [bytes_of(decided, names=names) for names in (False, True)] == before


def _city_again(office: Office) -> None:
    first, second = shenyang()
    office.put(SHENYANG, first, second, applicant("base", "JD-002", "虚构市新基地"))
    assert [each.ok for each in office.take(SHENYANG, why="补报")] == [True]


def _expert_changed(office: Office) -> None:
    known = next(each for each in seen(office).experts.values() if each.code == "专家01")
    person = experts.Person("王专家", ("虚构新单位",), "沈阳市", (), "", known.account_id)
    experts.change(office.app, office.staff, known.id, known.version, person, active=True, why="调动")


RELATED: dict[str, Act] = {
    "a note": lambda o: review.add_note(o.app, o.staff, number_of(o), "甲"),
    "a note on its case": lambda o: cases.add_note(
        o.app, o.staff, o.row(tables.cases, application_id=number_of(o)).id, text="乙"
    ),
    "a workbook of its city": _city_again,
    "one of its experts": _expert_changed,
}


@pytest.mark.parametrize("name", RELATED)
def test_what_concerns_it_is_in_it(decided: Office, name: str) -> None:
    before = bytes_of(decided)
    RELATED[name](decided)
    assert bytes_of(decided) != before
    told = section(decided, "操作留痕")
    assert told[-1].startswith(f"{decided.last().id} | ")


def test_a_plan_is_in_the_files_of_those_that_it_gives_somebody(decided: Office) -> None:
    _by_lot(decided)
    told = section(decided, "操作留痕", number_of(decided, key="jd-001"))
    assert f"{decided.last().id} | " in "\n".join(told)
    assert decided.last().what in told[-1]


def test_a_download_is_noted_and_the_next_one_is_the_same(decided: Office) -> None:
    number = number_of(decided)
    rests_on = decided.last().id
    name, content = download(decided.app, decided.supervisor, number, names=False)
    assert name == "申报办理卷-2026-沈阳市-PT-001.docx"
    entry = decided.last()
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("decision.exported", "decision", str(number))
    assert (entry.who, entry.what) == ("陈监督", f"导出申报办理卷：{name}")
    assert (entry.details["names"], entry.details["entry"]) == (False, rests_on)
    other, named = download(decided.app, decided.staff, number, names=True)
    assert other == "申报办理卷-2026-沈阳市-PT-001（含专家姓名）.docx"
    assert decided.last().what == f"导出申报办理卷（含专家姓名）：{other}"
    assert download(decided.app, decided.staff, number, names=False)[1] == content != named


@one_database
def test_an_export_is_nobodys_change_of_the_application(decided: Office) -> None:
    download(decided.app, decided.supervisor, number_of(decided), names=False)
    with pytest.raises(Refused, match="已由李经办于"):
        review.determine(
            decided.app, decided.staff, number_of(decided), 1, criterion="annex1.assurance", verdict="pass", why="甲"
        )


@pytest.mark.parametrize("other", BOTH)
def test_both_databases_give_the_same_bytes(decided: Office, worlds: Worlds, other: str, tmp_path: Path) -> None:
    number = number_of(decided)
    backup(decided.app, tmp_path / "b.zip")
    made = brought_back(worlds, other, tmp_path / "b.zip", tmp_path / "other")
    there = as_docx(decision_file.decision_file(made, number, names=False).dossier)
    made.close()
    assert there == bytes_of(decided)


@one_database
def test_another_process_elsewhere_gives_the_same_bytes(decided: Office, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from core.bootstrap import build\n"
        "from core.publication.decision_docx import as_docx\n"
        "from core.services.decision_file import decision_file\n"
        "from core.settings import Settings, sqlite_url\n"
        "home = Path(sys.argv[1])\n"
        "app = build(Settings(home, sqlite_url(home)))\n"
        "made = decision_file(app, int(sys.argv[2]), names=False)\n"
        "Path(sys.argv[3]).write_bytes(as_docx(made.dossier))\n"
        "app.close()\n"
    )
    out = tmp_path / "out.docx"
    elsewhere = {"TZ": "America/Anchorage", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", code, str(decided.app.settings.home), str(number_of(decided)), str(out)]
    subprocess.run(command, check=True, cwd=PROJECT, env=os.environ | elsewhere)
    assert out.read_bytes() == bytes_of(decided)
