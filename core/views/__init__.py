"""Read models for pages and exports: questions asked of the store, answered as data frames and small records.

Nothing here changes anything. What is asked again and again is remembered until the ledger grows.
"""

from __future__ import annotations

from core.views.basis import (
    BesideToday,
    CaseOf,
    FigureBeside,
    baseline_beside_today,
    basis,
    case_of,
    linked_applications,
)
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
from core.views.calendar_file import CalendarFile, FeedView, calendar_file, own_feeds
from core.views.changes import change_reports
from core.views.checks import application_matrix, distances
from core.views.deadlines import Tally, dated, deadlines, tally
from core.views.due_rows import DueRow
from core.views.intake import CityState, FolderView, folder_view, intake_errors, pending_withdrawals
from core.views.notices import (
    ENTRY_STATES,
    EntryView,
    NoticeForm,
    NoticeView,
    notice_form,
    notice_preview,
    notice_view,
    notices_of,
)
from core.views.objections import ObjectionView
from core.views.one import ApplicationView, FindingView, ReportedValue, application_view
from core.views.people import accounts_frame, ledger, ledger_actions
from core.views.rounds import RoundView, newest_round_id, recommenders_frame, round_contact, round_view, rounds
from core.views.today import Step, TodayView, today
from core.views.waiting import Waiting

__all__ = [
    "ENTRY_STATES",
    "SOURCES",
    "ApplicationView",
    "BesideToday",
    "BothEnds",
    "CalendarFile",
    "CaseOf",
    "CityState",
    "DayView",
    "DueRow",
    "EntryView",
    "FeedView",
    "FigureBeside",
    "FindingView",
    "FolderView",
    "NoticeForm",
    "NoticeView",
    "ObjectionView",
    "ReportedValue",
    "RoundView",
    "Step",
    "Tally",
    "TodayView",
    "Waiting",
    "YearView",
    "accounts_frame",
    "application_matrix",
    "application_view",
    "baseline_beside_today",
    "basis",
    "both_ends",
    "calendar_file",
    "calendar_years",
    "case_of",
    "change_reports",
    "dated",
    "deadlines",
    "distances",
    "folder_view",
    "gap",
    "intake_errors",
    "ledger",
    "ledger_actions",
    "linked_applications",
    "newest_round_id",
    "notice_form",
    "notice_preview",
    "notice_view",
    "notices_of",
    "overrides_frame",
    "own_feeds",
    "pending_withdrawals",
    "recommenders_frame",
    "round_contact",
    "round_view",
    "rounds",
    "tally",
    "today",
    "year_view",
]
