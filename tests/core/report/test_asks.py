"""What an organisation asks for rests on numbers that stand on the first page, in every language of the study."""

from dataclasses import replace

import pytest

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.report import reading
from survey_app.core.report.asks import parse_asks
from survey_app.core.report.compose import compose
from survey_app.core.report.texts import ENGLISH
from survey_app.core.report.wording import whole_percent
from survey_app.outputs.as_html import to_html
from tests.builders_report import a_cube, an_edition


def cube():
    return replace(a_cube(), languages=("en", "de"))


def on_front() -> reading.OnFront:
    population = reading.leading(cube())
    assert population is not None
    return reading.on_front(cube(), reading.whole(cube(), population.id))


def written(about: str, **texts: str) -> dict[str, object]:
    return {"text": texts or {"en": "Pay for travel.", "de": "Zahlen Sie die Fahrt."}, "about": about}


def told(asks: object) -> list[tuple[Code, str]]:
    with pytest.raises(ProblemsFound) as found:
        parse_asks(asks, cube())
    return [(one.code, one.where) for one in found.value.problems]


def test_an_ask_stands_on_the_first_page_with_the_number_it_rests_on():
    need = on_front().unmet[0]
    asks = parse_asks({"asks": (written(need.variable.id),)}, cube()).asks
    report = compose(cube(), an_edition(), ENGLISH, asks=asks)

    share = need.figure.value or 0
    assert [(one.text, one.number) for one in report.front.asks] == [("Pay for travel.", f"{whole_percent(share)}%")]
    assert "Pay for travel." in to_html(report)


def test_what_stands_on_the_first_page_is_what_can_be_asked_about():
    shown = on_front().variables
    page = to_html(compose(cube(), an_edition(), ENGLISH)).partition("<section")[0]

    assert len(shown) >= 6
    items = an_edition().questionnaire.items
    for name in shown:
        item = items[cube().variable[name].item]
        assert item.text in page or (item.text_past or "") in page


def test_everything_that_is_wrong_is_told_at_once():
    wrong = {"asks": (written("NOWHERE"), written(on_front().variables[0], en="Only English."))}

    assert told(wrong) == [(Code.ASK_NUMBER_ABSENT, "asks.0.about"), (Code.ASK_LANGUAGE_MISSING, "asks.1.text")]


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"asks": ()}, (Code.VALUE_WRONG, "asks")),
        ({"asks": tuple(written("x") for _ in range(4))}, (Code.VALUE_WRONG, "asks")),
        ({"asks": ({"about": "x"},)}, (Code.KEY_MISSING, "asks.0.text")),
        ({"asks": (written("x") | {"number": 3},)}, (Code.KEY_UNKNOWN, "asks.0.number")),
        ({}, (Code.KEY_MISSING, "asks")),
    ],
)
def test_a_file_of_another_form_is_told(wrong: dict[str, object], found: tuple[Code, str]):
    assert told(wrong) == [found]


def test_a_file_that_is_no_mapping_is_told():
    assert told("words") == [(Code.ASKS_NOT_A_LIST, "")]


def test_an_ask_whose_number_is_no_longer_there_is_left_out():
    asks = parse_asks({"asks": (written(on_front().variables[0]),)}, cube()).asks
    empty = replace(cube(), tables=())

    assert compose(empty, an_edition(), ENGLISH, asks=asks).front.asks == ()
