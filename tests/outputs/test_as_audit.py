"""An audit in words: every attack is named, what was found stands in the first line, nobody is counted out."""

import json
from dataclasses import replace

from survey_app.core.attack.audit import Audit, Shown
from survey_app.core.attack.insider import Question
from survey_app.core.attack.span import Finding
from survey_app.outputs import as_audit

SHOWN = Shown(tables=200, tables_shown=150, cells=900, cells_shown=600, people=80, people_shown=72)
ALONE = Question(
    name="CJ01", allies=0, people=72, determined=0, excluded=0.0, proven=True, mixed=True, apart=0.1, sure=0,
    sure_by_a_table=0, surest=0.74, nearest=0.74, best_guess=0.4, common_guess=0.3, table_guess=0.35,
)  # fmt: skip
AUDIT = Audit(
    computable=(), close=(), shown=SHOWN, questions=(ALONE, replace(ALONE, name="CJ02"), replace(ALONE, allies=5)),
    unexplained={"report in en": frozenset(), "PDF in en": frozenset()},
    given_up=frozenset({("CJ01", "sex"), ("CJ02", "sex"), ("CJ03", "age"), ("CJ04", ""), ("CJ04", "age")}),
)  # fmt: skip


def words(audit):
    return as_audit.to_text("demo-2026q4", audit)


def test_every_attack_is_named_with_its_worst_case():
    text = words(AUDIT)

    assert text.splitlines()[0].endswith("Nothing was found.")
    assert all(f"Attack{'s' if number == 2 else ''} {number}" in text for number in (1, 2, 4, 5, 7))
    assert "74% (CJ01)" in text
    assert "1 of 2 questions" in text
    assert "PDF in en" in text


def test_what_is_still_shown_and_what_was_given_up_is_told_in_shares():
    text = words(AUDIT)

    assert all(share in text for share in ("75% of the tables", "67% of their cells", "90% of the people"))
    assert "1 by age, 2 by sex; as a whole: CJ04" in text


def test_what_was_found_is_told_first():
    text = words(replace(AUDIT, computable=(Finding(universe="CJ01", people=3),), questions=(replace(ALONE, sure=2),)))

    assert "FAILED: 2 findings" in text.splitlines()[0]
    assert "NOT WITHSTOOD: CJ01" in text


def test_what_was_not_tried_is_told():
    assert "not tried, more than 2000 people" in words(replace(AUDIT, questions=(), skipped="more than 2000 people"))
    assert "scraping of the report: not tried" in words(replace(AUDIT, unexplained={}))


def test_the_figures_are_there_for_programs():
    figures = json.loads(as_audit.to_json("demo-2026q4", AUDIT))

    assert figures["findings"] == 0
    assert figures["questions"][0]["surest"] == 0.74
    assert figures["given_up"][0] == ["CJ01", "sex"]
