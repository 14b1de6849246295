"""The static registry in a browser without network: narrow and wide, by keyboard alone, without scripts, and fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from core.publication.registry.model import Registry
from core.publication.registry.site import site_files
from tests.browser.driver import picture
from tests.registries import CITIES, named, registry_of

COUNT, MANY, STEP = 120, 10_000, 50
SEARCH_MILLISECONDS = 100
WIDTHS = {360: 740, 1440: 900}
PAGES = ("index.html", "city-210100.html", "fields.html")
SERIOUS = {"serious", "critical"}
NO_FETCHING = {
    "preload": False
}  # the checker would read the styles once more, which a browser keeps from it in a folder
# from the key that changes the box to the frame that shows what was found
TIMED = """async (text) => {
  const box = document.getElementById("text");
  box.value = text;
  const start = performance.now();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - start;
}"""

Open = Callable[..., Page]


def written(registry: Registry, folder: Path) -> Path:
    """The site in a folder."""
    for name, data in site_files(registry).items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of some pages of results."""
    return written(registry_of(COUNT), tmp_path_factory.mktemp("site"))


@pytest.fixture
def open_(browser: Browser, site: Path) -> Iterator[Open]:
    """Opens a page of the site from its folder; whatever is asked of a network, or goes wrong in it, fails the test."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    wrong: list[str] = []

    def go(name: str, width: int = 1440, folder: Path = site, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]}, offline=True, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(f"{folder.as_uri()}/{name}")
        return page

    yield go
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
    assert wrong == []


def names(page: Page) -> Locator:
    """The names of what was found."""
    return page.locator("#hits > li > a")


def count(page: Page) -> Locator:
    """How many were found."""
    return page.locator("#found")


def focused(page: Page) -> str:
    """What has the focus: its id, else its text."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent"))


def tab_to(page: Page, wanted: str, most: int = 30) -> None:
    """Goes on with the tab key until something has the focus."""
    for _ in range(most):
        if focused(page) == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not lead to {wanted}")


# ---------------------------------------------------------------- searched


@pytest.mark.parametrize("width", WIDTHS)
def test_one_finds_by_every_condition_and_a_reload_keeps_them(open_: Open, width: int) -> None:
    page = open_("index.html", width)
    expect(count(page)).to_have_text(f"共 {COUNT} 个")
    expect(names(page)).to_have_count(STEP)
    page.get_by_label("查找").fill("虚构旧名00014")
    expect(names(page)).to_have_text(["虚构第00014号服务平台"])
    page.get_by_label("查找").fill("ＸＹＺ")
    expect(page.get_by_text("没有符合条件的。请换一个词，或者放宽条件。")).to_be_visible()
    page.get_by_label("查找").fill("投融资 第0001")
    # by city, whatever their numbers
    expect(names(page)).to_have_text([f"虚构第000{number}号服务平台" for number in (16, 19, 10, 13)])
    page.get_by_label("查找").fill("00019公司")
    expect(names(page)).to_have_text(["虚构第00019号服务平台"])
    page.get_by_label("查找").fill("")
    page.get_by_label("地区", exact=True).select_option("大连市")
    page.get_by_label("类型").select_option("基地")
    expect(count(page)).to_have_text("查到 0 个")
    page.get_by_label("类型").select_option("平台")
    page.get_by_label("分类").select_option("撤销认定")
    page.get_by_label("确定或认定年份").select_option("2016")
    expect(names(page)).to_have_text(["虚构第00031号服务平台", "虚构第00091号服务平台"])
    page.reload()
    expect(names(page)).to_have_text(["虚构第00031号服务平台", "虚构第00091号服务平台"])
    expect(page.get_by_label("分类")).to_have_value("撤销认定")
    picture(page, f"registry-found-{width}")
    page.get_by_role("button", name="清空条件").click()
    expect(count(page)).to_have_text(f"共 {COUNT} 个")
    assert "#" not in page.url
    names(page).first.click()
    expect(page.locator("h1")).to_have_text("沈阳市")
    expect(page.locator("article:target h2")).to_be_in_viewport()


def test_results_stand_in_official_order_and_all_of_them_can_be_reached(open_: Open) -> None:
    page = open_("index.html")
    page.get_by_role("button", name="再显示 50 个（还有 70 个）").click()
    page.get_by_role("button", name="再显示 20 个（还有 20 个）").click()
    expect(page.locator("#more")).to_be_hidden()
    expect(names(page)).to_have_text([each.name for each in registry_of(COUNT).objects])


def test_names_that_look_like_markup_are_shown_as_names(open_: Open, tmp_path: Path) -> None:
    hostile = ["<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "A&B <c>", "虚构𠮷田“平台”（甲）"]
    page = open_("index.html", folder=written(named(hostile), tmp_path))
    expect(names(page)).to_have_count(len(hostile))
    assert sorted(names(page).all_text_contents()) == sorted(hostile)
    page.get_by_label("查找").fill("𠮷田“")
    expect(names(page)).to_have_text([hostile[3]])


# ---------------------------------------------------------------- by everybody


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_the_accessibility_checker_finds_nothing_serious_and_nothing_is_cut(open_: Open, name: str, width: int) -> None:
    page = open_(name, width)
    expect(page.locator("h1")).to_be_visible()
    found = Axe().run(page, options=NO_FETCHING).response["violations"]
    assert [(one["id"], one["impact"], len(one["nodes"])) for one in found if one["impact"] in SERIOUS] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, f"registry-{Path(name).stem}-{width}")


def test_it_is_used_by_keyboard_alone(open_: Open) -> None:
    page = open_("index.html")
    expect(names(page)).to_have_count(STEP)
    page.keyboard.press("Tab")
    assert focused(page) == "跳到正文"
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    tab_to(page, "text")
    page.keyboard.type("第0011")
    expect(count(page)).to_have_text("查到 10 个")
    tab_to(page, "kind")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(count(page)).to_have_text("查到 3 个")
    tab_to(page, "清空条件")
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text(f"共 {COUNT} 个")
    expect(page.locator("#text")).to_be_focused()
    tab_to(page, "more", most=STEP + 30)
    page.keyboard.press("Enter")
    # the focus goes on where the new ones begin
    assert focused(page) == names(page).nth(STEP).text_content()
    page.keyboard.press("Enter")
    expect(page.locator("article:target h2")).to_be_in_viewport()
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "← 回到名录首页"


def test_without_scripts_every_object_is_reached_by_its_city(open_: Open) -> None:
    page = open_("index.html", scripts=False)
    assert page.locator("form").is_visible() is False
    page.get_by_role("link", name="大连市").click()
    held = registry_of(COUNT).of(CITIES[1])
    assert page.locator("article h2").all_text_contents() == [each.name for each in held]
    assert page.locator("article time").count() == sum(len(each.history) for each in held)


def test_on_paper_stands_everything_that_was_found(open_: Open) -> None:
    page = open_("index.html")
    expect(names(page)).to_have_count(STEP)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(names(page)).to_have_count(COUNT)
    assert [page.locator(each).is_visible() for each in ("#search", "nav", "#hits", "footer p >> nth=0")] == [
        False, False, True, True,
    ]  # fmt: skip


# ---------------------------------------------------------------- with ten thousand


def test_with_ten_thousand_the_search_answers_before_one_waits(open_: Open, tmp_path: Path) -> None:
    page = open_("index.html", folder=written(registry_of(MANY), tmp_path))
    expect(count(page)).to_have_text(f"共 {MANY} 个")
    for text, left in (
        ("虚", MANY),
        ("虚构第0", 9_999),
        ("投融资 知识", 3_334),
        ("第07777", 1),
        ("无此名称", 0),
        ("", MANY),
    ):
        spent = sorted(page.evaluate(TIMED, text) for _ in range(5))
        expect(count(page)).to_have_text(f"{'查到' if text else '共'} {left} 个")
        print(f"{text or '（全部）'}: {spent[2]:.0f} ms")
        assert spent[2] <= SEARCH_MILLISECONDS, (text, spent)
