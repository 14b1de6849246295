"""The vocabulary of an edition: the kinds of rule a criterion may have.

Each rule kind is a frozen dataclass, read from the edition's TOML by `rule_reading` and carried out by the
function of the same name in `core.checks.rules`. A new threshold is data; a new way of judging is a new kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from core.checks.finding import Stage
from core.standards.threshold import Comparison, Ref, Threshold, Values

Kind = Literal["platform", "base"]

KINDS: tuple[Kind, ...] = ("platform", "base")
STAGES: tuple[Stage, ...] = ("creation", "recognition")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure made of columns: `part`, or `part` x `scale` / `whole`; less 1 where it is a growth.

    `unit` is `percent` for a share. `shown`: whether the finding carries it as its value or only in words.
    """

    label: str
    unit: str
    part: Ref
    whole: Ref | None
    scale: Decimal
    growth: bool
    shown: Literal["value", "message"]

    @property
    def columns(self) -> tuple[Ref, ...]:
        """Every column it is made of."""
        return (self.part,) if self.whole is None else (self.part, self.whole)

    @property
    def divisors(self) -> tuple[Ref, ...]:
        """Columns in which a 0 is an error; last year's total is none, a growth over it is merely not known."""
        return () if self.whole is None or self.growth else (self.whole,)


@dataclass(frozen=True, slots=True)
class Item:
    """One of the conditions that a person decides one by one."""

    code: str
    clause: str
    text: str


@dataclass(frozen=True, slots=True)
class Title:
    """One title of 附件2 note 2 with its dated weight, and the column that holds its count."""

    name: str
    column: Ref
    weight: Values


@dataclass(frozen=True, slots=True)
class Operator:
    """运营主体性质 in the list; for the `bound` ones also a way of bearing public service."""

    kind: ClassVar = "operator"
    column: Ref
    ways: Ref
    free: tuple[str, ...]
    bound: tuple[str, ...]
    named: tuple[str, ...]
    judged: tuple[str, ...]

    @property
    def columns(self) -> tuple[Ref, ...]:
        return (self.column, self.ways)

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One option chosen: some pass, some fail, any other is a person's to judge."""

    kind: ClassVar = "choice"
    column: Ref
    passes: tuple[str, ...]
    fails: tuple[str, ...]
    asks: str

    @property
    def columns(self) -> tuple[Ref, ...]:
        return (self.column,)

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Years:
    """A date, and whole years since then."""

    kind: ClassVar = "years"
    column: Ref
    threshold: Threshold

    @property
    def columns(self) -> tuple[Ref, ...]:
        return (self.column,)

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class NotFewer:
    """This year's number not below last year's: pass; below: a person's to judge."""

    kind: ClassVar = "not_fewer"
    column: Ref
    before: Ref

    @property
    def columns(self) -> tuple[Ref, ...]:
        return (self.column, self.before)

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A person's to judge: as a whole, or item by item; a figure may help."""

    kind: ClassVar = "judged"
    asks: str
    items: tuple[Item, ...]
    figure: Figure | None

    @property
    def columns(self) -> tuple[Ref, ...]:
        return () if self.figure is None else self.figure.columns

    @property
    def divisors(self) -> tuple[Ref, ...]:
        """Only of a figure that the finding carries as its value."""
        return () if self.figure is None or self.figure.shown == "message" else self.figure.divisors


@dataclass(frozen=True, slots=True)
class Materials:
    """Every material there; `waived` is allowed for some, for one of them only where the operator is free."""

    kind: ClassVar = "materials"
    materials: tuple[Ref, ...]
    lacking: str
    waived: str
    waivable: tuple[Ref, ...]
    waivable_by_operator: Ref
    operator: Ref
    operator_free: tuple[str, ...]

    @property
    def columns(self) -> tuple[Ref, ...]:
        return self.materials

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Libraries:
    """At least so many of some columns are `yes`, and every column of `also` is."""

    kind: ClassVar = "libraries"
    counted: tuple[Ref, ...]
    also: tuple[Ref, ...]
    yes: str
    threshold: Threshold

    @property
    def columns(self) -> tuple[Ref, ...]:
        return self.counted + self.also

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Entrances:
    """Every entrance there, and registration within a limit of minutes."""

    kind: ClassVar = "entrances"
    entrances: tuple[Ref, ...]
    yes: str
    minutes: Ref
    threshold: Threshold

    @property
    def columns(self) -> tuple[Ref, ...]:
        return (*self.entrances, self.minutes)

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Items:
    """How many items of the edition's list for the platform's category are named."""

    kind: ClassVar = "items"
    column: Ref
    category: Ref
    threshold: Threshold

    @property
    def columns(self) -> tuple[Ref, ...]:
        return (self.column, self.category)

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Amount:
    """The sum of some whole numbers against a limit."""

    kind: ClassVar = "amount"
    columns: tuple[Ref, ...]
    threshold: Threshold

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Share:
    """Part over whole against a limit; `remark` tells how it is counted where that can be misread."""

    kind: ClassVar = "share"
    part: Ref
    whole: Ref
    remark: str
    threshold: Threshold

    @property
    def columns(self) -> tuple[Ref, ...]:
        return (self.part, self.whole)

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return (self.whole,)


@dataclass(frozen=True, slots=True)
class Events:
    """The number of events with enough enterprises (the edition's `events`) against a limit."""

    kind: ClassVar = "events"
    columns: tuple[Ref, ...]
    threshold: Threshold

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class WeightedShare:
    """The weighted number of titles over all enterprises (附件2 note 2) against a limit."""

    kind: ClassVar = "weighted_share"
    titles: tuple[Ref, ...]
    whole: Ref
    threshold: Threshold

    @property
    def columns(self) -> tuple[Ref, ...]:
        return (*self.titles, self.whole)

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return (self.whole,)


@dataclass(frozen=True, slots=True)
class Carriers:
    """How many kinds of carrier there are; enough: a person judges that they work, too few: fail."""

    kind: ClassVar = "carriers"
    columns: tuple[Ref, ...]
    each: Threshold
    threshold: Threshold

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """Figures against the same figures at creation; `met` is the verdict where all are as they should be."""

    kind: ClassVar = "baseline"
    comparison: Comparison
    words: str
    met: Literal["pass", "review"]
    figures: tuple[Figure, ...]

    @property
    def columns(self) -> tuple[Ref, ...]:
        return tuple(dict.fromkeys(ref for figure in self.figures for ref in figure.columns))

    @property
    def divisors(self) -> tuple[Ref, ...]:
        return tuple(ref for figure in self.figures for ref in figure.divisors)


Rule = (
    Operator
    | Choice
    | Years
    | NotFewer
    | Judged
    | Materials
    | Libraries
    | Entrances
    | Items
    | Amount
    | Share
    | Events
    | WeightedShare
    | Carriers
    | Baseline
)

Lists = Mapping[str, tuple[str, ...]]
