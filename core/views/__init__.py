"""Read models for pages and exports: questions asked of the store, answered as data frames and small records.

Nothing here changes anything. What is asked again and again is remembered until the ledger grows.
"""

from __future__ import annotations

from core.views.basis import BesideToday, FigureBeside, baseline_beside_today, basis, linked_applications
from core.views.calendar import (
    SOURCES,
    BothEnds,
    DayView,
    YearView,
    both_ends,
    calendar_years,
    gap,
    overrides_frame,
    year_view,
)
from core.views.changes import change_reports
from core.views.checks import application_matrix, distances
from core.views.intake import CityState, FolderView, folder_view, intake_errors, pending_withdrawals
from core.views.one import ApplicationView, FindingView, ReportedValue, application_view
from core.views.people import accounts_frame, ledger, ledger_actions
from core.views.rounds import RoundView, newest_round_id, recommenders_frame, round_view, rounds
from core.views.today import Step, TodayView, Waiting, today

__all__ = [
    "SOURCES",
    "ApplicationView",
    "BesideToday",
    "BothEnds",
    "CityState",
    "DayView",
    "FigureBeside",
    "FindingView",
    "FolderView",
    "ReportedValue",
    "RoundView",
    "Step",
    "TodayView",
    "Waiting",
    "YearView",
    "accounts_frame",
    "application_matrix",
    "application_view",
    "baseline_beside_today",
    "basis",
    "both_ends",
    "calendar_years",
    "change_reports",
    "distances",
    "folder_view",
    "gap",
    "intake_errors",
    "ledger",
    "ledger_actions",
    "linked_applications",
    "newest_round_id",
    "overrides_frame",
    "pending_withdrawals",
    "recommenders_frame",
    "round_view",
    "rounds",
    "today",
    "year_view",
]
