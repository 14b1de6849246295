"""What an act on a case must rest on, beside what the transition table asks for: an application that was judged
(第七条（三）、第十条), and names and codes that hold (第十一条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.entries import Entry, identity
from core.lifecycle.table import load
from core.services.basis import PASSING, RESTING, Basis, basis
from core.services.case_files import CaseFile, replayed
from core.services.counting import lives
from core.store.unit import Unit
from sheets_schema import schema
from sheets_schema.values import read_text

RENAMED: Final = "更名"
_CODE: Final = ("推荐汇总表", "统一社会信用代码")
# what a person gives with an event; all else that an entry carries is set by the program
_GIVEN: Final[Mapping[str, tuple[str, ...]]] = {
    "change_reported": ("occurred", "evidence", "change", "opinion"),
    "change_decided": ("keep", "name", "operator", "uscc"),
    "dishonesty_found": ("evidence",),
    "notice_opened": ("days", "count_start"),
    "objection_filed": ("postmarked", "evidence"),
}


def given(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a person gave with an event, texts without blanks around, a code as it is written officially.

    Empty texts are left out. Refused where the code cannot be one (contract §2).
    """
    taken = {}
    for key in _GIVEN.get(event, ()):
        value = data.get(key)
        value = value.strip() if isinstance(value, str) else value
        if value not in (None, ""):
            taken[key] = value
    if "uscc" in taken:
        sheet, column = _CODE
        reading = read_text(schema.load().sheet(sheet).column(column), taken["uscc"])
        if reading.error is not None:
            raise Refused(f"新的统一社会信用代码“{taken['uscc']}”不能用：{reading.message}")
        taken["uscc"] = reading.value
    return taken


def resting(app: App, unit: Unit, file: CaseFile, event: str, day: date) -> Basis | None:
    """What acceptance or review of a case on a day rests on; None for other events."""
    if event not in RESTING:
        return None
    status = replayed(lives(app).of(file.standard_id), file, day).status
    return basis(app, unit.connection, file, status)


def refuse_groundless(file: CaseFile, rests: Basis | None = None) -> None:
    """Refuses what was entered last: to pass what was not handed in or does not pass, to rename without a name."""
    entry = file.entries[-1]
    if entry.type in PASSING and rests is not None and not rests.passing:
        name = file.identity().name
        raise Refused(f"“{name}”不能办理“{load().events[entry.type]}”：{rests.sentence}")
    if entry.type == "change_decided" and entry.data.get("keep"):
        _refuse_nameless(file, entry)


def _refuse_nameless(file: CaseFile, decided: Entry) -> None:
    counted = file.counted()
    before = counted[: counted.index(decided)]
    if not any(one.data.get("change") == RENAMED for one in _open(before)):
        return
    former, new = identity(file.first, before).name, decided.data.get("name")
    if not new:
        raise Refused(f"“{former}”报告的是更名，请写明新的平台（基地）名称（第十一条）。")
    if new == former:
        raise Refused(f"新的名称与现在的“{former}”相同，请核对。")


def _open(counted: Sequence[Entry]) -> list[Entry]:
    """The change reports that wait for a decision."""
    found: list[Entry] = []
    for one in counted:
        if one.type == "change_reported":
            found.append(one)
        elif one.type == "change_decided":
            found = []
    return found
