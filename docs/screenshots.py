"""Pictures of every page for the README: `python -m docs.screenshots` (or `make screenshots`).

Needs the built state and Debian's Chromium; writes docs/*.png.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from ingest.state import state_layout

HERE = Path(__file__).resolve().parent
QUESTION = "令和4年度に執行率が50%を下回った事業は？"
ASKED = f"/?q={quote(QUESTION)}"
DOCUMENT = "001_3f457d84957d5b7b"
LARGEST_BYTES = 300_000


def _answered(page: Page) -> None:
    page.locator("a.kusei-mark").first.wait_for()
    page.get_by_test_id("stDataFrame").first.wait_for()


def _source(page: Page) -> None:
    _answered(page)
    page.locator("a.kusei-mark").first.click()
    page.get_by_role("dialog").locator("mark").wait_for()


def _chart(page: Page) -> None:
    _answered(page)
    page.get_by_role("tab", name="グラフ").click()
    page.get_by_test_id("stVegaLiteChart").wait_for()


def _search(page: Page) -> None:
    page.get_by_label("さがす言葉").fill("防災訓練")
    page.get_by_label("さがす言葉").press("Enter")
    page.locator("mark").first.wait_for()


def _rates(page: Page) -> None:
    page.get_by_role("radio", name="執行率").click()
    page.get_by_test_id("stVegaLiteChart").wait_for()


def _audit(page: Page) -> None:
    page.get_by_role("radio", name="数字の食い違い").click()
    page.locator(".kusei-list").wait_for()


# name -> address, what to do there, width, height, colours
PICTURES: dict[str, tuple[str, Callable[[Page], None] | None, int, int, str]] = {
    "welcome": ("/", None, 1280, 860, "light"),
    "ask": (ASKED, _answered, 1280, 1120, "light"),
    "ask-dark": (ASKED, _chart, 1280, 1120, "dark"),
    "ask-phone": (ASKED, _answered, 390, 844, "light"),
    "source": (ASKED, _source, 1280, 860, "light"),
    "search": ("/search", _search, 1280, 860, "light"),
    "project": (f"/search?project={quote(DOCUMENT + '/p1', safe='')}", None, 1280, 1120, "light"),
    "figures": ("/figures", None, 1280, 860, "light"),
    "figures-chart": ("/figures", _rates, 1280, 1120, "light"),
    "documents": ("/documents", None, 1280, 860, "light"),
    "document": (f"/documents?doc={DOCUMENT}&line=251", None, 1280, 980, "light"),
    "audit": ("/documents", _audit, 1280, 620, "light"),
}


def take_pictures(address: str, chromium: str, folder: Path) -> None:
    """Write one picture for each of PICTURES; raises ValueError where one is too large to keep."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (path, prepare, width, height, scheme) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                locale="ja-JP",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(address + path)
            page.locator("h1").wait_for()
            if prepare:
                prepare(page)
            page.wait_for_timeout(1500)
            target = folder / f"{name}.png"
            page.screenshot(path=target)
            context.close()
            if target.stat().st_size > LARGEST_BYTES:
                raise ValueError(f"{target} is larger than {LARGEST_BYTES:,} bytes: make its window smaller")
            print(target, file=sys.stderr)
        browser.close()


def main() -> int:
    """Serve the app over the built state on a free port, and take the pictures."""
    chromium = os.environ.get("KUSEI_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        print("Chromium is not installed: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    held = state_layout()
    if not held.current.exists():
        print(f"nothing is built in {held.root}: run `make state`", file=sys.stderr)
        return 1
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=HERE.parent,
            stdout=log,
            stderr=log,
        )
        try:
            for _ in range(120):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                        break
                except OSError:
                    time.sleep(0.5)
            take_pictures(f"http://127.0.0.1:{port}", chromium, HERE)
        finally:
            server.terminate()
            server.wait(10)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
