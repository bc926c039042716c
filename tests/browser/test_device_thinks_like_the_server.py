"""What a device decides alone is what the program would decide: which questions, what next, which answers are good."""

import random
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from survey_app.core.geography import COUNTRIES
from survey_app.core.privacy import Missing
from survey_app.core.problems import ProblemsFound
from survey_app.core.questionnaire.items import (
    BestWorst,
    Choice,
    Consent,
    Country,
    Day,
    FreeText,
    Item,
    MultiChoice,
    Note,
    Number,
    Ranking,
    Rating,
    Role,
    StageItem,
)
from survey_app.core.response.answers import Answers, Value
from survey_app.core.response.routing import (
    Plan,
    asked,
    first_open_screen,
    prune,
    route_of,
    screen_after,
    screen_before,
)
from survey_app.core.response.validation import names_of, read_item
from survey_app.services import responding
from survey_app.services.catalogue import open_study, publish, read_catalogue, read_study
from survey_app.services.responding import Participation
from survey_app.store.database import Sessions
from survey_app.web.respondent import create_respondent_blueprint
from survey_app.web.respondent.delivery import state_of
from survey_app.web.respondent.pack import pack_of
from survey_app.web.respondent.pages import desk, draw_page, in_study
from survey_app.web.respondent.screen import screen_values
from survey_app.web.respondent.script import SCREENS, SCRIPT
from tests.builders import some_settings

VERSION = "0.2.0"
ROUTES_EACH = 150
READS_EACH = 12
DECIDE = """
cases => cases.map(({wave, answers}) => {
  const my = window.survey;
  my.state.wave = wave;
  const id = screen => screen ? screen.id : null;
  return {
    shown: my.pack.screens.map(screen => my.shown(screen, answers)),
    after: my.pack.screens.map(screen => id(my.after(screen.id, answers))),
    before: my.pack.screens.map(screen => id(my.before(screen.id, answers))),
    route: my.pack.screens.map(screen => my.route(screen, answers) || null),
    first: id(my.first(answers)),
    pruned: Object.keys(my.prune(answers)).sort(),
  };
})
"""
READ = """
cases => cases.map(([id, raw]) => {
  const [value, wrong] = window.survey.read(id, raw);
  return wrong ? [] : [value];
})
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    page = browser.new_context().new_page()
    page.add_script_tag(content=SCRIPT.content.decode())
    page.add_script_tag(content=SCREENS.content.decode())
    return page


@pytest.fixture
def app(sqlite_sessions: Sessions, tmp_path: Path) -> Flask:
    folder = tmp_path / "questionnaires"
    shutil.copytree("questionnaires", folder)
    publish(folder, folder / "atmp_burden" / VERSION)
    catalogue = read_catalogue(folder)
    edition = catalogue.editions["atmp_burden", VERSION]
    study = read_study(folder / "studies" / "demo.yaml").model_copy(
        update={
            "version": VERSION,
            "modules": tuple(module.id for module in edition.questionnaire.modules),
            "languages": ("en",),
            "title": {"en": "Demo"},
            "waves": 8,
        }
    )
    with sqlite_sessions.begin() as db:
        open_study(db, study, catalogue, folder, quarter="2026-Q4")
    app = Flask("respondents")
    app.extensions.update(settings=some_settings(data=tmp_path), sessions=sqlite_sessions, catalogue=catalogue)
    app.register_blueprint(create_respondent_blueprint())
    return app


def held_in(mode: str) -> Participation:
    study = responding.study_offered(desk(), "demo")
    assert study
    consents = {item.id: ["yes"] for item in responding.consent_screen(responding.plan_for(desk(), study, mode)).items}
    code = responding.open_response(desk(), study, language="en", mode=mode, raw=consents)
    held = responding.load(desk(), code)
    assert held
    return held


def codes_of(plan: Plan, item: Item) -> list[str]:
    match item:
        case Choice() | MultiChoice() | Ranking():
            return [option.code for option in plan.questionnaire.options_of(item)]
        case StageItem():
            return list(plan.stages_offered)
        case Role():
            return [role.code for role in plan.questionnaire.roles]
        case Country():
            return list(COUNTRIES)
    return []


def some_value(  # noqa: C901  # a case for each type of item
    chance: random.Random, held: Participation, item: Item
) -> Value | Missing:
    """Any value that could be stored, or a reason for none."""
    plan = held.plan
    if chance.random() < 0.1 and not isinstance(item, Consent):
        return chance.choice([Missing.NOT_ANSWERED, Missing.PREFER_NOT])
    codes = codes_of(plan, item)
    match item:
        case BestWorst():
            shown = plan.questionnaire.designs[item.design].shown(held.draw, item.list_number)
            return (shown.id, *chance.sample(shown.objects, 2))
        case Ranking():
            return tuple(chance.sample(codes, chance.randint(1, item.places)))
        case MultiChoice():
            chosen = chance.sample(codes, chance.randint(1, min(3, len(codes))))
            return tuple(code for code in codes if code in chosen)
        case Rating():
            ends = plan.questionnaire.rating_of(item)
            return chance.randint(ends.low, ends.high)
        case Number():
            return chance.randint(item.low, item.high)
        case Consent():
            return chance.random() < 0.8
        case Day():
            return "2026-03" if item.precision == "month" else "2026-03-14"
        case FreeText():
            return "some words"
    return chance.choice(codes)


def some_answers(chance: random.Random, held: Participation) -> Answers:
    """Answers as far as a person has come, some questions left out; the usual person is a patient."""
    items = [item for item in held.plan.items.values() if not isinstance(item, Note)]
    reached = items[: chance.choice([len(items), chance.randint(5, len(items))])]
    entries = {item.id: some_value(chance, held, item) for item in reached if chance.random() < 0.9}
    if chance.random() < 0.6 and held.plan.role_item in entries:
        entries[held.plan.role_item] = "patient"
    return Answers(entries)


def decided(plan: Plan, answers: Answers) -> dict[str, Any]:
    """What the program decides."""
    first = first_open_screen(plan, answers)
    after = [screen_after(plan, screen.id, answers) for screen in plan.screens]
    before = [screen_before(plan, screen.id, answers) for screen in plan.screens]
    return {
        "shown": [[item.id for item in asked(plan, screen, answers)] for screen in plan.screens],
        "after": [screen.id if screen else None for screen in after],
        "before": [screen.id if screen else None for screen in before],
        "route": [route_of(plan, screen, answers) for screen in plan.screens],
        "first": first.id if first else None,
        "pruned": sorted(prune(plan, answers)),
    }


@cache
def with_wave(plan: Plan, wave: int) -> Plan:
    return Plan(plan.questionnaire, plan.modules, plan.mode, wave, plan.blocks, plan.stages)


@pytest.mark.parametrize("mode", ["prospective", "retrospective"])
def test_a_device_asks_what_the_program_would_ask(page: Page, app: Flask, mode: str) -> None:
    chance = random.Random(f"routes {mode}")
    with app.test_request_context():
        held = held_in(mode)
        give(page, held)
    cases = [(chance.choice([1, 2]), some_answers(chance, held)) for _ in range(ROUTES_EACH)]
    sent = [{"wave": wave, "answers": answers.to_document()} for wave, answers in cases]
    on_device = page.evaluate(DECIDE, sent)
    for (wave, answers), found in zip(cases, on_device, strict=True):
        assert found == decided(with_wave(held.plan, wave), answers), answers.to_document()


def test_a_device_reads_what_the_program_would_read(page: Page, app: Flask) -> None:
    chance = random.Random("reading")
    with app.test_request_context():
        held = held_in("prospective")
        give(page, held)
    items = [item for item in held.plan.items.values() if not isinstance(item, Note)]
    cases = [(item, some_strings(chance, held, item)) for item in items for _ in range(READS_EACH)]
    on_device = page.evaluate(READ, [[item.id, raw] for item, raw in cases])
    for (item, raw), found in zip(cases, on_device, strict=True):
        assert found == read_here(held, item, raw), (item.id, raw)


SEEN = """
() => {
  const main = document.querySelector('#main');
  const text = node => node.textContent.replace(/\\s+/g, '');
  main.querySelectorAll('#left,#kept,.marks,#state').forEach(node => node.remove());
  const fields = [...main.querySelectorAll('input,select,textarea')].map(field =>
    [field.name, field.type, /radio|checkbox/.test(field.type) ? [field.value, field.checked] : field.value]);
  main.querySelectorAll('textarea').forEach(node => { node.textContent = ''; });
  const boxes = [...main.querySelectorAll('aside')].map(box => [text(box), box.classList.contains('out')]);
  const buttons = [...main.querySelectorAll('button')].map(button => button.value + text(button));
  const loud = boxes.filter(box => box[1]).map(box => box[0]).sort();
  return {text: text(main.querySelector('#screen')), place: text(main.querySelector('#prog')), fields, buttons, loud,
          boxes: boxes.map(box => box[0]).sort()};
}
"""
DRAW = """
([path, base]) => {
  const my = window.survey;
  document.body.innerHTML = my.pack.before + '<main id="main" tabindex="-1"></main>' + my.pack.after;
  Object.assign(my, {settle: () => 0, drawn: 1, response: {base, known: {}, problems: {}}});
  my.draw(path);
}
"""


@pytest.mark.parametrize("mode", ["prospective", "retrospective"])
def test_a_device_draws_what_the_program_draws(page: Page, app: Flask, mode: str) -> None:
    chance = random.Random(f"drawing {mode}")
    with app.test_request_context():
        held = held_in(mode)
        give(page, held)
        answers = prune(held.plan, full_answers(chance, held))
        held = replace(held, answers=answers)
        asked_screens = [screen for screen in held.plan.screens if asked(held.plan, screen, answers)]
        drawn = {screen.id: page_of(held, screen.id) for screen in asked_screens}
    blank = page.context.new_page()
    for name, html in drawn.items():
        page.evaluate(DRAW, [f"q/{name}", answers.to_document()])
        blank.set_content(html)
        assert page.evaluate(SEEN) == blank.evaluate(SEEN), name
    assert len(drawn) > 60
    blank.close()


def full_answers(chance: random.Random, held: Participation) -> Answers:
    """Answers of a person who answers everything."""
    items = [item for item in held.plan.items.values() if not isinstance(item, Note)]
    entries = {item.id: some_value(chance, held, item) for item in items}
    return Answers({**entries, str(held.plan.role_item): "patient"})


def page_of(held: Participation, screen_id: str) -> str:
    """The page that the program draws."""
    screen = held.plan.screens[held.plan.place[screen_id]]
    setting = in_study(held.study, held.edition, "en", switch_saves=True)
    has_back = screen_before(held.plan, screen.id, held.answers) is not None
    values = {"state": None, "action": "", "has_back": has_back, **screen_values(held, screen, "en")}
    return draw_page("question.html", setting, switch=[], **values)


def give(page: Page, held: Participation) -> None:
    """Let the device hold the pack and the state of this response."""
    page.evaluate(
        "([pack, state]) => Object.assign(window.survey, {pack, state})",
        [pack_of(held, "en"), state_of(held, held.plan.screens[1], "en")],
    )


def read_here(held: Participation, item: Item, raw: dict[str, list[str]]) -> list[object]:
    try:
        value = read_item(held.plan, item, raw, draw=held.draw)
    except ProblemsFound:
        return []
    return [Answers({item.id: value}).to_document()[item.id]]


def some_strings(  # noqa: C901  # a case for each type of item
    chance: random.Random, held: Participation, item: Item
) -> dict[str, list[str]]:
    """What a page could send: good, contradicting, half, empty."""
    codes = codes_of(held.plan, item)
    names = names_of(item)
    roll = chance.random()
    if roll < 0.1:
        return {}
    if roll < 0.15 and not item.required:  # else the page does not offer it
        return {item.id: ["prefer_not"]}
    match item:
        case BestWorst():
            shown = held.plan.questionnaire.designs[item.design].shown(held.draw, item.list_number).objects
            return {name: [chance.choice(shown)] for name in names[1:] if chance.random() < 0.8}
        case Ranking():
            return {name: [chance.choice(["", "1", "2", "3"][: item.places + 1])] for name in names[1:]}
        case MultiChoice():
            return {item.id: chance.sample(codes, chance.randint(1, len(codes)))}
        case Rating():
            return {item.id: [str(chance.randint(0, 10))]}
        case Number():
            return {item.id: [chance.choice([" 7 ", "-3", "99999", "٣٤", "many", "3.5", "+2"])]}
        case Day():
            return {item.id: [chance.choice(["2026-03", "2026-13", "2026-02-30", "1066-01", "soon", "2026-03-14"])]}
        case FreeText():
            return {item.id: [chance.choice(["words", "  ", "x" * 6000, "two\nlines", "😀" * 10])]}
        case Consent():
            return {item.id: chance.choice([["yes"], []])}
    return {item.id: [chance.choice(codes)]}
