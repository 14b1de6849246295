"""Use cases of 名单: which applications are on a list, and the files of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, system_reason
from core.publication.lists import KINDS, PublicList, as_csv, manifest, write_files
from core.services import listed as lines
from core.services.listed import Listing
from core.services.rounds import round_row
from core.store.tables import rounds
from core.store.unit import Entry
from core.working_days.periods import long_day


def listing(app: App, round_id: int, kind: str, as_of: date | None = None) -> Listing:
    """A list of a round and where its lines come from; `as_of`: as was known at the end of a past day.

    Refused for a list that there is not, and for a day that is still to come.
    """
    if kind not in KINDS:
        raise Refused(f"没有“{kind}”这种名单。可以用的有：{'、'.join(KINDS)}。")
    if as_of is not None and as_of > app.clock.today():
        raise Refused(f"{long_day(as_of)}还没有到，不能查看那一天的名单。")
    return lines.listing(app, round_row(app, round_id), kind, as_of)


def public_list(app: App, round_id: int, kind: str, as_of: date | None = None) -> PublicList:
    """A list of a round in official order (contract §6)."""
    return listing(app, round_id, kind, as_of).listed


def list_files(app: App, round_id: int, kind: str, as_of: date | None = None) -> tuple[PublicList, dict[str, bytes]]:
    """A list, and its files by name: xlsx, docx, csv and the manifest. The same store gives the same bytes.

    The manifest's `as_of` is the past day that was asked for, else the round's day of reference.
    """
    from core.publication.docx import as_docx
    from core.publication.xlsx import as_xlsx

    listed = public_list(app, round_id, kind, as_of)
    settings = round_row(app, round_id)
    stem = file_stem(settings.year, kind, as_of)
    files = write_files(listed, {"xlsx": as_xlsx, "docx": as_docx, "csv": as_csv}, stem)
    known = as_of or settings.reference_day or settings.deadline
    described = manifest(
        listed,
        files,
        standard_id=settings.standard_id,
        program=app.program,
        as_of=known.isoformat() if known else "",
    )
    return listed, files | {f"{stem}.manifest.json": described}


def file_stem(year: int, kind: str, as_of: date | None = None) -> str:
    """The name of a list's files, without suffix."""
    return f"{year}年度{KINDS[kind]}" + (f"（截至{as_of.isoformat()}）" if as_of else "")


def _note_export(
    app: App,
    actor: Actor,
    round_id: int,
    kind: str,
    file_names: list[str],
    data_sha256: str,
    as_of: date | None,
) -> None:
    """Writes into the ledger that a list left the house: who, when, which data."""
    actor.require(Permission.EXPORT_LISTS)
    with app.unit(actor) as unit:
        year = unit.execute(sa.select(rounds.c.year).where(rounds.c.id == round_id)).scalar_one()
        known = f"（按{long_day(as_of)}已知的）" if as_of else ""
        what = f"导出{year}年度{KINDS[kind]}{known}：{'、'.join(file_names)}"
        details = {"list": kind, "files": file_names, "data_sha256": data_sha256}
        details |= {"as_of": as_of.isoformat()} if as_of else {}
        unit.record(Entry("list.exported", "list", kind, KINDS[kind], what, "", round_id, None, details))


def download(
    app: App, actor: Actor, round_id: int, kind: str, suffix: str, as_of: date | None = None
) -> tuple[str, bytes]:
    """One file of a list for the browser, by its suffix (xlsx, docx, csv, manifest.json); noted in the ledger."""
    actor.require(Permission.EXPORT_LISTS)
    listed, files = list_files(app, round_id, kind, as_of)
    name = next(name for name in files if name.endswith(f".{suffix}"))
    _note_export(app, actor, round_id, kind, [name], listed.data_sha256, as_of)
    return name, files[name]


def export_to(app: App, actor: Actor, round_id: int, kind: str, folder: Path, as_of: date | None = None) -> list[Path]:
    """Writes all files of a list into a folder, each wholly or not at all, and notes it in the ledger."""
    actor.require(Permission.EXPORT_LISTS)
    listed, files = list_files(app, round_id, kind, as_of)
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            draft = folder / f".{name}.tmp"
            draft.write_bytes(data)
            draft.replace(folder / name)
            paths.append(folder / name)
    except OSError as error:
        raise Refused(f"写不进文件夹 {folder}：{system_reason(error)}。请检查文件夹和写入权限。") from None
    _note_export(app, actor, round_id, kind, list(files), listed.data_sha256, as_of)
    return paths
