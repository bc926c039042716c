"""Every respondent page: no rule of axe broken, nothing wider than the narrowest phone, nothing too small to press.

A cut of what `benchmarks/accessibility.py` looks at: Arabic in the dark by all rules; the others with `-m long`.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from survey_app.store.database import databases_of
from tests.browser import judging
from tests.browser.gallery import all_pages, open_site
from tests.builders import some_settings


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = open_site(some_settings(data=tmp_path_factory.mktemp("site")))
    yield app
    databases_of(app.extensions["sessions"]).dispose()


@pytest.mark.parametrize(
    ("language", "schemes"),
    [
        pytest.param("en", {"light": judging.COLOURS, "dark": judging.COLOURS}, marks=pytest.mark.long),
        pytest.param("de", {"light": judging.ALL_RULES}, marks=pytest.mark.long),
        ("ar", {"dark": judging.ALL_RULES}),
    ],
)
def test_every_page_can_be_read_and_pressed_by_everybody(
    browser: Browser, app: Flask, language: str, schemes: dict[str, str]
) -> None:
    pages = all_pages(app, language)

    with judging.looker(browser, app, pages) as page:
        assert judging.judge(page, pages, schemes, layout=True) == []
