"""The offline story, many times in a row: `python -m benchmarks.offline_story [times]`, 20 unless told otherwise.

Each run begins a response, loses the network, closes tabs, kills the server, and comes back; then everything said must
be in the store, once, unchanged, and nothing on the device. Prints one line a run, and how many were green.
"""

import random
import sys
import time
from collections.abc import Callable

from playwright.sync_api import Browser

from benchmarks.site import Site, site
from benchmarks.walk import chromium
from tests.browser.offline_patient import Patient

TIMES = 20
QUESTIONS = 24


def aeroplane(person: Patient, chance: random.Random) -> None:
    """The network goes, or comes back."""
    person.offline(off=chance.random() < 0.6)


def reload(person: Patient, _chance: random.Random) -> None:
    """The page is loaded again."""
    person.page.reload()


def reopen(person: Patient, _chance: random.Random) -> None:
    """The tab is closed and opened anew at the same page."""
    where = person.page.url
    person.page.close()
    person.open_tab().goto(where)


def look_back(person: Patient, _chance: random.Random) -> None:
    """Back with the browser's own button, and on again."""
    before = person.page.url
    person.page.go_back()
    person.page.wait_for_function("before => location.href !== before", arg=before)


def power_cut(person: Patient, _chance: random.Random) -> None:
    """The server dies and is started again some answers later."""
    if person.site.process:
        person.site.kill()
    else:
        person.site.start()


HAPPENINGS: tuple[Callable[[Patient, random.Random], None], ...] = (
    aeroplane,
    aeroplane,
    reload,
    reopen,
    look_back,
    power_cut,
)


def answer_something(person: Patient, chance: random.Random) -> None:
    """Choose any answer of a question with choices, skip another."""
    person.page.wait_for_selector("#screen")
    radios = person.page.locator("#screen input[type=radio]:not([value=prefer_not])")
    names = {radio.get_attribute("name") or "" for radio in radios.all()}
    if len(names) != 1 or "." in next(iter(names)):
        person.go_on("skip" if person.page.locator("form#f button[value=skip]").count() else "next")
        return
    name = next(iter(names))
    values = [radio.get_attribute("value") or "" for radio in radios.all()]
    value = {"SC07": "patient", "SC06": "yes"}.get(name) or chance.choice(values)
    person.choose(name, value)
    if value.isdigit():
        person.said[name] = int(value)
    person.go_on()


def story(browser: Browser, server: Site, number: int) -> list[str]:
    """One run; returns what is wrong."""
    chance = random.Random(f"story {number}")
    person = Patient(browser, server)
    try:
        person.start_answering()
        person.wait_armed()
        for _ in range(QUESTIONS):
            if "/q/" not in person.page.url:
                break
            if chance.random() < 0.4:
                chance.choice(HAPPENINGS)(person, chance)
            if "/q/" in person.page.url:
                answer_something(person, chance)
        if not server.process:
            server.start()
        person.offline(off=False)
        person.page.reload()
        person.wait_delivered()
        return list(wrong_with(person))
    finally:
        if not server.process:
            server.start()
        person.context.close()


def wrong_with(person: Patient) -> list[str]:
    """What is not in the store as it was said, and what failed in the page."""
    held = person.kept.answers
    lost = [f"{item}: said {value}, kept {held.get(item)}" for item, value in person.said.items()]
    return [line for line, item in zip(lost, person.said, strict=True) if held.get(item) != person.said[item]] + [
        f"script: {fault}" for fault in person.faults
    ]


def main(times: int) -> int:
    """Run the story so often; the exit status is 1 when one was red."""
    red = 0
    with site() as server, chromium() as browser:
        for number in range(1, times + 1):
            began = time.monotonic()
            try:
                wrong = story(browser, server, number)
            except Exception as error:  # noqa: BLE001  # a run that breaks is red, and the next one begins
                wrong = [f"{type(error).__name__}: {str(error).splitlines()[0]}"]
            red += bool(wrong)
            print(f"{number:3} {'red  ' if wrong else 'green'} {time.monotonic() - began:6.1f} s  {'; '.join(wrong)}")
    print(f"green {times - red}, red {red}, of {times}")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else TIMES))
