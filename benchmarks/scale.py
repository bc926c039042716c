"""What counting and protection of one release cost, beside a floor measured in the same run.

    python -m benchmarks.scale [PEOPLE] [RELEASES] [--profile]

Invented people, 60 questions, 13 groupings: everyone, four populations, and by stage, country, age and sex for both
kinds of patients; no crossings. Every release after the first has joiners, leavers and a ledger. The floor is
`np.bincount` over the same answers, once per question and grouping. Processor time of this process.
"""

import argparse
import cProfile
import pstats
import sys
import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_app.core.dataset import Dataset
from survey_app.core.protection.cell_keys import RecordKey
from survey_app.core.protection.cube import Population, PublishedVariable
from survey_app.core.protection.material import Facts, History
from survey_app.core.protection.menu import NOT_STATED, Branch, Tree
from survey_app.core.protection.people import People
from survey_app.core.protection.policy import policy_for
from survey_app.core.protection.tables import Protected, protect
from survey_app.core.protection.variables import MISSING, Variable

QUESTIONS = 60
LIMIT_PEOPLE, LIMIT_SECONDS = 1_000_000, 20.0
ANSWERS = ("never", "sometimes", "often", "always", "constantly")
SHAPE = {"stage": 15, "country": 30, "age": 7, "sex": 3}
POPULATIONS = (
    Population(id="patient.prospective", respondent="patient", recall_mode="prospective"),
    Population(id="patient.retrospective", respondent="patient", recall_mode="retrospective"),
    Population(id="caregiver", respondent="caregiver", recall_mode=""),
    Population(id="proxy", respondent="proxy", recall_mode=""),
)
KEY = RecordKey(b"a record key of a benchmark, kept nowhere")

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Crowd:
    """Invented people, all that ever come: a row each, with the release in which they are there for the first time."""

    people: People
    cells: Integers  # questions x people
    joined: Integers
    leaves: Integers  # the first release in which they are gone


def crowd(people: int, releases: int, seed: int = 1) -> Crowd:
    """Large categories first; one in thirty answers missing; two in a thousand leave after each release."""
    chance = np.random.default_rng(seed)
    trees = tuple(_tree(name, size) for name, size in SHAPE.items())
    leaves = {tree.dimension: _skewed(chance, len(tree.leaves), people) for tree in trees}
    population = chance.choice(4, people, p=(0.6, 0.25, 0.1, 0.05))
    joined = chance.choice(releases, people, p=_mostly_first(releases))
    gone = np.where(chance.random(people) < 0.002, joined + 1, releases)
    cells = np.empty((QUESTIONS, people), dtype=np.int64)
    for question in range(QUESTIONS):
        cells[question] = _skewed(chance, len(ANSWERS), people)
        cells[question, chance.random(people) < 1 / 30] = len(ANSWERS)
    frame = pd.DataFrame(
        {
            "person": pd.Series([f"{number:032x}" for number in chance.permutation(people)], dtype=str),
            "batch": joined + 1,
            "agreed": True,
            "status": pd.Categorical.from_codes(np.full(people, 2), categories=["draft", "part", "whole"]),
            "recall_mode": pd.Categorical.from_codes(
                np.where(population == 1, 1, 0), categories=["prospective", "retrospective"]
            ),
            "respondent": pd.Categorical.from_codes(
                np.array([0, 0, 2, 1])[population], categories=["patient", "proxy", "caregiver"]
            ),
        }
    )
    dataset = Dataset(frame=frame, columns={})
    everyone = People(
        responses=dataset, dataset=dataset, populations=POPULATIONS, population=population, trees=trees, leaves=leaves
    )
    return Crowd(everyone, cells, joined, gone)


def release(crowd: Crowd, number: int, history: History) -> tuple[Protected, float]:
    """Make release `number` (0 is the first) and tell its processor seconds."""
    there = np.flatnonzero((crowd.joined <= number) & (crowd.leaves > number))
    people = _some(crowd.people, there)
    variables = tuple(_variable(question, crowd.cells[question, there]) for question in range(QUESTIONS))
    before = history.cube.rules.tier if history.cube else "T0"
    policy = policy_for(len(there), before=before)
    start = time.process_time()
    made = protect(_facts(number), people, variables, history, policy, record_key=KEY)
    return made, time.process_time() - start


def floor(crowd: Crowd, number: int) -> float:
    """Processor seconds of `np.bincount` over the same answers, once per question and grouping."""
    there = np.flatnonzero((crowd.joined <= number) & (crowd.leaves > number))
    groupings = [(np.zeros(there.size, dtype=np.int64), 1), (crowd.people.population[there], 4)]
    for tree in crowd.people.trees:
        groupings += [(crowd.people.leaves[tree.dimension][there], len(tree.leaves))] * 3
    groupings.append((crowd.people.leaves["stage"][there] // 5, 4))
    width = len(ANSWERS) + len(MISSING)
    answers = [crowd.cells[question, there] for question in range(QUESTIONS)]
    start = time.process_time()
    for cells in answers:
        for group, size in groupings:
            np.bincount(group * width + cells, minlength=size * width)
    return time.process_time() - start


def run(people: int, releases: int) -> float:
    """Make the releases, print what each cost; return the dearest."""
    everybody = crowd(people, releases)
    history, dearest = History(), 0.0
    for number in range(releases):
        made, seconds = release(everybody, number, history)
        history = History(menu=made.menu, entries=(*history.entries, made.entry), cube=made.cube)
        dearest = max(dearest, seconds)
        shown = sum(1 for table in made.cube.tables if table.figures)
        print(
            f"release {number + 1}: {made.cube.persons:,} people, tier {made.cube.rules.tier}, {shown:,} of "
            f"{len(made.cube.tables):,} tables shown, {len(made.entry.atoms):,} profiles: {seconds:.2f} s; "
            f"floor {floor(everybody, number):.2f} s"
        )
    return dearest


def _tree(dimension: str, size: int) -> Tree:
    leaves = tuple(f"{dimension}{number}" for number in range(size))
    branches = tuple(
        Branch(code=f"{dimension}:{start}", leaves=leaves[start : start + 5]) for start in range(0, size, 5)
    )
    return Tree(dimension=dimension, column=dimension, leaves=(*leaves, NOT_STATED), branches=branches)


def _skewed(chance: np.random.Generator, sizes: int, people: int) -> Integers:
    weights = 1 / np.arange(1, sizes + 1)
    return chance.choice(sizes, people, p=weights / weights.sum())


def _mostly_first(releases: int) -> list[float]:
    if releases == 1:
        return [1.0]
    return [0.6, *[0.4 / (releases - 1)] * (releases - 1)]


def _some(people: People, there: Integers) -> People:
    dataset = replace(people.dataset, frame=people.dataset.frame.iloc[there].reset_index(drop=True))
    return replace(
        people,
        responses=dataset,
        dataset=dataset,
        population=people.population[there],
        leaves={name: leaf[there] for name, leaf in people.leaves.items()},
    )


def _variable(question: int, cells: Integers) -> Variable:
    published = PublishedVariable(
        id=f"Q{question:02}",
        item=f"Q{question:02}",
        kind="choice",
        module="CJ",
        privacy="P1",
        direction="higher_worse",
        categories=ANSWERS,
        numbers=(0.0, 1.0, 2.0, 3.0, 4.0),
        marks={"problem": ("often", "always", "constantly")},
    )
    return Variable(
        published=published,
        audience=("patient", "caregiver"),
        recall=False,
        about_the_person=False,
        stage_decides=False,
        stages=frozenset(f"stage{number}" for number in range(SHAPE["stage"])),
        cells=cells,
    )


def _facts(number: int) -> Facts:
    return Facts(
        release=f"scale-{number + 1}", study="scale", title={"en": "Scale"}, organisation="Nobody",
        questionnaire="scale", questionnaire_version="1.0.0", questionnaire_sha256="0" * 64,
        questionnaire_status="draft_untested", quarter=f"{2026 + number // 4}-Q{number % 4 + 1}",
        first_quarter="2026-Q1", synthetic=True, languages=("en",), translation_states={"en": "draft"},
    )  # fmt: skip


def main() -> None:
    """Run the benchmark; fail when a million people take longer than the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("people", type=int, nargs="?", default=LIMIT_PEOPLE)
    parser.add_argument("releases", type=int, nargs="?", default=2)
    parser.add_argument("--profile", action="store_true")
    told = parser.parse_args()
    profile = cProfile.Profile()
    if told.profile:
        profile.enable()
    dearest = run(told.people, told.releases)
    if told.profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    if told.people <= LIMIT_PEOPLE and dearest > LIMIT_SECONDS and not told.profile:
        sys.exit(f"more than {LIMIT_SECONDS:.0f} s")


if __name__ == "__main__":
    main()
