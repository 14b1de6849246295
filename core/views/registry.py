"""Read model of 名录: what the public sees of each object, searched as on the site."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from core.bootstrap import App
from core.publication.registry.model import Registered, Registry
from core.publication.registry.words import Group, words
from core.services import registry as service
from core.views.remembering import remember
from sheets_schema.fold import fold_key

__all__ = ["Registered", "RegistryFilter", "RegistryView", "groups", "registry_view"]


@dataclass(frozen=True, slots=True)
class RegistryFilter:
    """What is asked for; '' is any. `group` is a code of `groups`, `year` four digits.

    Every word of `text` is looked for in name, former names, operator, services and industry.
    """

    text: str = ""
    city: str = ""
    kind: str = ""
    group: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class RegistryView:
    """The registry, and beside each object the text that it is searched in.

    `unfit`: why it cannot go out as it is, a sentence for each place; nearly always empty.
    """

    registry: Registry
    texts: tuple[str, ...]
    unfit: tuple[str, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years that can be asked for, newest first."""
        return self.registry.years

    def found(self, wanted: RegistryFilter) -> tuple[Registered, ...]:
        """The objects that fit, in official order."""
        sought = fold_key(wanted.text).split()
        return tuple(
            each
            for each, text in zip(self.registry.objects, self.texts, strict=True)
            if _fits(each, wanted) and all(word in text for word in sought)
        )

    def counts(self, wanted: RegistryFilter) -> dict[str, int]:
        """How many fit of each group, whichever group is asked for."""
        held = self.found(replace(wanted, group=""))
        return {group.code: sum(each.group == group.code for each in held) for group in groups()}

    def one(self, id_: str) -> Registered | None:
        """The object of a 名录编号; None where the public does not see it."""
        return next((each for each in self.registry.objects if each.id == id_), None)


def groups() -> tuple[Group, ...]:
    """The groups of the registry, in its order."""
    return words().groups


def registry_view(app: App, on: date | None = None) -> RegistryView:
    """The registry now or as known on a past day; Refused for a day to come."""
    return remember(app, ("registry", on), lambda _: _ask(app, on))


def _ask(app: App, on: date | None) -> RegistryView:
    shown = service.registry(app, on)
    return RegistryView(shown, tuple(_searched(each) for each in shown.objects), tuple(map(str, service.unfit(shown))))


def _searched(each: Registered) -> str:
    names = (each.name, *(former.name for former in each.former), each.operator, *each.services, each.industry)
    return fold_key("\n".join(names))


def _fits(each: Registered, wanted: RegistryFilter) -> bool:
    return (
        wanted.city in ("", each.city)
        and wanted.kind in ("", each.kind)
        and wanted.group in ("", each.group)
        and (not wanted.year or int(wanted.year) in each.years)
    )
