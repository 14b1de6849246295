"""One edition of the standard: the measure of a year as data, read and proved by `loader`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from core.checks.finding import Stage
from core.standards.rubric import Rubric
from core.standards.rules import Item, Judged, Kind, Lists, Rule, Title
from core.standards.threshold import Ref, Threshold, Values

Mark = Literal["rule", "duty", "principle"]
MARKS: tuple[Mark, ...] = ("rule", "duty", "principle")


@dataclass(frozen=True, slots=True)
class Clause:
    """One article, paragraph, annex row or note: `gist` is in our own words.

    `mark`: a rule the program holds to, a duty of people, or a principle. `used_by` names what carries a rule
    out: a criterion's code, `lifecycle:…`, `list:…`, `setting:…`, `preference:…`, `scoring:…`, or `later:…` for what
    comes.
    """

    number: str
    heading: str
    gist: str
    mark: Mark
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of the table in contract §3. `short` (2-4 characters) heads its column in a matrix."""

    code: str
    name: str
    short: str
    clause: str
    kinds: tuple[Kind, ...]
    rules: Mapping[tuple[Kind, Stage], Rule]

    def rule(self, kind: Kind, stage: Stage) -> Rule | None:
        """How it is judged; None where it is not asked."""
        return self.rules.get((kind, stage))

    @property
    def items(self) -> Mapping[str, Item]:
        """The conditions that a person decides one by one, by code; empty for most criteria."""
        judged = (rule for rule in self.rules.values() if isinstance(rule, Judged))
        return {item.code: item for rule in judged for item in rule.items}

    def columns(self, kind: Kind, stage: Stage) -> tuple[Ref, ...]:
        """The columns it looks at."""
        rule = self.rule(kind, stage)
        return () if rule is None else rule.columns


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the life of a case, in `unit` (年, 月, 工作日)."""

    code: str
    name: str
    clause: str
    unit: str
    values: Values


@dataclass(frozen=True, slots=True)
class Statement:
    """A list rule, a setting that a round decides, or a later piece of the program, with its clause if any."""

    code: str
    text: str
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """Shown to people who compare equals; changes no verdict and no order."""

    code: str
    clause: str
    column: Ref
    option: str
    text: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Where the roster of titled enterprises and the number they are held against stand."""

    code: Ref
    name: Ref
    titles: Ref
    whole: Ref


@dataclass(frozen=True, slots=True)
class EventsRule:
    """What counts as one event: `attendance` within `minimum`; `column` is the figure given beside it."""

    column: Ref
    attendance: Ref
    minimum: Threshold


@dataclass(frozen=True, slots=True)
class Edition:
    """A whole edition. `sha256` is that of its files, so that a judgement can say what it was judged by."""

    id: str
    name: str
    year: int
    issuer: str
    source: str
    note: str
    checked_on: date
    sha256: str
    criteria: tuple[Criterion, ...]
    clauses: Mapping[str, Clause]
    titles: tuple[Title, ...]
    roster: Roster
    events: EventsRule
    items: Lists
    preferences: tuple[Preference, ...]
    periods: Mapping[str, Period]
    list_rules: Mapping[str, Statement]
    settings: Mapping[str, Statement]
    later: Mapping[str, Statement]
    rubric: Rubric
    _asked: dict[tuple[Kind, Stage], tuple[Criterion, ...]] = field(default_factory=dict, compare=False)
    _divisors: dict[tuple[Kind, Stage], tuple[Ref, ...]] = field(default_factory=dict, compare=False)

    def criteria_for(self, kind: Kind, stage: Stage) -> tuple[Criterion, ...]:
        """The criteria asked of a kind at a stage, in the order of the contract."""
        key = (kind, stage)
        if key not in self._asked:
            self._asked[key] = tuple(one for one in self.criteria if one.rule(kind, stage) is not None)
        return self._asked[key]

    def criterion(self, code: str) -> Criterion:
        """A criterion by its code; KeyError where there is none."""
        for one in self.criteria:
            if one.code == code:
                return one
        raise KeyError(code)

    def clause(self, number: str) -> Clause:
        """A clause by its number, `第五条（一）1` or `附件1 服务能力/服务功能情况`."""
        return self.clauses[number]

    def divisors(self, kind: Kind, stage: Stage) -> tuple[Ref, ...]:
        """Columns that some criterion of a kind and stage divides by."""
        key = (kind, stage)
        if key not in self._divisors:
            found = (
                ref
                for criterion in self.criteria_for(kind, stage)
                if (rule := criterion.rule(kind, stage)) is not None
                for ref in rule.divisors
            )
            self._divisors[key] = tuple(dict.fromkeys(found))
        return self._divisors[key]

    def guide(self, day: date | None = None) -> dict[tuple[str, str], tuple[str, ...]]:
        """What each column feeds: (sheet, column) -> lines `创建：≥ 40（附件1 服务能力/汇集服务资源情况）`.

        Limits are those in force on `day`; without it, the latest known.
        """
        from core.standards.guide import guide

        return guide(self, day or date.max)
