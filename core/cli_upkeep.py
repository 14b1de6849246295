"""The commands `shifan backup`, `shifan restore` and `shifan verify` (contract §1): saving the store, checking it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import Refused

if TYPE_CHECKING:
    from core.bootstrap import App

DONE, DATA_ERRORS = 0, 1


def add_commands(commands: Any) -> None:
    """Adds the three commands to the parser's subcommands."""
    backup = commands.add_parser("backup", help="把数据库和收到的原件备份成一个文件，不用停止服务")
    backup.add_argument("file", type=Path, metavar="文件", help="要写的文件，如 shifan-2026-06-30.zip")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="把备份恢复到空的数据文件夹和数据库")
    restore.add_argument("file", type=Path, metavar="文件", help="用 shifan backup 做的文件")
    restore.set_defaults(run=_restore)

    verify = commands.add_parser(
        "verify", help="核对数据库是否完好；写了文件的，核对文件是不是导出的原样、和现在差在哪里"
    )
    verify.add_argument("files", nargs="*", type=Path, metavar="文件", help="导出、公布的 xlsx、docx、csv 或校验清单")
    verify.add_argument("--json", action="store_true", help="输出 JSON")
    verify.set_defaults(run=_verify)


@contextmanager
def _store() -> Iterator[App]:
    """The store of the environment; what the database cannot read is told in a sentence."""
    import sqlalchemy as sa

    from core.bootstrap import build

    try:
        app = build()
        try:
            yield app
        finally:
            app.close()
    except sa.exc.DatabaseError as error:
        raise Refused(
            "数据库读不出来，可能已经损坏。请停止服务，把 SHIFAN_HOME 设为新的文件夹"
            f"（用 PostgreSQL 的另建一个空库），用最近的备份恢复。数据库的原话：{error.orig}"
        ) from error


def _backup(chosen: argparse.Namespace) -> int:
    from core.upkeep.backup import backup

    with _store() as app:
        saved = backup(app, chosen.file)
    held = saved.manifest
    print(f"已备份到 {saved.file}（{saved.size / 1e6:,.1f} MB）")
    print(
        f"数据表 {len(held.tables)} 张 {held.rows:,} 行，收到的原件 {len(held.snapshots):,} 份，"
        f"操作留痕到第 {held.ledger_id:,} 条"
    )
    for sentence in saved.left_out:
        print(f"没有存入：{sentence}")
    return DATA_ERRORS if saved.left_out else DONE


def _restore(chosen: argparse.Namespace) -> int:
    from core.settings import settings_from_environment
    from core.upkeep.restore import restore

    held = restore(settings_from_environment(), chosen.file)
    print(f"已恢复 {held.made_at.replace('T', ' ')} 的备份，操作留痕到第 {held.ledger_id:,} 条。正在核对……", flush=True)
    return _print_checks()


def _verify(chosen: argparse.Namespace) -> int:
    from core.upkeep.verify import verify

    if chosen.files:
        return _verify_files(chosen)
    if not chosen.json:
        return _print_checks()
    with _store() as app:
        results = list(verify(app))
    right = not any(result.problems for result in results)
    document = {"ok": right, "checks": [result.document() for result in results]}
    print(json.dumps(document, ensure_ascii=False, indent=2))
    return DONE if right else DATA_ERRORS


def _verify_files(chosen: argparse.Namespace) -> int:
    from core.services.verify_file import verify_file

    with _store() as app:
        found = [verify_file(app, path) for path in chosen.files]
    right = all(each.right for each in found)
    if chosen.json:
        print(json.dumps({"ok": right, "files": [each.document() for each in found]}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(line for each in found for line in each.lines()))
    return DONE if right else DATA_ERRORS


def _print_checks() -> int:
    from core.upkeep.verify import verify

    wrong = 0
    with _store() as app:
        for result in verify(app):
            wrong += len(result.problems)
            print("\n".join(result.lines()), flush=True)
    print(f"共 {wrong} 处不对，请保留现场，联系维护人员。" if wrong else "全部完好。")
    return DATA_ERRORS if wrong else DONE
