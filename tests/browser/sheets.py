"""What an expert does with one sheet of 我的评审."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.driver import open_at, settled
from tests.scoring.documents import RUBRIC

NAMES = list(RUBRIC.names.values())
LOST = "连接中断，所填内容留在本页，恢复后自动保存"


def begin(page: Page, number: int) -> None:
    """Declares that there is no conflict, and comes to the form."""
    open_at(page, f"/reviews?sheet={number}", "我的评审")
    page.get_by_role("button", name="没有，开始评审").click()
    expect(page.get_by_label(f"{NAMES[0]}：得分")).to_be_visible()
    settled(page)


def type_scores(page: Page, score: int) -> None:
    """Gives every indicator the same, and waits until the server has it."""
    for name in NAMES:
        page.get_by_label(f"{name}：得分").fill(str(score))
    page.get_by_label(f"{NAMES[-1]}：得分").blur()
    expect(page.locator("[data-total]")).to_have_text(f"{score}.00")
    page.wait_for_function("sessionStorage.length === 0")


def hand_in(page: Page) -> None:
    """Presses both buttons."""
    page.get_by_role("button", name="提交评审").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text("评审已提交，内容已经锁定。")).to_be_visible()
    settled(page)
