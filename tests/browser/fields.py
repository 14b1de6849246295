"""Filling in what Playwright has no word for."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Locator, Page, expect

STILL = "document.getAnimations().every((one) => one.playState !== 'running')"


def fill_day(scope: Locator, label: str, day: date) -> None:
    """Types a day into a date field, part by part as a person does, and puts its calendar away: that hands it over."""
    parts = scope.get_by_test_id("stDateInput").filter(has_text=label).get_by_role("spinbutton")
    parts.first.focus()
    parts.first.press_sequentially(f"{day:%Y%m%d}")
    expect(parts).to_have_text([f"{day:%Y}", f"{day:%m}", f"{day:%d}"])
    parts.last.press("Escape")


def unfold(page: Page, name: str) -> Locator:
    """Opens a part by its name and gives it once it has stopped growing: a click on what still moves goes nowhere."""
    part = page.get_by_test_id("stExpander").filter(has=page.locator("summary", has_text=name))
    part.locator("summary").click()
    page.wait_for_function(STILL)
    return part


def pick(scope: Locator, label: str) -> None:
    """Picks one of several round buttons; a list that is still closing above it would swallow the click."""
    expect(scope.page.get_by_role("listbox")).to_have_count(0)
    scope.get_by_text(label, exact=True).click()
    expect(scope.get_by_role("radio", name=label, exact=True)).to_be_checked()
