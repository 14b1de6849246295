"""What the demo's people have done in 条件审核: determinations, verified values and notes, by the real use cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from core.accounts import Actor
from core.bootstrap import App
from core.demo.plan import Plan
from core.services.review import add_note, determine, verify_value
from core.standards import loader
from core.standards.edition import Edition
from core.store.queries import Held, held_applications, newest_assessments, text_of

A_FEW = 3


def review(app: App, actor: Actor, plan: Plan, round_id: int) -> tuple[int, int]:
    """Reviews as the plan says. Gives the numbers of determinations and of verified values made."""
    return _Review(app, actor, plan, round_id).run()


def settle(app: App, actor: Actor, plan: Plan, round_id: int, numbers: Collection[str]) -> int:
    """Determines to pass whatever is open in the applications with these 编号. Gives how many were made."""
    found = _Review(app, actor, plan, round_id)
    for each in found.held:
        if text_of(each, "编号") in numbers:
            found.settle(each)
    return found.made


class _Review:
    def __init__(self, app: App, actor: Actor, plan: Plan, round_id: int) -> None:
        self.app, self.actor = app, actor
        self.wanted = plan.main["review"]
        self.edition: Edition = loader.load(loader.default())
        with app.reader.connect() as connection:
            self.held = held_applications(connection, round_id)
        self.judged = self._newest()
        self.versions = {each.application_id: each.version for each in self.held}
        self.done: set[tuple[int, str]] = set()
        self.made = 0

    def run(self) -> tuple[int, int]:
        """Verified values first, then whole applications, then each criterion once."""
        by_id = {text_of(each, "编号"): each for each in self.held}
        for row in self.wanted["verified"]:
            sheet, column = row["cell"]
            number = by_id[row["id"]].application_id
            verify_value(
                self.app,
                self.actor,
                number,
                self._version(number),
                sheet=sheet,
                column=column,
                text=row["text"],
                why=row["why"],
                evidence=row["evidence"],
            )
        self.judged = self._newest()  # a verified value may have turned a verdict
        for row in self.wanted["note"]:
            add_note(self.app, self.actor, by_id[row["id"]].application_id, row["text"])
        self._settle()
        self._decide_each()
        return self.made, len(self.wanted["verified"])

    def _newest(self) -> dict[int, Any]:
        with self.app.reader.connect() as connection:
            return newest_assessments(connection, [each.application_id for each in self.held])

    def _settle(self) -> None:
        """Some applications to the end, so that the lists are not empty; no two of a city in a row."""
        for kind, type_, count in self.wanted["settle"]:
            ready = [
                each
                for each in self._of(kind, type_)
                if self.judged[each.application_id].verdict == "review" and not each.withdrawal
            ]
            # the plainest: what is seldom a person's to decide is kept for _decide_each, both ways
            ready.sort(key=lambda each: len(self._open(each)))
            for each in _one_a_city_first(ready)[:count]:
                self.settle(each)

    def settle(self, each: Held) -> None:
        """One application to the end."""
        for finding in self._open(each):
            self._decide(each, finding["criterion"], "pass")

    def _decide_each(self) -> None:
        """Each criterion that people settle, at each stage, once to pass and once to fail; one 第五条 half done.

        Where possible in applications that fail or lack something anyway, and few in each: the picture stays lifelike.
        """
        seen = {(criterion, self._stage(each), "pass") for each in self.held for criterion in self._done_of(each)}
        partly = False
        order = sorted(self.held, key=lambda each: self.judged[each.application_id].verdict == "review")
        # a few in each first; what is left over goes where it can
        for verdict, most in (("fail", A_FEW), ("pass", A_FEW), ("fail", None), ("pass", None)):
            for each in order:
                done = self._done_of(each)
                due = [
                    finding["criterion"]
                    for finding in self._open(each)
                    if finding["criterion"] not in done
                    and (finding["criterion"], self._stage(each), verdict) not in seen
                ]
                for criterion in due[:most]:
                    seen.add((criterion, self._stage(each), verdict))
                    self._decide(each, criterion, verdict)
                if not due and not partly and "art5.conditions" not in done:
                    partly = True
                    self._decide(each, "art5.conditions", "pass", only=self.wanted["partly"])

    def _done_of(self, each: Held) -> set[str]:
        return {criterion for number, criterion in self.done if number == each.application_id}

    def _stage(self, each: Held) -> str:
        return "创建" if text_of(each, "申报类别") == "创建申报" else "认定"

    def _of(self, kind: str, type_: str) -> list[Held]:
        return [each for each in self.held if (text_of(each, "类型"), text_of(each, "申报类别")) == (kind, type_)]

    def _open(self, each: Held) -> list[dict[str, Any]]:
        return [finding for finding in self.judged[each.application_id].findings if finding["open"]]

    def _decide(self, each: Held, criterion: str, verdict: str, only: int | None = None) -> None:
        """Decides a criterion; one with items item by item, of which the last takes the verdict."""
        number = each.application_id
        items = list(self.edition.criterion(criterion).items) or [""]
        for item in items[:only]:
            said = verdict if item == items[-1] else "pass"
            determine(
                self.app,
                self.actor,
                number,
                self._version(number),
                criterion=criterion,
                item=item,
                verdict=said,
                why=self.wanted["passed" if said == "pass" else "failed"],
            )
            self.made += 1
        self.done.add((number, criterion))

    def _version(self, number: int) -> int:
        """The version of an application now; the act that follows makes it one higher."""
        version = self.versions[number]
        self.versions[number] += 1
        return version


def _one_a_city_first(found: list[Held]) -> list[Held]:
    """The same applications, a first one of every city before any second."""
    turns: dict[str, int] = defaultdict(int)
    order: list[tuple[int, int, Held]] = []
    for place, each in enumerate(found):
        order.append((turns[each.city], place, each))
        turns[each.city] += 1
    return [each for _, _, each in sorted(order, key=lambda one: one[:2])]
