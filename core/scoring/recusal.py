"""Who may not score what (回避): by rule, by declaration, and what a person should look at first. Pure.

The measure asks for a fair procedure (第四条) and says nothing more; the same city is a setting of the round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

from core.scoring.units import related_units, same_unit, unit_root
from core.standards.recommenders import city_name
from sheets_schema.fold import fold_header

Source = Literal["declared", "pinned", "same_unit", "same_city", "related_unit", "named"]
# Grounds that a person may set aside after looking; the others hold.
HINTS: Final[tuple[Source, ...]] = ("related_unit", "named")
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Expert:
    """Who scores. `units`: where the person works and has posts; `city` None where not known; `fields` in words."""

    code: str
    name: str
    units: tuple[str, ...] = ()
    city: str | None = None
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is scored: one 创建申报. `texts`: what was written where (合作协议或聘书, 备注 …), to find names in."""

    id: int
    name: str
    operator: str
    city: str | None = None
    fields: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody said of a pair: an expert's declaration, or staff pinning a recusal or setting a hint aside."""

    expert: str
    subject: int
    bars: bool
    reason: str
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an expert may not score an application, as a sentence. A hint holds until a person sets it aside."""

    source: Source
    sentence: str

    @property
    def hint(self) -> bool:
        """Whether a person may set it aside."""
        return self.source in HINTS


class Recusals:
    """Who may not score what, under a round's setting and what was decided; of several decisions the last holds."""

    def __init__(self, *, same_city: bool, decisions: Iterable[Decision] = ()) -> None:
        self._same_city = same_city
        self._declared: dict[tuple[str, int], Decision] = {}
        self._decided: dict[tuple[str, int], Decision] = {}
        for one in decisions:
            (self._declared if one.declared else self._decided)[one.expert, one.subject] = one

    def grounds(self, expert: Expert, subject: Subject) -> tuple[Ground, ...]:
        """Every ground that holds, those of rule first; () where the expert may score."""
        found = self._said(expert, subject)
        found += _by_unit(expert, subject)
        if self._same_city and (city := _city(expert.city)) and city == _city(subject.city):
            found.append(Ground("same_city", f"专家与申报同在{city_name(expert.city)}，按本轮规定回避。"))
        decided = self._decided.get((expert.code, subject.id))
        if decided is None or decided.bars:
            found += _hints(expert, subject)
        return tuple(found)

    def barred(self, expert: Expert, subject: Subject) -> bool:
        """Whether any ground holds."""
        return bool(self.grounds(expert, subject))

    def unplaced(self, experts: Iterable[Expert]) -> tuple[str, ...]:
        """Experts whose city has to be known under the setting and is not, by code."""
        return tuple(one.code for one in experts if self._same_city and not _city(one.city))

    def _said(self, expert: Expert, subject: Subject) -> list[Ground]:
        found = []
        declared = self._declared.get((expert.code, subject.id))
        if declared is not None and declared.bars:
            found.append(Ground("declared", f"专家本人申请回避：{declared.reason}"))
        decided = self._decided.get((expert.code, subject.id))
        if decided is not None and decided.bars:
            found.append(Ground("pinned", f"工作人员定为回避：{decided.reason}"))
        return found


def _by_unit(expert: Expert, subject: Subject) -> list[Ground]:
    for unit in expert.units:
        for word, name in (("运营主体", subject.operator), ("平台（基地）", subject.name)):
            if same_unit(unit, name):
                return [Ground("same_unit", f"专家所在单位“{unit}”就是{word}“{name}”，或者是它的分支机构。")]
    return []


def _hints(expert: Expert, subject: Subject) -> list[Ground]:
    operator = subject.operator
    found = [
        Ground("related_unit", f"专家所在单位“{unit}”与运营主体“{operator}”名称相近，请核对有无关系。")
        for unit in expert.units
        if related_units(unit, operator) and not same_unit(unit, operator)
    ]
    roots = [(unit, root) for unit in expert.units if (root := unit_root(unit))]
    for where, text in subject.texts.items():
        folded = _folded(text)
        if len(expert.name) >= _SHORTEST_NAME and _folded(expert.name) in folded:
            found.append(Ground("named", f"〔{where}〕里有“{expert.name}”，请核对是不是这位专家。"))
        found += [
            Ground("named", f"〔{where}〕里有专家所在单位“{unit}”，请核对有无关系。")
            for unit, root in roots
            if root in folded
        ]
    return found


def _city(typed: str | None) -> str:
    return _folded(city_name(typed) or "")


_folded = lru_cache(maxsize=1 << 14)(fold_header)
