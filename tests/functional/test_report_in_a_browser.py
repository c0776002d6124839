"""A report in a real browser: silent, closed to the network, readable by everybody, on screen and on paper.

The browser is the machine's own Chromium; nothing is downloaded.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import importlib.util
import os
import shutil
import socketserver
import threading

import pytest

from tests.command import run_here

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MISSING = [name for name in ("playwright", "axe_playwright_python") if importlib.util.find_spec(name) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]
FEEDBACK = "item_id,created_at,comment\n" + "".join(
    f'{n},2026-{1 + n % 5:02d}-{1 + n % 28:02d}T08:00:00Z,"{text} {n}"\n'
    for n, text in enumerate(
        [
            "thank you so much",
            "this is wrong",
            "<script>document.title=1</script> thank you",
            "gro.\u202eevil wrong",
            "hm",
        ]
        * 60
    )
)
GOLD = "item_id,who,label\n" + "".join(
    f"{n},{who},{'good' if (n + (who == 'bo' and n % 9 == 0)) % 3 else 'bad'}\n"
    for n in range(0, 300, 2)
    for who in ("ana", "bo", "cy")
)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report with all its parts: gold, flips, examples."""
    folder = tmp_path_factory.mktemp("report")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("RETROLABEL_", "MLFLOW_"))}

    def run(*words):
        done = run_here(words, folder, environment)
        assert done.code == 0, done.err

    run("init", ".", "--task", "mood")
    settings = 'store = ".retrolabel"\ntracking = false\n[tasks.mood.gates]\nflips = 1\n'
    (folder / "retrolabel.toml").write_text(settings, encoding="utf-8")
    (folder / "feedback.csv").write_text(FEEDBACK, encoding="utf-8")
    (folder / "gold.csv").write_text(GOLD, encoding="utf-8")
    run("ingest", "feedback.csv", "--source", "web")
    run("relabel", "mood", "--label-model", "majority_vote")
    people = ("--annotator", "who", "--sampling", "random")
    run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", *people)
    run("relabel", "mood")
    run("report", "mood", "--out", "report.html")
    return folder / "report.html"


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - may be missing

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, report):
    """A function that opens the report; everything that it says or asks for is kept."""
    with contextlib.ExitStack() as stack:

        def go(*, dark=False, width=1000, url=None):
            scheme = "dark" if dark else "light"
            context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
            stack.callback(context.close)
            page = context.new_page()
            page.said, page.asked = [], []
            page.on("console", lambda message: page.said.append(message.text))
            page.on("pageerror", lambda error: page.said.append(str(error)))
            page.on("request", lambda request: page.asked.append(request.url))
            page.goto(url or report.as_uri())
            return page

        yield go


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1000, 400])
def test_a_report_says_nothing_and_asks_for_nothing(visit, report, dark, width):
    page = visit(dark=dark, width=width)
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("data:")] == [report.as_uri()]
    assert page.title().startswith("mood 1.0.0")


def test_a_report_that_a_server_sends_asks_for_nothing_else(visit, report):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    serve = functools.partial(Quiet, directory=report.parent)
    with socketserver.TCPServer(("127.0.0.1", 0), serve) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_address[1]}/report.html"
            page = visit(url=url)
            assert [asked for asked in page.asked if not asked.startswith("data:")] == [url]
            assert page.said == []
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("width", [1000, 400])
def test_axe_finds_nothing_to_mend(visit, dark, opened, width):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - may be missing

    page = visit(dark=dark, width=width)
    if opened:
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page)
    assert {"color-contrast", "svg-img-alt"} <= {rule["id"] for rule in found.response["passes"]}
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [1000, 400])
def test_nothing_is_wider_than_the_screen(visit, width):
    page = visit(width=width)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_reaches_the_skip_link_first_and_then_everything_that_opens(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"
    reached = set()
    page.evaluate("document.querySelectorAll('summary').forEach((each, n) => each.dataset.n = n)")
    visible = page.evaluate(
        "[...document.querySelectorAll('summary')].filter(each => each.checkVisibility()).map(each => each.dataset.n)"
    )
    assert visible
    for _ in range(300):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.tagName == 'SUMMARY' ? document.activeElement.dataset.n : null")
        if here is not None and here not in reached and not reached:
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.parentElement.open")
        reached |= {here}
        if reached >= set(visible):
            break
    assert reached >= set(visible)


def test_dark_and_light_differ_and_paper_is_light(visit):
    colour = "getComputedStyle(document.body).backgroundColor"
    light, dark = visit(), visit(dark=True)
    assert light.evaluate(colour) == "rgb(255, 255, 255)"
    assert dark.evaluate(colour) != light.evaluate(colour)
    dark.emulate_media(media="print")
    assert dark.evaluate(colour) == "rgb(255, 255, 255)"


def test_a_report_prints_with_its_tables_open(visit, report):
    page = visit()
    closed = page.locator("details:not(.item details) table").first
    assert not closed.is_visible()
    page.emulate_media(media="print")
    assert closed.is_visible()
    assert not page.locator("nav").is_visible()
    assert page.pdf(format="A4", print_background=True).startswith(b"%PDF-")


def test_charts_of_one_size_are_shown_for_a_screen_of_that_size(visit):
    for width, shown, hidden in ((1000, ".wide-chart", ".narrow"), (400, ".narrow", ".wide-chart")):
        page = visit(width=width)
        assert page.locator(shown).first.is_visible()
        assert not page.locator(hidden).first.is_visible()
        assert page.get_by_role("img").count() == page.locator(f"{shown} svg").count()


def test_text_that_would_turn_the_page_around_or_run_stays_where_it_is(visit):
    page = visit()
    assert page.title() != "1"
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert (
        page.get_by_text("<script>document.title=1</script> thank you").count() + page.get_by_text("U+202E").count() > 0
    )
    assert page.locator("script").count() == 0
