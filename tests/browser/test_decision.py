"""申报办理卷 in the browser: opened from where its application is, read, taken away; closed to experts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from core.accounts import Role
from core.publication.decision_docx import as_docx
from core.publication.dossier import Table
from core.services import accounts
from core.services.decision_file import decision_file
from core.store import tables
from tests.browser.driver import Server, heading, open_at, picture, put_away, running_server, settled, signed_in, tab_of
from tests.decided import DECIDED, NAMES
from tests.notices import AFTER
from tests.office import PASSWORD, Worlds

LOGINS = {Role.STAFF: "li", Role.EXPERT: "wang", Role.SUPERVISOR: "chen"}
YUNFAN = 1
TITLE = "申报办理卷"


@pytest.fixture(scope="module")
def server(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on an office in which one application has been through everything."""
    home = tmp_path_factory.mktemp("decided")
    worlds.settings("sqlite", DECIDED, home)
    with running_server(home, SHIFAN_TODAY=AFTER.isoformat()) as running:
        for role, login in LOGINS.items():
            running.tokens[role] = accounts.sign_in(running.app, login=login, password=PASSWORD)
        yield running


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """A window of the member of staff."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def exports(server: Server) -> list[tuple[str, str]]:
    """Who took the file away, and what the ledger says of it."""
    ledger = tables.ledger
    query = sa.select(ledger.c.who, ledger.c.what).where(ledger.c.action == "decision.exported")
    with server.app.reader.connect() as connection:
        return [(row.who, row.what) for row in connection.execute(query.order_by(ledger.c.id))]


def taken(page: Page, label: str) -> tuple[str, bytes]:
    """Presses a button and gives the file that comes, by name."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_it_is_opened_from_its_application_and_its_case(page: Page) -> None:
    open_at(page, f"/checks?app={YUNFAN}", "条件审核")
    page.get_by_role("link", name="申报办理卷 →").click()
    expect(heading(page)).to_have_text(TITLE)
    expect(page.locator("h2.sf-name")).to_have_text("2026年度　沈阳市　虚构市云帆服务平台（PT-001）")
    page.get_by_role("link", name="对应的创建对象 →").click()
    expect(heading(page)).to_have_text("创建对象")
    settled(page)
    page.get_by_role("tab", name=re.compile("^关联申报")).click()
    page.get_by_role("link", name="办理卷", exact=True).click()
    expect(heading(page)).to_have_text(TITLE)
    page.get_by_role("link", name="条件审核中的这个申报 →").click()
    expect(page.locator("h2.sf-name")).to_contain_text("虚构市云帆服务平台")


def test_the_navigation_does_not_offer_it(page: Page) -> None:
    open_at(page, f"/decision?application={YUNFAN}", TITLE)
    expect(page.get_by_test_id("stSidebarNavLink").filter(has_text=TITLE)).to_have_count(0)


def test_the_page_holds_what_the_file_holds(page: Page, server: Server) -> None:
    open_at(page, f"/decision?application={YUNFAN}", TITLE)
    dossier = decision_file(server.app, YUNFAN, names=False).dossier
    expect(page.locator("section.sf-part h2")).to_have_text([each.title for each in dossier.sections])
    wanted = [block for each in dossier.sections for block in each.blocks if isinstance(block, Table)]
    shown = page.locator("table.sf-dossier").evaluate_all(
        "all => all.map(one => [...one.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.innerText)))"
    )
    assert shown == [[list(row) for row in table.rows] for table in wanted]
    name, data = taken(page, "下载办理卷（docx，专家用代号）")
    assert name == "申报办理卷-2026-沈阳市-PT-001.docx"
    assert data == as_docx(dossier)
    file = docx.Document(io.BytesIO(data))
    assert [[cell.text for cell in row.cells] for row in file.tables[0].rows] == shown[0]
    assert exports(server)[-1] == ("李经办", f"导出申报办理卷：{name}")


def test_names_are_shown_only_where_they_are_asked_for(page: Page, server: Server) -> None:
    open_at(page, f"/decision?application={YUNFAN}", TITLE)
    expect(page.get_by_test_id("stAlert")).to_have_text("内部资料：载有评审情况，不得公开。")
    whole = page.get_by_test_id("stMain")
    for name in NAMES:
        expect(whole).not_to_contain_text(name)
    page.get_by_text("本页显示专家姓名").click()
    expect(page.get_by_role("heading", name="专家01 王专家的评审")).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_text("内部资料：载有评审情况和专家姓名，仅限内部，不得公开。")
    name, data = taken(page, "下载办理卷（docx，含专家姓名，仅限内部）")
    assert name == "申报办理卷-2026-沈阳市-PT-001（含专家姓名）.docx"
    assert data == as_docx(decision_file(server.app, YUNFAN, names=True).dossier)
    assert exports(server)[-1] == ("李经办", f"导出申报办理卷（含专家姓名）：{name}")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_the_contents_lead_to_the_sections(server: Server, browser: Browser, width: int, height: int) -> None:
    context = signed_in(browser, server, Role.STAFF, width, height)
    page = tab_of(context)
    open_at(page, f"/decision?application={YUNFAN}", TITLE)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth <= one.clientWidth")
    picture(page, f"decision-top-{width}")
    for name in ("五、专家评审", "七、公示与异议"):
        page.get_by_role("navigation", name="目录").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name)).to_be_in_viewport()
        picture(page, f"decision-{name[0]}-{width}")
        main.evaluate("one => one.scrollTo(0, 0)")
    put_away(context)


def test_supervision_reads_and_takes_it_away(server: Server, browser: Browser) -> None:
    context = signed_in(browser, server, Role.SUPERVISOR)
    page = tab_of(context)
    open_at(page, f"/decision?application={YUNFAN}", TITLE)
    expect(page.get_by_role("heading", name="十、本卷依据")).to_be_visible()
    name, _ = taken(page, "下载办理卷（docx，专家用代号）")
    assert exports(server)[-1] == ("陈监督", f"导出申报办理卷：{name}")
    put_away(context)


def test_experts_cannot_open_it(server: Server, browser: Browser) -> None:
    context = signed_in(browser, server, Role.EXPERT)
    page = tab_of(context)
    page.goto(f"/decision?application={YUNFAN}")
    expect(page.get_by_text("无权查看：")).to_have_text(
        "无权查看：您的角色“评审专家”不能查看评审。如需办理，请联系管理员。"
    )
    settled(page)
    expect(page.get_by_test_id("stMain")).not_to_contain_text("虚构市云帆服务平台")
    put_away(context)


@pytest.mark.parametrize("asked", ["999", "²", "99999999999999999999", ""])
def test_an_application_that_is_not_there_is_answered_with_what_to_do(page: Page, asked: str) -> None:
    open_at(page, f"/decision?application={asked}", TITLE)
    told = "没有这个申报，请回到列表重新选择。" if asked == "999" else "请先在“条件审核”中打开一个申报"
    expect(page.get_by_test_id("stMain")).to_contain_text(told)
    page.get_by_test_id("stMain").get_by_role("link", name="去条件审核").click()
    expect(heading(page)).to_have_text("条件审核")
