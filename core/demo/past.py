"""Tells the demo's past, step by step as story.toml has it: each by its use case, on its own day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.accounts import Actor
from core.bootstrap import App
from core.clock import Clock
from core.demo.fill import fill_former
from core.demo.former import open_former, send_former
from core.demo.invent import Invented, Line
from core.demo.plan import Plan
from core.demo.reviewing import settle
from core.services import cases, changes, notices, objections, selection
from core.services.applicants import applicants
from core.services.candidates import candidates
from core.services.case_files import case_files
from core.services.cohorts import import_cohort
from core.services.contacts import Contact, set_contact
from core.services.counting import calendar
from core.services.intake import take_in
from core.services.publication_rows import kind_of_stage, standing
from core.services.publishing import Given, Place, publish
from core.services.selection_rules import Choice
from core.store import tables
from sheets_schema.template import COHORT_FILE, build_cohort_template

_ONE_DAY = timedelta(days=1)
_NAME, _CITY = "平台（基地）名称", "推荐单位"
_IDENTITY = (_CITY, _NAME, "类型", "平台类别", "运营主体", "统一社会信用代码")
_REPORTS = "变更报告"


class Past:
    """The steps that are still to be told. Days are counted from the day on which the demo is made."""

    def __init__(self, app: App, people: dict[str, Actor], plan: Plan, invented: Invented, home: Path, today: date):
        self._app, self._plan, self._invented, self._today = app, plan, invented, today
        self._admin, self._staff = people["admin"], people["staff"]
        self._data, self._last = plan.past, plan.last
        self._book = home / COHORT_FILE
        self._folder = home / "共享文件夹" / str(self._last.year)
        self._steps: list[dict[str, Any]] = list(plan.story)
        self._named: dict[str, int] = {}  # notices and objections, by what story.toml calls them
        self._do: dict[str, Callable[[dict[str, Any]], None]] = {
            "open_round": self._open_round,
            "import_cohort": self._import_cohort,
            "take_in": self._take_in,
            "settle": self._settle,
            "propose": self._propose,
            "notice": self._notice,
            "object": self._object,
            "assign": self._assign,
            "resolve": self._resolve,
            "publish": self._publish,
            "confirm": self._confirm,
            "act": self._act,
            "void": self._void,
            "correct": self._correct,
            "note": self._note,
            "register": self._register,
        }
        self.determined = 0

    def until(self, day: int) -> None:
        """Tells everything up to a day, in its order. The clock never goes back."""
        while self._steps and self._steps[0]["day"] <= day:
            step = self._steps.pop(0)
            self._app.clock = Clock(max(self._working(step["day"]), self._app.clock.today()))
            self._do[step["do"]](step)

    def add_reports(self) -> None:
        """Puts the change reports of cities into their workbooks of this year, into each version."""
        for each in self._data["report"]:
            who = self._invented.called[each["of"]]
            row = {column: self._written(value, who) for column, value in each.items() if column != "of"}
            for books in (self._invented.first, self._invented.second):
                if who[_CITY] in books:
                    rows = books[who[_CITY]].rows.setdefault(_REPORTS, [])
                    rows.append({_NAME: who[_NAME]} | row)

    def _written(self, value: int | str, who: Line) -> date | str:
        """A cell of a change report: a day, or a text that may name whom it is about."""
        return self._today + timedelta(days=value) if isinstance(value, int) else value.format(name=who[_NAME])

    # ------------------------------------------------------------ days, texts, and what story.toml calls by a name

    def _working(self, day: int) -> date:
        """A day of the plan, or the last working day before it: offices do nothing on others."""
        found, counting = self._today + timedelta(days=day), calendar(self._app)
        while not counting.is_working_day(found):
            found -= _ONE_DAY
        return found

    @property
    def _now(self) -> date:
        return self._app.clock.today()

    def _text(self, text: str, on: date | None = None) -> str:
        return text.format(year=(on or self._now).year)

    def _round(self, step: dict[str, Any]) -> int:
        year = {"上年": self._last.year, "本年": self._plan.year}[step["round"]]
        return self._one(sa.select(tables.rounds.c.id).where(tables.rounds.c.year == year))

    def _case(self, ref: str) -> tuple[int, int]:
        """The number of a case and its version; cases keep what they were begun with."""
        who = self._invented.called[ref]
        query = sa.select(tables.cases.c.id).where(tables.cases.c.city == who[_CITY], tables.cases.c.name == who[_NAME])
        found = self._one(query)
        return found, self._one(sa.select(tables.cases.c.version).where(tables.cases.c.id == found))

    def _one(self, query: sa.Select[int]) -> int:
        with self._app.reader.connect() as connection:
            return connection.execute(query).scalar_one()

    def _row(self, query: sa.Select[Any]) -> Any:
        with self._app.reader.connect() as connection:
            return connection.execute(query).one()

    def _version(self, table: sa.Table, name: str) -> tuple[int, int]:
        found = self._named[name]
        return found, self._one(sa.select(table.c.version).where(table.c.id == found))

    # ------------------------------------------------------------ last year's round, and the objects before it

    def _open_round(self, step: dict[str, Any]) -> None:
        main = self._last.main
        open_former(
            self._app,
            self._admin,
            self._last.year,
            {each["name"]: each["quota"] for each in self._data["city"]},
            self._folder,
            notice_number=main["notice_number"],
            notice_date=main["notice_date"],
            deadline=self._today + timedelta(days=step["deadline"]),
            reference_day=main["reference_day"],
        )
        self.set_contact(self._round({"round": "上年"}))

    def set_contact(self, round_id: int) -> None:
        """Enters whom one reaches about what a round publishes."""
        set_contact(self._app, self._admin, round_id, 0, Contact(**self._data["contact"]))

    def _take_in(self, step: dict[str, Any]) -> None:
        send_former(self._app, self._invented.last, self._folder, self._last.main["reference_day"])
        take_in(self._app, self._staff, self._round(step))

    def _import_cohort(self, _: dict[str, Any]) -> None:
        wanted = self._data["cohort"]
        rows = [self._former(each) for each in wanted["rows"]]
        data = fill_former(build_cohort_template(self._app.program), rows)
        self._book.write_bytes(data)
        known = hashlib.sha256(data).hexdigest()
        import_cohort(self._app, self._staff, data, COHORT_FILE, expected_sha256=known, why=wanted["why"])

    def _former(self, each: dict[str, Any]) -> Line:
        """A row of 存量对象: who it is, its days, and the documents of those days."""
        who = self._invented.called[each["of"]]
        days = {column: self._working(value) for column, value in each.items() if isinstance(value, int)}
        told = {column: value for column, value in each.items() if isinstance(value, str) and column != "of"}
        documents = {
            column: self._text(text, days[on]) for on, column, text in self._data["cohort"]["documents"] if on in days
        }
        return {column: who[column] for column in _IDENTITY} | told | days | documents

    def _settle(self, step: dict[str, Any]) -> None:
        self.determined += settle(self._app, self._staff, self._plan, self._round(step), step["of"])

    # ------------------------------------------------------------ proposals, notices, objections

    def _propose(self, step: dict[str, Any]) -> None:
        known = {each.number: each.application_id for each in applicants(self._app)}
        choices = {known[ref]: Choice("selected", "meets") for ref in step.get("selected", ())}
        for ref, words in step.get("declined", {}).items():
            choices[known[ref]] = Choice("not_selected", "not_selected_other", words)
        round_id = self._round(step)
        waiting = [each.application_id for each in candidates(self._app, round_id) if each.waits]
        selection.decide(
            self._app,
            self._staff,
            round_id,
            day=self._now,
            choices=choices,
            minutes=self._text(step.get("minutes", "")),
            why=step.get("why", ""),
            later=[number for number in waiting if number not in choices],
            later_why=step.get("later", ""),
        )

    def _notice(self, step: dict[str, Any]) -> None:
        self._named[step["as"]] = notices.open_notice(
            self._app,
            self._staff,
            self._round(step),
            step["stage"],
            published=self._now,
            signed=self._now,
            contact=Contact(**self._data["contact"]),
            case_ids=[self._case(ref)[0] for ref in step["of"]] if "of" in step else None,
        )

    def _confirm(self, step: dict[str, Any]) -> None:
        number, version = self._version(tables.notices, step["notice"])
        notices.confirm(self._app, self._staff, number, version, day=self._now, document=self._text(step["document"]))

    def _publish(self, step: dict[str, Any]) -> None:
        """Makes a notice public, or a list of a round or of none; again where it is public already."""
        if "notice" in step:
            notice = self._named[step["notice"]]
            columns = (tables.notices.c.stage, tables.notices.c.round_id)
            held = self._row(sa.select(*columns).where(tables.notices.c.id == notice))
            place = Place(kind_of_stage(held.stage).code, held.round_id, notice)
        else:
            place = Place(step["kind"], self._round(step) if "round" in step else None)
        with self._app.reader.connect() as connection:
            before = standing(connection, place)
        given = Given(self._now, step["where"], None, self._text(step.get("document", "")))
        publish(
            self._app,
            self._staff,
            place,
            given,
            supersedes=None if before is None else before.id,
            why=step.get("why", ""),
        )

    def _object(self, step: dict[str, Any]) -> None:
        [self._named[step["as"]]] = objections.file(
            self._app,
            self._staff,
            self._named[step["notice"]],
            [self._case(step["of"])[0]],
            source=step["source"],
            from_name=step.get("from_name", ""),
            contact=step.get("from_contact", ""),
            channel=step["channel"],
            postmarked=self._working(step["postmarked"]) if "postmarked" in step else None,
            received=self._now,
            content=step["content"],
            evidence=step["evidence"],
        )

    def _assign(self, step: dict[str, Any]) -> None:
        for name in step["objections"]:
            number, version = self._version(tables.objections, name)
            objections.assign(self._app, self._staff, number, version, step["investigator"])

    def _resolve(self, step: dict[str, Any]) -> None:
        number, version = self._version(tables.objections, step["objection"])
        objections.resolve(
            self._app,
            self._staff,
            number,
            version,
            day=self._now,
            upheld=step["upheld"],
            reason=step["reason"],
            answer=self._text(step.get("answer", "")),
        )

    # ------------------------------------------------------------ single cases

    def _act(self, step: dict[str, Any]) -> None:
        for ref in step["of"]:
            cases.act(
                self._app,
                self._staff,
                *self._case(ref),
                event=step["event"],
                day=self._now,
                document=self._text(step.get("document", "")),
                why=step["why"],
                data=step.get("data"),
            )

    def _entry(self, case_id: int, event: str) -> int:
        """The number of the last entry of this kind that counts."""
        with self._app.reader.connect() as connection:
            [file] = case_files(connection, [case_id])
        found: int = next(entry.number for entry in reversed(file.counted()) if entry.type == event)
        return found

    def _void(self, step: dict[str, Any]) -> None:
        case_id, version = self._case(step["of"])
        cases.void(self._app, self._staff, case_id, version, self._entry(case_id, step["event"]), step["why"])

    def _correct(self, step: dict[str, Any]) -> None:
        case_id, version = self._case(step["of"])
        cases.correct(
            self._app,
            self._staff,
            case_id,
            version,
            self._entry(case_id, step["event"]),
            day=self._working(step["on"]),
            document=self._text(step["document"]),
            data={},
            why=step["why"],
        )

    def _note(self, step: dict[str, Any]) -> None:
        document = self._text(step.get("document", ""))
        cases.add_note(self._app, self._staff, self._case(step["of"])[0], text=step["text"], document=document)

    def _register(self, step: dict[str, Any]) -> None:
        for ref in step["of"]:
            who = self._invented.called[ref]
            reports = changes.reports(self._app)
            found = next(each for each in reports if (each.city, each.name) == (who[_CITY], who[_NAME]))
            changes.register(self._app, self._staff, found.id, self._case(ref)[0])
