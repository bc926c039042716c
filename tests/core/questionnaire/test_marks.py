"""Which answers count as a problem: never the good ones."""

from pathlib import Path

import pytest

from survey_app.inputs.questionnaire_files import read_questionnaire

QUESTIONNAIRE = read_questionnaire(Path("questionnaires/atmp_burden/0.1.0/questionnaire.yaml"))


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        ("CJ01", ("often", "always")),  # how often worry got in the way
        ("CJ11", ("no",)),  # whether someone explained
        ("CJ19", ("much_longer", "not_told")),  # its own marks
        ("CJ20", ("0", "1", "2", "3", "4")),  # how the care was, 0 to 10
        ("EM13", ()),  # how often one looked forward to something
        ("CS10", ()),  # how often one felt safe
    ],
)
def test_the_problem_answers_of(item, codes):
    assert QUESTIONNAIRE.marked(QUESTIONNAIRE.items[item], "problem") == codes
