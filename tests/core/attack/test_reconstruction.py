"""The block of seven people that Garfinkel, Abowd and Martindale (2019) rebuild from its published statistics."""

import json
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

EXAMPLES = Path(__file__).parents[4] / "shared/corpus/disclosure/handbook/examples.json"
pytestmark = pytest.mark.skipif(not EXAMPLES.exists(), reason="the folder of shared test data is not here")

OLDEST, ADULT = 110, 18
KINDS = tuple(product(range(OLDEST + 1), "FM", "BW", "MS"))
AGES, SEXES, RACES, STATES = (np.array(column) for column in zip(*KINDS, strict=True))
FEMALE, BLACK, MARRIED = SEXES == "F", RACES == "B", STATES == "M"
GROUPS = {
    "all": AGES >= 0,
    "female": FEMALE,
    "male": ~FEMALE,
    "black": BLACK,
    "white": ~BLACK,
    "married": MARRIED,
    "black_female": BLACK & FEMALE,
}
SUPPRESSED = {
    "black_male": BLACK & ~FEMALE,
    "white_male": ~BLACK & ~FEMALE,
    "white_female": ~BLACK & FEMALE,
    "single_adult": ~MARRIED & (AGES >= ADULT),
}


@dataclass
class Programme:
    """People per kind, then a column per guess of how far the middle two of an even group are from their median."""

    rows: list[np.ndarray] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    guesses: int = 0

    def say(self, kinds, lower, upper=np.inf, guess=None, times=0.0):
        row = np.zeros(len(KINDS) + 2 * OLDEST)
        row[: len(KINDS)] = kinds
        if guess is not None:
            row[len(KINDS) + guess] = times
        self.rows.append(row)
        self.lower.append(lower)
        self.upper.append(upper)

    def tell(self, inside, people, median, mean):
        self.say(inside, people, people)
        self.say(inside * AGES, np.ceil((mean - 0.05) * people), np.floor((mean + 0.05) * people))
        half = (people + 1) // 2
        if people % 2:
            self.say(inside & (median >= AGES), half)
            self.say(inside & (median <= AGES), half)
            return
        first = self.guesses
        for apart in range(median + 1):
            if self.guesses == 2 * OLDEST:
                break
            for low, wanted in ((median - apart >= AGES, half), (median + apart <= AGES, half)):
                self.say(inside & low, 0, guess=self.guesses, times=-wanted)
            self.say(inside & (median - apart == AGES), 0, guess=self.guesses, times=-1)
            self.say(inside & (median + apart == AGES), 0, guess=self.guesses, times=-1)
            self.guesses += 1
        row = np.zeros(len(KINDS) + 2 * OLDEST)
        row[len(KINDS) + first : len(KINDS) + self.guesses] = 1
        self.rows.append(row)
        self.lower.append(1)
        self.upper.append(1)

    def solve(self, wanted):
        """The people, as many of the wanted kinds as possible."""
        width = len(KINDS) + 2 * OLDEST
        costs = np.zeros(width)
        costs[: len(KINDS)] = -wanted.astype(float)
        top = np.full(width, 1.0)
        top[: len(KINDS)] = 7
        found = milp(
            costs,
            constraints=LinearConstraint(np.array(self.rows), np.array(self.lower), np.array(self.upper)),
            integrality=np.ones(width), bounds=Bounds(0, top),
        )  # fmt: skip
        assert found.success
        return np.rint(found.x[: len(KINDS)]).astype(int)


@pytest.fixture(scope="module")
def case():
    return json.loads(EXAMPLES.read_text())["reconstruction_garfinkel_2019"]


def test_seven_people_follow_from_their_statistics_and_nobody_else_could_be_meant(case):
    block = Programme()
    for name, group in GROUPS.items():
        told = case["stats"][name]
        block.tell(group, told["n"], told["median"], told["mean"])
    block.say(MARRIED & (AGES < ADULT), 0, 0)
    for name in case["stats"]["suppressed_lt3"]:
        block.say(SUPPRESSED[name], 0, 2)

    found = block.solve(np.zeros(len(KINDS)))
    others = block.solve(found == 0)

    assert " ".join(
        f"{age}{sex}{race}{state}" for (age, sex, race, state), n in zip(KINDS, found, strict=True) for _ in range(n)
    ) == case["expected_unique_solution"]  # fmt: skip
    assert (others == found).all()
