"""An audit in plain words, and as JSON, for those who decide about a release. Not for publication."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from survey_app.core.attack.audit import Audit
from survey_app.core.attack.inference import CHAINS, MIXED, SURE
from survey_app.core.attack.insider import MOST_EXCLUDED, MOST_GAINED, Question
from survey_app.core.protection.material import Withheld

INSIDE_ONLY = "This is for those who decide about the release, not for publication."


def to_text(release: str, audit: Audit) -> str:
    """The audit in plain words."""
    verdict = "Nothing was found." if not audit.findings else f"FAILED: {audit.findings} findings."
    return "\n".join((f"Audit of {release}. {verdict}", INSIDE_ONLY, "", *_lines(audit)))


def to_json(release: str, audit: Audit) -> str:
    """The audit with all its figures."""
    shown = audit.shown
    found: dict[str, Any] = {
        "release": release,
        "findings": audit.findings,
        "subtraction": [{"universe": one.universe, "people": one.people} for one in audit.computable],
        "differencing": [
            {"universe": one.universe, "one": list(one.one), "other": list(one.other), "people": one.people}
            for one in audit.close
        ],
        "insider_skipped": audit.skipped,
        "questions": [_figures(question) for question in audit.questions],
        "unexplained_numbers": {name: sorted(numbers) for name, numbers in audit.unexplained.items()},
        "given_up": [list(one) for one in sorted(audit.given_up)],
        "cells": shown.cells,
        "cells_shown": shown.cells_shown,
        "tables": shown.tables,
        "tables_shown": shown.tables_shown,
        "people": shown.people,
        "people_shown": shown.people_shown,
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def _lines(audit: Audit) -> Iterator[str]:
    yield "Attack 1, subtraction: everything ever published is added and subtracted in every way."
    yield f"  Sets of too few people that follow: {len(audit.computable)}."
    yield "Attack 4, differencing: every two publications of all dates are compared."
    yield f"  Pairs that differ by too few people: {len(audit.close)}."
    if audit.skipped:
        yield f"Attacks 2, 3 and 5, an insider: not tried, {audit.skipped}."
    elif audit.questions:
        yield from _insider(audit.questions)
    else:
        yield "Attacks 2, 3 and 5, an insider: not tried in this run, or nothing is shown that they could use."
    yield from _reports(audit)
    yield from _given_up(audit.given_up)
    shown = audit.shown
    yield "What is still shown:"
    yield f"  {_percent(shown.tables_shown, shown.tables)} of the tables of the menu,"
    yield f"  {_percent(shown.cells_shown, shown.cells)} of their cells (how many people gave which answer);"
    yield f"  behind some number stand {_percent(shown.people_shown, shown.people)} of the people who sent answers."


def _insider(questions: Sequence[Question]) -> Iterator[str]:
    every = sum(not question.allies for question in questions)
    for allies in sorted({question.allies for question in questions}):
        yield from _one_attacker([question for question in questions if question.allies == allies], allies, every)


def _one_attacker(questions: Sequence[Question], allies: int, every: int) -> Iterator[str]:
    if allies:
        members = "one member knows their own answer" if allies == 1 else f"{allies} members know their answers"
        yield f"Attack 5, a coalition in the smallest group: {members}."
        if len(questions) < every:
            yield f"  Tried on {len(questions)} of {every} questions: those where somebody was nearly known before."
        else:
            yield f"  Tried on all {every} questions."
    else:
        yield "Attacks 2 and 3, an insider who knows who took part, everyone's groups and when they joined,"
        yield f"  and keeps everything ever published. Tried on {len(questions)} questions."
    excluded = max(questions, key=lambda question: question.excluded)
    yield "  2, possible answers: integer programmes look for every answer that somebody may still have given."
    yield f"    People with one possible answer left: {sum(question.determined for question in questions)}."
    yield f"    Impossible answers, worst: {excluded.excluded:.1%} ({excluded.name}); allowed {MOST_EXCLUDED:.0%}."
    yield f"    Questions where the solver reached its limit: {sum(not question.proven for question in questions)}."
    yield from _guesses(questions)
    lost = [question for question in questions if not question.withstood]
    if lost:
        yield f"  NOT WITHSTOOD: {', '.join(question.name for question in lost)}."


def _guesses(questions: Sequence[Question]) -> Iterator[str]:
    surest = max(questions, key=lambda question: question.surest)
    gained = max(questions, key=lambda question: question.gained)
    outright = max(questions, key=lambda question: question.sure_by_a_table)
    apart = sum(not question.mixed for question in questions)
    yield f"  3, chances: {CHAINS} chains per question walk over all that could be true, from independent starts,"
    yield "    never from the truth."
    yield f"    People known with more than {SURE:.0%} through all tables together: {sum(q.sure for q in questions)}."
    yield f"    The surest such guess: {surest.surest:.0%} ({surest.name})." if surest.surest else "    No such guess."
    yield f"    Guesses better than from single tables: {gained.gained:.0%} ({gained.name}); allowed {MOST_GAINED:.0%}."
    if outright.sure_by_a_table:
        share = _percent(outright.sure_by_a_table, outright.people)
        yield f"    One table alone says more than {SURE:.0%} of {share} of its people, at worst ({outright.name})."
        yield "    That is the result itself; the rule of unanimity limits it."
    yield f"    Questions where chains differ by {MIXED} or more: {apart}."


def _given_up(withheld: Withheld) -> Iterator[str]:
    if not withheld:
        return
    whole = {name for name, dimension in withheld if not dimension}
    dimensions = Counter(dimension for name, dimension in withheld if name not in whole)
    parts = [f"{number} by {dimension}" for dimension, number in sorted(dimensions.items())]
    yield "What was given up so that the rest withstands: tables of single questions,"
    yield f"  {', '.join(parts) or 'none by one dimension'}; as a whole: {', '.join(sorted(whole)) or 'none'}."


def _reports(audit: Audit) -> Iterator[str]:
    if not audit.unexplained:
        yield "Attack 7, scraping of the report: not tried in this run."
        return
    yield "Attack 7, scraping: every number in the text of every report, page and PDF, is looked up in the release."
    for name, numbers in audit.unexplained.items():
        if numbers:
            yield f"  {name}: not in the release: {', '.join(f'{number:g}' for number in sorted(numbers))}."
    good = sum(not numbers for numbers in audit.unexplained.values())
    yield f"  Reports with nothing but numbers of the release: {good} of {len(audit.unexplained)}."
    yield f"  Read: {', '.join(audit.unexplained)}."


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "none"


def _figures(question: Question) -> dict[str, Any]:
    found = {name: getattr(question, name) for name in Question.__dataclass_fields__}
    return {**found, "withstood": question.withstood}
