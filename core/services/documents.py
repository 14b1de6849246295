"""Official documents of a round, filled from the store: 公示, 通知, 公告, letters to the cities (第七条, 第十至十二条).

What a document says of its list is counted from that list; the text of a notice is the one that was registered.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.publication.documents.facts import Facts, fields, listed
from core.publication.documents.fill import filled
from core.publication.documents.kinds import words
from core.publication.documents.wording import bracketed
from core.publication.docx_parts import ZIP_TIME
from core.publication.lint import Problem, check_file, refuse
from core.services.document_facts import Source, gathered
from core.services.document_templates import kind_of, template_of
from core.store.unit import Entry
from core.working_days.periods import long_day

__all__ = ["KINDS", "Document", "archived", "build", "download", "kind_of", "problems"]

KINDS: Mapping[str, str] = {code: kind.name for code, kind in words().kinds.items()}


@dataclass(frozen=True)
class Document:
    """A document ready to be sent: one file, or one for each city.

    `header` and `rows` are those of its list, `fields` what the template was filled with, without the rows: plain
    JSON; of letters by city, in the order of `cities`, which is that of the files. `standard_id`: the edition;
    `as_of`: the day whose state it shows; `phones`: those that it may hold; `warnings`: what to look at before it
    goes out, in sentences; `template`: SHA-256 of the template, '' for ours.
    """

    kind: str
    name: str
    round_id: int
    year: int
    notice_id: int | None
    title: str
    number: str
    signed: date
    as_of: date
    standard_id: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fields: dict[str, Any]
    files: dict[str, bytes] = field(repr=False)
    cities: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    template: str = ""

    @cached_property
    def data_sha256(self) -> str:
        """SHA-256 of the data behind the files."""
        said = [self.kind, self.year, self.number, self.signed.isoformat(), self.header, self.rows, self.fields]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def build(
    app: App,
    kind: str,
    *,
    round_id: int,
    notice_id: int | None = None,
    number: str = "",
    signed: date | None = None,
    as_of: date | None = None,
) -> Document:
    """A document as things are now, or as was known at the end of a past day; the same state gives the same bytes.

    `number`: its 发文字号; `signed`: the day under its signature, else that of the notice or of the confirming
    document, else the day it is made. Refused: an empty list, a notice taken back or changed, a signature after the
    notice's first day or before what the document tells of, a contact that is not there.
    """
    held = kind_of(kind)
    if as_of is not None and as_of > app.clock.today():
        raise Refused(f"{long_day(as_of)}还没有到，不能按那一天的情况生成。")
    source = gathered(app, held, round_id, notice_id, as_of)
    day = signed or source.signed or as_of or app.clock.today()
    _check_day(source, day)
    template, sha256 = template_of(app, held)
    number = bracketed(number)
    files: dict[str, bytes] = {}
    told: dict[str, Any] = {}
    title = ""
    for part in source.parts:
        facts = replace(part, number=number, signed=day)
        known = fields(facts)
        rows = listed(held, facts.header, facts.rows)
        files[_file_name(facts)] = filled(template, known | {"名单": rows}, facts.title)
        title = facts.title
        if facts.city:
            told[facts.city] = known
        else:
            told = known
    return Document(
        kind,
        held.name,
        round_id,
        source.year,
        notice_id,
        title,
        number,
        day,
        as_of or app.clock.today(),
        source.standard_id,
        source.header,
        source.rows,
        told,
        files,
        tuple(part.city for part in source.parts if part.city),
        source.phones,
        tuple(_warnings(source, number, day)),
        sha256,
    )


def problems(document: Document) -> list[Problem]:
    """What of a document may not go out (第八条): scores, phones other than the contact's, codes."""
    found: list[Problem] = []
    for name, data in document.files.items():
        found += check_file(name, data, allowed=document.phones)
    return found


def download(app: App, actor: Actor, document: Document, name: str = "") -> tuple[str, bytes]:
    """A file of a document for the browser, or all of them in one archive where no name is given; noted in the ledger.

    Refused where something in it may not go out, by place.
    """
    actor.require(Permission.EXPORT_LISTS)
    refuse(problems(document))
    given = document.files if not name else {name: document.files[name]}
    what, data = next(iter(given.items()))
    if len(given) > 1:
        what, data = f"{document.year}年度{document.name}.zip", archived(given)
    with app.unit(actor) as unit:
        kind = kind_of(document.kind)
        past = document.as_of < unit.now.date()
        details = {
            "document": document.kind,
            "list": "" if kind.stage else kind.list,
            "notice_id": document.notice_id,
            "number": document.number,
            "signed": document.signed.isoformat(),
            "as_of": document.as_of.isoformat() if past else "",
            "standard": document.standard_id,
            "template": document.template,
            "data_sha256": document.data_sha256,
            "sha256": hashlib.sha256(data).hexdigest(),
            "files": {each: hashlib.sha256(content).hexdigest() for each, content in given.items()},
        }
        told = f"导出{document.year}年度{document.name}：{what}"
        about = ("document", document.kind, document.name)
        unit.record(Entry("document.exported", *about, told, "", document.round_id, None, details))
    return what, data


def archived(files: Mapping[str, bytes]) -> bytes:
    """Files in one archive; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _file_name(facts: Facts) -> str:
    city = f"-{facts.city}" if facts.city else ""
    return f"{facts.year}年度{facts.kind.file}{city}.docx"


def _check_day(source: Source, day: date) -> None:
    if source.published is not None and day > source.published:
        raise Refused(
            f"落款日期{long_day(day)}晚于公示首日{long_day(source.published)}。落款日期不能晚于公示首日，请改正。"
        )
    if source.earliest is not None and day < source.earliest:
        raise Refused(f"落款日期{long_day(day)}早于名单中最后一个对象办理的日期{long_day(source.earliest)}，请改正。")


def _warnings(source: Source, number: str, day: date) -> list[str]:
    """What differs from what was registered when the objects were confirmed."""
    found = list(source.warnings)
    if source.number and not number:
        found.append(f"没有填发文字号；确认时登记的文号是“{bracketed(source.number)}”。")
    elif source.number and bracketed(source.number) != number:
        found.append(f"发文字号“{number}”与确认时登记的文号“{bracketed(source.number)}”不同，请核对。")
    if source.signed is not None and source.published is None and day != source.signed:
        found.append(f"落款日期{long_day(day)}与确认时登记的日期{long_day(source.signed)}不同，请核对。")
    if number and f"〔{day.year}〕" not in number and "〔" in number:
        found.append(f"发文字号“{number}”的年份与落款日期{long_day(day)}不同，请核对。")
    return found
