"""`shifan export registry` (第九条): the public registry as a site in a folder, with its table and its data."""

from __future__ import annotations

import argparse
import sys

LIST = "registry"
DONE = 0


def export_registry(chosen: argparse.Namespace) -> int:
    """Writes the site and prints its files; says so where there is nobody in it."""
    from core.accounts import command_line_actor
    from core.bootstrap import build
    from core.services.registry import export_to

    app = build()
    try:
        shown, paths = export_to(app, command_line_actor(), chosen.out, chosen.as_of)
    finally:
        app.close()
    print("\n".join(str(path) for path in paths))
    if chosen.round is not None:
        print("shifan：名录不分年度，没有用到 --round。", file=sys.stderr)
    if not shown.objects:
        print("shifan：名录是空的，还没有确定的创建对象，也没有认定的。", file=sys.stderr)
    return DONE
