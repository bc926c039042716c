"""What tests in a real browser share: the browser, a served site, and people with devices of their own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from benchmarks.site import Site, site
from benchmarks.walk import CHROMIUM, chromium
from tests.browser.offline_patient import Patient


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no {CHROMIUM}. Install it, on Debian: apt-get install chromium")
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    with site() as running:
        yield running


@pytest.fixture
def patient(browser: Browser, server: Site) -> Iterator[Callable[..., Patient]]:
    """Makes people, each with a device of their own; devices are put away at the end."""
    made: list[Patient] = []

    def make(**what: object) -> Patient:
        made.append(Patient(browser, server, **what))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
