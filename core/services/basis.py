"""What acceptance and review rest on: the application that a case handed in for it (第七条（三）、第十条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa

from core.bootstrap import App
from core.checks.finding import Verdict
from core.derived import folded
from core.lifecycle.table import load
from core.services.applicants import Applicant, applicants
from core.services.case_files import CaseFile, case_files
from core.services.matching import Wanted, match, namesakes
from core.services.review import VERDICT_WORDS
from core.store.queries import newest_assessments
from core.store.tables import case_names

# the 申报类别 that each status is judged by
ASKED: Final[Mapping[str, str]] = {
    "creating": "期满验收",
    "extended": "延期验收",
    "recognized": "运行复核",
    "rectifying": "运行复核",
}
RESTING: Final = ("acceptance_passed", "acceptance_failed", "review_passed", "review_failed")
PASSING: Final = ("acceptance_passed", "review_passed")
FIRST: Final = "创建申报"


@dataclass(frozen=True, slots=True)
class Linked:
    """An application of a case.

    `verdict`: pass, fail, review, missing, '' where not judged. `how` it was tied to the case: opened (the case
    began with it), used (an entry rests on it), code, name. `used`: the event that rests on it, else ''.
    """

    application_id: int
    round_id: int
    year: int
    city: str
    number: str
    name: str
    application: str
    withdrawal: str
    verdict: Verdict | Literal[""]
    how: str
    used: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What an act on a case may rest on now.

    `asked` is the 申报类别 ('' where its status asks for none). `application` None: `sentence` says why, and what
    to do. `passing`: it is there and everything about it is settled as 达标; else `sentence` says what is open.
    """

    asked: str
    application: Linked | None
    passing: bool
    sentence: str


def linked(app: App, connection: sa.Connection, file: CaseFile) -> list[Linked]:
    """Every application of a case: newest round first, then by 编号.

    A 创建申报 is of the case that it opened; the others are found by code and name (core/services/matching.py).
    """
    codes, names = namesakes(connection, [file.id])
    found = [each for each in applicants(app) if _may_be_of(each, file, codes, names)]
    used = _used(connection, file, codes, names)
    asked = [Wanted(each.city, each.name, each.kind, each.uscc) for each in found]
    judged = newest_assessments(connection, [each.application_id for each in found])
    tied: list[Linked] = []
    for each, matched in zip(found, match(connection, asked), strict=True):
        number = each.application_id
        if number == file.application_id:
            how = "opened"
        elif number in used:
            how = "used" if used[number][0] == file.id else ""
        else:
            how = matched.how if matched.case_id == file.id else ""
        if how:
            event = used[number][1] if number in used else ""
            tied.append(_linked(each, judged[number].verdict if number in judged else "", how, event))
    return sorted(tied, key=lambda each: (-each.year, each.number))


def basis(app: App, connection: sa.Connection, file: CaseFile, status: str | None) -> Basis:
    """What an act may rest on in a status: of the newest round that has one, and not used by an entry already."""
    asked = ASKED.get(status or "", "")
    if not asked:
        name = load().statuses[status].name if status else "没有记载"
        return Basis("", None, False, f"目前是“{name}”，不办理验收或复核。")
    mine = [each for each in linked(app, connection, file) if each.application == asked]
    newest = [each for each in mine if each.year == mine[0].year]
    free = [each for each in newest if not each.used and each.withdrawal != "withdrawn"]
    if not free:
        return Basis(asked, None, False, _nothing(asked, newest))
    if len(free) > 1:
        which = "、".join(f"{each.city}编号“{each.number}”" for each in free)
        return Basis(
            asked, None, False, f"{free[0].year}年度有 {len(free)} 个“{asked}”与它对应（{which}），请市里只留一个。"
        )
    one = free[0]
    what = f"{one.year}年度的“{asked}”（{one.city}编号“{one.number}”）"
    if one.withdrawal == "pending":
        told = f"{what}已不在市里的工作簿中，请先到“推荐接收”确认撤回或保留。"
        return Basis(asked, None, False, told)
    if one.verdict != "pass":
        word = VERDICT_WORDS[one.verdict] if one.verdict else "还没有审核"
        return Basis(asked, one, False, f"{what}审核结论是“{word}”，结论为“达标”才能通过。请到“条件审核”核定、认定。")
    return Basis(asked, one, True, f"{what}审核结论是“达标”。")


def _nothing(asked: str, newest: Sequence[Linked]) -> str:
    how = f"请市里在推荐汇总表中以“{asked}”报送，受理并审核之后再办。"
    if not newest:
        return f"还没有收到它的“{asked}”。{how}"
    one = newest[0]
    if one.withdrawal == "withdrawn":
        return f"{one.year}年度的“{asked}”（{one.city}编号“{one.number}”）已经撤回。{how}"
    name = load().events[one.used]
    return f"{one.year}年度的“{asked}”（{one.city}编号“{one.number}”）已用于“{name}”，没有新的。{how}"


def _may_be_of(each: Applicant, file: CaseFile, codes: set[str], names: set[str]) -> bool:
    if each.application == FIRST:
        return each.application_id == file.application_id
    return each.kind == file.kind and (folded(each.uscc) in codes or folded(each.name) in names)


def _used(connection: sa.Connection, file: CaseFile, codes: set[str], names: set[str]) -> dict[int, tuple[int, str]]:
    """Applications that entries rest on, with case and event: of this case, and of those it could be taken for."""
    same = sa.or_(case_names.c.uscc.in_(codes), case_names.c.name.in_(names))
    others = set(connection.execute(sa.select(case_names.c.case_id).where(same)).scalars()) - {file.id}
    return resting_on([*case_files(connection, sorted(others)), file])


def resting_on(files: Iterable[CaseFile]) -> dict[int, tuple[int, str]]:
    """Applications that entries of some cases rest on: number -> (case, event)."""
    return {
        entry.data["application_id"]: (file.id, entry.type)
        for file in files
        for entry in file.counted()
        if entry.type in RESTING and "application_id" in entry.data
    }


def _linked(each: Applicant, verdict: Verdict | Literal[""], how: str, used: str) -> Linked:
    return Linked(
        each.application_id,
        each.round_id,
        each.year,
        each.city,
        each.number,
        each.name,
        each.application,
        each.withdrawal,
        verdict,
        how,
        used,
    )
