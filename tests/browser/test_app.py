"""A reader's way through the app, in a real browser."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

QUESTION = "令和4年度に執行率が50%を下回った事業は？"
LOW = {
    "青少年健全育成事業": "47.5%",
    "旭区の「農」の魅力ＰＲ事業": "43.2%",
    "チーム旭で進める満足度向上事業": "32.5%",
    "一時託児サービス事業": "8.2%",
}
Open = Callable[..., Page]


def ask(open_page: Open, question: str = QUESTION, **window: object) -> Page:
    page = open_page(f"/?q={quote(question)}", **window)
    page.locator(".kusei-answer p").first.wait_for()
    return page


def asked(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("q", [])


def test_ask_a_sample_then_follow_up_then_reopen_the_link(open_page: Open) -> None:
    page = open_page("/")
    expect(page.get_by_text("横浜市西区").first).to_be_visible()
    page.get_by_role("button", name=QUESTION).click()
    answer = page.locator(".kusei-answer").first
    for project, rate in LOW.items():
        expect(answer.locator("li", has_text=project).first).to_contain_text(rate)
    expect(page.locator(".kusei-understood").first).to_contain_text("執行率が50%未満")
    box = page.get_by_role("textbox")
    box.fill("令和5年度は？")
    box.press("Enter")
    second = page.locator(".kusei-answer").nth(1)
    expect(second).to_contain_text("令和5年度")
    expect(second).to_contain_text("7月31日")
    expect(page.locator("h2.kusei-question").nth(1)).to_be_in_viewport()
    page.wait_for_function("new URLSearchParams(location.search).getAll('q').length === 2")
    assert asked(page) == [QUESTION, "令和5年度は？"]
    again = open_page("/?" + urlsplit(page.url).query)
    expect(again.locator(".kusei-answer").first).to_contain_text("令和5年度")


def test_a_mark_opens_the_very_line_and_then_the_document(open_page: Open) -> None:
    page = ask(open_page)
    item = page.locator(".kusei-answer > ul > li", has_text="一時託児サービス事業").first
    item.locator("a.kusei-mark").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("mark")).to_contain_text("一時託児サービス事業 963 79 8.2%")
    expect(dialog.locator("mark")).to_be_in_viewport()
    assert dialog.locator(".row").count() > 10, "the lines around it"
    dialog.get_by_role("link", name="資料の中で開く").click()
    expect(page.get_by_role("heading", name="資料の本文")).to_be_visible()
    shown = page.locator(".lines mark").first
    expect(shown).to_contain_text("一時託児サービス事業")
    expect(shown).to_be_in_viewport()
    assert "doc=" in page.url


def test_the_keyboard_is_enough(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("textbox").focus()
    page.keyboard.insert_text(QUESTION)
    page.keyboard.press("Enter")
    page.locator("a.kusei-mark").first.wait_for()
    page.locator("a.kusei-mark").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator(".kusei-brand").click()
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1", has_text="資料")).to_be_visible()


def test_downloads_hold_the_answer_with_its_sources(open_page: Open) -> None:
    page = ask(open_page)
    with page.expect_download() as held:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(held.value.path()).read_text("utf-8-sig"))))
    assert {row["事業"]: row["資料の表記"] for row in rows if row["項目"] == "執行率"} == LOW
    assert all(row["出典資料"] and row["行"] and row["出典の記載"] for row in rows)
    with page.expect_download() as held:
        page.get_by_role("button", name="Excel").click()
    with zipfile.ZipFile(held.value.path()) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert "一時託児サービス事業" in book.read("xl/sharedStrings.xml").decode()


def test_a_chart_draws_every_figure(open_page: Open) -> None:
    page = ask(open_page)
    page.get_by_role("tab", name="グラフ").click()
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart).to_be_visible()
    expect(chart.locator("canvas, svg").first).to_be_visible()


def test_the_answer_can_be_copied_and_rated(open_page: Open) -> None:
    page = ask(open_page)
    page.get_by_role("button", name="回答をコピー").click()
    expect(page.get_by_role("status").filter(has_text=re.compile("コピー"))).to_be_visible()
    page.get_by_role("button", name="役に立たなかった").click()
    page.get_by_role("textbox", name=re.compile("気づいたこと")).fill("表が小さい")
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_text("ありがとうございました")).to_be_visible()


def test_a_next_question_is_one_click_away(open_page: Open) -> None:
    page = ask(open_page)
    row = page.locator('[class*="next_questions"] button')
    text = row.first.inner_text()
    row.first.click()
    expect(page.locator("h2.kusei-question").nth(1)).to_have_text(text)
    expect(page.locator(".kusei-answer").nth(1)).to_be_visible()


def test_search_filter_and_open_a_project(open_page: Open) -> None:
    page = open_page("/search")
    words = page.get_by_label("さがす言葉")
    words.fill("防災訓練")
    words.press("Enter")
    expect(page.locator("mark", has_text="防災訓練").first).to_be_visible()
    page.get_by_role("button", name="年度").click()
    page.get_by_role("combobox", name="年度").click()
    page.get_by_role("option", name="2022（令和4）").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("2023（令和5）")).to_have_count(0)
    page.get_by_role("link", name="災害に強い区づくり事業", exact=True).first.click()
    expect(page.get_by_role("heading", name="細事業（7）")).to_be_visible()
    expect(page.get_by_text("12,182,000円").first).to_be_visible()
    # A link inside of the text keeps the session: the words are still there on the way back.
    page.get_by_role("link", name="防災訓練事業", exact=True).click()
    expect(page.get_by_role("heading", name="防災訓練事業")).to_be_visible()
    page.get_by_role("link", name="さがした結果に戻る").click()
    expect(page.get_by_label("さがす言葉")).to_have_value("防災訓練")


def test_figures_filter_and_save(open_page: Open) -> None:
    page = open_page("/figures")
    page.get_by_label("事業名でしぼる").fill("ふれあい区民まつり")
    page.get_by_label("事業名でしぼる").press("Enter")
    expect(page.get_by_text("2行", exact=True)).to_be_visible()
    with page.expect_download() as held:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(held.value.path()).read_text("utf-8-sig"))))
    assert rows[0]["予算額（円）"] == "3300000"
    for chart in ("執行率", "予算と決算", "年度の比較"):
        page.get_by_role("radio", name=chart).click()
        expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()


HOSTILE = """令和5年度 みどり区 <b>予算</b>概要
<script>window.hacked = 1</script>
<img src=x onerror="window.hacked=2"><svg onload="window.hacked=3"></svg>
<iframe srcdoc="<script>parent.hacked=4</script>"></iframe>
![画像](http://203.0.113.5/tracker.png) [押す](javascript:alert(1))
（単位：千円）
事業名 予算額 課名
=HYPERLINK("http://203.0.113.5") 1,200 総務課
<style>body{display:none}</style> :red[色] $x^2$
"""


@pytest.mark.parametrize("name", ["hostile.txt", "hostile.md", "hostile.csv", "hostile.html"])
def test_markup_in_an_upload_is_shown_not_run(open_page: Open, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(HOSTILE, encoding="utf-8")
    page = open_page("/documents")
    page.get_by_role("radio", name="資料を試す").click()
    page.locator('input[type="file"]').set_input_files(path)
    lines = page.locator(".lines")
    lines.wait_for()
    expect(lines).to_contain_text("概要")
    if not name.endswith(".html"):
        expect(lines).to_contain_text("<script>window.hacked = 1</script>")
        expect(lines).to_contain_text("![画像](http://203.0.113.5/tracker.png)")
    for table in page.get_by_role("radiogroup", name="読み取ったもの").get_by_role("radio").all():
        table.click()
        page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert page.locator("iframe, img[src*='203.0.113.5']").count() == 0
    expect(page.locator("h1")).to_be_visible()


def test_a_file_that_is_no_document_gets_a_sentence(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing of the kind")
    page = open_page("/documents")
    page.get_by_role("radio", name="資料を試す").click()
    page.locator('input[type="file"]').set_input_files(path)
    expect(page.get_by_role("alert")).to_be_visible()
    assert "Traceback" not in page.content()


def test_choosing_a_reading_marks_its_place(open_page: Open) -> None:
    page = open_page("/documents?doc=001_3f457d84957d5b7b&line=204")
    expect(page.locator(".lines mark").first).to_contain_text("青少年健全育成事業")
    table = page.get_by_test_id("stDataFrame").first
    table.wait_for()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 35 + 18)
    expect(page.locator(".lines .row.cited", has_text="災害に強い区づくり").first).to_be_visible()


def test_an_answer_moves_nothing_that_is_already_there(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("button", name=QUESTION).wait_for()
    page.wait_for_timeout(1500)
    page.evaluate(
        """() => { window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries())
        if (!e.hadRecentInput) window.shift += e.value; }).observe({type: 'layout-shift', buffered: false}); }"""
    )
    box = page.get_by_role("textbox")
    box.fill(QUESTION)
    box.press("Enter")
    page.locator("a.kusei-mark").first.wait_for()
    page.wait_for_timeout(1500)
    # 0.1 is what Core Web Vitals call good.
    assert page.evaluate("window.shift") < 0.1


@pytest.mark.parametrize("path", ["/", "/search", "/figures", "/documents"])
def test_nothing_is_wider_than_a_phone(open_page: Open, path: str) -> None:
    page = open_page(path, width=390, height=844)
    page.wait_for_timeout(800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
