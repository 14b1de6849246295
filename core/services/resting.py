"""Judging again what rests on a case: its code, its names and its figures at creation decide on later stages."""

from __future__ import annotations

from collections.abc import Sequence

from core.bootstrap import App
from core.derived import folded
from core.services.applicants import applicants
from core.services.basis import FIRST
from core.services.judging import Flip, rejudge
from core.services.matching import namesakes
from core.store.unit import Unit

# what changes which case an application is of, or which figures it is held against
MOVING = ("creation_confirmed", "change_decided")


def rejudge_resting(app: App, unit: Unit, case_ids: Sequence[int]) -> list[Flip]:
    """Judges again, in every round, the applications of later stages that are of some cases, or were before.

    To be called inside the unit that confirms cases, renames them, or takes either back, after the cases are saved
    and what was frozen of them is written.
    """
    with app.reader.connect() as connection:
        codes, names = namesakes(connection, case_ids)
    now = namesakes(unit.connection, case_ids)
    codes, names = codes | now[0], names | now[1]
    by_round: dict[int, list[int]] = {}
    for each in applicants(app):
        if each.application != FIRST and (folded(each.uscc) in codes or folded(each.name) in names):
            by_round.setdefault(each.round_id, []).append(each.application_id)
    return [flip for round_id, ids in by_round.items() for flip in rejudge(app, unit, round_id, ids)]
