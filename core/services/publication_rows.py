"""What is made public is to the program: its kinds, what of it may never change, and which of them stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from core.errors import Refused
from core.store.tables import ledger, notices, publication_files, publications

MADE: Final = "publication.made"
REPLACED: Final = "publication.replaced"
_ACTIONS: Final = (MADE, REPLACED)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of what is made public. `listed` is the kind of its list, `document` that of its document ('' for none).

    `stage` is that of the notice that it is of ('' for what is of none); `rounds`: it belongs to one round.
    """

    code: str
    name: str
    clause: str
    listed: str
    document: str = ""
    stage: str = ""
    rounds: bool = True


PUBLISHED: Final[Mapping[str, Kind]] = {
    one.code: one
    for one in (
        Kind("notice_creation", "拟创建对象公示", "第七条（二）", "creation_candidates", "notice_creation", "creation"),
        Kind("creation_objects", "创建对象名单", "第七条（二）", "creation_objects", "creation_objects"),
        Kind(
            "notice_recognition",
            "拟认定名单公示",
            "第七条（四）",
            "recognition_candidates",
            "notice_recognition",
            "recognition",
        ),
        Kind("recognized", "认定公告", "第七条（四）", "recognized", "recognized"),
        Kind("renamed", "更名变更公告", "第十一条", "renamed", "renamed"),
        Kind("review_results", "复核结果", "第十条", "review_results"),
        Kind("revoked", "撤销认定公告", "第十条、第十一条、第十二条", "revoked", "revoked"),
        Kind("in_force", "现有示范平台（基地）名单", "第九条", "in_force", rounds=False),
    )
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a publication is of: no two that stand are of the same. `round_id` is None for what is of no round."""

    kind: str
    round_id: int | None
    notice_id: int | None = None


def kind_of(code: str) -> Kind:
    """A kind by its code; Refused where there is none."""
    try:
        return PUBLISHED[code]
    except KeyError:
        names = "、".join(each.name for each in PUBLISHED.values())
        raise Refused(f"没有“{code}”这种公布。可以公布的有：{names}。") from None


def kind_of_stage(stage: str) -> Kind:
    """The kind of a stage's notices."""
    return next(each for each in PUBLISHED.values() if each.stage == stage)


def place_of(row: Any) -> Place:
    """What a publication is of."""
    return Place(row.kind, row.round_id, row.notice_id)


def standing(connection: sa.Connection, place: Place) -> Any:
    """The publication that stands of a kind: the one that no later one stands in the place of; None where none is."""
    table, later = publications, publications.alias()
    same = (
        table.c.kind == place.kind,
        table.c.round_id.is_not_distinct_from(place.round_id),
        table.c.notice_id.is_not_distinct_from(place.notice_id),
    )
    query = sa.select(table).where(*same, ~sa.exists().where(later.c.supersedes == table.c.id))
    return connection.execute(query.order_by(table.c.id.desc()).limit(1)).first()


def files_of(connection: sa.Connection, publication_id: int) -> list[Any]:
    """The files of a publication, by name."""
    table = publication_files
    query = sa.select(table).where(table.c.publication_id == publication_id).order_by(table.c.name)
    return list(connection.execute(query))


def content_digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of a publication's content, whichever database keeps it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def frozen_terms(row: Mapping[str, Any]) -> dict[str, Any]:
    """What of a publication may never change, as the ledger keeps it."""
    signed = row["signed"]
    return {
        **{name: row[name] for name in ("kind", "round_id", "notice_id", "title", "number", "place")},
        "published": row["published"].isoformat(),
        "signed": None if signed is None else signed.isoformat(),
        "as_of": row["as_of"].isoformat(),
        **{name: row[name] for name in ("data_sha256", "standard_id", "supersedes", "who")},
        "content_sha256": content_digest(row["content"]),
    }


def called(row: Any) -> str:
    """`第 3 号“2026年度……名单”`: what people know a publication by."""
    return f"第 {row.id} 号“{row.title}”"


def publication_problems(connection: sa.Connection) -> Iterator[str]:
    """A sentence for each publication that is not as the ledger has it, or that the ledger has and is gone."""
    query = sa.select(ledger.c.id, ledger.c.subject_id, ledger.c.at, ledger.c.details).where(
        ledger.c.action.in_(_ACTIONS)
    )
    told = {row.id: row for row in connection.execute(query.order_by(ledger.c.id))}
    for row in connection.execute(sa.select(publications).order_by(publications.c.id)).all():
        entry = told.pop(row.ledger_id, None)
        if entry is None or entry.subject_id != str(row.id):
            yield f"{called(row)}：操作留痕没有记下它的公布。"
            continue
        if entry.details.get("publication") != frozen_terms(dict(row._mapping)) or row.at != entry.at:
            yield f"{called(row)}：内容与操作留痕记下的公布不符。"
        files = {each.name: [each.sha256, each.size] for each in files_of(connection, row.id)}
        if entry.details.get("files") != files:
            yield f"{called(row)}：所附的文件与操作留痕记下的不符。"
        yield from _of_another(connection, row)
    for number, entry in told.items():
        yield f"操作留痕第 {number} 条记下的第 {entry.subject_id} 号公布不在了。"


def _of_another(connection: sa.Connection, row: Any) -> Iterator[str]:
    """A notice's publication is of a notice of its stage and round; a later one is of the same as what it replaces."""
    if row.notice_id is not None:
        held = connection.execute(sa.select(notices).where(notices.c.id == row.notice_id)).first()
        kind = PUBLISHED.get(row.kind)
        if held is None or kind is None or (held.round_id, held.stage) != (row.round_id, kind.stage):
            yield f"{called(row)}：所公布的不是它写明的公示。"
    if row.supersedes is not None:
        before = connection.execute(sa.select(publications).where(publications.c.id == row.supersedes)).first()
        if before is None or place_of(before) != place_of(row):
            yield f"{called(row)}：替代的不是同一种公布。"
