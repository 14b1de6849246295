"""The demo's scoring: experts, a conflict, a drawn plan, sheets in the app and by workbook, some not handed in yet."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import openpyxl

from core.accounts import Actor
from core.bootstrap import App
from core.demo.plan import Plan
from core.services import assigning, experts, recusals, scoring, scoring_books, scoring_settings
from core.services.experts import Person
from core.services.panel import Assigned, Panel, panel

_SHEET, _NUMBER = "评分", "申报编号"
_FIRST = 1  # of the demo's own expert: how many are handed in, before one that is only typed


class Panelling:
    """What happened in the scoring of a round up to today."""

    def __init__(self, app: App, people: Mapping[str, Actor], plan: Plan, round_id: int) -> None:
        self._app, self._people, self._round = app, people, round_id
        self._staff = people["staff"]
        self._data = plan.scoring

    def tell(self) -> int:
        """Tells all of it and gives how many sheets are handed in."""
        why = self._data["why"]
        scoring_settings.decide(
            self._app, self._staff, self._round, self._data["settings"], self._data["document"], 0, why
        )
        for each in self._data["expert"]:
            login = each.get("login", "")
            account = self._people[login].id if login else None
            person = Person(each["name"], tuple(each["units"]), each["city"], tuple(each["fields"]), "", account)
            experts.add(self._app, self._staff, person)
        known = self._known()
        experts.set_panel(self._app, self._staff, self._round, (), list(known.experts), why)
        self._pin(known)
        drawn = assigning.draw(self._app, self._round, self._data["seed"])
        assigning.apply_plan(self._app, self._staff, self._round, drawn.seed, drawn.fingerprint, why)
        for each in self._data["expert"]:
            {"all": self._all, "some": self._some, "book": self._book}[each["done"]](each)
        return sum(one.state == "submitted" for one in self._known().assignments)

    def _known(self) -> Panel:
        with self._app.reader.connect() as connection:
            return panel(self._app, connection, self._round)

    def _pin(self, known: Panel) -> None:
        """The second expert may not score the last application."""
        eligible = [each.id for each in known.subjects.values() if each.eligible]
        second = list(known.experts)[1]
        reason = self._data["recusal"]["pinned"]
        recusals.pin(self._app, self._staff, self._round, second, eligible[-1], reason)

    def _own(self, expert: Mapping[str, Any]) -> list[Assigned]:
        """What an expert is to score, in official order."""
        known = self._known()
        places = list(known.subjects)
        number = next(each.id for each in known.experts.values() if each.name == expert["name"])
        own = [each for each in known.assignments if each.expert_id == number]
        return sorted(own, key=lambda each: places.index(each.application_id))

    def _all(self, expert: Mapping[str, Any]) -> None:
        for each in self._own(expert):
            self._hand_in(expert, each)

    def _some(self, expert: Mapping[str, Any]) -> None:
        """One handed in, one only typed, one recused from at first sight; the rest has not been looked at."""
        own, actor = self._own(expert), self._people[expert["login"]]
        for each in own[:_FIRST]:
            self._hand_in(expert, each)
        for each in own[_FIRST : _FIRST + 1]:
            recusals.clear(self._app, actor, each.id)
            typed = self._texts(expert, each)
            half = {part: dict(list(texts.items())[:3]) for part, texts in typed.items()}
            scoring.save_draft(self._app, actor, each.id, half, 0, self._known().settings_version)
        for each in own[_FIRST + 2 :]:
            recusals.declare(self._app, actor, each.id, self._data["recusal"]["declared"])
            break

    def _hand_in(self, expert: Mapping[str, Any], each: Assigned) -> None:
        actor = self._people[expert["login"]]
        recusals.clear(self._app, actor, each.id)
        texts = self._texts(expert, each)
        scoring.submit(self._app, actor, each.id, texts, 0, self._known().settings_version)

    def _book(self, expert: Mapping[str, Any]) -> None:
        """By workbook, filled in as a person does; the last rows may be left empty."""
        known, own = self._known(), self._own(expert)
        name, data = scoring_books.build_book(self._app, self._staff, self._round, own[0].expert_id)
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet = book[_SHEET]
        heads = {str(cell.value): at for at, cell in enumerate(sheet[1], start=1)}
        by_name = {
            known.subjects[each.application_id].name: self._texts(expert, each)
            for each in own[: len(own) - expert.get("left", 0)]
        }
        for row in range(2, sheet.max_row + 1):
            typed = by_name.get(str(sheet.cell(row, heads["平台（基地）名称"]).value))
            if typed is None:
                continue
            for code, indicator in known.rubric.names.items():
                sheet.cell(row, heads[f"{indicator}（分）"]).value = float(typed["scores"][code])
                sheet.cell(row, heads[f"{indicator}评语"]).value = typed["comments"][code]
                if code in typed["counts"]:
                    demand = known.rubric.indicator(code).demand
                    if demand is not None:
                        sheet.cell(row, heads[f"{demand.name}（{demand.threshold.unit}）"]).value = int(
                            typed["counts"][code]
                        )
        made = io.BytesIO()
        book.save(made)
        seen = scoring_books.preview(self._app, self._staff, self._round, name, made.getvalue())
        scoring_books.take_in(self._app, self._staff, self._round, name, made.getvalue(), seen.based_on)

    def _texts(self, expert: Mapping[str, Any], each: Assigned) -> dict[str, dict[str, str]]:
        """What the expert types for an application."""
        known, given = self._known(), self._data["scores"]
        place = [one.id for one in known.subjects.values() if one.eligible].index(each.application_id)
        level = given["levels"][place % len(given["levels"])] + expert["shift"]
        apart = given["apart"]
        if place == apart["place"] and expert["shift"] < 0:
            level += apart["shift"]
        codes = list(known.rubric.names)
        scores = dict(zip(codes, (level + more for more in given["indicators"]), strict=True))
        return {
            "scores": {code: f"{min(max(score, 0), 100):g}" for code, score in scores.items()},
            "comments": dict(zip(codes, given["comments"], strict=True)),
            "counts": {code: str(given["counts"]) for code in codes if known.rubric.indicator(code).demand is not None},
        }
