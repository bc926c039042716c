"""Who is in a release: one row per person, in one population, with a leaf in each dimension."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_app.core.dataset import Dataset
from survey_app.core.protection.counting import OUTSIDE, Layer
from survey_app.core.protection.cube import Population
from survey_app.core.protection.external import MARK, ExternalGroup
from survey_app.core.protection.groups import CROSS, is_crossing, split
from survey_app.core.protection.menu import DIMENSIONS, Menu, Tree
from survey_app.core.protection.sticky import EVERYONE, LEAF, Atom
from survey_app.core.questionnaire.model import RecallMode

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """The people of a release.

    responses: everything that was ever begun, sent or not.
    dataset: one row per person, their latest response that was sent.
    populations: all that the study could have, in fixed order.
    population: position of the population of each person.
    leaves: dimension -> position of the leaf in its tree.
    """

    responses: Dataset
    dataset: Dataset
    populations: tuple[Population, ...]
    population: Integers
    trees: tuple[Tree, ...]
    leaves: Mapping[str, Integers]

    @property
    def sizes(self) -> dict[str, int]:
        """People per population."""
        counts = np.bincount(self.population, minlength=len(self.populations))
        return {one.id: int(count) for one, count in zip(self.populations, counts, strict=True)}

    def leaf_counts(self, population: str, tree: Tree) -> dict[str, int]:
        """People of a population per leaf of `tree`."""
        inside = self.population == self.position(population)
        counts = np.bincount(self.leaves[tree.dimension][inside], minlength=len(tree.leaves))
        return {leaf: int(count) for leaf, count in zip(tree.leaves, counts, strict=True)}

    def rows_in(self, populations: Sequence[int]) -> pd.DataFrame:
        """The rows of the people of some populations, given by position."""
        return self.dataset.frame[np.isin(self.population, populations)].reset_index(drop=True)

    def kinds(self, batch: int) -> dict[tuple[str, int], str]:
        """Person and wave -> id of the population, of the responses that were sent in a batch and agreed to."""
        frame, kind = self.responses.frame, _population(self.responses.frame, self.populations)
        usable = frame["status"].isin(["part", "whole"]) & frame["agreed"] & (frame["batch"] == batch)
        mine = usable.to_numpy(dtype=bool) & (kind != OUTSIDE)
        rows = zip(frame["person"][mine], frame["wave"][mine], kind[mine], strict=True)
        return {(str(person), int(wave)): self.populations[place].id for person, wave, place in rows}

    def position(self, population: str) -> int:
        """Where a population stands in `populations`."""
        return next(n for n, one in enumerate(self.populations) if one.id == population)


def populations_of(roles: Sequence[str], recall_modes: Sequence[RecallMode]) -> tuple[Population, ...]:
    """The populations that a study could have. Recall modes are never pooled, nor patients with others.

    Carers and proxies are few: where a study has both recall modes they answer to facts about the person only.
    """
    only: RecallMode | Literal[""] = recall_modes[0] if len(recall_modes) == 1 else ""
    found = [Population(id=f"patient.{mode}", respondent="patient", recall_mode=mode) for mode in recall_modes]
    if "caregiver" in roles:
        found.append(Population(id="caregiver", respondent="caregiver", recall_mode=only))
    found.append(Population(id="proxy", respondent="proxy", recall_mode=only))
    return tuple(found)


def people_of(dataset: Dataset, populations: tuple[Population, ...], trees: tuple[Tree, ...]) -> People:
    """Return one row per person: the latest response that was sent and agreed to, of a kind that is surveyed."""
    frame = dataset.frame
    population = _population(frame, populations)
    usable = frame["status"].isin(["part", "whole"]) & frame["agreed"] & (population != OUTSIDE)
    ordered = frame[usable].sort_values(["wave", "batch"], kind="stable")
    kept = ordered.drop_duplicates("person", keep="last").sort_values("person", kind="stable").index
    mine = replace(dataset, frame=frame.loc[kept].reset_index(drop=True))
    return People(
        responses=dataset,
        dataset=mine,
        populations=populations,
        population=population[frame.index.get_indexer(kept)],
        trees=trees,
        leaves={tree.dimension: _leaves(mine.frame[tree.column].to_numpy(dtype=np.int64), tree) for tree in trees},
    )


def flow_of(people: People, published: Sequence[str]) -> dict[str, int]:
    """Return how many began, agreed and sent, of the published kinds; who has not said yet what they are counts too.

    Exact numbers; the caller rounds them.
    """
    frame = people.responses.frame
    names = np.array([*(one.id for one in people.populations), ""], dtype=object)
    kind = names[_population(frame, people.populations)]
    known = pd.Series(kind, index=frame.index).isin(["", *published])
    reached = frame[known].groupby("person", observed=True)
    statuses = people.dataset.frame["status"][np.isin(names[people.population].astype(str), list(published))]
    return {
        "begun": int(reached.ngroups),
        "agreed": int(reached["agreed"].max().sum()) if reached.ngroups else 0,
        "sent_part": int((statuses == "part").sum()),
        "sent_whole": int((statuses == "whole").sum()),
    }


def layers_of(people: People, menu: Menu, published: Sequence[str]) -> tuple[Layer, ...]:
    """Return the groups in layers that do not overlap: everyone, whole populations, then by dimension and crossing."""
    names = tuple(one.id for one in people.populations)
    shown = np.array([name in published for name in names])
    everyone = Layer(groups=(EVERYONE,), of=np.where(shown[people.population], 0, OUTSIDE))
    found = [everyone, Layer(groups=names, of=people.population)]
    found += [_layer(people, menu, tree) for tree in people.trees]
    crossings = dict.fromkeys(dimension for _, dimension in menu.partitions if is_crossing(dimension))
    return (*found, *(_crossing_layer(people, menu, dimension) for dimension in crossings))


def atoms_of(people: People, menu: Menu, told: Sequence[ExternalGroup] = ()) -> tuple[tuple[Atom, ...], Integers]:
    """Return all combinations of population, parts and batch that occur, and which one each person is in.

    With groups of others, `told`, those of a batch are told apart by the groups that they are in.
    """
    columns = [_Coded.of(people.population, [one.id for one in people.populations])]
    columns += [_values(people, menu, dimension) for dimension in DIMENSIONS]
    batches, batch = np.unique(people.dataset.frame["batch"].to_numpy(dtype=np.int64), return_inverse=True)
    columns.append(_marked(people, batch, [str(number) for number in batches], told))
    key = np.zeros(len(people.population), dtype=np.int64)
    for column in columns:
        key = key * max(len(column.names), 1) + column.codes
    _, first, of = np.unique(key, return_index=True, return_inverse=True)
    atoms = tuple(tuple(column.names[column.codes[place]] for column in columns) for place in first)
    return atoms, np.asarray(of).ravel()


def _marked(people: People, batch: Integers, names: Sequence[str], told: Sequence[ExternalGroup]) -> "_Coded":
    """Batches, with a mark for each group of others."""
    if not told:
        return _Coded.of(batch, names)
    inside = np.array([_inside(people, group) for group in told], dtype=np.int64)
    kinds, kind = np.unique(inside, axis=1, return_inverse=True)
    marks = ["".join(str(one) for one in column) for column in kinds.T]
    return _Coded.of(
        batch * len(marks) + np.asarray(kind).ravel(), [f"{name}{MARK}{mark}" for name in names for mark in marks]
    )


def _inside(people: People, group: ExternalGroup) -> Mask:
    """Who is in a group of others."""
    found = people.population == people.position(group.population)
    for tree in people.trees:
        if tree.dimension in group.group:
            leaves = np.isin(np.array(tree.leaves), group.group[tree.dimension])
            found = found & leaves[people.leaves[tree.dimension]]
    return np.asarray(found)


def leaf_sets(people: People, atom_of: Integers, atoms: int, smallest: int) -> NDArray[np.bool_]:
    """Return the leaves with too few people that are made of whole atoms, as rows over the atoms."""
    total = np.bincount(atom_of, minlength=atoms)
    found = [np.zeros((0, atoms), dtype=bool)]
    for tree in people.trees:
        for place, population in enumerate(people.populations):
            inside = people.population == place
            if population.respondent != "patient" or not inside.any():
                continue
            of, leaf = atom_of[inside], people.leaves[tree.dimension][inside]
            size = np.bincount(leaf, minlength=len(tree.leaves))
            for small in np.flatnonzero((size > 0) & (size < smallest)):
                mine = np.bincount(of[leaf == small], minlength=atoms)
                if bool(np.all((mine == 0) | (mine == total))):
                    found.append((mine > 0)[None, :])
    return np.vstack(found)


def _population(frame: pd.DataFrame, populations: tuple[Population, ...]) -> Integers:
    found = np.full(len(frame), OUTSIDE, dtype=np.int64)
    for place, one in enumerate(populations):
        mine = frame["respondent"] == one.respondent
        if one.respondent == "patient":
            mine &= frame["recall_mode"] == one.recall_mode
        found[mine.to_numpy(dtype=bool)] = place
    return found


def _leaves(cells: Integers, tree: Tree) -> Integers:
    """Position of the leaf; whoever gave no answer, for whatever reason, is in the last one, `not_stated`."""
    return np.where((cells >= 0) & (cells < len(tree.leaves) - 1), cells, len(tree.leaves) - 1)


def _layer(people: People, menu: Menu, tree: Tree) -> Layer:
    groups: list[str] = []
    of = np.full(len(people.population), OUTSIDE, dtype=np.int64)
    for place, population in enumerate(people.populations):
        parts = menu.partitions.get((population.id, tree.dimension), ())
        if parts:
            number = {leaf: len(groups) + n for n, part in enumerate(parts) for leaf in part.members}
            table = np.array([number[leaf] for leaf in tree.leaves], dtype=np.int64)
            inside = people.population == place
            of[inside] = table[people.leaves[tree.dimension][inside]]
            groups += [f"{population.id}/{tree.dimension}/{part.category}" for part in parts]
    return Layer(groups=tuple(groups), of=of)


def _crossing_layer(people: People, menu: Menu, dimension: str) -> Layer:
    """Whoever is in a cell that no group has, is in none of them."""
    groups: list[str] = []
    of = np.full(len(people.population), OUTSIDE, dtype=np.int64)
    for place, population in enumerate(people.populations):
        parts = menu.partitions.get((population.id, dimension), ())
        if parts:
            inside = people.population == place
            names, cell = cells_of(people, menu, population.id, dimension)
            number = {one: len(groups) + n for n, part in enumerate(parts) for one in part.members}
            of[inside] = np.array([number.get(name, OUTSIDE) for name in names], dtype=np.int64)[cell]
            groups += [f"{population.id}/{dimension}/{part.category}" for part in parts]
    return Layer(groups=tuple(groups), of=of)


def cells_of(people: People, menu: Menu, population: str, dimension: str) -> tuple[list[str], Integers]:
    """Return the cells of a crossing, and in which one each person of a population is.

    All dimensions must have been pooled for this population.
    """
    inside = people.population == people.position(population)
    names, cell = [""], np.zeros(int(inside.sum()), dtype=np.int64)
    for one in split(dimension):
        tree = next(tree for tree in people.trees if tree.dimension == one)
        parts = menu.partitions[population, one]
        place = {leaf: n for n, part in enumerate(parts) for leaf in part.members}
        of = np.array([place[leaf] for leaf in tree.leaves], dtype=np.int64)[people.leaves[one][inside]]
        names = [f"{name}{CROSS if name else ''}{part.category}" for name in names for part in parts]
        cell = cell * len(parts) + of
    return names, cell


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    """A word per person: its position among the sorted `names`."""

    codes: Integers
    names: tuple[str, ...]

    @classmethod
    def of(cls, codes: Integers, names: Sequence[str]) -> "_Coded":
        """Words as positions among `names`, which need not be sorted, nor differ from each other."""
        known = sorted(set(names))
        rank = np.array([known.index(name) for name in names], dtype=np.int64)
        return cls(rank[codes] if len(codes) else codes, tuple(known))


def _values(people: People, menu: Menu, dimension: str) -> _Coded:
    names = [""]
    codes = np.zeros(len(people.population), dtype=np.int64)
    tree = next((tree for tree in people.trees if tree.dimension == dimension), None)
    for place, population in enumerate(people.populations if tree else ()):
        if tree is None or population.respondent != "patient":
            continue
        parts = menu.partitions.get((population.id, dimension), ())
        name = {leaf: part.category for part in parts for leaf in part.members}
        inside = people.population == place
        codes[inside] = people.leaves[dimension][inside] + len(names)
        names += [name.get(leaf, f"{LEAF}{leaf}") for leaf in tree.leaves]
    return _Coded.of(codes, names)
