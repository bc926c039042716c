"""protect: the people of a release -> the cube that leaves the house, the frozen menu, the entry of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.counting import histograms
from survey_app.core.protection.cube import (
    Group,
    Population,
    ProtectedCube,
    ProtectedTable,
    PublishedVariable,
    Rules,
    Status,
)
from survey_app.core.protection.gate import Gate
from survey_app.core.protection.menu import NOT_STATED, Menu, Part, Partition, Tree, coarsen, pool
from survey_app.core.protection.people import People, atoms_of, flow_of, layers_of, leaf_sets
from survey_app.core.protection.policy import ALL_DEFENCES, UNANIMITY, Defences, Policy
from survey_app.core.protection.rounding import Printing, figures_of, is_unanimous, round_count
from survey_app.core.protection.sticky import EVERYONE, PEOPLE, Entry, Ledger
from survey_app.core.protection.variables import MISSING, Variable, missing_kinds

EVERYONE_POPULATION = Population(id=EVERYONE, respondent="everyone", recall_mode="")
REPRINTABLE = (Status.SHOWN, Status.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a release says about itself, beside the numbers. Fields as in `ProtectedCube`."""

    release: str
    study: str
    title: Mapping[str, str]
    organisation: str
    questionnaire: str
    questionnaire_version: str
    questionnaire_sha256: str
    questionnaire_status: str
    quarter: str
    first_quarter: str
    synthetic: bool
    languages: tuple[str, ...]
    translation_states: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What earlier releases of the study left: menu, ledger, and the cube before, None at the first release."""

    menu: Menu = field(default_factory=lambda: Menu({}))
    entries: tuple[Entry, ...] = ()
    cube: ProtectedCube | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """What `protect` returns: the cube goes out; menu and entry stay inside."""

    cube: ProtectedCube
    menu: Menu
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Release:
    """Everything one release is made from."""

    facts: Facts
    people: People
    variables: tuple[Variable, ...]
    history: History
    policy: Policy
    defences: Defences
    menu: Menu
    published: tuple[str, ...]

    @property
    def base(self) -> int:
        """The rounding base that is in force."""
        return self.policy.rounding_base if self.defences.rounding else 1

    @property
    def reprintable(self) -> frozenset[str]:
        """Groups of which the release before shows numbers."""
        before = self.history.cube
        return frozenset(g.id for g in before.groups if g.status in REPRINTABLE) if before else frozenset()


def protect(
    facts: Facts,
    people: People,
    variables: tuple[Variable, ...],
    history: History,
    policy: Policy,
    *,
    defences: Defences = ALL_DEFENCES,
) -> Protected:
    """Return the release of `people`.

    Args:
        facts: what the release says about itself.
        people: who is in the release.
        variables: cells aligned with the rows of `people`.
        history: what earlier releases left.
        policy: the rules.
        defences: all, except in tests of the attacks.
    """
    published = tuple(name for name, size in people.sizes.items() if size >= policy.smallest_base)
    release = _Release(
        facts=facts, people=people, variables=variables, history=history,
        policy=policy, defences=defences, menu=history.menu, published=published,
    )  # fmt: skip
    release = _with_menu(release)
    entry, gate = _open_gate(release)
    groups = _groups(release)
    statuses = gate.decide(PEOPLE, [group.id for group in groups], release.reprintable)
    tables, computed = _tables(release, gate, statuses)
    entry = replace(
        entry,
        published={PEOPLE: tuple(g for g, status in statuses.items() if status is Status.SHOWN), **computed},
    )
    cube = _cube(release, tuple(_finish(release, group, statuses[group.id]) for group in groups), tables)
    return Protected(cube=cube, menu=release.menu, entry=entry)


# -- the menu ---------------------------------------------------------------------------------------


def _with_menu(release: _Release) -> _Release:
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


def _pooled(release: _Release, population: str, tree: Tree) -> Partition:
    counts = release.people.leaf_counts(population, tree)
    if not release.defences.pooling:
        return tuple(Part(category=leaf, members=(leaf,)) for leaf in tree.leaves)
    return pool(counts, tree, release.policy.smallest_part)


def _stopped(release: _Release, wanted: Sequence[tuple[str, Tree]]) -> tuple[str, Tree] | None:
    """The first dimension among `wanted` of which the gate holds back a group that has people."""
    _, gate = _open_gate(replace(release, variables=()))
    groups = [group.id for group in _groups(release)]
    statuses = gate.decide(PEOPLE, groups, release.reprintable)
    universe = gate.ledger.universe(PEOPLE)
    for population, tree in wanted:
        for part in release.menu.partitions.get((population, tree.dimension), ()):
            group = f"{population}/{tree.dimension}/{part.category}"
            if statuses[group] is not Status.SHOWN and universe.people(universe.vector(group, gate.now)):
                return population, tree
    return None


# -- the gate ---------------------------------------------------------------------------------------


def _open_gate(release: _Release) -> tuple[Entry, Gate]:
    """The entry of this release without its publications, and the gate that knows it."""
    atoms, of = atoms_of(release.people, release.menu)
    counts = {PEOPLE: np.bincount(of, minlength=len(atoms))}
    for variable in release.variables:
        counts[variable.published.id] = np.bincount(of[variable.real], minlength=len(atoms))
    entry = Entry(
        release=release.facts.release,
        quarter=release.facts.quarter,
        populations=release.published,
        atoms=atoms,
        counts={name: tuple(values.tolist()) for name, values in counts.items()},
        published={},
    )
    ledger = Ledger((*release.history.entries, entry), release.menu)
    place = {atom: n for n, atom in enumerate(ledger.atoms)}
    leaves = leaf_sets(release.people, of, len(atoms), release.policy.smallest_base)
    spread = np.zeros((len(leaves), len(ledger.atoms)), dtype=bool)
    spread[:, [place[atom] for atom in atoms]] = leaves
    gate = Gate(ledger=ledger, policy=release.policy, defences=release.defences, small_leaves=spread)
    return entry, gate


# -- groups and tables ------------------------------------------------------------------------------


def _groups(release: _Release) -> tuple[Group, ...]:
    """All groups of the menu in fixed order, numbers still open."""
    quarter = release.facts.quarter
    found = [Group(id=EVERYONE, population=EVERYONE, n=None, status=Status.HIDDEN, since=quarter)]
    for population in release.people.populations:
        name = population.id
        if name not in release.published and name not in release.reprintable:
            continue
        found.append(Group(id=name, population=name, n=None, status=Status.HIDDEN, since=quarter))
        for tree in release.people.trees:
            found += [
                Group(
                    id=f"{name}/{tree.dimension}/{part.category}",
                    population=name,
                    dimension=tree.dimension,
                    category=part.category,
                    members=part.members,
                    n=None,
                    status=Status.HIDDEN,
                    since=quarter,
                )
                for part in release.menu.partitions.get((name, tree.dimension), ())
            ]
    return tuple(found)


def _finish(release: _Release, group: Group, status: Status) -> Group:
    if status is Status.HELD:
        assert release.history.cube, "held means that there was a release before"
        return replace(release.history.cube.group[group.id], status=status)
    if status is Status.HIDDEN:
        return group
    people = release.people
    for layer in layers_of(people, release.menu, release.published):
        if group.id in layer.groups:
            n = int((layer.of == layer.groups.index(group.id)).sum())
            return replace(group, n=round_count(n, release.base), status=status)
    return group


def _tables(
    release: _Release, gate: Gate, statuses: Mapping[str, Status]
) -> tuple[tuple[ProtectedTable, ...], dict[str, tuple[str, ...]]]:
    """All tables, by group and then by variable, and which were computed anew."""
    counts = _counted(release)
    everything = _groups(release)
    by_group: dict[str, list[ProtectedTable]] = {group: [] for group in statuses}
    computed: dict[str, tuple[str, ...]] = {}
    for variable in release.variables:
        name = variable.published.id
        groups = [group.id for group in everything if _offers(release, variable, group)]
        fresh = [group for group in groups if statuses[group] is Status.SHOWN]
        decided = gate.decide(name, fresh, _reprintable_tables(release, name))
        computed[name] = tuple(group for group in fresh if decided[group] is Status.SHOWN)
        for group in groups:
            status = decided.get(group, statuses[group])
            by_group[group].append(_table(release, variable, group, status, counts[name].get(group)))
    return tuple(table for tables in by_group.values() for table in tables), computed


def _counted(release: _Release) -> dict[str, dict[str, NDArray[np.int64]]]:
    """Exact people per variable, group and cell. They leave this module rounded only."""
    found: dict[str, dict[str, NDArray[np.int64]]] = {}
    layers = layers_of(release.people, release.menu, release.published)
    for variable in release.variables:
        cells = len(variable.published.categories) + len(MISSING)
        mine: dict[str, NDArray[np.int64]] = {}
        for layer in layers:
            mine.update(zip(layer.groups, histograms(layer, variable.cells, cells), strict=True))
        found[variable.published.id] = mine
    return found


def _offers(release: _Release, variable: Variable, group: Group) -> bool:
    """Whether the menu has a table of this variable for this group."""
    known = {one.id: one for one in (EVERYONE_POPULATION, *release.people.populations)}
    if not variable.is_for(known[group.population]):
        return False
    if group.dimension == "stage" and NOT_STATED not in group.members and not variable.stages & set(group.members):
        return False
    return not group.dimension or variable.crossed


def _reprintable_tables(release: _Release, variable: str) -> frozenset[str]:
    before = release.history.cube
    if before is None:
        return frozenset()
    return frozenset(t.group for t in before.tables if t.variable == variable and t.status in REPRINTABLE)


def _table(
    release: _Release, variable: Variable, group: str, status: Status, counts: NDArray[np.int64] | None
) -> ProtectedTable:
    published = variable.published
    if status is Status.HELD:
        assert release.history.cube, "held means that there was a release before"
        before = release.history.cube.table(group, published.id)
        if before is not None and before.status in REPRINTABLE:
            since = before.since or release.history.cube.group[group].since
            return replace(before, status=status, since=since)
    if status is not Status.SHOWN or counts is None:
        return ProtectedTable(group=group, variable=published.id, status=Status.HIDDEN, n=None)
    categories = len(published.categories)
    rounded = [round_count(int(count), release.base) for count in counts]
    n = round_count(int(counts[:categories].sum()), release.base)
    printing = Printing(
        smallest_base=release.policy.smallest_base,
        unanimity=release.defences.unanimity,
        identifying=not variable.crossed,
    )
    return ProtectedTable(
        group=group,
        variable=published.id,
        status=Status.SHOWN,
        n=n,
        figures=figures_of(published, rounded[:categories], n, printing),
        missing={kind.value: rounded[categories + place] for place, kind in missing_kinds(variable)},
        unanimous=release.defences.unanimity and is_unanimous(rounded[:categories], n),
        since=release.facts.quarter,
    )


def _cube(release: _Release, groups: tuple[Group, ...], tables: tuple[ProtectedTable, ...]) -> ProtectedCube:
    facts, policy = release.facts, release.policy
    everyone = groups[0]
    before = release.history.cube
    if everyone.status is Status.HELD and before is not None:
        flow = dict(before.flow)
    else:
        exact = flow_of(release.people, release.published)
        flow = {step: round_count(count, release.base) for step, count in exact.items()}
    shown = {group.population for group in groups}
    return ProtectedCube(
        **{name: getattr(facts, name) for name in Facts.__dataclass_fields__},
        rules=Rules(
            tier=policy.tier,
            smallest_base=policy.smallest_base,
            rounding_base=policy.rounding_base,
            delta=policy.delta,
            unanimity=UNANIMITY,
        ),
        persons=everyone.n or 0,
        flow=flow,
        held_back=tuple(one.id for one in release.people.populations if one.id not in shown),
        populations=(EVERYONE_POPULATION, *(one for one in release.people.populations if one.id in shown)),
        groups=groups,
        variables=_shown_variables(release.variables, tables),
        tables=tables,
    )


def _shown_variables(variables: Sequence[Variable], tables: Sequence[ProtectedTable]) -> tuple[PublishedVariable, ...]:
    offered = {table.variable for table in tables}
    return tuple(variable.published for variable in variables if variable.published.id in offered)
