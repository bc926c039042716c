"""What may be shown of what people wrote: of whom, of how many, in which languages and which order."""

from dataclasses import replace

import pytest

from survey_app.core.protection.cube import Population, Rules
from survey_app.core.protection.voices import Checked, Quote, Voices, gather_voices, in_order
from tests.builders import a_cube

NOW = Population(id="patient.prospective", respondent="patient", recall_mode="prospective")
CARERS = Population(id="caregiver", respondent="caregiver", recall_mode="")
LABELS = {"waiting": {"en": "Waiting", "de": "Warten"}, "money": {"en": "Money"}}
LANGUAGES = ("en", "de", "fr")


def cube(release: str = "demo-2", **changes):
    rules = Rules(tier="T2", smallest_base=20, rounding_base=5, delta=20)
    return a_cube(release, **({"populations": (NOW,), "rules": rules, "quarter": "2026-Q4"} | changes))


def said(person: str = "p", *, text: str = "", **changes) -> Checked:
    given = {
        "id": f"id-{person}-{text}", "person": person, "population": NOW.id, "release": "demo-1", "use": "quote",
        "texts": {"en": text or f"Words of {person}."}, "themes": (),
    }  # fmt: skip
    return Checked(**(given | changes))


def themed(count: int, *, start: int = 0, theme: str = "waiting", **changes) -> list[Checked]:
    return [
        said(f"p{number:03}", use="theme", texts={}, themes=(theme,), **changes)
        for number in range(start, start + count)
    ]


def gather(*checked: Checked, **changes):
    given = {"labels": LABELS, "earlier": {}, "languages": LANGUAGES} | changes
    return gather_voices(given.pop("cube", cube()), list(checked), **given)


def english(gathered) -> list[str]:
    return [quote.texts["en"] for quote in gathered.voices.quotes]


def numbers(gathered) -> list[tuple[str, int, str]]:
    return [(one.labels["en"], one.n, one.since) for one in gathered.voices.themes]


# -- quotes ------------------------------------------------------------------------------------------


def test_nobody_is_quoted_twice_in_one_release():
    gathered = gather(said(text="Zebra."), said(text="Apple."), said("q", text="Middle."))

    assert english(gathered) == ["Apple.", "Middle."]
    assert gathered.used == {"id-p-Apple.", "id-q-Middle."}


def test_below_twenty_people_nothing_is_shown():
    gathered = gather(said(), *themed(15), cube=cube(persons=15))

    assert (gathered.voices.quotes, gathered.voices.themes, gathered.used) == ((), (), frozenset())


def test_people_whose_kind_is_not_in_the_release_wait():
    gathered = gather(said(population=CARERS.id), said("q"))

    assert english(gathered) == ["Words of q."]
    assert gather(said(), cube=cube(held_back=(NOW.id,))).voices.quotes == ()


def test_a_text_for_its_theme_only_is_no_quote():
    assert english(gather(said(use="theme"), said("q"))) == ["Words of q."]


def test_a_quote_without_the_language_of_the_desk_is_not_shown():
    assert gather(said(texts={"de": "Worte."})).voices.quotes == ()


def test_where_one_translation_is_missing_the_quote_stands_in_the_language_of_the_desk_only():
    """Else a quote in English and Dutch alone would tell that its author wrote Dutch."""
    whole = {"en": "Words.", "de": "Worte.", "fr": "Mots."}
    partly = {"en": "Others.", "de": "Andere."}

    quotes = gather(said(texts=whole), said("q", texts=partly)).voices.quotes

    assert [dict(quote.texts) for quote in quotes] == [{"en": "Others."}, whole]


def test_nothing_of_a_quote_is_told_but_its_words():
    assert set(Quote.__dataclass_fields__) == {"texts"}


@pytest.mark.parametrize("language", ["en", "de"])
def test_quotes_stand_in_the_order_of_the_alphabet_whatever_came_first(language: str):
    quotes = [Quote(texts={"en": "b", "de": "Z"}), Quote(texts={"en": "C", "de": "a"}), Quote(texts={"en": "A"})]

    assert in_order(quotes, language) == {"en": ("A", "b", "C"), "de": ("a", "Z")}[language]
    assert in_order(quotes[::-1], language) == in_order(quotes, language)


def test_the_order_in_which_texts_came_changes_nothing():
    texts = [said(f"p{number}", text=f"{number * 7 % 10}.") for number in range(10)]

    assert gather(*texts).voices.to_json() == gather(*texts[::-1]).voices.to_json()


# -- themes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "printed"), [(9, []), (10, [10]), (12, [10]), (13, [15]), (37, [35]), (38, [40])])
def test_a_theme_is_shown_from_ten_people_on_and_rounded(people: int, printed: list[int]):
    assert [n for _, n, _ in numbers(gather(*themed(people)))] == printed


def test_ten_texts_of_nine_people_are_nine_people():
    twice = said("p000", text="again", use="theme", themes=("waiting",))

    assert numbers(gather(*themed(9), twice)) == []


def test_a_quote_counts_for_its_themes_too():
    assert numbers(gather(*themed(9), said("q", themes=("waiting",)))) == [("Waiting", 10, "2026-Q4")]


def test_a_theme_of_nearly_everybody_is_not_shown():
    assert numbers(gather(*themed(38), cube=cube(persons=40))) == []


def test_where_counts_have_noise_themes_are_rounded_to_fives():
    rules = Rules(tier="T4", smallest_base=10, rounding_base=1, delta=20, noise=True)

    assert numbers(gather(*themed(37), cube=cube(rules=rules))) == [("Waiting", 35, "2026-Q4")]


@pytest.mark.parametrize("more", [0, 1, 19])
def test_a_theme_is_reprinted_while_fewer_than_twenty_people_have_changed(more: int):
    first = gather(*themed(12), cube=cube("demo-1", quarter="2026-Q2"))

    second = gather(*themed(12), *themed(more, start=12, release="demo-2"), earlier=first.printed)

    assert numbers(second) == [("Waiting", 10, "2026-Q2")]
    assert second.printed == first.printed


def test_with_twenty_more_people_a_theme_has_a_new_number():
    first = gather(*themed(12), cube=cube("demo-1", quarter="2026-Q2"))

    second = gather(*themed(12), *themed(20, start=12, release="demo-2"), earlier=first.printed)

    assert numbers(second) == [("Waiting", 30, "2026-Q4")]


def test_people_who_left_count_as_changed_and_a_reprint_gives_none_of_them_away():
    first = gather(*themed(12), cube=cube("demo-1", quarter="2026-Q2"))

    assert numbers(gather(*themed(5), earlier=first.printed)) == [("Waiting", 10, "2026-Q2")]


def test_a_theme_that_lost_twenty_people_is_shown_no_more_when_too_few_are_left():
    first = gather(*themed(28), cube=cube("demo-1", quarter="2026-Q2"))

    assert numbers(gather(*themed(8), earlier=first.printed)) == []


def test_changes_add_up_until_they_are_twenty():
    """Two times fifteen people: the second release reprints, the third counts anew."""
    first = gather(*themed(12), cube=cube("demo-1", quarter="2026-Q1"))
    second = gather(*themed(27), earlier=first.printed)
    third = gather(*themed(42), earlier=second.printed)

    assert [n for made in (first, second, third) for _, n, _ in numbers(made)] == [10, 10, 40]


def test_a_stricter_rule_of_the_release_holds_for_themes_too():
    first = gather(*themed(12), cube=cube("demo-1", quarter="2026-Q2"))
    rules = replace(cube().rules, delta=50)

    second = gather(*themed(12), *themed(30, start=12), earlier=first.printed, cube=cube(rules=rules))

    assert numbers(second) == [("Waiting", 10, "2026-Q2")]


def test_texts_whose_themes_are_printed_need_no_words_any_more():
    both = said("q", use="theme", themes=("money", "waiting"))
    gathered = gather(*themed(12), both)

    assert gathered.used == {one.id for one in themed(12)}


def test_sealed_voices_are_read_back_as_they_were():
    voices = gather(*themed(12), said()).voices

    assert Voices.from_json(voices.to_json()) == voices
    assert Voices.from_json(voices.to_json()).sha256 == voices.sha256
