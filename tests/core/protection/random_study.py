"""Studies by chance: hierarchies, people, questions, and releases with joiners, leavers and corrections."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from survey_app.core.attack import differencing, span
from survey_app.core.dataset import Dataset
from survey_app.core.protection.cell_keys import RecordKey
from survey_app.core.protection.cube import Population, PublishedVariable
from survey_app.core.protection.external import External
from survey_app.core.protection.material import Facts, History
from survey_app.core.protection.menu import DIMENSIONS, NOT_STATED, Branch, Tree
from survey_app.core.protection.people import People
from survey_app.core.protection.plan import EVERYTHING, Crossing, Plan
from survey_app.core.protection.policy import ALL_DEFENCES, NOISE, Defences, Policy, policy_for
from survey_app.core.protection.tables import Protected, protect
from survey_app.core.protection.variables import MISSING, Variable

KEY = RecordKey(b"a record key of invented studies, kept nowhere")
POPULATIONS = (
    Population(id="patient.prospective", respondent="patient", recall_mode="prospective"),
    Population(id="patient.retrospective", respondent="patient", recall_mode="retrospective"),
    Population(id="caregiver", respondent="caregiver", recall_mode=""),
)
ANSWERS = ("no", "little", "much")


@dataclass
class Study:
    """Everyone who is in it at the moment, a row each; changes from release to release."""

    chance: np.random.Generator
    trees: tuple[Tree, ...]
    policy: Policy
    shares: dict[str, np.ndarray]
    people: pd.DataFrame
    skipped: list[float]
    only_in: list[int | None]
    plan: Plan = EVERYTHING
    came: int = 0

    def join(self, more: int, batch: int) -> None:
        """New people in a batch."""
        names = [f"person-{self.came + number}" for number in range(more)]
        self.came += more
        fresh = pd.DataFrame({"person": names})
        self.people = pd.concat([self.people, self._answered(fresh, batch)], ignore_index=True)

    def leave(self, share: float) -> None:
        """Some withdraw."""
        self.people = self.people[self.chance.random(len(self.people)) >= share].reset_index(drop=True)

    def correct(self, share: float, batch: int) -> None:
        """Some answer anew, in another batch and perhaps from another group."""
        again = self.chance.random(len(self.people)) < share
        fresh = self._answered(self.people.loc[again, ["person"]], batch)
        self.people = pd.concat([self.people[~again], fresh], ignore_index=True)

    def _answered(self, people: pd.DataFrame, batch: int) -> pd.DataFrame:
        n = len(people)
        columns = {"batch": np.full(n, batch), "population": self._drawn("population", n)}
        columns |= {tree.dimension: self._drawn(tree.dimension, n) for tree in self.trees}
        for number, (skipped, only) in enumerate(zip(self.skipped, self.only_in, strict=True)):
            cells = self.chance.integers(0, len(ANSWERS), n)
            cells[self.chance.random(n) < skipped] = len(ANSWERS)
            if only is not None:
                cells[columns[self.trees[0].dimension] != only] = len(ANSWERS)
            columns[f"Q{number}"] = cells
        return people.reset_index(drop=True).assign(**columns)

    def _drawn(self, name: str, n: int) -> np.ndarray:
        return self.chance.choice(len(self.shares[name]), n, p=self.shares[name])

    def release(self, number: int, history: History, defences: Defences) -> Protected:
        """The release of everyone who is there."""
        frame = self.people.sort_values("person", kind="stable").reset_index(drop=True)
        population = frame["population"].to_numpy(dtype=np.int64)
        frame = frame.assign(
            agreed=True,
            status="whole",
            respondent=np.array([one.respondent for one in POPULATIONS])[population],
            recall_mode=np.array([one.recall_mode or "prospective" for one in POPULATIONS])[population],
        )
        dataset = Dataset(frame=frame, columns={})
        people = People(
            responses=dataset, dataset=dataset, populations=POPULATIONS, population=population, trees=self.trees,
            leaves={tree.dimension: frame[tree.dimension].to_numpy(dtype=np.int64) for tree in self.trees},
        )  # fmt: skip
        variables = tuple(
            _variable(f"Q{number}", frame[f"Q{number}"].to_numpy(dtype=np.int64)) for number in range(len(self.skipped))
        )
        return protect(
            _facts(number), people, variables, history, self.policy, defences=defences, record_key=KEY, plan=self.plan
        )  # fmt: skip


def random_study(seed: int) -> Study:
    """A study by chance; the same seed is the same study."""
    chance = np.random.default_rng(seed)
    chosen = [dimension for dimension in DIMENSIONS if chance.random() < 0.7] or ["stage"]
    trees = tuple(_tree(chance, dimension) for dimension in chosen)
    evenness = chance.choice([0.3, 1.0, 5.0])
    shares = {tree.dimension: chance.dirichlet(np.full(len(tree.leaves), evenness)) for tree in trees}
    shares["population"] = chance.dirichlet(np.array([3.0, chance.choice([0.05, 2.0]), 0.5]))
    policies = (policy_for(60), policy_for(1000), policy_for(5000), replace(policy_for(60), smallest_base=30, delta=30))
    return Study(
        chance=chance,
        trees=trees,
        policy=policies[chance.integers(0, len(policies))],
        shares=shares,
        people=pd.DataFrame({"person": pd.Series([], dtype=str)}),
        skipped=[float(chance.choice([0.0, 0.03, 0.3])) for _ in range(2)],
        only_in=[None, int(chance.integers(0, len(trees[0].leaves))) if chance.random() < 0.5 else None],
    )


def crossed_study(seed: int) -> Study:
    """A study by chance that publishes crossings, by rules with small bases so that few people have many groups."""
    study = random_study(seed)
    names = [tree.dimension for tree in study.trees]
    pairs = [pair for ways in (2, 3) for pair in combinations(names, ways) if study.chance.random() < 0.8]
    bases = ((20, 20, 20, 20), (20, 20, 50, 50), (10, 10, 10, 10), (10, 20, 15, 30))
    base, delta, crossing_base, crossing_delta = bases[study.chance.integers(0, len(bases))]
    study.policy = replace(
        policy_for(1000), smallest_base=base, delta=delta, ways=3, crossing_base=crossing_base,
        crossing_delta=crossing_delta, crossing_quarters=int(study.chance.integers(0, 3)),
        noise=NOISE if study.chance.random() < 0.3 else None,
    )  # fmt: skip
    study.plan = Plan(crossings=tuple(Crossing(by=pair) for pair in pairs))
    return study


def releases_of(
    study: Study, *, defences: Defences = ALL_DEFENCES, externals: tuple[External, ...] = (), entered: int = 0
) -> list[Protected]:
    """One to four releases, with joiners, leavers and corrections between them.

    externals: what others published; entered before the release of that number.
    """
    history, made = History(), []
    for number in range(int(study.chance.integers(1, 5))):
        if number:
            study.leave(float(study.chance.choice([0.0, 0.02, 0.2])))
            study.correct(float(study.chance.choice([0.0, 0.02, 0.2])), number + 1)
        study.join(int(study.chance.integers(40, 260) if not number else study.chance.integers(0, 90)), number + 1)
        history = replace(history, externals=externals if number >= entered else ())
        one = study.release(number, history, defences)
        made.append(one)
        history = History(menu=one.menu, entries=(*history.entries, one.entry), cube=one.cube)
    return made


def recovered(study: Study, made: list[Protected]) -> int:
    """Groups of too few people that the attacks find in all releases together."""
    entries, menu, policy = [one.entry for one in made], made[-1].menu, study.policy
    computable = span.audit_ledger(entries, menu, smallest_base=policy.smallest_base)
    return len(computable) + len(differencing.audit_ledger(entries, menu, delta=policy.delta))


def _tree(chance: np.random.Generator, dimension: str) -> Tree:
    leaves = tuple(f"{dimension}{number}" for number in range(int(chance.integers(2, 13))))
    above = chance.integers(0, 4, len(leaves))
    branches = [
        Branch(code=f"{dimension}:{code}", leaves=tuple(np.array(leaves)[above == code].tolist())) for code in range(3)
    ]
    return Tree(
        dimension=dimension,
        column=dimension,
        leaves=(*leaves, NOT_STATED),
        branches=tuple(branch for branch in branches if branch.leaves),
    )


def _variable(name: str, cells: np.ndarray) -> Variable:
    published = PublishedVariable(
        id=name, item=name, kind="choice", module="CJ", privacy="P1", direction="none", categories=ANSWERS,
        numbers=(0.0, 1.0, 2.0),
    )  # fmt: skip
    assert cells.max(initial=0) < len(ANSWERS) + len(MISSING)
    return Variable(
        published=published, audience=("patient", "caregiver"), recall=False, about_the_person=False,
        stage_decides=True, stages=frozenset(f"stage{number}" for number in range(12)), cells=cells,
    )  # fmt: skip


def _facts(number: int) -> Facts:
    return Facts(
        release=f"random-{number}", study="random", title={"en": "Random"}, organisation="Nobody",
        questionnaire="random", questionnaire_version="1.0.0", questionnaire_sha256="0" * 64,
        questionnaire_status="draft_untested", quarter=f"2026-Q{number + 1}", first_quarter="2026-Q1", synthetic=True,
        languages=("en",), translation_states={"en": "draft"},
    )  # fmt: skip
