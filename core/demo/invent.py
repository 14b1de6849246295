"""Invents what each city sends: first and after corrections, in the earlier round and in last year's."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from core.demo.figures import at_creation, draw, draw_items
from core.demo.organisations import Inventor
from core.demo.plan import BookCase, Case, Plan
from core.standards.recommenders import recommenders
from sheets_schema.schema import load

Line = dict[str, Any]
APPLICANTS, MATERIALS, ROSTER, EVENTS = "推荐汇总表", "申报材料", "优质企业名录", "线下活动"
FIGURES = {"平台": "平台指标", "基地": "基地指标"}
NEW = "创建申报"
TYPES = (NEW, "期满验收", "延期验收", "运行复核")
EVENT_COUNT = "年线下活动数（场）"
DEFAULT_UNITS = 6  # divisions one level down, where a recommender has none of its own


@dataclass(slots=True)
class Applicant:
    """One applicant: its rows by sheet as sent (`lines`), as they would be right (`clean`), and at creation."""

    id: str
    type: str
    kind: str
    lines: dict[str, list[Line]]
    clean: dict[str, list[Line]]
    case: Case | None = None
    earlier: dict[str, list[Line]] | None = None

    @property
    def stage(self) -> str:
        """Which column of the annexes it is held against."""
        return "创建" if self.type == NEW else "认定"


@dataclass(slots=True)
class Book:
    """A city's workbook as rows by sheet, and what is wrong with it as a whole."""

    year: int
    city: str
    rows: dict[str, list[Line]] = field(default_factory=dict)
    wrong: BookCase | None = None

    def add(self, lines: dict[str, list[Line]]) -> None:
        """Appends an applicant's rows."""
        for sheet, rows in lines.items():
            self.rows.setdefault(sheet, []).extend(copy.deepcopy(rows))


@dataclass(frozen=True, slots=True)
class Invented:
    """The books by city: of the earlier round, of last year's, the first versions, and the corrected ones of some.

    `called`: who each 编号 is, as a row of 推荐汇总表 with 推荐单位; of objects that sent nothing as well.
    """

    earlier: dict[str, Book]
    last: dict[str, Book]
    first: dict[str, Book]
    second: dict[str, Book]
    called: dict[str, Line]


def invent(plan: Plan) -> Invented:
    """The round of the plan. The same plan gives the same round."""
    inventor = Inventor(plan)
    applicants = {each["name"]: _applicants(plan, inventor, each) for each in plan.main["city"]}
    for own in list(applicants.values()):
        for each in own:
            if each.case and each.case.also_by:
                _recommend_again(applicants[each.case.also_by], each, plan, each.case.also_by)
    first = {city: _book(plan, city, own) for city, own in applicants.items()}
    parts = ("waiting", "open_now", "late", "withdrawn", "truncated")
    second = {city: _second(plan, inventor, city, applicants[city]) for part in parts for city in _cities(plan, part)}
    inventor.plan = plan.last
    last, older = (_untroubled(plan.last, inventor, plan.past[part]) for part in ("city", "old"))
    called = {
        each.id: each.clean[APPLICANTS][0] | {"推荐单位": city}
        for some in (applicants, last, older)
        for city, own in some.items()
        for each in own
    }
    of_last = {city: _book(plan.last, city, own) for city, own in last.items()}
    return Invented(_earlier(plan, applicants), of_last, first, second, called)


def _untroubled(plan: Plan, inventor: Inventor, cities: list[dict[str, Any]]) -> dict[str, list[Applicant]]:
    """Applicants that miss nothing, with no figures at creation."""
    made = {}
    for city in cities:
        wanted = [
            Case(city["name"], kind, type_, no_baseline=True)
            for type_ in TYPES
            for kind, count in zip(FIGURES, city.get(type_, (0, 0)), strict=True)
            for _ in range(count)
        ]
        made[city["name"]] = _applicants(replace(plan, cases=tuple(wanted)), inventor, city)
    return made


def _cities(plan: Plan, part: str) -> list[str]:
    named = plan.place(part)
    return [named] if isinstance(named, str) else list(named)


def _applicants(plan: Plan, inventor: Inventor, city: dict[str, Any]) -> list[Applicant]:
    cases = [case for case in plan.cases if case.city == city["name"]]
    made: list[Applicant] = []
    for type_ in TYPES:
        for kind, count in zip(FIGURES, city.get(type_, (0, 0)), strict=True):
            due = [case for case in cases if (case.kind, case.type) == (kind, type_)]
            if len(due) > count:
                raise ValueError(f"cases.toml: {city['name']} has {count} {type_} {kind}, {len(due)} are asked for")
            for at in range(count):
                case = due[at] if at < len(due) else None
                number = f"{city['mark']}-{len(made) + 1:03d}"
                made.append(_applicant(plan, inventor, city, number, kind, type_, case))
    return made


def _applicant(
    plan: Plan, inventor: Inventor, city: dict[str, Any], number: str, kind: str, type_: str, case: Case | None
) -> Applicant:
    rng = Random(f"{plan.main['seed']}/{number}")
    made = Applicant(number, type_, kind, {}, {}, case)
    clean = case is not None
    home = inventor.applicant(rng, city["name"], kind, made.stage, clean=clean)
    home |= {"编号": number, "申报类别": type_, "初审日期": date(plan.year, 5, 6) + timedelta(days=rng.randrange(30))}
    figures = _figures(plan, inventor, rng, city, home, made.stage, clean=clean)
    made.clean = {APPLICANTS: [home], FIGURES[kind]: [{"编号": number} | figures]}
    if type_ == NEW:
        made.clean[MATERIALS] = [{"编号": number} | inventor.materials(rng, home["运营主体性质"])]
    elif case is None or not case.no_baseline:
        made.earlier = _at_creation(plan, inventor, rng, city, made)
    if (case is not None and case.rows) or (rng.randrange(100) < plan.main["odds"]["rows"] and case is None):
        _list_rows(plan, inventor, rng, made)
    made.lines = copy.deepcopy(made.clean)
    if case is not None:
        _apply(made, case)
    return made


def _figures(
    plan: Plan, inventor: Inventor, rng: Random, city: dict[str, Any], home: Line, stage: str, *, clean: bool
) -> Line:
    kind = home["类型"]
    ranges = plan.figures[kind][stage]
    if kind == "基地":
        return draw(rng, ranges, clean=clean, given=inventor.industry(rng), sheet=FIGURES[kind])
    units = {each.name: each.units for each in recommenders()}[city["name"]] or city.get("units", DEFAULT_UNITS)
    column = load().sheet(FIGURES[kind]).column("服务内容")
    items = draw_items(rng, ranges["items"][column.name], column.options_for(home["平台类别"]), clean=clean)
    given = {column.name: items, "下一级行政区总数（个）": units}
    return draw(rng, ranges, clean=clean, given=given, sheet=FIGURES[kind])


def _at_creation(
    plan: Plan, inventor: Inventor, rng: Random, city: dict[str, Any], now: Applicant
) -> dict[str, list[Line]]:
    """What the same organisation reported in the earlier round."""
    sheet = FIGURES[now.kind]
    home = now.clean[APPLICANTS][0] | {
        "申报类别": NEW,
        "初审日期": date(plan.earlier_year, 5, 6) + timedelta(days=rng.randrange(30)),
    }
    if now.kind == "基地":
        figures = at_creation(rng, plan.figures["创建时"], now.clean[sheet][0], sheet=sheet)
    else:
        figures = _figures(plan, inventor, rng, city, home, "创建", clean=True)
    for (at, column), value in (now.case.baseline if now.case else {}).items():
        part = Decimal(value.removesuffix("%")) / 100 * Decimal(now.clean[at][0][column])
        whole = load().sheet(at).column(column).type == "integer"
        figures[column] = int(part) if whole else part.quantize(Decimal("0.1"))
    materials = {"编号": now.id} | inventor.materials(rng, home["运营主体性质"])
    return {APPLICANTS: [home], sheet: [{"编号": now.id} | figures], MATERIALS: [materials]}


def _list_rows(plan: Plan, inventor: Inventor, rng: Random, made: Applicant) -> None:
    """Moves counts into rows: 线下活动 of a platform, 优质企业名录 of a base; the counts stay empty then."""
    figures = made.clean[FIGURES[made.kind]][0]
    if made.kind == "平台":
        enough = [inventor.event(rng, plan.year, enough=True) for _ in range(figures[EVENT_COUNT])]
        few = [inventor.event(rng, plan.year, enough=False) for _ in range(rng.randrange(4))]
        rows, sheet = sorted(enough + few, key=lambda row: row["活动日期"]), EVENTS
        figures[EVENT_COUNT] = None
    else:
        sheet, rows = ROSTER, []
        for title in load().sheet(ROSTER).column("称号").options:
            column = f"{title}数（家）"
            rows += [inventor.enterprise(rng, title) for _ in range(figures[column])]
            figures[column] = None
    made.clean[sheet] = [{"编号": made.id} | row for row in rows]


def _apply(made: Applicant, case: Case) -> None:
    for (sheet, column), value in case.set.items():
        made.lines[sheet][0][column] = None if value == "" else value
    if case.drop:
        del made.lines[case.drop]
    if case.repeat:
        made.lines[case.repeat] *= 2


def _recommend_again(own: list[Applicant], of: Applicant, plan: Plan, city: str) -> None:
    """A second city recommends the same applicant under a number of its own."""
    mark = next(each["mark"] for each in plan.main["city"] if each["name"] == city)
    number = f"{mark}-{len(own) + 1:03d}"
    lines = {sheet: [row | {"编号": number} for row in rows] for sheet, rows in of.lines.items()}
    own.append(Applicant(number, of.type, of.kind, lines, copy.deepcopy(lines)))


def _book(plan: Plan, city: str, applicants: list[Applicant]) -> Book:
    made = Book(plan.year, city, wrong=plan.books.get(city))
    for each in applicants:
        made.add(each.lines)
    if made.wrong and made.wrong.stray:
        sheet, number = made.wrong.stray
        made.rows[sheet].append(made.rows[sheet][0] | {"编号": number})
    return made


def _second(plan: Plan, inventor: Inventor, city: str, applicants: list[Applicant]) -> Book:
    """The corrected version: wrong cells put right, some figures revised, in some cities a row more or less."""
    made = Book(plan.year, city)
    plain = [each for each in applicants if each.case is None and each.type == NEW]
    gone = plain[-1].id if city in (plan.place("waiting")[1], plan.place("withdrawn")) else ""
    revised = {each.id for each in plain[:2]}
    for each in applicants:
        if each.id == gone:
            continue
        lines = copy.deepcopy(each.clean if each.case and each.case.correct else each.lines)
        if each.id in revised:
            _revise(lines[FIGURES[each.kind]][0], each.kind)
        made.add(lines)
    if city == plan.place("waiting")[0]:
        settings = next(each for each in plan.main["city"] if each["name"] == city)
        number = f"{settings['mark']}-{len(applicants) + 1:03d}"
        made.add(_applicant(plan, inventor, settings, number, "平台", NEW, None).lines)
    return made


def _revise(figures: Line, kind: str) -> None:
    for name in ("年服务中小企业数（家）", "专家数（人）") if kind == "平台" else ("有效发明专利数（件）",):
        figures[name] += max(1, figures[name] // 20)


def _earlier(plan: Plan, applicants: dict[str, list[Applicant]]) -> dict[str, Book]:
    made: dict[str, Book] = {}
    for city, own in applicants.items():
        for each in own:
            if each.earlier is not None:
                made.setdefault(city, Book(plan.earlier_year, city)).add(each.earlier)
    return made
