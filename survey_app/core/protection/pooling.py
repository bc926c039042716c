"""The menu of a release: what has no partition yet is pooled, and coarsened until the gate lets all of it out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey_app.core.protection.crossings import Counted, coarser, cross, tree_over
from survey_app.core.protection.cube import Status
from survey_app.core.protection.gate import crossings_rest
from survey_app.core.protection.groups import is_crossing, split
from survey_app.core.protection.material import Material, groups_of, guarded_of, open_gate
from survey_app.core.protection.menu import Part, Partition, Tree, coarsen, pool
from survey_app.core.protection.people import cells_of
from survey_app.core.protection.sticky import PEOPLE

Wanted = tuple[str, str]
"""A population, and the dimension or crossing by which it has no groups yet."""


@dataclass(frozen=True, slots=True)
class _Ways:
    """How groups of one kind are made, and made coarser."""

    pooled: Callable[[Material, Wanted], Partition]
    coarser: Callable[[Material, Wanted], Partition]


def with_menu(release: Material) -> Material:
    """Pool what has no partition yet, and coarsen it until the gate lets all of it out: crossings after the rest."""
    if not release.policy.ways:
        return release
    release = _settled(release, _wanted(release, crossings=False), _Ways(_pooled, _coarser))
    if release.defences.sticky and crossings_rest(release.history.entries, release.facts.quarter, release.policy):
        return release
    for dimension in release.plan.crossed(release.policy.ways):
        wanted = [one for one in _wanted(release, crossings=True) if one[1] == dimension]
        release = _settled(release, wanted, _Ways(_crossed, _coarser_crossing))
    return release


def _wanted(release: Material, *, crossings: bool) -> list[Wanted]:
    return [
        (population.id, dimension)
        for population in release.people.populations
        if population.respondent == "patient" and population.id in release.published
        for dimension in release.dimensions
        if is_crossing(dimension) is crossings
        and (population.id, dimension) not in release.menu.partitions
        and (not crossings or all((population.id, one) in release.menu.partitions for one in split(dimension)))
    ]


def _settled(release: Material, wanted: Sequence[Wanted], ways: _Ways) -> Material:
    for population, dimension in wanted:
        parts = ways.pooled(release, (population, dimension))
        release = replace(release, menu=release.menu.with_partition(population, dimension, parts))
    while release.defences.span and release.defences.pooling:
        stopped = _stopped(release, wanted)
        if stopped is None:
            break
        release = replace(release, menu=release.menu.with_partition(*stopped, ways.coarser(release, stopped)))
    return release


def _tree(release: Material, dimension: str) -> Tree:
    return next(tree for tree in release.people.trees if tree.dimension == dimension)


def _pooled(release: Material, wanted: Wanted) -> Partition:
    population, dimension = wanted
    tree = _tree(release, dimension)
    if not release.defences.pooling:
        return tuple(Part(category=leaf, members=(leaf,)) for leaf in tree.leaves)
    return pool(release.people.leaf_counts(population, tree), tree, release.policy.smallest_part())


def _coarser(release: Material, wanted: Wanted) -> Partition:
    population, dimension = wanted
    tree, parts = _tree(release, dimension), release.menu.partitions[wanted]
    return coarsen(parts, release.people.leaf_counts(population, tree), tree, release.policy.smallest_part())


def _crossed(release: Material, wanted: Wanted) -> Partition:
    counted = _counted(release, wanted)
    if not release.defences.pooling:
        return tuple(Part(category="*".join(cell), members=("*".join(cell),)) for cell in counted.people)
    return cross(counted, _enough(release, wanted[1]))


def _coarser_crossing(release: Material, wanted: Wanted) -> Partition:
    return coarser(release.menu.partitions[wanted], _counted(release, wanted), _enough(release, wanted[1]))


def _enough(release: Material, dimension: str) -> int:
    """What a column holds beside a group differs from the column by that group: so it counts as people that differ."""
    return max(release.policy.smallest_part(dimension), release.policy.delta_of(dimension))


def _counted(release: Material, wanted: Wanted) -> Counted:
    population, dimension = wanted
    names, cell = cells_of(release.people, release.menu, population, dimension)
    parts = tuple(release.menu.partitions[population, one] for one in split(dimension))
    counts = np.bincount(cell, minlength=len(names))
    return Counted(
        dimensions=split(dimension),
        parts=parts,
        tree=tree_over(parts[-1], _tree(release, split(dimension)[-1])),
        people={split(name): int(count) for name, count in zip(names, counts, strict=True) if count},
    )


def _stopped(release: Material, wanted: Sequence[Wanted]) -> Wanted | None:
    """The first among `wanted` of which the gate holds back a group that has people."""
    if not any(one in release.menu.partitions for one in wanted):
        return None
    _, gate = open_gate(replace(release, variables=()))
    groups = groups_of(release)
    statuses = gate.decide(PEOPLE, [group.id for group in groups], release.reprintable, guarded=guarded_of(release))
    universe = gate.ledger.universe(PEOPLE)
    for population, dimension in wanted:
        for part in release.menu.partitions.get((population, dimension), ()):
            group = f"{population}/{dimension}/{part.category}"
            if statuses[group] is not Status.SHOWN and universe.people(universe.vector(group, gate.now)):
                return population, dimension
    return None
