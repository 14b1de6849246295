"""The pages of the app: address, title, who may open them. Navigation, gate and tests read this one list."""

from __future__ import annotations

from dataclasses import dataclass

from core.accounts import Actor, Permission


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page. `path` is its address after the slash ('' is the first page); no permission means any account.

    `listed` False: it is of one thing, and is opened from where that is shown; the navigation does not offer it.
    """

    file: str
    path: str
    title: str
    permission: Permission | None
    group: str
    listed: bool = True

    def open_to(self, actor: Actor) -> bool:
        """Whether the navigation offers the page to this account; the page itself asks again."""
        return self.permission is None or actor.may(self.permission)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("today.py", "", "今日", None, ""),
    PageEntry("reviews.py", "reviews", "我的评审", Permission.SCORE, "办理"),
    PageEntry("round.py", "round", "年度轮次", Permission.READ_ROUND, "办理"),
    PageEntry("intake.py", "intake", "推荐接收", Permission.READ_INTAKE, "办理"),
    PageEntry("checks.py", "checks", "条件审核", Permission.READ_CHECKS, "办理"),
    PageEntry("panel.py", "panel", "专家评审", Permission.READ_SCORES, "办理"),
    PageEntry("selection.py", "selection", "拟创建对象选定", Permission.READ_CASES, "办理"),
    PageEntry("lists.py", "lists", "名单", Permission.READ_LISTS, "办理"),
    PageEntry("notices.py", "notices", "公示与异议", Permission.READ_CASES, "办理"),
    PageEntry("documents.py", "documents", "发文", Permission.READ_LISTS, "办理"),
    PageEntry("publications.py", "publications", "公布", Permission.READ_LISTS, "办理"),
    PageEntry("cases.py", "cases", "创建对象", Permission.READ_CASES, "办理"),
    PageEntry("registry.py", "registry", "名录", Permission.READ_LISTS, "办理"),
    PageEntry("decision.py", "decision", "申报办理卷", Permission.READ_SCORES, "办理", listed=False),
    PageEntry("deadlines.py", "deadlines", "期限", Permission.READ_CASES, "办理"),
    PageEntry("online.py", "online", "在线表格", Permission.READ_ROUND, "管理"),
    PageEntry("calendar.py", "calendar", "工作日历", Permission.READ_CALENDAR, "管理"),
    PageEntry("cohort.py", "cohort", "存量建档", Permission.ACT_ON_CASES, "管理"),
    PageEntry("ledger.py", "ledger", "操作留痕", Permission.READ_LEDGER, "管理"),
    PageEntry("accounts.py", "accounts", "账户", Permission.MANAGE_ACCOUNTS, "管理"),
    PageEntry("help.py", "help", "填报说明与标准", None, "帮助"),
)


def page(path: str) -> PageEntry:
    """The entry of an address."""
    return next(entry for entry in PAGES if entry.path == path)
