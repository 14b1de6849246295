"""Read model of 申报办理卷: the document of one application, remembered while nothing changed."""

from __future__ import annotations

from core.bootstrap import App
from core.publication.dossier import Block, Dossier, Section, Table
from core.services.decision_file import DecisionFile, gathered
from core.views.remembering import remember

__all__ = ["Block", "DecisionFile", "Dossier", "Section", "Table", "decision_view"]


def decision_view(app: App, application_id: int, *, names: bool) -> DecisionFile:
    """The document as the store stands; with `names` experts are named beside their codes.

    Refused where there is no such application, or every intake of it was undone.
    """
    key = ("decision", application_id, names)
    return remember(app, key, lambda connection: gathered(app, connection, application_id, names=names))
