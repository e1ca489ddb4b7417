"""The real app, served over the built state, in Debian's Chromium; nothing outside this machine may be asked for."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from ingest.state import state_layout

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _missing(message: str) -> None:
    if os.environ.get("KUSEI_ALLOW_NO_BROWSER"):
        pytest.skip(message)
    pytest.fail(f"{message} (or set KUSEI_ALLOW_NO_BROWSER=1 to pass these tests over)", pytrace=False)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Debian's Chromium is."""
    found = os.environ.get("KUSEI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        _missing("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, over the built state but with feedback of its own."""
    held = state_layout()
    if not held.current.exists():
        pytest.fail(f"nothing is built in {held.root}: run `make state`", pytrace=False)
    state = tmp_path_factory.mktemp("state")
    for path in (held.extracted, held.model, held.generations, held.current):
        (state / path.name).symlink_to(path)
    port = _free_port()
    log = (state / "server.log").open("w")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.port",
            str(port),
            "--server.address",
            "127.0.0.1",
        ],
        cwd=ROOT,
        env={**os.environ, "KUSEI_STATE": str(state), "KUSEI_STAFF": ""},
        stdout=log,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                    break
            except OSError:
                assert process.poll() is None, (state / "server.log").read_text()
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(10)
        log.close()


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Open a path of the app in a fresh window; asking any other host fails the test."""
    contexts = []
    strangers: list[str] = []

    def opened(path: str = "/", width: int = 1280, height: int = 900, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="ja-JP",
            accept_downloads=True,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)

        def note(request: Request) -> None:
            host = urlsplit(request.url).hostname
            if host not in (None, "127.0.0.1"):
                strangers.append(request.url)

        page.on("request", note)
        page.goto(server + path)
        page.locator("h1").wait_for()
        page.wait_for_function("document.documentElement.dataset.kusei === 'ready'")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strangers == [], "the page asked another host"
