"""Twelve releases of invented people who join, leave and correct: whom does each way of publishing give away?

Run: .venv/bin/python -m benchmarks.privacy.sequences --people 99 300 1000 --questions 3 --seeds 2
Prints the table of docs/disclosure-control.md. The attacks are those of the product; the ways of publishing
are told here in a few lines each, so that one defence at a time can be left out.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.coarsening import given_up
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.feasible import feasible
from survey_app.core.attack.inference import Inferred, infer
from survey_app.core.attack.insider import ROOM, Depth, attack
from survey_app.core.attack.puzzle import Puzzle, printed_puzzle
from survey_app.core.attack.solver import Limits
from survey_app.core.attack.span import singled_out
from survey_app.core.protection.policy import ROUNDING_BASE, policy_for
from survey_app.core.protection.span import Question, accepted

RELEASES = 12
OPTIONS = 5
TRIES = 6
LIMITS = Limits(seconds=600, nodes=500)
FACTS = {
    "country": (0.40, 0.23, 0.19, 0.18),
    "age": (0.15, 0.30, 0.33, 0.22),
    "stage": (0.15, 0.25, 0.30, 0.30),
    "sex": (0.55, 0.45),
}

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class People:
    """Invented people; who corrects an answer stands in two places, the old and the new one.

    facts: dimension -> value per place. joined, left: number of the release, `RELEASES` for never.
    answers: questions x places.
    """

    facts: dict[str, Integers]
    joined: Integers
    left: Integers
    answers: Integers


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way of publishing. smallest: base of a group. base: of the rounding. waits: for enough new people."""

    name: str
    smallest: int = 20
    delta: int = 20
    base: int = ROUNDING_BASE
    sticky: bool = True
    span: bool = True
    waits: bool = True
    gives_up: bool = True


WAYS = (
    Way(name="threshold 10, exact", smallest=10, base=1, sticky=False, span=False, waits=False, gives_up=False),
    Way(name="threshold 10, to 5", smallest=10, sticky=False, span=False, waits=False, gives_up=False),
    Way(name="sticky 10, exact", smallest=10, delta=10, base=1, span=False, gives_up=False),
    Way(name="sticky 10, to 5", smallest=10, delta=10, span=False, gives_up=False),
    Way(name="ours"),
    Way(name="ours, nothing given up", gives_up=False),
    Way(name="ours, exact", base=1, gives_up=False),
    Way(name="ours, not sticky", sticky=False, gives_up=False),
    Way(name="ours, no batches", waits=False, gives_up=False),
    Way(name="ours, no span gate", span=False, gives_up=False),
)


def invent(people: int, questions: int, seed: int) -> People:
    """Half are there at the first release; one in thirty leaves, one in thirty corrects their answers."""
    random = np.random.default_rng(seed)
    facts = {name: random.choice(len(shares), people, p=shares) for name, shares in FACTS.items()}
    joined = np.where(random.random(people) < 0.5, 0, random.integers(1, RELEASES, people))
    left = np.where(random.random(people) < 1 / 30, joined + random.integers(1, 6, people), RELEASES)
    corrected = np.flatnonzero((random.random(people) < 1 / 30) & (joined < RELEASES - 2) & (left == RELEASES))
    severity = random.normal(size=people)
    answers = np.array(
        [
            np.digitize(0.7 * severity + 0.8 * random.normal(size=people) + 0.3 * random.normal(), (-1, -0.2, 0.5, 1.3))
            for _ in range(questions)
        ]
    )
    when = joined[corrected] + random.integers(1, 3, corrected.size)
    left[corrected] = when
    again = np.clip(answers[:, corrected] + random.integers(-1, 2, (questions, corrected.size)), 0, OPTIONS - 1)
    return People(
        facts={name: np.concatenate([values, values[corrected]]) for name, values in facts.items()},
        joined=np.concatenate([joined, when]),
        left=np.concatenate([left, np.full(corrected.size, RELEASES)]),
        answers=np.hstack([answers, again]),
    )


def publish(people: People, way: Way) -> tuple[list[tuple[str, int]], Rows]:
    """Return what goes out: (group, release) and who stood behind it."""
    groups = {"all": np.ones(people.joined.size, dtype=bool)}
    groups |= {f"all/{name}/{v}": values == v for name, values in people.facts.items() for v in np.unique(values)}
    keys: list[tuple[str, int]] = []
    out: list[Rows] = []
    last: dict[str, Rows] = {}
    before = np.zeros(people.joined.size, dtype=bool)
    for release in range(RELEASES):
        present = (people.joined <= release) & (people.left > release)
        if way.waits and before.any() and (present & ~before).sum() < policy_for(int(present.sum())).new_persons:
            continue
        before = before | present
        due = _due(groups, present, last, way)
        names = sorted(due, key=lambda name: (-int(due[name].sum()), name))
        good = _gate(out, [due[name] for name in names], groups, last, way) if way.span else [True] * len(names)
        for name in (name for name, yes in zip(names, good, strict=True) if yes):
            out.append(due[name])
            keys.append((name, release))
            last[name] = due[name]
    return keys, np.array(out, dtype=bool).reshape(len(out), people.joined.size)


def _due(groups: dict[str, Rows], present: Rows, last: dict[str, Rows], way: Way) -> dict[str, Rows]:
    now = {name: group & present for name, group in groups.items()}
    return {
        name: members
        for name, members in now.items()
        if members.sum() >= way.smallest
        and not (way.sticky and name in last and (members ^ last[name]).sum() < way.delta)
    }


def _gate(out: list[Rows], wanted: list[Rows], groups: dict[str, Rows], last: dict[str, Rows], way: Way) -> list[bool]:
    if not wanted:
        return []
    width = wanted[0].size
    moved = [one & ~old for one in wanted for old in last.values()] + [
        old & ~one for one in wanted for old in last.values()
    ]
    return accepted(
        Question(
            weights=np.ones(width, dtype=np.int64),
            published=np.array(out, dtype=bool).reshape(len(out), width),
            candidates=np.array(wanted),
            protected=np.array([*groups.values(), *moved]),
            smallest_base=way.smallest,
            delta=way.delta,
        )
    )


def puzzles_of(people: People, way: Way) -> list[Puzzle]:
    """The questions as an insider who keeps every release sees them."""
    keys, members = publish(people, way)
    found = [
        replace(printed_puzzle(f"q{n}", members, answers, options=OPTIONS, base=way.base), keys=tuple(keys))
        for n, answers in enumerate(people.answers)
    ]
    return [_given_up(puzzle) for puzzle in found] if way.gives_up else found


def _given_up(puzzle: Puzzle) -> Puzzle:
    """Release after release, what tells too much is not printed; what was printed before stays known."""
    kept: list[int] = []
    for release in sorted({release for _, release in puzzle.keys}):
        fresh = [row for row, (_, then) in enumerate(puzzle.keys) if then == release]
        kept += _withstanding(puzzle, kept, fresh, release)
    return puzzle.only(kept)


def _withstanding(puzzle: Puzzle, kept: list[int], fresh: list[int], release: int) -> list[int]:
    """What of the fresh publications can go out."""
    away: frozenset[str] = frozenset()
    for attempt in range(TRIES):
        left = [row for row in fresh if _dimension(puzzle.keys[row][0]) not in away]
        now = puzzle.only([*kept, *left])
        if not left or _leaves_room(now):
            return left
        already = frozenset((now.name, dimension) for dimension in away)
        withheld = given_up([now], {now.name}, now=release, already=already, whole=attempt >= TRIES - 2)
        away = frozenset(dimension for _, dimension in withheld)
    return []


def _leaves_room(puzzle: Puzzle) -> bool:
    found = attack([puzzle], dice=Dice(1), depth=Depth.ALLIES, room=ROOM, limits=LIMITS)
    return all(question.leaves_room for question in found)


def _dimension(group: str) -> str:
    return group.split("/")[1] if "/" in group else ""


def measure(people: People, way: Way, seed: int) -> dict[str, float]:
    """Attack all questions of one study; means over the questions."""
    puzzles = puzzles_of(people, way)
    # chains on exact numbers cannot move: only the solver is let loose on them
    guessed: list[Inferred | None] = [
        infer(puzzle, dice=Dice(seed), limits=LIMITS) if way.base > 1 else None for puzzle in puzzles
    ]
    possible = [
        feasible(puzzle, seen=one.seen if one else None, limits=LIMITS)
        for puzzle, one in zip(puzzles, guessed, strict=True)
    ]
    found = {
        "numbers": float(np.mean([len(puzzle.keys) for puzzle in puzzles])),
        "subtraction": float(len(singled_out(puzzles[0].members))),
        "determined": float(np.mean([one.determined for one in possible])),
        "excluded": float(np.mean([one.excluded for one in possible])),
        "unproven": float(sum(not one.proven for one in possible)),
    }
    judged = [(one, one.right(answers)) for one, answers in zip(guessed, people.answers, strict=True) if one]
    if judged:
        found |= {
            "guess": float(np.mean([right for _, (right, _) in judged])),
            "common": float(np.mean([one.common_guess for one, _ in judged])),
            "sure": float(sum((one.chances.max(axis=1) > 0.8).sum() for one, _ in judged)),
            "right": float(sum(certain for _, (_, certain) in judged)),
            "apart": float(max(one.apart for one, _ in judged)),
        }
    return found


def row(people: int, way: Way, found: Sequence[dict[str, float]]) -> str:
    """A line of the table: means over the studies, sums of the sure ones, the worst distance of chains."""

    def mean(name: str) -> str:
        values = [one[name] for one in found if name in one]
        return f"{np.mean(values):.2f}" if values else "–"

    unproven = sum(one["unproven"] for one in found)
    bound = "≤ " if unproven else ""
    sure = [one for one in found if "sure" in one]
    certain = f"{sum(o['sure'] for o in sure):.0f} ({sum(o['right'] for o in sure):.0f})" if sure else "–"
    apart = f"{max(o['apart'] for o in sure):.2f}" if sure else "–"
    numbers = f"{np.mean([one['numbers'] for one in found]):.0f}"
    lone = f"{np.mean([one['subtraction'] for one in found]):.1f}"
    determined = f"{bound}{np.mean([one['determined'] for one in found]):.1f}"
    excluded = f"{bound}{np.mean([one['excluded'] for one in found]):.1%}"
    cells = (
        people,
        way.name,
        numbers,
        lone,
        determined,
        excluded,
        f"{mean('guess')} ({mean('common')})",
        certain,
        apart,
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, nargs="+", default=[99, 300, 1000])
    options.add_argument("--questions", type=int, default=3)
    options.add_argument("--seeds", type=int, default=2)
    options.add_argument("--ways", nargs="*", default=[way.name for way in WAYS])
    given = options.parse_args()
    start = time.process_time()
    print(f"{given.seeds} data sets of {given.questions} questions of {OPTIONS} answers for each line.\n")
    print("| people | way | numbers | by subtraction | determined | excluded | guessed right (most frequent) "
          "| over 80 % (right) | chains apart |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for people in given.people:
        for way in (way for way in WAYS if way.name in given.ways):
            found = [measure(invent(people, given.questions, seed), way, seed) for seed in range(1, given.seeds + 1)]
            print(row(people, way, found), flush=True)
            print(f"{people} {way.name}: {time.process_time() - start:.0f} s", file=sys.stderr, flush=True)
    print(f"\nComputing: {time.process_time() - start:.0f} s.")


if __name__ == "__main__":
    main()
