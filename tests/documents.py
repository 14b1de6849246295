"""Rounds whose documents can be made, for tests: who was declined, whom one reaches, and what a document says."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx

from core.lifecycle.entries import Identity
from core.services import contacts, documents
from core.services.casework import Casework, New
from core.services.documents import Document
from core.store.unit import Entry
from tests.notices import CONTACT, SELECTED
from tests.office import DALIAN, SHENYANG, Office

REASON = "创建方案在某些方面不足，建议完善后再申报。具体情况：进度安排不清。"
DECLINED = (("虚构丁平台", SHENYANG), ("虚构戊平台", DALIAN))


def declined(office: Office, names: Sequence[tuple[str, str]] = DECLINED, why: str = REASON) -> list[int]:
    """Cases of the round that were not listed, for a reason."""
    office.on(max(SELECTED, office.app.clock.today()))
    with office.app.unit(office.staff) as unit:
        work, made = Casework(office.app, unit), []
        for name, city in names:
            first = Identity(name, f"{name}中心", "")
            number = work.begin(first, kind="base", city=city, standard_id="ln-2025-draft", round_id=office.round_id)
            work.enter(number, New("recommended", SELECTED))
            work.enter(number, New("not_selected", SELECTED, {}, "虚构纪要1号", why))
            made.append(number)
        unit.record(Entry("selection.applied", "round", office.round_id, "", "", "", details=work.save()))
    return made


def reached(office: Office) -> None:
    """The round has its contact."""
    contacts.set_contact(office.app, office.staff, office.round_id, 0, CONTACT)


def built(office: Office, kind: str, **more: Any) -> Document:
    """A document of the round."""
    return documents.build(office.app, kind, round_id=office.round_id, **more)


def opened(document: Document, name: str = "") -> Any:
    """Its first file, or the one of this name, opened."""
    files = document.files
    return docx.Document(io.BytesIO(files[name] if name else next(iter(files.values()))))


def lines(document: Document, name: str = "") -> list[str]:
    """Its paragraphs but for the empty ones; a title on one line."""
    texts = [paragraph.text.replace("\n", "") for paragraph in opened(document, name).paragraphs]
    return [text for text in texts if text]


def table(document: Document, name: str = "") -> list[list[str]]:
    """The rows of its annex, the header first."""
    [found] = opened(document, name).tables
    return [[cell.text for cell in row.cells] for row in found.rows]
