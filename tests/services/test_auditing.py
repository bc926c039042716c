"""A release that is sealed has withstood every attack, and the audit afterwards finds the same."""

import pytest

from survey_app.core.attack.audit import audit_ledger
from survey_app.core.attack.dice import Dice
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection.material import History
from survey_app.services import auditing
from survey_app.services.auditing import Past, told, withstanding
from tests.core.protection.small_study import changed, release, some_people

pytestmark = pytest.mark.insider
BASICS = ("never", "sometimes")


def leaning():
    """People of whom the two young women of every ten lean to an answer that hardly anybody else gives."""
    people = some_people(130, seed=4, skipped=0)
    young = [one.answers.value("DM03") in ("a18_29", "a30_39", "a40_49") for one in people]
    women = [one.answers.value("DM04") == "woman" for one in people]
    answers = ["always" if a and b else "never" if not a and not b else None for a, b in zip(young, women, strict=True)]
    return [changed(one, CJ01=answer) if answer else one for one, answer in zip(people, answers, strict=True)]


def maker(people, **given):
    return lambda withheld: release(people, withheld=withheld, **given).protected


def test_two_releases_withstand_together_and_their_audit_finds_the_same():
    people = some_people(70, seed=4)
    one, first = withstanding(maker(people), Past())
    past = Past(entries=(one.entry,), cubes=(one.cube,))
    later = [*people[3:], *some_people(30, seed=4, batch=2)]
    history = History(menu=one.menu, entries=past.entries, cube=one.cube)
    two, second = withstanding(maker(later, quarter="2026-Q2", history=history), past)
    again = audit_ledger((one.entry, two.entry), (one.cube, two.cube), two.menu, dice=Dice(4))

    assert first.questions
    assert second.questions == again.questions
    assert first.findings == second.findings == again.findings == 0


def test_what_tells_too_much_is_given_up_and_told():
    said = []
    protected, audit = withstanding(maker(leaning()), Past(), progress=lambda *words: said.append(words[0]))
    given_up = {name for name, _ in audit.given_up}

    assert "CJ01" in given_up
    assert all(protected.cube.table(f"patient.prospective/{d}/rest", n) is None for n, d in audit.given_up if d)
    assert any(words.startswith("given up: ") and "CJ01 by" in words for words in said)
    assert audit.findings == 0


def test_what_earlier_releases_tell_cannot_be_given_up_and_the_release_is_refused(monkeypatch):
    monkeypatch.setattr(auditing, "_TRIES", 2)
    monkeypatch.setattr(auditing, "_BY_DIMENSION", 0)
    careless = release(leaning())
    past = Past(entries=(careless.protected.entry,), cubes=(careless.cube,))

    with pytest.raises(ProblemsFound) as found:
        withstanding(maker(leaning(), quarter="2026-Q2", history=careless.history()), past)
    assert [problem.code for problem in found.value.problems] == [Code.RELEASE_TELLING]


def test_a_report_with_a_strange_number_stops_the_release(monkeypatch):
    monkeypatch.setattr(
        auditing, "scrape_reports", lambda *_, **__: {"PDF in en": frozenset({41.5}), "page": frozenset()}
    )
    monkeypatch.setattr("survey_app.core.attack.audit.MOST_PEOPLE", 0)

    with pytest.raises(ProblemsFound) as found:
        withstanding(maker(some_people(60)), Past(), edition=object())
    assert [problem.code for problem in found.value.problems] == [Code.RELEASE_UNEXPLAINED]
    assert "41.5" in str(found.value)


def test_what_was_given_up_is_told_in_words():
    assert told(frozenset({("B", "age"), ("A", ""), ("A", "sex")})) == "A, B by age"
