"""What can be looked at in what was made public: each publication is as it was made, and its files are still there."""

from __future__ import annotations

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.services.publication_rows import publication_problems
from core.store.tables import document_templates, publication_files, publications
from core.upkeep.checks import Looked
from core.upkeep.rows import stream


def records(_app: App, connection: sa.Connection) -> Looked:
    """Every publication is as the ledger has it, with its files; none is missing or strange."""
    looked = Looked(connection.execute(sa.select(sa.func.count()).select_from(publications)).scalar_one())
    looked.problems += [each.rstrip("。") for each in publication_problems(connection)]
    return looked


def files(app: App, connection: sa.Connection) -> Looked:
    """The bytes of every file that was made public, and of every template of a document, are kept as they were."""
    looked = Looked()
    named = (
        (publication_files, publication_files.c.publication_id, publication_files.c.name, "第 {} 号公布的文件“{}”"),
        (document_templates, document_templates.c.id, document_templates.c.file_name, "第 {} 号公文模板“{}”"),
    )
    for table, number, name, words in named:
        query = sa.select(number, name, table.c.sha256, table.c.size).order_by(number, name)
        for owner, called, sha256, size in stream(connection, query):
            looked.count += 1
            whose = words.format(owner, called)
            try:
                held = len(app.snapshots.read(sha256))
            except Refused as refused:
                looked.problems.append(f"{whose}：{refused}".rstrip("。"))
            else:
                looked.problems += [] if held == size else [f"{whose}：登记的大小不对"]
    return looked
