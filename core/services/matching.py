"""Which case something that a city wrote is about: by 统一社会信用代码 and 类型, by name where those do not tell.

Every code and name that a case ever had counts (case_names), so that what is handed in under a former name finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import sqlalchemy as sa

from core.derived import folded
from core.lifecycle.table import load
from core.services.case_files import in_batches
from core.store.tables import case_names, standings

How = Literal["", "code", "name"]
_NAMED: Final = 3  # named in a sentence


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a city wrote. `kind` and `uscc` are '' where it does not say (a change report has a name only)."""

    city: str
    name: str
    kind: str = ""
    uscc: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The case that is meant and what it was found by, or None and a sentence for people."""

    case_id: int | None
    how: How = ""
    sentence: str = ""


@dataclass(slots=True)
class _Known:
    """A case as it can be found."""

    id: int
    kind: str
    city: str
    name: str
    ended: bool
    names: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)


def match(connection: sa.Connection, wanted: Sequence[Wanted]) -> list[Match]:
    """The case that each is about, in the order asked.

    A code that one case has tells it. Where several have it, the name tells which; where none has it or none was
    written, the name among the cases of the same city. A case of that name whose code nobody has entered could have
    it too. Of several of one name the one whose life has not ended.
    """
    known = _known(connection, wanted)
    by_code: dict[str, list[_Known]] = {}
    by_name: dict[str, list[_Known]] = {}
    for case in known:
        for code in case.codes - {""}:
            by_code.setdefault(code, []).append(case)
        for name in case.names:
            by_name.setdefault(name, []).append(case)
    return [_matched(each, by_code, by_name) for each in wanted]


def namesakes(connection: sa.Connection, case_ids: Iterable[int]) -> tuple[set[str], set[str]]:
    """Every code and every name (folded) that some cases ever had."""
    codes: set[str] = set()
    names: set[str] = set()
    for some in in_batches(sorted(set(case_ids))):
        for row in connection.execute(sa.select(case_names).where(case_names.c.case_id.in_(some))):
            codes.add(row.uscc)
            names.add(row.name)
    return codes - {""}, names


def _matched(wanted: Wanted, by_code: dict[str, list[_Known]], by_name: dict[str, list[_Known]]) -> Match:
    named = [each for each in by_name.get(folded(wanted.name), ()) if wanted.kind in ("", each.kind)]
    here = [each for each in named if each.city == wanted.city]
    coded = [each for each in by_code.get(folded(wanted.uscc), ()) if wanted.kind in ("", each.kind)]
    codeless = [each for each in here if not each.codes - {""}]
    if len(coded) == 1 and (coded[0] in named or not codeless):
        return Match(coded[0].id, "code")
    found = ([each for each in named if each in coded] or codeless) if coded else here
    if len(found) > 1:
        found = [each for each in found if not each.ended] or found
    if len(found) == 1:
        return Match(found[0].id, "name")
    return Match(None, "", _sentence(wanted, coded, found))


def _sentence(wanted: Wanted, coded: Sequence[_Known], found: Sequence[_Known]) -> str:
    if found:
        return f"有 {len(found)} 个创建对象都叫“{wanted.name}”（现名{_called(found)}），认不出是哪一个，请核对。"
    if coded:
        return (
            f"统一社会信用代码与 {len(coded)} 个创建对象（{_called(coded)}）相同，名称“{wanted.name}”都对不上，"
            "认不出是哪一个。请核对名称；已更名的，请先办理变更。"
        )
    by = "统一社会信用代码和名称" if wanted.uscc else "名称"
    return f"{wanted.city}的创建对象中没有与“{wanted.name}”{by}相符的（曾用名也查过）。请核对；已更名的，请先办理变更。"


def _called(cases: Sequence[_Known]) -> str:
    return "、".join(f"“{each.name}”" for each in cases[:_NAMED]) + ("等" if len(cases) > _NAMED else "")


def _known(connection: sa.Connection, wanted: Sequence[Wanted]) -> list[_Known]:
    """Every case that any of them may mean, with all its names and codes; one that was taken back stands nowhere."""
    codes = {folded(each.uscc) for each in wanted} - {""}
    names = {folded(each.name) for each in wanted} - {""}
    ids: set[int] = set()
    for column, texts in ((case_names.c.uscc, codes), (case_names.c.name, names)):
        for some in in_batches(sorted(texts)):
            ids.update(connection.execute(sa.select(case_names.c.case_id).where(column.in_(some))).scalars())
    found: dict[int, _Known] = {}
    statuses = load().statuses
    for batch in in_batches(sorted(ids)):
        table = standings.c
        query = sa.select(table.case_id, table.kind, table.city, table.name, table.status).where(
            table.case_id.in_(batch), table.status.is_not(None)
        )
        for row in connection.execute(query):
            found[row.case_id] = _Known(row.case_id, row.kind, row.city, row.name, statuses[row.status].ended)
        known = [each for each in batch if each in found]
        called: Any = connection.execute(sa.select(case_names).where(case_names.c.case_id.in_(known)))
        for row in called:
            found[row.case_id].names.add(row.name)
            found[row.case_id].codes.add(row.uscc)
    return [found[each] for each in sorted(found)]
