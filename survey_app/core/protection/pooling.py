"""The menu of a release: what has no partition yet is pooled, and coarsened until the gate lets all of it out."""

from collections.abc import Sequence
from dataclasses import replace

from survey_app.core.protection.cube import Status
from survey_app.core.protection.material import Material, groups_of, open_gate
from survey_app.core.protection.menu import Part, Partition, Tree, coarsen, pool
from survey_app.core.protection.sticky import PEOPLE


def with_menu(release: Material) -> Material:
    """Pool what has no partition yet, and coarsen it until the gate lets all of it out."""
    if not release.policy.crossings:
        return release
    wanted = [
        (population.id, tree)
        for population in release.people.populations
        if population.respondent == "patient" and population.id in release.published
        for tree in release.people.trees
        if (population.id, tree.dimension) not in release.menu.partitions
    ]
    for population, tree in wanted:
        parts = _pooled(release, population, tree)
        release = replace(release, menu=release.menu.with_partition(population, tree.dimension, parts))
    while release.defences.span and release.defences.pooling:
        stopped = _stopped(release, wanted)
        if stopped is None:
            break
        population, tree = stopped
        counts = release.people.leaf_counts(population, tree)
        parts = release.menu.partitions[population, tree.dimension]
        parts = coarsen(parts, counts, tree, release.policy.smallest_part)
        release = replace(release, menu=release.menu.with_partition(population, tree.dimension, parts))
    return release


def _pooled(release: Material, population: str, tree: Tree) -> Partition:
    counts = release.people.leaf_counts(population, tree)
    if not release.defences.pooling:
        return tuple(Part(category=leaf, members=(leaf,)) for leaf in tree.leaves)
    return pool(counts, tree, release.policy.smallest_part)


def _stopped(release: Material, wanted: Sequence[tuple[str, Tree]]) -> tuple[str, Tree] | None:
    """The first dimension among `wanted` of which the gate holds back a group that has people."""
    _, gate = open_gate(replace(release, variables=()))
    groups = [group.id for group in groups_of(release)]
    statuses = gate.decide(PEOPLE, groups, release.reprintable)
    universe = gate.ledger.universe(PEOPLE)
    for population, tree in wanted:
        for part in release.menu.partitions.get((population, tree.dimension), ()):
            group = f"{population}/{tree.dimension}/{part.category}"
            if statuses[group] is not Status.SHOWN and universe.people(universe.vector(group, gate.now)):
                return population, tree
    return None
