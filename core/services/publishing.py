"""Use cases of 公布: making a list and its document public, in the place of an earlier one where there is one.

What was made public is kept as it was: content, files, day and document. It is never changed, only superseded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.publication import lint
from core.services import lists
from core.services.accounts import required_reason
from core.services.publication_content import Content, Papers, Under, content, papers
from core.services.publication_rows import (
    MADE,
    PUBLISHED,
    REPLACED,
    Place,
    files_of,
    frozen_terms,
    kind_of,
    publication_problems,
    standing,
)
from core.store.queries import ledger_head
from core.store.tables import publication_files, publications
from core.store.unit import Entry, Unit
from core.working_days.periods import long_day

__all__ = ["PUBLISHED", "Given", "Place", "publication_problems", "publish", "published_file"]

_LONGEST: Final = {"number": ("发文字号", 128), "place": ("公布的地方", 500)}


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gives: the day of publication, that under the document's signature, its number, and where.

    `document`: it goes out with the document of its kind, which then says what is not given.
    """

    published: date
    where: str
    signed: date | None = None
    number: str = ""
    document: bool = True


@dataclass(frozen=True, slots=True)
class _Made:
    """Everything that is kept of a publication, made from the store as it was at the ledger's entry `head`."""

    head: int
    content: Content
    papers: Papers


def publish(
    app: App,
    actor: Actor,
    place: Place,
    given: Given,
    *,
    supersedes: int | None = None,
    why: str = "",
    expected_sha256: str = "",
) -> int:
    """Registers what is made public, with its files as of now, and gives the number of the publication.

    `supersedes`: the publication whose place it takes, with the reason in `why`. `expected_sha256`: of the data that
    the person had in front of them. Refused: an empty list, a notice taken back, a day that is still to come or
    outside the notice, a signature after the publication, a list that is published already, what the lint refuses.
    """
    actor.require(Permission.RUN_NOTICES)
    kind = kind_of(place.kind)
    given = _checked(app, given)
    why = required_reason(why) if supersedes is not None else why.strip()
    # files take their time, and nobody else can write while a unit is open
    made = _make(app, actor, place, given, first=supersedes is None)
    with app.unit(actor) as unit:
        if unit.ledger_id != made.head + 1:
            made = _make(app, actor, place, given, first=supersedes is None)
        listed = made.content.listed
        if expected_sha256 not in ("", listed.data_sha256):
            raise Stale("您打开以后，名单有变化，没有公布。请刷新页面，核对最新的名单后再办。")
        before = _before(unit, place, supersedes)
        if before is not None and given.published < before.published:
            raise Refused(f"公布日期{long_day(given.published)}早于原来公布的{long_day(before.published)}，请核对。")
        row = {
            "kind": kind.code,
            "round_id": place.round_id,
            "notice_id": place.notice_id,
            "title": made.papers.title,
            "number": made.papers.number,
            "place": given.where,
            "published": given.published,
            "signed": made.papers.signed,
            "as_of": unit.now.date(),
            "content": made.content.plain(made.papers.fields),
            "data_sha256": listed.data_sha256,
            "standard_id": made.content.standard_id,
            "supersedes": supersedes,
            "who": actor.name,
        }
        number = unit.insert(publications, **row, ledger_id=unit.ledger_id, at=unit.now)
        kept = {name: [app.snapshots.keep(data), len(data)] for name, data in made.papers.files.items()}
        unit.execute(
            publication_files.insert(),
            [
                {"publication_id": number, "name": name, "sha256": sha256, "size": size}
                for name, (sha256, size) in kept.items()
            ],
        )
        details = {"publication": frozen_terms(row), "files": kept}
        unit.record(
            Entry(
                MADE if before is None else REPLACED,
                "publication",
                number,
                made.papers.title,
                _said(given, made.papers.number, len(listed.rows), before),
                why,
                place.round_id,
                None,
                details,
            )
        )
    return number


def published_file(app: App, actor: Actor, publication_id: int, name: str) -> bytes:
    """A file of a publication, byte for byte as it was. Refused where there is none, or where it is not whole."""
    actor.require(Permission.READ_LISTS)
    with app.reader.connect() as connection:
        held = {each.name: each for each in files_of(connection, publication_id)}
    if name not in held:
        raise Refused("没有这个公布的文件，请刷新页面后重新选择。")
    return app.snapshots.read(held[name].sha256)


def _make(app: App, actor: Actor, place: Place, given: Given, *, first: bool) -> _Made:
    with app.reader.connect() as connection:
        head = ledger_head(connection)
    made = content(app, place)
    if made.notice is not None:
        _refuse(made.notice, given.published, first=first)
    if not made.listed.rows:
        raise Refused(f"名单是空的，不能公布。{made.empty}")
    lint.refuse(lint.check_text(given.where, where="公布的地方"))
    held = papers(app, actor, made, number=given.number, signed=given.signed, document=given.document)
    _refuse_late(held.signed, given.published)
    _refuse_unfit(app, made, held)
    return _Made(head, made, held)


def _refuse_unfit(app: App, made: Content, held: Papers) -> None:
    """Stops what holds what must not be made public (第八条): the list first, then each file down to its last part."""
    lint.refuse(lint.check_text(held.number, where="发文字号"))
    lists.refuse_unfit(app, made.round_id, made.listed, {})
    scores = lists.scores_of(app, made.round_id)
    # a manifest holds digests, in which figures stand as chance has them
    files = {name: data for name, data in held.files.items() if not name.endswith(lists.MANIFEST)}
    problems = [lint.check_file(name, files[name], scores=scores, allowed=held.phones) for name in files]
    lint.refuse([one for found in problems for one in found])


def _checked(app: App, given: Given) -> Given:
    """What was given, texts on one line; Refused for days that cannot be, and where it does not say where."""
    texts = {"number": " ".join(given.number.split()), "place": " ".join(given.where.split())}
    if not texts["place"]:
        raise Refused("请写明在哪里公布，例如：辽宁省中小企业服务网。")
    for name, (label, longest) in _LONGEST.items():
        if len(texts[name]) > longest:
            raise Refused(f"{label}太长，请不要超过 {longest} 个字。")
    if given.published > app.clock.today():
        raise Refused(f"公布日期{long_day(given.published)}还没有到；请在公布的当天或之后登记。")
    _refuse_late(given.signed, given.published)
    return replace(given, where=texts["place"], number=texts["number"])


def _refuse_late(signed: date | None, published: date) -> None:
    if signed is not None and signed > published:
        raise Refused(f"落款日期{long_day(signed)}晚于公布日期{long_day(published)}，请核对文件上的落款日期。")


def _refuse(under: Under, published: date, *, first: bool) -> None:
    """A notice is made public on its first day, from which its period counts; in its place another while it runs."""
    if under.withdrawn:
        raise Refused(f"{under.name}已经撤回，不能公布。请先重新登记公示。")
    if first and published != under.published:
        raise Refused(
            f"{under.name}的公示首日是{long_day(under.published)}，公布日期就是这一天。"
            "实际公布的日期不同的，请先撤回公示，按实际的首日重新登记。"
        )
    if not under.published <= published <= under.last.day:
        raise Refused(
            f"公布日期{long_day(published)}不在公示期内。{under.name}从{long_day(under.published)}"
            f"到{long_day(under.last.day)}，请核对公布日期。"
        )


def _before(unit: Unit, place: Place, supersedes: int | None) -> Any:
    """The publication that stands, where it is the one that the person means to supersede."""
    held = standing(unit.connection, place)
    if held is None and supersedes is None:
        return None
    if held is None:
        raise Refused("没有要替代的公布，请刷新页面后重新选择。")
    when = f"{held.who}于{held.at:%Y-%m-%d %H:%M}"
    if supersedes is None:
        raise Refused(
            f"“{held.title}”已由{when}登记公布，不能再公布一次。内容有改动的，请打开这次公布，办理“重新公布”，写明理由。"
        )
    if held.id != supersedes:
        raise Stale(f"“{held.title}”已由{when}重新公布，您的公布没有登记。请刷新页面，核对后再办。")
    return held


def _said(given: Given, number: str, count: int, before: Any) -> str:
    number = f"（{number}）" if number else ""
    instead = "" if before is None else f"，替代{long_day(before.published)}公布的"
    return f"{long_day(given.published)}在{given.where}公布 {count:,} 个{number}{instead}"
