"""The page as its readers meet it, in a Chromium of the machine's own; told as skipped where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from contract.kit.report import picture
from tests.report import example, pages

playwright = pytest.importorskip("playwright.sync_api", reason="no page was opened: Playwright is not installed")
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no page was opened: no axe")

CHROMIUM: Final = picture.chromium()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no page was opened: there is no Chromium on this machine")

SWITCHES: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
WIDE: Final = {"width": 1400, "height": 900}
NARROW: Final = {"width": 390, "height": 800}
SIZES: Final = {"wide": WIDE, "narrow": NARROW}
NAMES: Final = [*pages.RUNS, "night"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {name: pages.write(run(), folder / name) for name, run in pages.RUNS.items()}
    return {**made, "night": pages.nights(folder / "night")}


class Reader:
    """A page that is open, what it said to its console and what it asked for."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(path.as_uri())
        self.url = path.as_uri()

    def bottom(self, selector: str) -> float:
        box = self.page.locator(selector).first.bounding_box()
        assert box is not None, selector
        return float(box["y"] + box["height"])


@pytest.fixture
def opened(chromium: Any, files: dict[str, Path]) -> Iterator[Any]:
    contexts = []

    def opener(name: str, **options: Any) -> Reader:
        contexts.append(chromium.new_context(**{"viewport": WIDE, **options}))
        return Reader(contexts[-1].new_page(), files[name])

    yield opener
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_asked_for_and_nothing_goes_wrong(opened: Any, name: str, size: str) -> None:
    reader = opened(name, viewport=SIZES[size])
    reader.page.wait_for_load_state("networkidle")
    assert [url for url in reader.asked if not url.startswith("data:")] == [reader.url]
    assert reader.said == []
    wide = reader.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= SIZES[size]["width"], "the page scrolls sideways"


READ: Final = [*((name, "wide", "light") for name in NAMES), ("red", "wide", "dark"), ("night", "narrow", "dark")]


@pytest.mark.parametrize(("name", "size", "colours"), READ)
def test_everybody_can_read_it(opened: Any, name: str, size: str, colours: str) -> None:
    reader = opened(name, viewport=SIZES[size], color_scheme=colours, bypass_csp=True)
    # One of each kind is unfolded; of all of them axe would take a minute.
    reader.page.evaluate("document.querySelectorAll('#broken details, #PATH-001').forEach(one => one.open = true)")
    found = axe_playwright.Axe().run(reader.page)
    wrong = found.response["violations"]
    assert [(one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"]) for one in wrong] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["red", "night"])
def test_verdict_and_broken_clauses_are_seen_at_once(opened: Any, name: str, size: str) -> None:
    reader = opened(name, viewport=SIZES[size])
    assert reader.bottom("h1") < 200
    broken = [row.id for row in example.results().clauses if row.state == "violated"]
    for clause in broken:
        assert reader.bottom(f".ids a[href='#{clause}']") <= 400
    for clause in broken if size == "wide" else broken[:2]:
        assert reader.bottom(f"#{clause} > summary") <= 800, clause


def test_one_click_leads_to_the_request_and_another_copies_the_line_that_sends_it(opened: Any) -> None:
    reader = opened("red", permissions=["clipboard-read", "clipboard-write"])
    page = reader.page
    assert not page.locator("#ERR-004 .head").first.is_visible()
    page.locator("#ERR-004 > summary").click()
    assert page.locator("#ERR-004 .head").first.is_visible()
    assert page.locator("#ERR-004 .body .hit").first.is_visible()
    page.locator("#ERR-004 .copy").first.click()
    page.wait_for_function("document.querySelector('#ERR-004 .copy').textContent == 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == example.STRING_CAUSE.curl


def test_a_body_is_also_shown_as_it_came(opened: Any) -> None:
    page = opened("red").page
    page.locator("#ERR-004 > summary").click()
    body = page.locator("#ERR-004 .body").last
    laid_out = body.bounding_box()["height"]
    page.locator("#ERR-004 .raw input").last.check()
    assert body.bounding_box()["height"] < laid_out
    response = example.STRING_CAUSE.exchange.response
    assert response is not None
    assert body.text_content() == response.body


def shown(page: Any) -> int:
    return sum(row.is_visible() for row in page.locator(".row").all())


def test_filters_narrow_the_clauses(opened: Any) -> None:
    page = opened("red").page
    everything = shown(page)
    assert everything == len(example.results().clauses)
    page.locator("select[name=family]").select_option("AUTH")
    assert shown(page) == 11
    page.locator("select[name=state]").select_option("violated")
    assert shown(page) == 1
    page.locator("select[name=state]").select_option("")
    page.locator("select[name=family]").select_option("")
    page.locator("select[name=level]").select_option("SHOULD")
    assert shown(page) == 1
    page.locator("select[name=level]").select_option("")
    page.get_by_role("searchbox").fill("unknown TRIGGER")
    assert shown(page) == 1
    assert page.locator("output").text_content() == f"1 of {everything} shown"


@pytest.mark.parametrize("clause", ["ERR-004", "PATH-001"])
def test_a_link_to_a_clause_opens_it(opened: Any, files: dict[str, Path], clause: str) -> None:
    page = opened("red").page
    page.goto(f"{files['red'].as_uri()}#{clause}")
    page.wait_for_function(f"document.getElementById('{clause}').open")
    assert page.locator(f"#{clause} .head").first.is_visible()
    page.evaluate("location.hash = '#ENV-005'")
    page.wait_for_function("document.getElementById('ENV-005').open")


def test_a_link_to_a_clause_that_is_filtered_away_shows_it(opened: Any) -> None:
    page = opened("red").page
    page.locator("select[name=family]").select_option("AUTH")
    page.evaluate("location.hash = '#PATH-001'")
    page.wait_for_function("document.getElementById('PATH-001').open")
    assert page.locator("#PATH-001 .head").first.is_visible()


@pytest.mark.parametrize("size", SIZES)
def test_it_is_whole_where_scripts_are_blocked(opened: Any, size: str) -> None:
    page = opened("red", viewport=SIZES[size], java_script_enabled=False).page
    assert page.locator("h1").text_content().strip() == "Not conformant"
    assert not page.locator(".filters").is_visible()
    assert not page.locator(".copy").first.is_visible()
    page.locator("#ERR-004 > summary").click()
    assert page.locator("#ERR-004 .head").first.is_visible()


def test_keys_alone_lead_to_the_request(opened: Any) -> None:
    page = opened("red").page
    page.locator("#AUTH-001 > summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#AUTH-001 .head").first.is_visible()


def test_on_paper_what_broke_is_unfolded(opened: Any, tmp_path: Path) -> None:
    page = opened("red").page
    page.emulate_media(media="print")
    assert page.locator("#AUTH-001 .head").first.is_visible()
    assert not page.locator("nav").is_visible()
    assert len(page.pdf(path=tmp_path / "page.pdf")) > 20_000
