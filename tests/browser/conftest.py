"""Tests that look at pages as people do: Debian's chromium on a running server.

``look`` opens a page, ``every_way`` shows it in four ways (phone or desk, light or dark) without
loading it again; ``assert_accessible`` and ``assert_fits`` say what every page has to satisfy in
each; ``take`` keeps a picture of it under ``make screenshots``.
"""

import os
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from allmende.accounts.models import User
from tests.conftest import ROOT

CHROMIUM = Path("/usr/bin/chromium")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {"phone": 360, "desk": 1280}
# What axe can find in the dark alone, where all but the colours is as it was in the light.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# What axe has to look at. Colours in the dark are the same at every width.
UNSEEN = """() => {
    const page = document.documentElement.outerHTML
    const dark = matchMedia("(prefers-color-scheme: dark)").matches
    if (!dark) window.shownInLight = innerWidth + page
    if (!dark || window.shownInLight !== innerWidth + page) return "all"
    if (window.shownInDark === page) return "nothing"
    window.shownInDark = page
    return "colours"
}"""
# What moves as something is scrolled never ends.
SETTLED = """() => Promise.all(document.getAnimations()
    .filter(animation => animation.timeline === document.timeline)
    .map(animation => animation.finished))"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is marked as a test in the browser, and one worker runs it all."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process; without it they fail, and say what to do."""
    if not CHROMIUM.exists():
        pytest.fail("Debian's chromium is missing: make test installs it", pytrace=False)
    # Django forbids the database where an event loop runs, and playwright runs one in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", _click_and_wait)
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


_click = Locator.click


def _click_and_wait(locator: Locator, **options: Any) -> None:
    """A click that leads to another page ends when that page is there.

    Playwright's own ends when the page has begun, and what is counted there at once is nothing.
    """
    page = locator.page
    _click(locator, **options)
    page.wait_for_load_state()


class Eye:
    """Opens pages of the test server; remembers what a page complained about."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.strangers: list[str] = []

    def __call__(
        self,
        path: str = "",
        *,
        width: int = 1280,
        dark: bool = False,
        javascript: bool = True,
    ) -> Page:
        """A new page in a browser that knows nobody; without ``path`` it is blank."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="de-DE",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)
        page.on("request", lambda request: self._note_stranger(request.url))
        if path:
            page.goto(path)
        return page

    def _listen(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        # That a page answers 404 or 422 is for the test to say.
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)

    def _note_stranger(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            self.strangers.append(url)


@pytest.fixture
def look(browser: Browser, live_server: object) -> Iterator[Eye]:
    """Open pages; afterwards no script may have failed, and no other server been asked."""
    eye = Eye(browser, str(live_server))
    yield eye
    for context in eye.contexts:
        context.close()
    assert eye.complaints == []
    assert eye.strangers == []


def every_way(page: Page) -> Iterator[str]:
    """Show the page on a phone and on a desk, light and dark; yields the name of each way."""
    for device, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 800})
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            # A colour that fades from one to the other would be judged half way.
            page.evaluate(SETTLED)
            yield f"{device}-{colours}"


def sign_in(page: Page, user: User) -> Page:
    """Give the page the cookie of somebody who has signed in."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [
            {
                "name": cookie.key,
                "value": cookie.value,
                "domain": "localhost",
                "path": "/",
                "httpOnly": True,
            }
        ]
    )
    return page


def assert_accessible(page: Page) -> None:
    """axe finds nothing to object to.

    In the dark it looks at the colours alone if it has just seen the very same page, as wide, in the light;
    once, whatever the width.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    unseen = page.evaluate(UNSEEN)
    if unseen == "nothing":
        return
    rules = (
        {"type": "rule", "values": OF_COLOURS}
        if unseen == "colours"
        else {"type": "tag", "values": RULES}
    )
    # No rule of ours asks for style sheets loaded once more, which takes a sixth of the time.
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    results = AxeResults(page.evaluate("options => axe.run(options)", options))
    assert results.violations_count == 0, results.generate_report()


def assert_fits(page: Page) -> None:
    """Nobody has to scroll sideways: neither now nor at 320 pixels."""
    size = page.viewport_size
    for width in {320, size["width"] if size else 320}:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    if size:
        page.set_viewport_size(size)


def take(what: Page | Locator, name: str, *, whole: bool = True) -> None:
    """Keep a picture of a page, of what fits the window, or of a part, under ``make screenshots``.

    Nobody looks at those of other runs, and each takes the time of a page.
    """
    if not os.environ.get("ALLMENDE_SCREENSHOTS"):
        return
    # To hide the caret, Playwright gives each field a style, and htmx that of a field to what comes in its place:
    # an inline style, which our policy forbids, and the page complains of it.
    if isinstance(what, Page):
        keep(what.screenshot(full_page=whole, caret="initial"), name)
    else:
        keep(what.screenshot(caret="initial"), name)


def keep(png: bytes, name: str) -> None:
    """Keep a picture: in docs/images under ``make screenshots`` if a document shows it, else aside."""
    folder = Path(os.environ["ALLMENDE_DATA_DIR"], "images")
    if os.environ.get("ALLMENDE_SCREENSHOTS") and name in _shown():
        folder = ROOT / "docs" / "images"
        # Pages have few colours; with a palette a picture takes a third.
        few = Image.open(BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
        smaller = BytesIO()
        few.save(smaller, "PNG", optimize=True)
        png = smaller.getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.png").write_bytes(png)


@cache
def _shown() -> set[str]:
    """The names of the pictures that documents show."""
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    links = "".join(path.read_text() for path in documents)
    return set(re.findall(r"images/([^/)]+)\.png\)", links))
