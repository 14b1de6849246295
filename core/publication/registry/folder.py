"""Puts a site into a folder: wholly or not at all, and never over anything that is not an earlier one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from core.errors import Refused, system_reason

MANIFEST: Final = "manifest.json"
_OURS: Final = "registry"


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Lets the folder hold exactly these files; `files` has the manifest by which it is known the next time.

    Refused with a sentence where the folder holds something else, and where the system would not write; what was
    there then stays as it was.
    """
    try:
        folder = folder.absolute() if not folder.is_symlink() else folder.resolve()
        _refuse_foreign(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        new, old = (folder.with_name(f".{folder.name}.{part}") for part in ("new", "old"))
        if old.exists() and not folder.exists():
            old.rename(folder)  # where an earlier run was stopped between the two names
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        try:
            new.mkdir()
            for name, data in files.items():
                (new / name).write_bytes(data)
            _swap(folder, new, old)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise Refused(f"写不进文件夹 {folder}：{system_reason(error)}。请检查文件夹和写入权限。") from None


def _swap(folder: Path, new: Path, old: Path) -> None:
    if not folder.exists():
        new.rename(folder)
        return
    folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _refuse_foreign(folder: Path) -> None:
    """A folder may be missing, empty, or an earlier site with nothing added to it."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Refused(f"{folder} 是文件，不是文件夹。请换一个文件夹。")
    held = sorted(path.name for path in folder.iterdir())
    if not held:
        return
    ours = _listed(folder / MANIFEST)
    if ours is None:
        raise Refused(f"文件夹 {folder} 里有别的内容，不是以前导出的名录，没有改动。请换一个新的文件夹。")
    added = [name for name in held if name not in ours]
    if added:
        told = "、".join(added[:3]) + ("等" if len(added) > 3 else "")
        raise Refused(f"文件夹 {folder} 里除了以前导出的名录还有 {told}，没有改动。请移走它们，或者换一个新的文件夹。")


def _listed(manifest: Path) -> set[str] | None:
    """The files of an earlier site by its manifest; None where there is none of ours."""
    try:
        held = json.loads(manifest.read_bytes())
    except (FileNotFoundError, IsADirectoryError, ValueError):
        return None
    if not isinstance(held, dict) or held.get("list") != _OURS or not isinstance(held.get("files"), dict):
        return None
    return {MANIFEST, *held["files"]}
