"""The question pages in a real browser: narrowest phone, larger text, other colours, fewer things, keyboard alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from survey_app.store.database import Sessions
from survey_app.web.security import protect
from tests.web.respondent.choices_site import choices_app

NARROWEST = {"width": 320, "height": 640}
"""A small phone; also what is left of 1280 pixels at 400 % zoom."""

SCREENS = ("A04", "B01", "B04", "B05", "B06", "B07", "B08", "B11", "C01", "C04")
"""One of each kind."""

LONG_WORDS = {
    "Never": "Donaudampfschifffahrtsgesellschaft",
    "One": "Lymphozytendepletionschemotherapie",
    "Red": "Krankenversicherungsbescheinigung",
}
TARGET_SIZE, BETWEEN = 44, 4  # CSS pixels


@pytest.fixture
def site(sqlite_sessions: Sessions, tmp_path: Path) -> Iterator[str]:
    app: Flask = choices_app(sqlite_sessions, tmp_path)
    protect(app, app.extensions["settings"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def phone(browser: Browser, site: str, *, display: str = "", script: bool = False, **told: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport=NARROWEST,
        java_script_enabled=script,
        bypass_csp=script,
        service_workers="block",
        **told,  # type: ignore[arg-type]
    )
    if display:
        context.add_cookies([{"name": "display", "value": display, "url": site}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def begin(page: Page, site: str, language: str = "en") -> str:
    """Agree, and tell role and stage; returns the address of the questions."""
    study = f"{site}/s/small/{language}"
    page.goto(f"{study}/consent/prospective")
    page.check("[name=A01]")
    page.click("form .go")
    for item, value in (("A03", "patient"), ("A04", "S01")):
        page.goto(f"{study}/q/{item}")
        page.check(f"[name={item}][value={value}]")
        with page.expect_navigation():
            page.click("form .go")
    return f"{study}/q"


def seen(page: Page, css: str) -> list[dict[str, float]]:
    """The boxes of what stands on the page."""
    boxes = [one.bounding_box() for one in page.locator(css).all() if one.is_visible()]
    return [dict(box) for box in boxes if box]


def style(page: Page, css: str, name: str) -> str:
    return str(page.locator(css).first.evaluate(f"node => getComputedStyle(node)[{name!r}]"))


@pytest.mark.parametrize("display", ["", "t2.c1", "q1"])
def test_every_kind_of_question_fits_the_narrowest_phone_and_can_be_pressed(
    browser: Browser, site: str, display: str
) -> None:
    found = []
    with phone(browser, site, display=display) as page:
        questions = begin(page, site)
        for screen in SCREENS:
            page.goto(f"{questions}/{screen}")
            for said, longer in LONG_WORDS.items():
                page.locator(".opt span", has_text=said).evaluate_all(
                    "(nodes, word) => nodes.forEach(node => node.textContent = word)", longer
                )
            wide = page.locator("html").evaluate("node => [node.scrollWidth, node.clientWidth]")
            if wide[0] > wide[1]:
                found.append((screen, "wide", wide))
            boxes = seen(page, ".opt, button, .aside, select, summary, main input:not([type])")
            found += [(screen, "small", box) for box in boxes if min(box["height"], box["width"]) < TARGET_SIZE - 0.1]
    assert not found


def test_what_is_pressed_stands_apart_from_what_is_beside_it(browser: Browser, site: str) -> None:
    close = []
    with phone(browser, site) as page:
        questions = begin(page, site)
        for screen in SCREENS:
            page.goto(f"{questions}/{screen}")
            boxes = seen(page, "main .opt, main button")
            for n, one in enumerate(boxes):
                for other in boxes[n + 1 :]:
                    across = max(one["x"], other["x"]) - min(one["x"] + one["width"], other["x"] + other["width"])
                    down = max(one["y"], other["y"]) - min(one["y"] + one["height"], other["y"] + other["height"])
                    if max(across, down) < BETWEEN - 0.1:
                        close.append((screen, one, other))
    assert not close


@pytest.mark.parametrize(
    ("display", "scheme"), [("t2.c1.d1", "light"), ("d2", "dark"), ("q1.c1", "light"), ("c1", "dark")]
)
def test_axe_finds_nothing_whatever_is_chosen(browser: Browser, site: str, display: str, scheme: str) -> None:
    found = []
    with phone(browser, site, display=display, script=True, color_scheme=scheme) as page:
        questions = begin(page, site)
        addresses = [
            *(f"{questions}/{screen}" for screen in ("B01", "B05", "B11", "C01", "C04")),
            f"{site}/s/display/en",
        ]
        for address in addresses:
            page.goto(address)
            violations = Axe().run(page).response["violations"]
            found += [(address, one["id"], one["nodes"][0]["html"][:120]) for one in violations]
    assert not found


def test_colours_follow_the_device_until_somebody_chooses(browser: Browser, site: str) -> None:
    dark, light = "rgb(16, 25, 28)", "rgb(255, 255, 255)"
    for display, scheme, colour in (
        ("", "dark", dark),
        ("", "light", light),
        ("d2", "dark", light),
        ("d1", "light", dark),
    ):
        with phone(browser, site, display=display, color_scheme=scheme) as page:
            page.goto(f"{site}/s/display/en")
            assert style(page, "html", "backgroundColor") == colour, (display, scheme)


def test_larger_text_is_larger_and_chosen_without_javascript(browser: Browser, site: str) -> None:
    with phone(browser, site) as page:
        page.goto(f"{begin(page, site)}/B01")
        usual = float(style(page, ".opt", "fontSize").removesuffix("px"))
        page.click("button[value=display]")
        page.check("[name=t][value='2']")
        page.click("form .go")
        assert page.url.endswith("/q/B01")
        assert float(style(page, ".opt", "fontSize").removesuffix("px")) > 1.3 * usual


def test_a_quiet_page_has_the_question_the_answers_continue_pause_and_the_way_to_help(
    browser: Browser, site: str
) -> None:
    with phone(browser, site, display="q1") as page:
        page.goto(f"{begin(page, site)}/B11")
        pressed = [one.inner_text() for one in page.locator("button").all() if one.is_visible()]
        assert pressed == ["Display", "Continue", "Pause"]
        assert page.locator("aside.safety").is_visible()
        assert not page.locator("progress").is_visible()
        assert not page.locator("footer").is_visible()


def test_what_matters_most_is_marked_in_the_list_of_what_matters_least(browser: Browser, site: str) -> None:
    with phone(browser, site) as page:
        page.goto(f"{begin(page, site)}/C01")
        first = "fieldset:nth-of-type(2) .opt:nth-child(1)"
        assert style(page, first, "borderTopStyle") == "solid"
        page.locator("fieldset:nth-of-type(1) input").first.check()
        assert style(page, first, "borderTopStyle") == "dotted"
        assert style(page, "fieldset:nth-of-type(2) .opt:nth-child(2)", "borderTopStyle") == "solid"


def tab_to(page: Page, css: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").count() and page.locator(f"{css}:focus").count():
            return
    raise AssertionError(f"the keyboard does not reach {css}")


def test_the_keyboard_alone_goes_from_consent_to_the_end_of_a_list(browser: Browser, site: str) -> None:
    with phone(browser, site) as page:
        page.goto(f"{site}/s/small/en/consent/prospective")
        tab_to(page, "[name=A01]")
        page.keyboard.press("Space")
        tab_to(page, ".go")
        page.keyboard.press("Enter")
        page.wait_for_url("**/code")
        tab_to(page, "a.go")
        page.keyboard.press("Enter")
        page.wait_for_url("**/q/A03")
        tab_to(page, "[name=A03]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")  # the first button of the form is “Continue”, not a language
        page.wait_for_url("**/q/A04")
        page.goto(f"{site}/s/small/en/q/C01")
        tab_to(page, "[name='C01.best']")
        page.keyboard.press("Space")
        tab_to(page, "[name='C01.worst']")
        page.keyboard.press("ArrowDown")
        tab_to(page, "[name=C01]")
        page.keyboard.press("Tab")
        assert page.locator(".go:focus").count() == 1
        page.keyboard.press("Enter")
        page.wait_for_url("**/q/C02")


def test_a_mistake_is_told_first_and_leads_to_its_question(browser: Browser, site: str) -> None:
    with phone(browser, site) as page:
        page.goto(f"{begin(page, site)}/B06")
        page.fill("[name=B06]", "many")
        page.click("form .go")
        assert page.title().startswith("Error:")
        page.locator("#sum a").focus()
        page.keyboard.press("Enter")
        assert page.locator("#f-B06:focus").count() == 1
        page.keyboard.press("Tab")
        assert page.locator("[name=B06]:focus").input_value() == "many"


def test_with_forced_colours_the_chosen_answer_can_be_told(browser: Browser, site: str) -> None:
    with phone(browser, site, forced_colors="active") as page:
        page.goto(f"{begin(page, site)}/B01")
        page.locator("[name=B01]").first.check()
        chosen, other = ".opt:has(input:checked)", ".opt:not(:has(input:checked))"
        assert style(page, chosen, "outlineStyle") == "solid"
        assert style(page, other, "outlineStyle") == "none"
