"""Rows for researchers, attacked: every promise is worked out a second time, from the rows alone."""

import itertools
import random
from collections import defaultdict
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.core.analysis.scoring import score_scales
from survey_app.core.dataset import Dataset, columns_of
from survey_app.core.geography import REGION_OF
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection import risk
from survey_app.core.protection.ladders import ladder_of, telling_items, wave_ladder
from survey_app.core.protection.microdata import protect_rows
from survey_app.core.protection.rows import Recoding, RowPolicy, edition_for, split_rows
from tests.core.protection.row_builders import PATIENTS, PUBLISHED, an_edition, some_people

QUESTIONNAIRE = an_edition().questionnaire
SIZES = [150, 412, 1500]
KEPT_KINDS = ("population", "wave", "group")


@cache
def some_rows(number=412, *, seed=1, published=PUBLISHED):
    if number < 400:
        published = PATIENTS
    return protect_rows(some_people(number), QUESTIONNAIRE, published=published, chance=random.Random(seed))


def classes_of(rows):
    """People who look alike, from the file alone: rows by what stands in all columns that others may know."""
    names = [column.name for column in rows.columns if column.kind in KEPT_KINDS]
    found = defaultdict(list)
    for row in rows.frame.to_dict("records"):
        found[tuple(row[name] for name in names)].append(row)
    return found


@pytest.mark.parametrize("number", SIZES)
def test_at_least_eleven_people_look_alike(number):
    rows = some_rows(number)
    sizes = [len(people) for people in classes_of(rows).values()]

    assert min(sizes) >= 11
    assert rows.risk.k == min(sizes)
    assert rows.risk.classes == len(sizes)
    assert rows.risk.prosecutor_max == pytest.approx(1 / min(sizes), abs=1e-4)
    assert rows.risk.marketer == pytest.approx(len(sizes) / len(rows.frame), abs=1e-4)
    assert rows.risk.prosecutor_mean == pytest.approx(rows.risk.marketer, abs=1e-4)


@pytest.mark.parametrize("number", SIZES)
def test_people_who_look_alike_differ_in_their_burden(number):
    rows = some_rows(number)
    values = {
        group: {row["score_JBU"] for row in people if row["score_JBU"] >= 0}
        for group, people in classes_of(rows).items()
        if "patient" in group
    }

    assert min(len(found) for found in values.values()) >= 3
    assert rows.risk.l == min(len(found) for found in values.values())


@pytest.mark.parametrize("number", SIZES)
def test_the_distance_of_a_class_from_its_population_is_the_one_told(number):
    rows = some_rows(number)
    people = rows.frame[(rows.frame["respondent"] == "patient") & (rows.frame["score_JBU"] >= 0)]
    names = [column.name for column in rows.columns if column.kind in KEPT_KINDS]
    worst = 0.0
    for _, population in people.groupby("recall_mode"):
        for _, group in population.groupby(names):
            ends = [[(one["score_JBU"] <= 25 * step).mean() for step in range(4)] for one in (group, population)]
            worst = max(worst, sum(abs(a - b) for a, b in zip(*ends, strict=True)) / 4)

    assert rows.risk.t == pytest.approx(worst, abs=1e-3)


@pytest.mark.parametrize("number", SIZES)
def test_few_people_are_left_out(number):
    rows = some_rows(number)
    meant = meant_people(number)

    assert 0.95 * len(meant) <= len(rows.frame) <= len(meant)
    assert rows.risk.left_out * len(meant) >= len(meant) - len(rows.frame)


def meant_people(number):
    frame = some_people(number).frame
    kinds = ["patient"] if number < 400 else ["patient", "caregiver"]
    return frame[frame["agreed"] & frame["research"] & frame["respondent"].isin(kinds)]


@pytest.mark.parametrize("number", SIZES)
def test_nearest_neighbours_find_no_more_than_one_in_eleven(number):
    """An attacker who knows all that others may know of everybody guesses the row of each person."""
    rows = some_rows(number)
    chances = [1 / len(people) for people in classes_of(rows).values() for _ in people]

    assert np.mean(chances) <= 1 / 11
    assert max(chances) <= 1 / 11


def test_no_country_with_few_people_stands_in_a_file():
    for number in SIZES:
        rows = some_rows(number)
        cells = {str(value) for name in rows.frame for value in rows.frame[name].unique()}
        shown = cells & set(REGION_OF)
        counts = rows.frame["DM01"].value_counts() if "DM01" in rows.frame else {}

        assert all(counts[country] >= 11 for country in shown)


def test_what_stands_in_the_rows_is_what_the_people_said():
    rows = some_rows()
    dataset = some_people(412)
    answers = [column.name for column in rows.columns if column.kind == "answer" and "/" not in column.name]
    numbers = {name: dict(enumerate(dataset.columns[name].numbers)) for name in answers}
    meant = meant_people(412)
    said = {
        tuple(numbers[name].get(cell, cell) for name, cell in zip(answers, row, strict=True))
        for row in meant[answers].itertuples(index=False)
    }
    written = {tuple(row) for row in rows.frame[answers].itertuples(index=False)}

    assert written <= said


def test_scores_are_the_nearest_anchor():
    rows = some_rows()
    scores = score_scales(QUESTIONNAIRE, Dataset(frame=meant_people(412), columns=some_people(412).columns))["JBU"]

    told = rows.frame["score_JBU"]
    assert set(told.unique()) <= {0, 25, 50, 75, 100, -44}
    assert told[told >= 0].mean() == pytest.approx(scores.mean(), abs=2)


def test_the_order_of_rows_tells_nothing_of_the_order_of_answering():
    """Who came first has the lowest number; ranks in the file must not follow it."""
    dataset = some_people(1500)
    marked = dataset.frame.assign(CJ20=np.arange(len(dataset.frame)) % 1000)  # a rating carries the number through
    found = []
    for seed in range(5):
        rows = protect_rows(
            Dataset(frame=marked, columns=dataset.columns),
            QUESTIONNAIRE,
            published=PUBLISHED,
            chance=random.Random(seed),
            frozen=some_rows(1500).recoding,
        )
        ranks = pd.Series(np.arange(len(rows.frame)))
        found.append(abs(ranks.corr(rows.frame["CJ20"].astype(float), method="spearman")))

    assert np.mean(found) < 0.06


def test_ids_of_two_files_have_nothing_to_do_with_each_other():
    first, second = some_rows(seed=1), some_rows(seed=2)

    assert not set(first.frame["id"]) & set(second.frame["id"])
    assert first.frame["id"].is_unique
    assert not set(first.frame["id"]) & set(some_people(412).frame["person"])


def test_no_language_date_batch_status_text_or_agreement_is_in_the_rows():
    names = set(some_rows().frame.columns)
    items = QUESTIONNAIRE.items

    assert not names & {"person", "language", "batch", "status", "stage", "agreed", "research"}
    assert not [name for name in names if name in items and items[name].type in ("consent", "text", "note", "date")]
    assert not [name for name in names if name in items and items[name].drop_from_files]


def test_every_item_is_either_in_the_file_or_left_out_for_a_reason():
    rows = some_rows()
    told = {column.item for column in rows.columns if column.kind in ("group", "answer")}
    roles = {item.id for item in QUESTIONNAIRE.items.values() if item.type == "role"}

    assert told | set(rows.left_out) | roles == set(QUESTIONNAIRE.items)
    assert not told & set(rows.left_out)


@pytest.mark.parametrize("number", SIZES)
def test_who_was_asked_a_question_tells_no_finer_stage_than_the_file(number):
    """Within people who look alike, being asked may depend on answers in the file only, never on the stage itself."""
    rows = some_rows(number)
    steps = rows.recoding.steps
    column = some_people(number).columns["SC08"]
    ladder = ladder_of(QUESTIONNAIRE, column)
    meant = meant_people(number)
    stages = [ladder.levels[steps["SC08"]][cell] for cell in meant["SC08"]]
    group = [f"{kind} {stage}" for kind, stage in zip(meant["respondent"], stages, strict=True)]
    for name in [one.name for one in rows.columns if one.kind == "answer"]:
        item = QUESTIONNAIRE.items[name.partition("/")[0]]
        if not item.show_if or "stage" not in item.show_if:
            continue
        reached = meant[name] != -55
        asked = (meant[name] != -66)[reached].groupby(pd.Series(group, index=meant.index)[reached])

        assert (asked.min() == asked.max()).all(), name


def test_a_question_asked_at_one_stage_only_is_told_where_the_stage_is():
    ladders = {"SC08": ladder_of(QUESTIONNAIRE, some_people(150).columns["SC08"]), "wave": wave_ladder(1)}

    exact = telling_items(QUESTIONNAIRE, ladders, {"SC08": 0, "wave": 0}, frozenset())
    grouped = telling_items(QUESTIONNAIRE, ladders, {"SC08": 1, "wave": 1}, frozenset({"DM09"}))

    assert not exact
    only_waiting = next(i.id for i in QUESTIONNAIRE.items.values() if i.show_if == "stage == 'S04'")
    after = next(i.id for i in QUESTIONNAIRE.items.values() if i.show_if and "'S06','S07','S08'" in i.show_if)
    assert {only_waiting, "SC09", "DM08", "DM15", "CJ22"} <= grouped
    assert after not in grouped


def test_ladders_join_and_never_split():
    for column in some_people(150).columns.values():
        item = QUESTIONNAIRE.items[column.item]
        if item.privacy != "P2" or column.kind == "tick":
            continue
        levels = ladder_of(QUESTIONNAIRE, column).levels
        for fine, broad in itertools.pairwise(levels):
            assert len(set(zip(fine, broad, strict=True))) == len(set(fine))
            assert len(set(broad)) < len(set(fine))
        assert set(levels[-1]) == {"all"}
        assert levels[0][-1] == "not_stated"


def test_a_frozen_recoding_is_used_again():
    frozen = some_rows().recoding
    later = protect_rows(some_people(1500), QUESTIONNAIRE, published=PUBLISHED, chance=random.Random(4), frozen=frozen)

    assert later.recoding == frozen
    assert Recoding.from_document(frozen.to_document()) == frozen


def test_a_frozen_recoding_that_no_longer_protects_is_refused():
    fine = Recoding({**some_rows().recoding.steps, "DM01": 0, "DM03": 0, "SC08": 0})

    with pytest.raises(ProblemsFound) as refused:
        protect_rows(some_people(412), QUESTIONNAIRE, published=PUBLISHED, chance=random.Random(1), frozen=fine)
    assert refused.value.problems[0].code is Code.BUNDLE_REFUSED_RISK


def test_one_wave_is_never_told_apart_later():
    once, twice = (
        some_rows(1500),
        protect_rows(some_people(1500, waves=2), QUESTIONNAIRE, published=PUBLISHED, chance=random.Random(1)),
    )

    assert once.recoding.steps["wave"] == 1
    assert "wave" not in once.frame
    assert ("wave" in twice.frame) == (twice.recoding.steps["wave"] == 0)


def test_only_the_latest_answers_of_a_person_are_used():
    dataset = some_people(412, waves=2)
    doubled = pd.concat([dataset.frame.assign(wave=1), dataset.frame.assign(wave=2)], ignore_index=True)
    rows = protect_rows(
        Dataset(frame=doubled, columns=dataset.columns), QUESTIONNAIRE, published=PUBLISHED, chance=random.Random(1)
    )

    assert len(rows.frame) <= dataset.frame["person"].nunique()


def test_carers_of_both_recall_modes_are_one_population_and_the_mode_is_not_told():
    frame = some_rows().frame

    assert set(frame[frame["respondent"] == "caregiver"]["recall_mode"]) == {"not_told"}
    assert set(frame[frame["respondent"] == "patient"]["recall_mode"]) == {"prospective", "retrospective"}


def test_people_of_a_held_back_population_are_in_no_file():
    frame = some_rows(412, published=PATIENTS).frame

    assert set(frame["respondent"]) == {"patient"}


def test_too_few_people_are_refused():
    with pytest.raises(ProblemsFound) as refused:
        some_rows(52)

    assert refused.value.problems[0].code is Code.BUNDLE_REFUSED_SIZE


@pytest.mark.parametrize(
    ("persons", "contract", "expected"),
    [
        (49, ("University", "purpose"), Code.BUNDLE_REFUSED_SIZE),
        (50, ("University", "purpose"), "controlled"),
        (999, ("", "purpose"), Code.BUNDLE_NEEDS_PURPOSE),
        (999, ("University", "  "), Code.BUNDLE_NEEDS_PURPOSE),
        (1000, ("", ""), "registered"),
        (1000, ("University", "purpose"), "controlled"),
    ],
)
def test_the_edition_follows_from_size_and_contract(persons, contract, expected):
    try:
        found = edition_for(persons, recipient=contract[0], purpose=contract[1])
    except ProblemsFound as refused:
        found = refused.problems[0].code

    assert found == expected


def test_a_policy_below_the_floor_cannot_be_made():
    with pytest.raises(ValueError, match="floors"):
        RowPolicy(smallest=10)
    assert replace(RowPolicy(), smallest=20).smallest == 20


def test_parts_without_a_contract_cannot_be_put_together_again():
    rows = some_rows(1500)
    parts = split_rows(rows, random.Random(9))
    told = [column.name for part in parts.values() for column in part.columns if column.module]

    assert sorted(told) == sorted(column.name for column in rows.columns if column.module)
    assert all("id" not in part.frame for part in parts.values())
    orders = [part.frame["respondent"].tolist() for part in parts.values()]
    assert len({tuple(order) for order in orders}) == len(orders)
    for part in parts.values():
        assert sorted(part.frame["respondent"]) == sorted(rows.frame["respondent"])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_people_alone_with_known_answers_are_counted_right(people):
    table = np.array(people)
    found = risk.alone_with_known_answers(table[:, 0], np.zeros(len(people), dtype=int), [table[:, 1], table[:, 2]])

    whole = [tuple(person) for person in people]
    alone = sum(whole.count(person) == 1 for person in whole) / len(whole)
    both_differ = all(len(set(table[:, n])) > 1 for n in (1, 2))
    assert found[2] == pytest.approx(alone if both_differ else 0, abs=1e-4)
    assert found[4] == 0


def test_the_distance_agrees_with_a_published_case():
    # Li, Li and Venkatasubramanian (2007), example 3: salaries 3k to 11k, EMD of {3k,4k,5k} from the whole is 0.375
    salaries = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8])
    classes = np.array([0, 0, 0, 1, 1, 1, 1, 1, 1])
    found = risk.most_distance(classes, np.zeros(9, dtype=int), salaries, np.ones(9, dtype=bool))

    assert found == pytest.approx(0.375)


def test_a_study_without_scales_has_rows_without_scores():
    dataset = some_people(412)
    columns = columns_of(QUESTIONNAIRE, ("SCR", "DM"))
    kept = [name for name in dataset.frame if name not in dataset.columns or name in columns]
    rows = protect_rows(
        Dataset(frame=dataset.frame[kept], columns=columns), QUESTIONNAIRE, published=PUBLISHED, chance=random.Random(1)
    )

    assert not [name for name in rows.frame if name.startswith("score_")]
    assert (rows.risk.k >= 11, rows.risk.l, rows.risk.t) == (True, None, None)
