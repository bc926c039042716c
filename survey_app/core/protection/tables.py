"""protect: the people of a release -> the cube that leaves the house, the frozen menu, the entry of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
from survey_app.core.protection.material import REPRINTABLE, Facts, History, Material, groups_of, open_gate
from survey_app.core.protection.menu import NOT_STATED, Menu
from survey_app.core.protection.people import People, flow_of, layers_of
from survey_app.core.protection.policy import ALL_DEFENCES, UNANIMITY, Defences, Policy
from survey_app.core.protection.pooling import with_menu
from survey_app.core.protection.rounding import Printing, figures_of, is_unanimous, round_count
from survey_app.core.protection.sticky import EVERYONE, PEOPLE, Entry
from survey_app.core.protection.variables import MISSING, Variable, missing_kinds

EVERYONE_POPULATION = Population(id=EVERYONE, respondent="everyone", recall_mode="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """What `protect` returns: the cube goes out; menu and entry stay inside."""

    cube: ProtectedCube
    menu: Menu
    entry: Entry


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
    release = Material(
        facts=facts, people=people, variables=variables, history=history,
        policy=policy, defences=defences, menu=history.menu, published=published,
    )  # fmt: skip
    release = with_menu(release)
    entry, gate = open_gate(release)
    groups = groups_of(release)
    statuses = gate.decide(PEOPLE, [group.id for group in groups], release.reprintable)
    tables, computed = _tables(release, gate, statuses)
    entry = replace(
        entry,
        published={PEOPLE: tuple(g for g, status in statuses.items() if status is Status.SHOWN), **computed},
    )
    cube = _cube(release, tuple(_finish(release, group, statuses[group.id]) for group in groups), tables)
    return Protected(cube=cube, menu=release.menu, entry=entry)


def _finish(release: Material, group: Group, status: Status) -> Group:
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
    release: Material, gate: Gate, statuses: Mapping[str, Status]
) -> tuple[tuple[ProtectedTable, ...], dict[str, tuple[str, ...]]]:
    """All tables, by group and then by variable, and which were computed anew."""
    counts = _counted(release)
    everything = groups_of(release)
    guarded = [group.id for group in everything]
    by_group: dict[str, list[ProtectedTable]] = {group: [] for group in statuses}
    computed: dict[str, tuple[str, ...]] = {}
    for variable in release.variables:
        name = variable.published.id
        groups = [group.id for group in everything if _offers(release, variable, group)]
        fresh = [group for group in groups if statuses[group] is Status.SHOWN]
        decided = gate.decide(name, fresh, _reprintable_tables(release, name), guarded=guarded)
        computed[name] = tuple(group for group in fresh if decided[group] is Status.SHOWN)
        for group in groups:
            status = decided.get(group, statuses[group])
            by_group[group].append(_table(release, variable, group, status, counts[name].get(group)))
    return tuple(table for tables in by_group.values() for table in tables), computed


def _counted(release: Material) -> dict[str, dict[str, NDArray[np.int64]]]:
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


def _offers(release: Material, variable: Variable, group: Group) -> bool:
    """Whether the menu has a table of this variable for this group."""
    known = {one.id: one for one in (EVERYONE_POPULATION, *release.people.populations)}
    if not variable.is_for(known[group.population]):
        return False
    if group.dimension == "stage" and NOT_STATED not in group.members and not variable.stages & set(group.members):
        return False
    return not group.dimension or variable.crossed


def _reprintable_tables(release: Material, variable: str) -> frozenset[str]:
    before = release.history.cube
    if before is None:
        return frozenset()
    return frozenset(t.group for t in before.tables if t.variable == variable and t.status in REPRINTABLE)


def _table(
    release: Material, variable: Variable, group: str, status: Status, counts: NDArray[np.int64] | None
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


def _cube(release: Material, groups: tuple[Group, ...], tables: tuple[ProtectedTable, ...]) -> ProtectedCube:
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
