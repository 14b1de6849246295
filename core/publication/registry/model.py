"""The registry as it is shown: objects in official order, each with what 第九条 makes public of it and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from core.publication.lists import KIND_WORDS, ListedObject
from core.publication.registry.words import words


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, in public words. `document` is the number of what was published, '' where none was.

    `names`: the text tells names, which may hold what the program's own words may not.
    """

    day: date
    text: str
    document: str = ""
    names: bool = False


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that was public until a day."""

    name: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(ListedObject):
    """One platform or base. `number` is its own for good; `group` is a code of `registry.toml`.

    `status`: the public word for where it stands. `created`, `recognized`, `revoked`: the days of these steps, None
    where there is none. `services` are items of 附件1, `industry` is what a base says its leading one is. `history`:
    oldest first.
    """

    number: int
    group: str
    status: str
    category: str = ""
    former: tuple[FormerName, ...] = ()
    services: tuple[str, ...] = ()
    industry: str = ""
    created: date | None = None
    recognized: date | None = None
    revoked: date | None = None
    history: tuple[Step, ...] = ()

    @property
    def id(self) -> str:
        """What it goes by in files and addresses: `LN00012`."""
        return f"LN{self.number:05d}"

    @property
    def kind_word(self) -> str:
        """平台 or 基地."""
        return KIND_WORDS[self.kind]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of its becoming 创建对象 and of its recognition: what the year is searched by."""
        return tuple(sorted({day.year for day in (self.created, self.recognized) if day is not None}))

    def plain(self) -> dict[str, Any]:
        """Everything that is told of it, by the keys of `registry.toml`, in its order."""
        return {
            "id": self.id,
            "name": self.name,
            "former_names": [{"name": each.name, "until": each.until.isoformat()} for each in self.former],
            "kind": self.kind_word,
            "category": self.category,
            "division_code": self.division_code if self.division_code.isdigit() else "",
            "city": self.city,
            "operator": self.operator,
            "group": words().group_name(self.group),
            "status": self.status,
            "creation_date": _iso(self.created),
            "recognition_date": _iso(self.recognized),
            "revocation_date": _iso(self.revoked),
            "services": list(self.services),
            "industry": self.industry,
            "history": [
                {"date": each.day.isoformat(), "event": each.text, "document": each.document} for each in self.history
            ],
        }


@dataclass(frozen=True, slots=True)
class City:
    """A recommender: `code` as it stands in names of files, `name` as it is read."""

    code: str
    name: str


@dataclass(frozen=True)
class Registry:
    """The registry: `objects` in official order, `cities` in theirs, those without objects too.

    `as_of`: the past day that it was asked for; None for now, and then nothing in it hangs on the day.
    """

    objects: tuple[Registered, ...]
    cities: tuple[City, ...]
    as_of: date | None = None

    @cached_property
    def updated(self) -> date | None:
        """The day of the newest step that is told; None where there is none."""
        return max((step.day for each in self.objects for step in each.history), default=None)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many objects each group has, by code."""
        found = Counter(each.group for each in self.objects)
        return {group.code: found[group.code] for group in words().groups}

    @property
    def years(self) -> tuple[int, ...]:
        """The years that can be searched by, newest first."""
        return tuple(sorted({year for each in self.objects for year in each.years}, reverse=True))

    def of(self, city: City) -> tuple[Registered, ...]:
        """The objects of a city, in order."""
        return tuple(each for each in self.objects if each.city == city.name)

    @cached_property
    def data_sha256(self) -> str:
        """SHA-256 of the data behind the files."""
        told = [_iso(self.as_of), [each.plain() for each in self.objects]]
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
