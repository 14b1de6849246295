"""How the 申报办理卷 says who and when. Experts are codes; a variant for the house adds their names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from core.store.tables import accounts, experts, panel_members
from core.working_days.periods import long_day

_SHORTEST: Final = 2  # a single character stands in too many words to be taken for a name


@dataclass(frozen=True, slots=True)
class Naming:
    """How experts are called. `labels`: those that an application has had to do with, by their number.

    `accounts`: the same by their account. `hidden`: names and the codes that stand for them, of the whole panel of
    the round, longest first; () where names are shown.
    """

    labels: Mapping[int, str]
    accounts: Mapping[int, str]
    hidden: tuple[tuple[str, str], ...]

    def text(self, said: str) -> str:
        """What people wrote, with codes in the place of those experts' names."""
        for name, code in self.hidden:
            if name in said and (len(name) >= _SHORTEST or name == said):
                said = said.replace(name, code)
        return said

    def who(self, entry: Any) -> str:
        """Who made an entry of the ledger."""
        return self.accounts.get(entry.account_id) or self.text(entry.who)


def naming(connection: sa.Connection, round_id: int, ids: Collection[int], *, names: bool) -> Naming:
    """How the experts with these numbers, and the others of a round's panel, are called; `names`: by code and name."""
    query = sa.select(experts, accounts.c.name.label("called")).join(
        accounts, accounts.c.id == experts.c.account_id, isouter=True
    )
    panel = sa.select(panel_members.c.expert_id).where(panel_members.c.round_id == round_id)
    known = sa.or_(experts.c.id.in_(sorted(ids)), experts.c.id.in_(panel))
    rows = connection.execute(query.where(known)).all()
    labels = {row.id: f"{row.code} {row.name}" if names else str(row.code) for row in rows}
    called = [(name, row.code) for row in rows for name in (row.name, row.called) if name]
    # acts and workbooks name an expert by code and name: what is left of that is the code, once
    hidden = dict([*called, *((f"{code}{between}{name}", code) for name, code in called for between in " -")])
    return Naming(
        labels,
        {row.account_id: labels[row.id] for row in rows if row.account_id is not None},
        () if names else tuple(sorted(hidden.items(), key=lambda pair: (-len(pair[0]), pair))),
    )


def moment(value: datetime | None) -> str:
    """`2026年5月20日 09:05`; '' for none."""
    return "" if value is None else f"{value.year}年{value.month}月{value.day}日 {value:%H:%M}"


def on_day(value: date | None) -> str:
    """`2026年5月20日（周三）`; '' for none."""
    return "" if value is None else long_day(value)
