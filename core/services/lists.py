"""Use cases of 名单: which applications are on a list, and the files of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, system_reason
from core.publication.lint import Problem, check_file, check_rows, refuse
from core.publication.list_kinds import kinds
from core.publication.lists import KINDS, PublicList, as_csv, manifest, write_files
from core.services import listed as lines
from core.services.listed import Listing
from core.services.rounds import round_row
from core.services.selection import ground_of
from core.store.unit import Entry
from core.working_days.periods import long_day

MANIFEST: Final = "manifest.json"
FORMATS: Final = ("xlsx", "docx", "csv", MANIFEST)


def listing(app: App, round_id: int, kind: str, as_of: date | None = None) -> Listing:
    """A list of a round and where its lines come from; `as_of`: as was known at the end of a past day.

    Refused for a list that there is not, and for a day that is still to come.
    """
    of_year(kind)
    if as_of is not None and as_of > app.clock.today():
        raise Refused(f"{long_day(as_of)}还没有到，不能查看那一天的名单。")
    return lines.listing(app, round_row(app, round_id), kind, as_of)


def of_year(kind: str) -> bool:
    """Whether a list is one of a year; one that is not may be asked of any round. Refused where there is none such."""
    if kind not in KINDS:
        raise Refused(f"没有“{kind}”这种名单。可以用的有：{'、'.join(KINDS)}。")
    return kinds()[kind].of_year


def public_list(app: App, round_id: int, kind: str, as_of: date | None = None) -> PublicList:
    """A list of a round in official order (contract §6)."""
    return listing(app, round_id, kind, as_of).listed


def list_files(
    app: App,
    round_id: int,
    kind: str,
    as_of: date | None = None,
    suffixes: Collection[str] = FORMATS,
    *,
    who: str = "",
    at: str = "",
) -> tuple[PublicList, dict[str, bytes]]:
    """A list, and its files by name: xlsx, docx, csv and the manifest, or the one asked for by its suffix.

    The same store gives the same bytes, but for the manifest, which tells `who` exported them and when (`at`).
    """
    listed = public_list(app, round_id, kind, as_of)
    made = files_of(listed, file_stem(listed.year, kind, as_of), suffixes)
    if MANIFEST in suffixes:
        made |= described(app, round_id, listed, made, as_of, who=who, at=at)
    return listed, made


def files_of(listed: PublicList, stem: str, suffixes: Collection[str] = FORMATS) -> dict[str, bytes]:
    """A list in the forms asked for, by file name; a manifest needs all of them."""
    from core.publication.docx import as_docx
    from core.publication.xlsx import as_xlsx

    writers = {"xlsx": as_xlsx, "docx": as_docx, "csv": as_csv}
    asked = {suffix: write for suffix, write in writers.items() if suffix in suffixes or MANIFEST in suffixes}
    return write_files(listed, asked, stem)


def described(
    app: App,
    round_id: int,
    listed: PublicList,
    files: Mapping[str, bytes],
    as_of: date | None,
    *,
    who: str,
    at: str,
) -> dict[str, bytes]:
    """The manifest of a list's files, by its name."""
    settings = round_row(app, round_id)
    reference = settings.reference_day or settings.deadline
    text = manifest(
        listed,
        files,
        standard_id=settings.standard_id,
        program=app.program,
        as_of=(as_of or app.clock.today()).isoformat(),
        reference_day=reference.isoformat() if reference else "",
        who=who,
        at=at,
    )
    return {f"{file_stem(listed.year, listed.kind, as_of)}.{MANIFEST}": text}


def file_stem(year: int, kind: str, as_of: date | None = None) -> str:
    """The name of a list's files, without suffix."""
    return kinds()[kind].stem.format(year=year) + (f"（截至{as_of.isoformat()}）" if as_of else "")


def unfit(app: App, round_id: int, listed: PublicList) -> list[Problem]:
    """What the rows of a list hold that must not be made public (第八条); nearly always nothing."""
    return check_rows(listed.header, listed.rows, scores=scores_of(app, round_id), where=listed.form.name)


def refuse_unfit(app: App, round_id: int, listed: PublicList, files: Mapping[str, bytes]) -> None:
    """Stops a list that holds what must not be made public, as rows and in each of its files."""
    scores = scores_of(app, round_id)
    problems = unfit(app, round_id, listed)
    refuse(problems or [one for name, data in files.items() for one in check_file(name, data, scores=scores)])


def scores_of(app: App, round_id: int) -> dict[str, Fraction]:
    """What applications of a round came to, by the name they are listed under: no list may follow it."""
    with app.reader.connect() as connection:
        ground = ground_of(app, connection, round_id)
    found = {}
    for number, each in (ground.results or {}).items():
        if number in ground.candidates and each.total.aggregate is not None:
            found[ground.candidates[number].name] = each.total.aggregate
    return found


def download(
    app: App, actor: Actor, round_id: int, kind: str, suffix: str, as_of: date | None = None
) -> tuple[str, bytes]:
    """One file of a list for the browser, by its suffix (xlsx, docx, csv, manifest.json); noted in the ledger.

    Refused where the list holds what must not be made public.
    """
    actor.require(Permission.EXPORT_LISTS)
    listed = public_list(app, round_id, kind, as_of)
    made = files_of(listed, file_stem(listed.year, kind, as_of), (suffix,))
    refuse_unfit(app, round_id, listed, made)
    with _exported(app, actor, round_id, listed, made, as_of, suffix) as files:
        return next(iter(files.items()))


def export_to(app: App, actor: Actor, round_id: int, kind: str, folder: Path, as_of: date | None = None) -> list[Path]:
    """Writes all files of a list into a folder, each wholly or not at all, and notes it in the ledger.

    Refused where the list holds what must not be made public, and where the folder cannot be written.
    """
    actor.require(Permission.EXPORT_LISTS)
    listed = public_list(app, round_id, kind, as_of)
    made = files_of(listed, file_stem(listed.year, kind, as_of))
    refuse_unfit(app, round_id, listed, made)
    with _exported(app, actor, round_id, listed, made, as_of) as files:
        return _written(folder, files)


@contextmanager
def _exported(
    app: App,
    actor: Actor,
    round_id: int,
    listed: PublicList,
    made: Mapping[str, bytes],
    as_of: date | None,
    suffix: str = "",
) -> Iterator[dict[str, bytes]]:
    """Notes in the ledger that files of a list leave the house, with the SHA-256 of each; gives them, by name.

    `suffix`: only that one leaves. What fails inside leaves nothing in the ledger.
    """
    with app.unit(actor) as unit:
        files = dict(made)
        if suffix in ("", MANIFEST):
            told = described(app, round_id, listed, made, as_of, who=actor.name, at=unit.now.isoformat())
            files = files | told if not suffix else told
        known = f"（按{long_day(as_of)}已知的）" if as_of else ""
        what = f"导出{file_stem(listed.year, listed.kind)}{known}：{'、'.join(files)}"
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        details = {"list": listed.kind, "files": hashes, "data_sha256": listed.data_sha256}
        details |= {"as_of": as_of.isoformat()} if as_of else {}
        unit.record(Entry("list.exported", "list", listed.kind, listed.form.name, what, "", round_id, None, details))
        yield files


def _written(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
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
    return paths
