"""A real site for browser journeys: its own database on the same server, served by granian, driven in Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.postgres import server

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "build" / "screens"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a freshly populated demonstration site."""
    where = server()
    name = f"qalxan_journey_{os.getpid()}"
    secret = f":{where.password}" if where.password else ""
    home = Path(tempfile.mkdtemp(prefix="qj-", dir="/tmp"))  # keys and the log's own copy belong to one database
    home.chmod(0o711)
    environment = {
        **os.environ,
        "QALXAN_HOME": str(home),
        "DATABASE_URL": f"postgresql://{where.admin}{secret}@/{name}?host={where.host}",
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
    }
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "qalxan", "up", "--port", str(port), "--workers", "1"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
                break
            except (urllib.error.URLError, OSError):
                assert process.poll() is None, "the site did not start"
                time.sleep(0.1)
        with psycopg.connect(where.dsn(where.admin, name), autocommit=True) as connection:
            until = time.monotonic() + 60  # the invented persons come in once the broker answers; the last of it is a notice
            while connection.execute("SELECT 1 FROM vault_notice").fetchone() is None:
                assert time.monotonic() < until, "the invented persons were not registered"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
        with psycopg.connect(where.dsn(where.admin, "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ["QALXAN_CHROMIUM"], args=FLAGS)
        yield chromium
        chromium.close()


class Visitor:
    """A person at a browser: signs in, looks, is photographed; every page must be free of console errors and axe findings."""

    def __init__(self, context: BrowserContext, address: str, language: str, width: int) -> None:
        self.context, self.address, self.language, self.width = context, address, language, width
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        context.add_cookies([{"name": "qalxan_language", "value": language, "url": address}])

    def enter(self, who: str) -> None:
        self.page.goto(f"{self.address}/accounts/login/")
        self.page.locator(f'form:has(input[value="{who}@demo.example"]) button').click()
        self.page.wait_for_url(f"{self.address}/")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def photograph(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}-{self.language}-{self.width}.png", full_page=True)

    def axe(self) -> list[str]:
        self.page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text())
        found = self.page.evaluate(
            "async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '))"
        )
        return list(found)


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[object]:
    made: list[Visitor] = []

    def visit(language: str = "az", width: int = 1440) -> Visitor:
        visitor = Visitor(browser.new_context(viewport={"width": width, "height": 900}), site, language, width)
        made.append(visitor)
        return visitor

    yield visit
    for visitor in made:
        visitor.context.close()
