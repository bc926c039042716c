"""Best-worst choices and rankings: what a page sends for them, and what becomes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from survey_app.core.privacy import Missing
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.questionnaire.parse import parse
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import asked, plan_of, screen_by_id
from survey_app.core.response.validation import names_of, read_item, read_screen
from tests.choices_questionnaire import TEXT
from tests.core.response.test_routing import _tuples

QUESTIONNAIRE = parse(_tuples(YAML(typ="safe").load(TEXT)))
PLAN = plan_of(QUESTIONNAIRE, ("SCR", "CHOICES"), "prospective", 1)
PATIENT = Answers({"A01": True, "A02": False, "A03": "patient", "A04": "S01"})
LIST, ORDER = PLAN.items["C01"], PLAN.items["C04"]
SHOWN = QUESTIONNAIRE.designs["FOUR"].shown(7, 1)
FIRST, SECOND = SHOWN.objects
OTHER = next(code for code in ("O1", "O2", "O3", "O4") if code not in SHOWN.objects)


def code_of(item, raw, draw=7):
    with pytest.raises(ProblemsFound) as found:
        read_item(PLAN, item, raw, draw=draw)
    (problem,) = found.value.problems
    assert problem.where == item.id
    assert problem.sentence
    return problem.code


def test_the_names_under_which_answers_come():
    assert names_of(LIST) == ("C01", "C01.best", "C01.worst")
    assert names_of(ORDER) == ("C04", "C04.red", "C04.blue", "C04.green", "C04.grey")
    assert names_of(PLAN.items["C03"]) == ("C03",)


def test_a_choice_keeps_its_list_its_best_and_its_worst():
    raw = {"C01.best": [FIRST], "C01.worst": [f" {SECOND} "]}

    assert read_item(PLAN, LIST, raw, draw=7) == (SHOWN.id, FIRST, SECOND)


@pytest.mark.parametrize("raw", [{}, {"C01.best": [""]}, {"C01": []}])
def test_a_list_left_alone_is_not_answered(raw):
    assert read_item(PLAN, LIST, raw, draw=7) is Missing.NOT_ANSWERED


@pytest.mark.parametrize("item", [LIST, ORDER])
def test_i_prefer_not_to_answer_comes_under_the_name_of_the_item_and_wins(item):
    raw = {item.id: ["prefer_not"], "C01.best": [FIRST], "C04.red": ["1"]}

    assert read_item(PLAN, item, raw, draw=7) is Missing.PREFER_NOT


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"C01.best": [FIRST]}, Code.ANSWER_HALF),
        ({"C01.worst": [FIRST]}, Code.ANSWER_HALF),
        ({"C01.best": [FIRST], "C01.worst": [FIRST]}, Code.ANSWER_BEST_IS_WORST),
        ({"C01.best": [FIRST], "C01.worst": [OTHER]}, Code.ANSWER_NOT_OFFERED),
        ({"C01.best": [OTHER]}, Code.ANSWER_NOT_OFFERED),
        ({"C01.best": [FIRST, SECOND], "C01.worst": [SECOND]}, Code.ANSWER_NOT_OFFERED),
        ({"C01": [FIRST]}, Code.ANSWER_NOT_OFFERED),
    ],
)
def test_a_choice_that_cannot_be_is_told(raw, code):
    assert code_of(LIST, raw) == code


def test_what_another_person_was_shown_is_not_offered_to_this_one():
    raw = {"C01.best": [FIRST], "C01.worst": [SECOND]}
    strangers = [
        draw for draw in range(3) if set(QUESTIONNAIRE.designs["FOUR"].shown(draw, 1).objects) != {FIRST, SECOND}
    ]

    assert [code_of(LIST, raw, draw) for draw in strangers] == [Code.ANSWER_NOT_OFFERED] * len(strangers)
    assert strangers


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"C04.green": ["1"], "C04.red": ["2"], "C04.grey": ["3"]}, ("green", "red", "grey")),
        ({"C04.blue": ["1"], "C04.red": [""]}, ("blue",)),
        ({"C04.red": [""], "C04.blue": [" "]}, Missing.NOT_ANSWERED),
    ],
)
def test_a_ranking_is_kept_best_first_and_may_be_short(raw, value):
    assert read_item(PLAN, ORDER, raw) == value


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"C04.red": ["1"], "C04.blue": ["1"]}, Code.ANSWER_RANK_TWICE),
        ({"C04.red": ["2"]}, Code.ANSWER_RANK_GAP),
        ({"C04.red": ["1"], "C04.blue": ["3"]}, Code.ANSWER_RANK_GAP),
        ({"C04.red": ["4"]}, Code.ANSWER_NOT_OFFERED),
        ({"C04.red": ["0"]}, Code.ANSWER_NOT_OFFERED),
        ({"C04.red": ["first"]}, Code.ANSWER_NOT_OFFERED),
        ({"C04.red": ["1", "2"]}, Code.ANSWER_NOT_OFFERED),
        ({"C04": ["red"]}, Code.ANSWER_NOT_OFFERED),
    ],
)
def test_a_ranking_that_cannot_be_is_told(raw, code):
    assert code_of(ORDER, raw) == code


@given(
    st.dictionaries(
        st.sampled_from(names_of(ORDER)), st.lists(st.sampled_from(["", "1", "2", "3", "4", "x"]), max_size=2)
    )
)
def test_whatever_is_sent_a_ranking_has_no_doubles_and_no_gaps(raw):
    try:
        value = read_item(PLAN, ORDER, raw)
    except ProblemsFound:
        return

    places = {text.strip() for name, sent in raw.items() if name != "C04" for text in sent if text.strip()}
    ranked = () if isinstance(value, Missing) else value
    assert not ranked or places == {str(n) for n in range(1, len(ranked) + 1)}
    assert len(set(ranked)) == len(ranked) <= 3


def test_a_screen_reads_by_the_draw_of_the_response():
    screen = screen_by_id(PLAN, "C01")

    entries = read_screen(PLAN, screen, PATIENT, {"C01.best": [FIRST], "C01.worst": [SECOND]}, draw=7)

    assert entries == {"C01": (SHOWN.id, FIRST, SECOND)}


@pytest.mark.parametrize(
    ("entries", "shown"),
    [
        ({"C01": Missing.NOT_ANSWERED, "C02": Missing.PREFER_NOT}, True),
        ({}, True),
        ({"C01": Missing.NOT_ANSWERED, "C02": ("1.1", "O1", "O2")}, False),
    ],
)
def test_the_easy_way_is_asked_only_where_no_list_was_answered(entries, shown):
    assert bool(asked(PLAN, screen_by_id(PLAN, "C03"), PATIENT.with_entries(entries))) == shown


def test_a_condition_can_ask_whether_something_was_ranked():
    screen = screen_by_id(PLAN, "C05")

    assert asked(PLAN, screen, PATIENT.with_entries({"C04": ("blue", "red")}))
    assert not asked(PLAN, screen, PATIENT.with_entries({"C04": ("blue",)}))


def test_the_objects_of_a_design_are_offered_and_named_by_their_own_keys():
    for name in ("C01", "C03"):
        item = PLAN.items[name]
        keys = [QUESTIONNAIRE.option_key(item, option) for option in QUESTIONNAIRE.options_of(item)]
        assert keys == [f"design/FOUR/O{n}" for n in range(1, 5)]
    assert QUESTIONNAIRE.texts["design/FOUR/O3"] == "Three"


def test_choices_and_rankings_are_stored_and_read_back():
    answers = Answers({"C01": ("2.1", "O1", "O3"), "C04": ("red", "grey"), "C02": Missing.PREFER_NOT})

    assert Answers.from_document(answers.to_document()) == answers
