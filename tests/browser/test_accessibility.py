"""No serious or critical finding of axe on any page, in light and dark, in a wide and a narrow window."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def answered(page: Page) -> None:
    page.locator("a.kusei-mark").first.wait_for()
    page.get_by_test_id("stDataFrame").first.wait_for()


def with_dialog(page: Page) -> None:
    answered(page)
    page.locator("a.kusei-mark").first.click()
    page.get_by_role("dialog").locator("mark").wait_for()


def with_choices(page: Page) -> None:
    page.get_by_role("button", name="年度").click()
    page.get_by_role("combobox", name="年度").wait_for()


def with_chart(page: Page) -> None:
    page.get_by_role("radio", name="執行率").click()
    page.get_by_test_id("stVegaLiteChart").wait_for()


def with_audit(page: Page) -> None:
    page.get_by_role("radio", name="数字の食い違い").click()
    page.locator(".kusei-list").wait_for()


def with_upload(page: Page) -> None:
    page.get_by_role("radio", name="資料を試す").click()
    page.locator('input[type="file"]').wait_for(state="attached")


ASKED = "/?q=" + quote("令和4年度に執行率が50%を下回った事業は？")
NOT_FOUND = "/?q=" + quote("令和4年度の火星の旅行の予算は？")
SCREENS: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "welcome": ("/", None),
    "answer": (ASKED, answered),
    "source": (ASKED, with_dialog),
    "not-found": (NOT_FOUND, None),
    "search": ("/search", with_choices),
    "project": ("/search?project=001_3f457d84957d5b7b%2Fp1", None),
    "figures": ("/figures", None),
    "chart": ("/figures", with_chart),
    "documents": ("/documents", None),
    "document": ("/documents?doc=001_3f457d84957d5b7b&line=204", None),
    "audit": ("/documents", with_audit),
    "upload": ("/documents", with_upload),
}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_serious(open_page: Callable[..., Page], screen: str, width: int, scheme: str) -> None:
    path, prepare = SCREENS[screen]
    page = open_page(path, width=width, scheme=scheme)
    if prepare:
        prepare(page)
    page.wait_for_timeout(700)
    found = Axe().run(page, options=RULES).response["violations"]
    serious = [
        (v["id"], v["help"], [node["html"][:160] for node in v["nodes"][:3]], v["nodes"][0].get("failureSummary"))
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert not serious
