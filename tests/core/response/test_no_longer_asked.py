"""What logic takes away after a change is the same whether everything is looked at or only what hangs on the change."""

from pathlib import Path
from random import Random

import pytest

from survey_app.core.privacy import Missing
from survey_app.core.questionnaire.items import Choice, Note, Rating, Role, StageItem
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import asked, hidden_items, no_longer_asked, plan_of
from survey_app.inputs.questionnaire_files import load_edition

FOLDER = Path(__file__).parents[3] / "questionnaires/atmp_burden"
VERSIONS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def some_value(plan, item, random):
    if not isinstance(item, Role) and random.random() < 0.2:
        return Missing.NOT_ANSWERED
    if isinstance(item, Choice):
        return random.choice(plan.questionnaire.options_of(item)).code
    if isinstance(item, Rating):
        return random.randint(0, 10)
    if isinstance(item, StageItem):
        return random.choice(plan.questionnaire.stage_codes)
    if isinstance(item, Role):
        return random.choice(["patient"] * 6 + [role.code for role in plan.questionnaire.roles])
    return ("x", "y", "z")


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_given_in_any_order_are_taken_away_alike(version):
    questionnaire = load_edition(FOLDER / version, languages=("en",)).questionnaire

    assert sum(taken_away(questionnaire, Random(seed)) for seed in range(5)) > 20


def taken_away(questionnaire, random):
    """Answer at random places; return how many answers logic took away again."""
    modules = tuple(module.id for module in questionnaire.modules)
    plan = plan_of(questionnaire, modules, "prospective", random.randint(1, 2))
    answers, taken = Answers(), 0
    for _ in range(300):
        screen = random.choice(plan.screens)
        shown = [item for item in asked(plan, screen, answers) if not isinstance(item, Note)]
        entries = {item.id: some_value(plan, item, random) for item in shown}
        merged = answers.with_entries(entries)
        gone = no_longer_asked(plan, merged, entries)
        assert gone == hidden_items(plan, merged) & set(merged)
        answers, taken = merged.without(gone), taken + len(gone)
    return taken
