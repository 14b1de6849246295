"""Use cases of 名录 (第九条): who is in the public registry, its site as a folder or one archive, its table."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.replay import Life
from core.lifecycle.table import load
from core.publication.lint import Problem, check_rows, refuse
from core.publication.lists import in_official_order
from core.publication.registry.data import CSV, as_csv, lint_table, rows
from core.publication.registry.folder import MANIFEST, replace_folder
from core.publication.registry.model import City, Registered, Registry
from core.publication.registry.site import site_files
from core.publication.registry.words import words
from core.services.case_files import CaseFile, case_files, places
from core.services.looking_back import Look, look
from core.services.registry_history import public_life
from core.services.registry_services import Known, Told, told_of
from core.standards import loader
from core.standards.recommenders import recommenders
from core.store.tables import standings
from core.store.unit import Entry
from core.working_days.periods import long_day

NAME: Final = "registry"
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the same bytes, whenever they are made


def registry(app: App, as_of: date | None = None) -> Registry:
    """Everybody whom 第九条 makes public, in official order; `as_of`: as was known at the end of a past day.

    Refused for a day that is still to come.
    """
    if as_of is not None and as_of > app.clock.today():
        raise Refused(f"{long_day(as_of)}还没有到，不能查看那一天的名录。")
    with app.reader.connect() as connection:
        seen = look(app, connection, as_of)
        # who stands nowhere near is not read; of a past day it is not known who that is
        ids = None if as_of is not None else _near(connection)
        found = [
            (file, one)
            for file in case_files(connection, ids)
            if (one := _registered(seen.lives.of(file.standard_id), file, seen)) is not None
        ]
        known: Known = app.remembered.setdefault("registry cells", {})
        told = told_of(connection, [file for file, _ in found], known, seen.known_by)
    objects = (_with(one, told.get(file.id, Told())) for file, one in found)
    cities = tuple(City(each.code, each.name) for each in recommenders())
    return Registry(in_official_order(objects), cities, as_of)


def site(app: App, as_of: date | None = None) -> tuple[Registry, dict[str, bytes]]:
    """The registry, and every file of its site by name, the manifest last. The same store gives the same bytes.

    Refused with every place where something stands that must not be public.
    """
    shown = registry(app, as_of)
    lines = rows(shown)
    refuse(unfit(shown, lines))
    files = site_files(shown, lines)
    return shown, files | {MANIFEST: _manifest(app, shown, files)}


def unfit(shown: Registry, table: tuple[tuple[str, ...], ...] | None = None) -> list[Problem]:
    """Every place in the registry where something stands that must not be public (第八条).

    `table`: the lines of the CSV, where the caller has made them already.
    """
    header, lines = lint_table(shown, rows(shown) if table is None else table)
    return check_rows(header, lines, where="名录")


def export_to(app: App, actor: Actor, folder: Path, as_of: date | None = None) -> tuple[Registry, list[Path]]:
    """Writes the site into a folder, wholly or not at all, and notes it in the ledger.

    Gives the registry and the files.

    A folder that holds an earlier site is replaced, an empty one used; one that holds anything else is refused.
    """
    actor.require(Permission.EXPORT_LISTS)
    shown, files = site(app, as_of)
    replace_folder(folder, files)
    _note_export(app, actor, shown, files, f"导出名录网站到文件夹 {folder.name}")
    return shown, [folder / name for name in files]


def archive(app: App, actor: Actor, as_of: date | None = None) -> tuple[str, bytes]:
    """The site as one zip, by name; noted in the ledger."""
    actor.require(Permission.EXPORT_LISTS)
    shown, files = site(app, as_of)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            member = zipfile.ZipInfo(f"{NAME}/{name}", _ZIP_TIME)
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            target.writestr(member, data)
    name, content = f"{file_stem(as_of)}.zip", packed.getvalue()
    _note_export(app, actor, shown, {name: content, **files}, f"导出名录网站（压缩包）：{name}")
    return name, content


def table(app: App, actor: Actor, as_of: date | None = None) -> tuple[str, bytes]:
    """The table alone (CSV), by name; noted in the ledger."""
    actor.require(Permission.EXPORT_LISTS)
    shown = registry(app, as_of)
    lines = rows(shown)
    refuse(unfit(shown, lines))
    name, content = f"{file_stem(as_of)}{Path(CSV).suffix}", as_csv(lines)
    _note_export(app, actor, shown, {name: content}, f"导出名录表格：{name}")
    return name, content


def file_stem(as_of: date | None = None) -> str:
    """What files of the registry are called, without suffix."""
    return "示范平台（基地）名录" + (f"（截至{as_of.isoformat()}）" if as_of else "")


def _near(connection: sa.Connection) -> list[int]:
    """The cases that the public may know of: those that stand where it is told, or where a told state led unseen."""
    shown = {status for group in words().groups for status in group.statuses}
    rows_of = (row for each in load().rows.values() for row in each)
    shown |= {row.to for row in rows_of if row.source in shown and not row.public}
    query = sa.select(standings.c.case_id).where(standings.c.status.in_(shown))
    return list(connection.execute(query).scalars())


def _registered(life: Life, file: CaseFile, seen: Look) -> Registered | None:
    """A case as the public sees it; None where it does not."""
    told, steps, former = public_life(life, file, seen)
    group = words().group_of(told.status)
    if not group or told.status is None:
        return None
    return Registered(
        places()[file.city][1],
        file.city,
        told.called.name,
        file.kind,
        told.called.operator,
        number=file.id,
        group=group,
        status=load().statuses[told.status].public,
        category=file.category,
        former=former,
        created=told.created,
        recognized=told.recognized,
        revoked=told.revoked,
        history=steps,
    )


def _with(one: Registered, told: Told) -> Registered:
    return replace(one, services=told.services, industry=told.industry)


def _manifest(app: App, shown: Registry, files: Mapping[str, bytes]) -> bytes:
    """What was made from what. It lies open on the site: who made it and when stands in the ledger alone."""
    document = {
        "list": NAME,
        "title": words().title,
        "rows": len(shown.objects),
        "data_sha256": shown.data_sha256,
        "files": _hashes(files.items()),
        "as_of": "" if shown.as_of is None else shown.as_of.isoformat(),
        "standard": loader.default(),
        "program": app.program,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _hashes(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files)}


def _note_export(app: App, actor: Actor, shown: Registry, files: Mapping[str, bytes], what: str) -> None:
    """Writes into the ledger that the registry left the house: who, when, which data, each file's SHA-256."""
    known = f"（按{long_day(shown.as_of)}已知的）" if shown.as_of else ""
    details = {
        "list": NAME,
        "files": _hashes(files.items()),
        "data_sha256": shown.data_sha256,
        "rows": len(shown.objects),
        **({"as_of": shown.as_of.isoformat()} if shown.as_of else {}),
    }
    with app.unit(actor) as unit:
        unit.record(
            Entry(
                "registry.exported",
                "list",
                NAME,
                "名录",
                f"{what}{known}，共 {len(shown.objects)} 个",
                "",
                details=details,
            )
        )
