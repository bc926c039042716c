"""Rows for researchers: what others may know is coarsened until people look alike, the rest is left out.

Who answers and about which time (the population), the wave, stage, country, age and the like are coarsened
by the best node of the lattice; people who still stand out are left out. Then columns are written that tell
no more than that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_app.core.analysis.scoring import score_scales
from survey_app.core.dataset import Dataset
from survey_app.core.privacy import PrivacyClass
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection import codebook, risk
from survey_app.core.protection.ladders import (
    NOT_STATED,
    WAVE,
    groups_told,
    ladder_of,
    telling_items,
    wave_ladder,
)
from survey_app.core.protection.lattice import NO_VALUE, Demand, Ladder, Lattice, Node, Outcome
from survey_app.core.protection.rows import (
    FEWEST_PERSONS,
    Chance,
    ProtectedRows,
    Reason,
    Recoding,
    RiskReport,
    RowColumn,
    RowPolicy,
)
from survey_app.core.questionnaire.items import BestWorst, Consent, Day, FreeText, Item, Note, Ranking
from survey_app.core.questionnaire.model import Questionnaire

_NEVER: Mapping[type[Item], Reason] = {
    FreeText: "text",
    Day: "text",
    BestWorst: "lists",
    Ranking: "lists",
    Note: "technical",
    Consent: "technical",
}

POPULATION = "population"
ANCHOR_STEP = 25
ID_BITS = 64
_DEFAULT = RowPolicy()

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    """The people of the file before protection, as numbers. One array cell per person."""

    dataset: Dataset
    ladders: Mapping[str, Ladder]
    leaves: Mapping[str, Ints]
    anchors: Mapping[str, Ints]
    must_differ: NDArray[np.bool_]


def protect_rows(
    dataset: Dataset,
    questionnaire: Questionnaire,
    *,
    published: frozenset[str],
    chance: Chance,
    policy: RowPolicy = _DEFAULT,
    frozen: Recoding | None = None,
) -> ProtectedRows:
    """Return the rows of a release as they may be given out.

    Args:
        dataset: the snapshot of the release. Only people are used who agreed that researchers may use their answers; of
            several responses of one person the one of the last wave.
        questionnaire: for what the columns mean.
        published: populations whose people are in the release (`patient.prospective`, `caregiver`, …).
        chance: gives order and ids.
        policy: the rules.
        frozen: recoding of the first file of the study.

    Raises:
        ProblemsFound: too few people, or no recoding meets the rules.
    """
    chosen = _in_release(dataset, published)
    if len(chosen.frame) < FEWEST_PERSONS:
        raise ProblemsFound([Problem(code=Code.BUNDLE_REFUSED_SIZE, values={"needed": FEWEST_PERSONS})])
    people = _numbered(chosen, questionnaire, policy)
    outcome = _recoded(people, policy, frozen)
    steps = dict(zip(people.ladders, outcome.node, strict=True))
    left_out = _left_out(questionnaire, chosen, people.ladders, steps)
    columns = codebook.columns_of(questionnaire, chosen, frozenset(people.anchors), people.ladders, steps, left_out)
    order = np.flatnonzero(outcome.kept).tolist()
    chance.shuffle(order)
    return ProtectedRows(
        frame=_frame(people, columns, steps, np.array(order, dtype=np.int64), chance),
        columns=columns,
        left_out=left_out,
        recoding=Recoding(steps),
        policy=policy,
        risk=_risk(people, outcome, columns),
    )


def population_of(frame: pd.DataFrame) -> "pd.Series[str]":
    """The population of each row: patients by recall mode, others by who answers."""
    kind = frame["respondent"].astype(str)
    return kind.where(kind != "patient", kind + "." + frame["recall_mode"].astype(str))


def _in_release(dataset: Dataset, published: frozenset[str]) -> Dataset:
    """One row per person who is in the release and agreed that researchers may use the answers."""
    given = dataset.frame
    usable = given["status"].isin(["part", "whole"]) & given["agreed"] & given["research"]
    frame = given[usable & population_of(given).isin(published)]
    frame = frame.sort_values("wave", kind="stable").drop_duplicates("person", keep="last").sort_index()
    return replace(dataset, frame=frame.reset_index(drop=True))


def _numbered(dataset: Dataset, questionnaire: Questionnaire, policy: RowPolicy) -> _People:
    frame = dataset.frame
    populations = population_of(frame)
    names = tuple(sorted(set(populations)))
    told = groups_told(questionnaire, dataset.columns.values(), policy.most_groups)
    waves = frame["wave"].to_numpy(dtype=np.int64)
    ladders = {
        POPULATION: Ladder(name=POPULATION, levels=(names,)),
        WAVE: wave_ladder(int(waves.max())),
        **{column.id: ladder_of(questionnaire, column) for column in told},
    }
    cells = {column.id: frame[column.id].to_numpy(dtype=np.int64) for column in told}
    leaves = {
        POPULATION: np.asarray(pd.Index(names).get_indexer(pd.Index(populations)), dtype=np.int64),
        WAVE: waves - 1,
        # every reason for no value is the leaf "not stated", the last one
        **{name: np.where(found >= 0, found, len(ladders[name].levels[0]) - 1) for name, found in cells.items()},
    }
    scores = score_scales(questionnaire, dataset)
    anchors = {
        scale.id: _nearest_anchor(scores[scale.id].to_numpy())
        for scale in questionnaire.scales
        if scale.id in scores and scale.method != "prorated_sum"
    }
    sensitive = next(iter(anchors.values()), np.full(len(frame), NO_VALUE))
    has_values = np.bincount(leaves[POPULATION], weights=sensitive != NO_VALUE, minlength=len(names)) > 0
    return _People(
        dataset=dataset,
        ladders=ladders,
        leaves=leaves,
        anchors=anchors,
        must_differ=has_values[leaves[POPULATION]],
    )


def _recoded(people: _People, policy: RowPolicy, frozen: Recoding | None) -> Outcome:
    fixed = dict(frozen.steps) if frozen else {}
    if len(set(people.leaves[WAVE].tolist())) == 1:
        fixed.setdefault(WAVE, 1)  # one wave says nothing now, and must not be told apart later
    usable = {
        name: replace(ladder, levels=(ladder.levels[fixed[name]],)) if name in fixed else ladder
        for name, ladder in people.ladders.items()
    }
    lattice = Lattice(tuple(usable.values()), people.leaves, _sensitive(people), people.must_differ)
    demand = Demand(smallest=policy.smallest, diversity=policy.diversity, left_out=policy.left_out)
    found = lattice.search(demand)
    if found is None:
        values = {"needed": policy.smallest, "limit": round(100 * policy.left_out)}
        raise ProblemsFound([Problem(code=Code.BUNDLE_REFUSED_RISK, values=values)])
    node: Node = tuple(fixed.get(name, step) for name, step in zip(usable, found.node, strict=True))
    return Outcome(node=node, loss=found.loss, kept=found.kept, classes=found.classes)


def _left_out(
    questionnaire: Questionnaire, dataset: Dataset, ladders: Mapping[str, Ladder], steps: Mapping[str, int]
) -> dict[str, Reason]:
    modules = {questionnaire.module_of[column.item].id for column in dataset.columns.values()}
    asked = [item for module in questionnaire.modules if module.id in modules for item in module.items]
    reasons = {item.id: reason for item in asked if (reason := _reason(item, ladders, steps))}
    person_items: set[Reason] = {"identifying", "handful"}
    hidden = frozenset(name for name, reason in reasons.items() if reason in person_items)
    telling = telling_items(questionnaire, ladders, steps, hidden)
    return reasons | {item.id: "tells" for item in asked if item.id in telling and item.id not in reasons}


def _reason(item: Item, ladders: Mapping[str, Ladder], steps: Mapping[str, int]) -> Reason | None:
    if type(item) in _NEVER:
        return _NEVER[type(item)]
    if item.privacy is PrivacyClass.TECHNICAL:
        return "technical"
    if item.privacy is PrivacyClass.ORDINARY:
        return None
    if item.drop_from_files or item.privacy is not PrivacyClass.QUASI_IDENTIFIER:
        return "identifying"
    if item.id not in ladders:
        return "handful"
    return "coarsened" if len(ladders[item.id].labels(steps[item.id])) == 1 else None


def _frame(
    people: _People, columns: Sequence[RowColumn], steps: Mapping[str, int], order: Ints, chance: Chance
) -> pd.DataFrame:
    ids = _fresh_ids(len(order), chance)
    return pd.DataFrame({column.name: _cells(people, column, steps, order, ids) for column in columns})


def _cells(
    people: _People, column: RowColumn, steps: Mapping[str, int], order: Ints, ids: Sequence[str]
) -> "Sequence[str] | Ints | NDArray[np.object_]":
    match column.kind:
        case "id":
            return ids
        case "population":
            return np.array(
                [_about_population(column.name, label) for label in _labels(people, POPULATION, steps, order)]
            )
        case "wave" | "group":
            name = column.item or WAVE
            return _labels(people, name, steps, order)
        case "score":
            anchors = people.anchors[column.item][order]
            return np.where(anchors == NO_VALUE, codebook.NO_SCORE, anchors * ANCHOR_STEP)
        case "answer":
            cells = people.dataset.frame[column.name].to_numpy(dtype=np.int64)[order]
            numbers = codebook.numbers_in_file(people.dataset.columns[column.name])
            return np.where(cells >= 0, numbers[np.maximum(cells, 0)], cells) if len(numbers) else cells


def _labels(people: _People, name: str, steps: Mapping[str, int], order: Ints) -> "NDArray[np.object_]":
    labels = np.array(people.ladders[name].levels[steps[name]], dtype=object)
    return np.asarray(labels[people.leaves[name][order]])


def _about_population(column: str, population: str) -> str:
    respondent, _, mode = population.partition(".")
    return respondent if column == "respondent" else mode or codebook.RECALL_MODES[-1]


def _fresh_ids(number: int, chance: Chance) -> list[str]:
    ids: dict[str, None] = {}
    while len(ids) < number:
        ids[f"{chance.getrandbits(ID_BITS):0{ID_BITS // 4}x}"] = None
    return list(ids)


def _risk(people: _People, outcome: Outcome, columns: Sequence[RowColumn]) -> RiskReport:
    kept = outcome.kept
    classes, populations = outcome.classes[kept], people.leaves[POPULATION][kept]
    sensitive, must_differ = _sensitive(people)[kept], people.must_differ[kept]
    sizes = risk.class_sizes(classes)
    n_classes = len(np.unique(classes))
    frame = people.dataset.frame
    answers = [frame[one.name].to_numpy(dtype=np.int64)[kept] for one in columns if one.kind == "answer"]
    return RiskReport(
        sensitive=next(iter(people.anchors), ""),
        k=int(sizes.min()),
        l=risk.least_diversity(classes, sensitive, must_differ),
        t=_rounded(risk.most_distance(classes, populations, sensitive, must_differ)),
        classes=n_classes,
        prosecutor_max=round(1 / int(sizes.min()), 4),
        prosecutor_mean=round(float((1 / sizes).mean()), 4),
        marketer=round(n_classes / len(classes), 4),
        response_knowledge=risk.alone_with_known_answers(classes, populations, answers),
        left_out=float(np.ceil(100 * (1 - kept.mean())) / 100),
    )


def _sensitive(people: _People) -> Ints:
    return next(iter(people.anchors.values()), np.full(len(people.must_differ), NO_VALUE))


def _nearest_anchor(scores: NDArray[np.float64]) -> Ints:
    """Position of the nearest of 0, 25, … 100; halves go up."""
    missing = np.isnan(scores)
    return np.where(missing, NO_VALUE, np.floor(np.where(missing, 0, scores) / ANCHOR_STEP + 0.5)).astype(np.int64)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


__all__ = ["NOT_STATED", "POPULATION", "population_of", "protect_rows"]
