"""A round whose scores go up and down along the official order, each found nowhere else: to look for in what leaves."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from core.scoring.shown import shown
from core.services import rounds, scoring
from core.standards.recommenders import recommenders
from core.store import tables
from core.store.unit import Entry
from tests.books import applicant
from tests.office import DALIAN, SHENFU, SHENYANG, Office
from tests.panels import ALL, assigned, convene, handed_in
from tests.passing import settle
from tests.scoring.documents import CODES

# in official order
SCORES = {
    "虚构市云帆服务平台": "63.47",
    "虚构市望海基地": "91.26",
    "虚构市青禾服务平台": "72.58",
    "虚构市北辰服务平台": "87.13",
    "虚构市星河服务平台": "65.39",
    "虚构市长风基地": "96.04",
    "虚构区安山服务平台": "68.81",
    "虚构区白鹭服务平台": "79.62",
}
CITIES = {SHENYANG: list(SCORES)[:3], DALIAN: list(SCORES)[3:6], SHENFU: list(SCORES)[6:]}
EXACT = {name: Fraction(score) for name, score in SCORES.items()}
APART = Decimal("1.37")  # one expert gives so much more, the other so much less


def score_round(office: Office) -> None:
    """Eight applications with complete scores, in an office where nothing has been received yet."""
    for city, names in CITIES.items():
        kinds = ["base" if name.endswith("基地") else "platform" for name in names]
        office.put(
            city, *(applicant(kind, f"BH-{at}", name) for at, (kind, name) in enumerate(zip(kinds, names, strict=True)))
        )
    assert [each.ok for each in office.take()] == [True] * 3
    others = [each.name for each in recommenders() if each.name not in CITIES]
    changes = [rounds.RecommenderChange(name, 1, False, None, "") for name in others]
    rounds.set_recommenders(office.app, office.staff, office.round_id, changes, "只有三个推荐单位参加")
    settle(office, *(name for name in SCORES if name not in ALL))
    convene(office)
    for code, sign in (("专家02", 1), ("专家03", -1)):
        for number, score in zip(assigned(office, *((code, name) for name in SCORES)), SCORES.values(), strict=True):
            given = dict.fromkeys(CODES, str(Decimal(score) + sign * APART))
            handed_in(office, number, {"scores": given, "comments": dict.fromkeys(CODES, "虚构意见")})
    _act(office)


def _act(office: Office) -> None:
    """An expert hands a sheet in and gets it back; then somebody else scores in the expert's place."""
    [number] = assigned(office, ("专家01", "虚构市云帆服务平台"))
    content = {"scores": dict.fromkeys(CODES, SCORES["虚构市云帆服务平台"]), "comments": {}, "counts": {}}
    scoring.submit(office.app, office.expert, number, content, 0, 1)
    scoring.reopen(office.app, office.staff, number, 1, "请复议")
    with office.app.writer.begin() as connection:
        ended = tables.assignments.update().where(tables.assignments.c.id == number)
        connection.execute(ended.values(ended_at=office.app.clock.now(), end_reason="改派"))
    with office.app.unit(office.staff) as unit:
        unit.record(Entry("assignment.ended", "assignment", number, "虚构", "撤回分派", "改派", office.round_id))


def figures() -> set[str]:
    """Every score as it might be written somewhere."""
    exact = [Decimal(score) + part for score in SCORES.values() for part in (Decimal(0), APART, -APART)]
    return {shown(one) for one in exact} | {f"{one.normalize():f}" for one in exact}
