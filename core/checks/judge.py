"""Holds one application against the criteria of an edition (contract §3). Pure: same in, same out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from core.applications import Application
from core.checks.finding import Finding, Verdict, overall
from core.checks.rules import Context, carry_out
from core.checks.wording import RESULT
from core.derived import folded
from core.standards.edition import Edition
from core.standards.rules import Item


@dataclass(frozen=True, slots=True)
class Assessment:
    """The findings of one application in the order of the edition.

    `preferences`: codes shown to people who compare equals; they change no verdict. `settled`: criteria that
    people's determinations have brought from `review` to pass or fail.
    """

    findings: tuple[Finding, ...]
    verdict: Verdict
    preferences: tuple[str, ...]
    settled: frozenset[str] = frozenset()

    def finding(self, criterion: str) -> Finding:
        """The finding of a criterion; KeyError where it is not asked."""
        for one in self.findings:
            if one.criterion == criterion:
                return one
        raise KeyError(criterion)


@dataclass(frozen=True, slots=True)
class Determination:
    """A person's decision (人工认定) on a criterion, or on one `item` of it ("" or None: on the whole)."""

    criterion: str
    item: str | None
    verdict: Literal["pass", "fail"]
    reason: str
    who: str = ""


def judge(application: Application, edition: Edition, as_of: date, baseline: Application | None = None) -> Assessment:
    """Every criterion of the application's kind and stage, by the limits in force on `as_of`.

    `baseline`: the figures at creation (`find_baseline`), None where there are none.
    """
    findings = tuple(
        carry_out(
            criterion.rules[application.kind, application.stage],
            Context(application, edition, criterion, as_of, baseline),
        )
        for criterion in edition.criteria_for(application.kind, application.stage)
    )
    return Assessment(
        findings,
        overall(tuple(one.verdict for one in findings)),
        tuple(one.code for one in edition.preferences if application.look(one.column).value == one.option),
    )


class Baselines:
    """Applications that others are held against: the figures at creation (contract §3)."""

    def __init__(self, candidates: Iterable[Application]) -> None:
        self._by_code: dict[tuple[str, str], list[Application]] = {}
        for one in candidates:
            if one.uscc is not None:
                self._by_code.setdefault((folded(one.uscc), one.kind), []).append(one)

    def find(self, application: Application) -> Application | None:
        """The candidate with the same code and kind, and the same name where the code has several.

        Of several with the same name the 创建申报 comes first: a baseline is the figures at creation.
        """
        if application.uscc is None:
            return None
        found = self._by_code.get((folded(application.uscc), application.kind), [])
        if len(found) > 1:
            name = folded(application.name or "")
            found = [one for one in found if folded(one.name or "") == name]
        return min(found, key=lambda one: one.stage != "creation", default=None)


def settle(assessment: Assessment, determinations: Iterable[Determination], edition: Edition) -> Assessment:
    """The assessment with people's determinations in it; of several on the same thing the last one holds.

    Only a `review` finding can be determined; what is computed or missing stays. A criterion with items needs
    every item decided: it passes if all do, else it fails; before that it stays `review` and says what is open.
    """
    by_criterion: dict[str, list[Determination]] = {}
    for one in determinations:
        by_criterion.setdefault(one.criterion, []).append(one)
    findings: list[Finding] = []
    settled: set[str] = set()
    for finding in assessment.findings:
        decided = by_criterion.get(finding.criterion, [])
        after = finding
        if finding.verdict == "review" and decided:
            after = _settled(finding, edition.criterion(finding.criterion).items, decided)
        if after.verdict != finding.verdict:
            settled.add(finding.criterion)
        findings.append(after)
    verdict = overall(tuple(one.verdict for one in findings))
    return replace(assessment, findings=tuple(findings), verdict=verdict, settled=frozenset(settled))


def _settled(finding: Finding, items: Mapping[str, Item], determinations: Sequence[Determination]) -> Finding:
    if not items:
        last = next((one for one in reversed(determinations) if not one.item), None)
        if last is None:
            return finding
        message = f"{finding.message}人工认定：{RESULT[last.verdict]}，理由：{last.reason}。"
        return replace(finding, verdict=last.verdict, message=message)
    decided = {one.item: one for one in determinations if one.item in items}
    told = "；".join(
        f"{item.clause}“{item.text}”{RESULT[decided[code].verdict]}，理由：{decided[code].reason}"
        for code, item in items.items()
        if code in decided
    )
    if not told:
        return finding
    undecided = [f"{item.clause}“{item.text}”" for code, item in items.items() if code not in decided]
    if undecided:
        message = f"{finding.message}已认定：{told}。还有 {len(undecided)} 项待认定：{'、'.join(undecided)}。"
        return replace(finding, message=message)
    fails = any(one.verdict == "fail" for one in decided.values())
    return replace(finding, verdict="fail" if fails else "pass", message=f"{finding.message}已逐项认定：{told}。")
