"""Use cases of 名单: which applications are on a list, and the files of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, system_reason
from core.publication.lists import (
    KINDS,
    ListedObject,
    PublicList,
    as_csv,
    in_official_order,
    manifest,
    write_files,
)
from core.records import with_verified
from core.services.rounds import round_row
from core.standards.recommenders import recommenders
from core.store.queries import held_applications, newest_assessments, standing_verified, text_of
from core.store.tables import rounds
from core.store.unit import Entry

# Which 申报类别 each list is drawn from. The other kinds come from what happens to a case after its notice.
CANDIDATES: dict[str, tuple[str, ...]] = {
    "creation_candidates": ("创建申报",),
    "recognition_candidates": ("期满验收", "延期验收"),
}


def public_list(app: App, round_id: int, kind: str) -> PublicList:
    """The applications whose every finding is settled and passes, in official order (contract §6)."""
    if kind not in KINDS:
        raise Refused(f"没有“{kind}”这种名单。可以用的有：{'、'.join(KINDS)}。")
    if kind not in CANDIDATES:
        raise Refused(f"“{KINDS[kind]}”要在公示期满并确认之后才有，本轮次还没有确认过的对象。")
    settings = round_row(app, round_id)
    codes = {each.name: each.code for each in recommenders()}
    with app.reader.connect() as connection:
        # a row that disappeared is not published until a person has decided on it
        held = [each for each in held_applications(connection, round_id) if each.withdrawal in ("", "kept")]
        ids = [each.application_id for each in held]
        newest, verified = newest_assessments(connection, ids), standing_verified(connection, ids)
    chosen = []
    for reported in held:
        values = {(row.sheet, row.column): row.value for row in verified.get(reported.application_id, ())}
        each = replace(reported, record=with_verified(reported.record, values)) if values else reported
        judged = newest.get(each.application_id)
        if judged is None or judged.verdict != "pass" or text_of(each, "申报类别") not in CANDIDATES[kind]:
            continue
        chosen.append(
            ListedObject(
                codes.get(each.city, ""),
                each.city,
                text_of(each, "平台（基地）名称"),
                "platform" if text_of(each, "类型") == "平台" else "base",
                text_of(each, "运营主体"),
            )
        )
    return PublicList(kind, settings.year, in_official_order(chosen))


def list_files(app: App, round_id: int, kind: str) -> tuple[PublicList, dict[str, bytes]]:
    """A list, and its files by name: xlsx, docx, csv and the manifest. The same store gives the same bytes."""
    from core.publication.docx import as_docx
    from core.publication.xlsx import as_xlsx

    listed = public_list(app, round_id, kind)
    settings = round_row(app, round_id)
    stem = f"{settings.year}年度{KINDS[kind]}"
    files = write_files(listed, {"xlsx": as_xlsx, "docx": as_docx, "csv": as_csv}, stem)
    as_of = settings.reference_day or settings.deadline
    described = manifest(
        listed,
        files,
        standard_id=settings.standard_id,
        program=app.program,
        as_of=as_of.isoformat() if as_of else "",
    )
    return listed, files | {f"{stem}.manifest.json": described}


def _note_export(app: App, actor: Actor, round_id: int, kind: str, file_names: list[str], data_sha256: str) -> None:
    """Writes into the ledger that a list left the house: who, when, which data."""
    actor.require(Permission.EXPORT_LISTS)
    with app.unit(actor) as unit:
        year = unit.execute(sa.select(rounds.c.year).where(rounds.c.id == round_id)).scalar_one()
        what = f"导出{year}年度{KINDS[kind]}：{'、'.join(file_names)}"
        details = {"list": kind, "files": file_names, "data_sha256": data_sha256}
        unit.record(Entry("list.exported", "list", kind, KINDS[kind], what, "", round_id, None, details))


def download(app: App, actor: Actor, round_id: int, kind: str, suffix: str) -> tuple[str, bytes]:
    """One file of a list for the browser, by its suffix (xlsx, docx, csv, manifest.json); noted in the ledger."""
    actor.require(Permission.EXPORT_LISTS)
    listed, files = list_files(app, round_id, kind)
    name = next(name for name in files if name.endswith(f".{suffix}"))
    _note_export(app, actor, round_id, kind, [name], listed.data_sha256)
    return name, files[name]


def export_to(app: App, actor: Actor, round_id: int, kind: str, folder: Path) -> list[Path]:
    """Writes all files of a list into a folder, each wholly or not at all, and notes it in the ledger."""
    actor.require(Permission.EXPORT_LISTS)
    listed, files = list_files(app, round_id, kind)
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
    _note_export(app, actor, round_id, kind, list(files), listed.data_sha256)
    return paths
