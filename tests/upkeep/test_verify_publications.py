"""`verify` finds a publication that is not as it was made, and a file of one that is not there as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.bootstrap import App
from core.services.publishing import Given, Place, publish
from core.store import tables
from core.upkeep.verify import verify
from tests.notices import PUBLISHED, proposed
from tests.notices import publish as open_notice
from tests.office import BEFORE, BUILDERS, Office, Worlds, office_of
from tests.upkeep.stores import problems
from tests.upkeep.test_verify import meddle, wrong

CHECK, FILES = "公布", "公布的文件和公文模板"
TITLE = "关于2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象名单的公示"
FIRST, SECOND = f"第 1 号“{TITLE}”", f"第 2 号“{TITLE}”"
TABLES = ("publications", "publication_files")
UNGUARD = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {table}_no_{act}" for table in TABLES for act in ("update", "delete", "insert")
    ],
    "postgresql": [f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only" for table in TABLES],
}


def _publish(app: App, folder: Path) -> None:
    office = office_of(app, folder)
    proposed(office)
    place = Place("notice_creation", office.round_id, open_notice(office))
    given = Given(PUBLISHED, "虚构服务网")
    first = publish(app, office.staff, place, given)
    publish(app, office.staff, place, given, supersedes=first, why="更正")


TWICE = "published twice"
BUILDERS[TWICE], BEFORE[TWICE] = _publish, "opened"


@pytest.fixture
def office(worlds: Worlds, backend: str, tmp_path: Path) -> Iterator[Office]:
    """A notice made public, and once more in its place."""
    made = worlds.office(backend, TWICE, tmp_path / "home")
    made.on(PUBLISHED)
    yield made
    made.app.close()


def found(office: Office, backend: str, *statements: str | sa.Executable) -> dict[str, tuple[str, ...]]:
    """What `verify` says after somebody has changed the store; that the guards are gone is not told here."""
    meddle(office, *UNGUARD[backend], *statements)
    return {name: said for name, said in wrong(office).items() if name != "只增不改的保护"}


def ledger_of(office: Office, number: int) -> int:
    return int(office.row(tables.publications, id=number).ledger_id)


def test_publications_in_order_are_in_order_and_counted(office: Office) -> None:
    told = {result.check.name: (result.count, result.problems) for result in verify(office.app)}
    assert (told[CHECK], told[FILES]) == ((2, ()), (10, ()))
    assert problems(office.app) == []


@pytest.mark.parametrize(
    "values",
    [
        {"title": "别的"}, {"number": "虚构〔2026〕99号"}, {"place": "别处"}, {"published": date(2026, 6, 2)},
        {"signed": None}, {"as_of": date(2026, 6, 2)}, {"data_sha256": "0" * 64}, {"standard_id": "别的"},
        {"content": {"rows": []}}, {"who": "别人"}, {"supersedes": None},
    ],
)  # fmt: skip
def test_a_changed_publication_is_named(office: Office, backend: str, values: dict[str, Any]) -> None:
    table = tables.publications
    told = found(office, backend, table.update().where(table.c.id == 2).values(**values))
    name = f"第 2 号“{values.get('title', TITLE)}”"
    assert told[CHECK] == (f"{name}：内容与操作留痕记下的公布不符",)


def test_a_publication_of_another_notice_and_one_that_no_act_made_are_named(office: Office, backend: str) -> None:
    table = tables.publications
    proposed(office, [("虚构丁平台", "沈阳市")])
    other = open_notice(office)
    told = found(office, backend, table.update().where(table.c.id == 2).values(notice_id=other))
    assert told[CHECK] == (f"{SECOND}：内容与操作留痕记下的公布不符", f"{SECOND}：替代的不是同一种公布")
    told = found(office, backend, table.update().where(table.c.id == 2).values(notice_id=1, ledger_id=1))
    assert told[CHECK] == (
        f"{SECOND}：操作留痕没有记下它的公布",
        f"操作留痕第 {ledger_of(office, 1) + 1} 条记下的第 2 号公布不在了",
    )


def test_a_kind_that_there_is_not_is_named(office: Office, backend: str) -> None:
    table = tables.publications
    told = found(office, backend, table.update().where(table.c.id == 1).values(kind="winners"))
    assert told[CHECK] == (
        f"{FIRST}：内容与操作留痕记下的公布不符",
        f"{FIRST}：所公布的不是它写明的公示",
        f"{SECOND}：替代的不是同一种公布",
    )


def test_a_publication_that_is_gone_is_named(office: Office, backend: str) -> None:
    number = ledger_of(office, 2)
    files, table = tables.publication_files, tables.publications
    gone = (files.delete().where(files.c.publication_id == 2), table.delete().where(table.c.id == 2))
    assert found(office, backend, *gone)[CHECK] == (f"操作留痕第 {number} 条记下的第 2 号公布不在了",)


def test_files_that_came_went_or_changed_are_named(office: Office, backend: str) -> None:
    files = tables.publication_files
    own = sa.and_(files.c.publication_id == 1, files.c.name.endswith(".csv"))
    told = found(office, backend, files.update().where(own).values(size=1))
    assert told == {
        CHECK: (f"{FIRST}：所附的文件与操作留痕记下的不符",),
        FILES: ("第 1 号公布的文件“2026年度拟创建对象公示名单.csv”：登记的大小不对",),
    }
    assert found(office, backend, files.delete().where(own)) == {CHECK: (f"{FIRST}：所附的文件与操作留痕记下的不符",)}


def test_bytes_that_are_gone_are_named_with_every_publication_that_has_them(office: Office) -> None:
    held = office.row(tables.publication_files, publication_id=1, name="2026年度拟创建对象公示.docx")
    office.app.snapshots.path(held.sha256).unlink()
    lost = f"存档中找不到收到时的原件（{held.sha256[:12]}…）。请用最近的备份恢复，再重试"
    assert wrong(office) == {
        FILES: tuple(f"第 {number} 号公布的文件“2026年度拟创建对象公示.docx”：{lost}" for number in (1, 2))
    }


def test_the_bytes_of_a_template_are_looked_at_too(office: Office) -> None:
    values = {"kind": "renamed", "file_name": "更名公告.docx", "sha256": "0" * 64, "size": 1, "who": "甲"}
    table = tables.document_templates
    meddle(office, table.insert().values(**values, at=office.app.clock.now()))
    assert wrong(office) == {
        FILES: (f"第 1 号公文模板“更名公告.docx”：存档中找不到收到时的原件（{'0' * 12}…）。请用最近的备份恢复，再重试",)
    }
