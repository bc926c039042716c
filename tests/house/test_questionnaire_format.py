"""The page about the questionnaire format names every key, item type and method that the format has."""

import re
from pathlib import Path
from typing import get_args

import pytest

from survey_app.core.questionnaire.items import Item
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.parts import Scale
from survey_app.core.written import keys_of

PAGE = Path("docs/questionnaire-format.md").read_text("utf-8")
TYPES = [word for kind in get_args(Item) for word in get_args(kind.model_fields["type"].annotation)]
METHODS = list(get_args(Scale.model_fields["method"].annotation))


@pytest.mark.parametrize("word", sorted({*keys_of(Questionnaire), *TYPES, *METHODS}))
def test_the_page_names(word):
    assert re.search(rf"`[^`]*\b{re.escape(word)}\b", PAGE)
