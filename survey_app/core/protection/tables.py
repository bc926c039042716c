"""protect: the people of a release -> the cube that leaves the house, the frozen menu, the entry of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from survey_app.core.approval import APPROVALS
from survey_app.core.problems import ProblemsFound
from survey_app.core.protection.cell_keys import RecordKey
from survey_app.core.protection.crossings import stages_of
from survey_app.core.protection.cube import (
    Group,
    Population,
    ProtectedCube,
    ProtectedTable,
    PublishedVariable,
    Rules,
    Status,
)
from survey_app.core.protection.disguise import Printed
from survey_app.core.protection.gate import Gate
from survey_app.core.protection.groups import dimension_of, split
from survey_app.core.protection.hierarchies import hierarchy_problems
from survey_app.core.protection.material import (
    NOTHING_WITHHELD,
    REPRINTABLE,
    Facts,
    History,
    Material,
    Withheld,
    groups_of,
    guarded_of,
    open_gate,
)
from survey_app.core.protection.menu import NOT_STATED, Menu, Tree
from survey_app.core.protection.people import People, flow_of
from survey_app.core.protection.plan import EVERYTHING, Plan
from survey_app.core.protection.policy import ALL_DEFENCES, UNANIMITY, UNANIMITY_BELOW, Defences, Policy
from survey_app.core.protection.pooling import with_menu
from survey_app.core.protection.press import Press, keyed_menu, press_of
from survey_app.core.protection.rounding import Printing, figures_of, is_unanimous
from survey_app.core.protection.sticky import EVERYONE, PEOPLE, Entry
from survey_app.core.protection.variables import Variable, missing_kinds

EVERYONE_POPULATION = Population(id=EVERYONE, respondent="everyone", recall_mode="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """What `protect` returns: the cube goes out; menu and entry stay inside."""

    cube: ProtectedCube
    menu: Menu
    entry: Entry


def protect(  # noqa: PLR0913  # that many things make a release
    facts: Facts,
    people: People,
    variables: tuple[Variable, ...],
    history: History,
    policy: Policy,
    *,
    defences: Defences = ALL_DEFENCES,
    record_key: RecordKey | None = None,
    withheld: Withheld = NOTHING_WITHHELD,
    plan: Plan = EVERYTHING,
) -> Protected:
    """Return the release of `people`.

    Args:
        facts: what the release says about itself.
        people: who is in the release.
        variables: cells aligned with the rows of `people`.
        history: what earlier releases left.
        policy: the rules.
        defences: all, except in tests of the attacks.
        record_key: decides the noise; needed where the rules have noise by cell keys.
        withheld: tables given up so that the others withstand the attacks.
        plan: what the study declared to publish.

    Raises:
        ProblemsFound: the hierarchies contradict themselves or those of earlier releases, the rules need a key or a
            library that is not there, or the key is not that of earlier releases.
    """
    problems = hierarchy_problems(people.trees, history.menu)
    if problems:
        raise ProblemsFound(problems)
    menu = replace(keyed_menu(history.menu, policy, record_key), trees=_trees(people, history.menu))
    published = tuple(name for name, size in people.sizes.items() if size >= policy.smallest_base)
    release = Material(
        facts=facts, people=people, history=history, policy=policy, defences=defences, menu=menu, published=published,
        variables=tuple(one for one in variables if plan.tells(one.published)), withheld=withheld, plan=plan,
    )  # fmt: skip
    release = with_menu(release)
    press = press_of(release, record_key)
    entry, gate = open_gate(release)
    groups = groups_of(release)
    people_in = press.people()
    statuses = gate.decide(PEOPLE, [group.id for group in groups], release.reprintable, guarded=guarded_of(release))
    statuses = press.shown(statuses, people_in, release.reprintable)
    tables, computed = _tables(release, gate, statuses, press)
    entry = replace(
        entry,
        published={PEOPLE: tuple(g for g, status in statuses.items() if status is Status.SHOWN), **computed},
    )
    finished = tuple(
        _finish(release, group, statuses[group.id], int(people_in.n[press.place[group.id]])) for group in groups
    )
    return Protected(cube=_cube(release, finished, tables, press), menu=release.menu, entry=entry)


def _trees(people: People, menu: Menu) -> tuple[Tree, ...]:
    """The hierarchies of the study so far, and those of dimensions that are new."""
    known = {tree.dimension for tree in menu.trees}
    return (*menu.trees, *(tree for tree in people.trees if tree.dimension not in known))


def _finish(release: Material, group: Group, status: Status, n: int) -> Group:
    if status is Status.HELD:
        assert release.history.cube, "held means that there was a release before"
        return replace(release.history.cube.group[group.id], status=status)
    return group if status is Status.HIDDEN else replace(group, n=n, status=status)


def _tables(
    release: Material, gate: Gate, statuses: Mapping[str, Status], press: Press
) -> tuple[tuple[ProtectedTable, ...], dict[str, tuple[str, ...]]]:
    """All tables, by group and then by variable, and which were computed anew."""
    everything = groups_of(release)
    guarded = guarded_of(release)
    by_group: dict[str, list[ProtectedTable]] = {group: [] for group in statuses}
    computed: dict[str, tuple[str, ...]] = {}
    for variable in release.variables:
        name = variable.published.id
        groups = [group.id for group in everything if _offers(release, variable, group)]
        fresh = [group for group in groups if statuses[group] is Status.SHOWN]
        before = _reprintable_tables(release, name)
        printed = press.answers(variable)
        decided = press.shown(gate.decide(name, fresh, before, guarded=guarded), printed, before)
        computed[name] = tuple(group for group in fresh if decided[group] is Status.SHOWN)
        for group in groups:
            status = decided.get(group, statuses[group])
            by_group[group].append(_table(release, variable, group, status, _row(printed, press.place[group])))
    return tuple(table for tables in by_group.values() for table in tables), computed


def _row(printed: Printed, place: int) -> tuple[list[int], int]:
    """What may be printed of one group: people per cell, and those with a value."""
    return printed.cells[place].tolist(), int(printed.n[place])


def _offers(release: Material, variable: Variable, group: Group) -> bool:
    """Whether the menu has a table of this variable for this group."""
    known = {one.id: one for one in (EVERYONE_POPULATION, *release.people.populations)}
    given_up = {(variable.published.id, one) for one in (group.dimension, *split(group.dimension))}
    if not variable.is_for(known[group.population]) or given_up & release.withheld:
        return False
    stages = stages_of(group, release.menu)
    if stages and NOT_STATED not in stages and not variable.stages & stages:
        return False
    return not group.dimension or (variable.crossed and release.plan.offers(variable.published, group.dimension))


def _reprintable_tables(release: Material, variable: str) -> frozenset[str]:
    before = release.history.cube
    if before is None:
        return frozenset()
    return frozenset(t.group for t in before.tables if t.variable == variable and t.status in REPRINTABLE)


def _table(
    release: Material, variable: Variable, group: str, status: Status, printed: tuple[list[int], int]
) -> ProtectedTable:
    published = variable.published
    if status is Status.HELD:
        assert release.history.cube, "held means that there was a release before"
        before = release.history.cube.table(group, published.id)
        if before is not None and before.status in REPRINTABLE:
            since = before.since or release.history.cube.group[group].since
            return replace(before, status=status, since=since)
    if status is not Status.SHOWN:
        return ProtectedTable(group=group, variable=published.id, status=Status.HIDDEN, n=None)
    categories = len(published.categories)
    rounded, n = printed
    printing = Printing(
        smallest_base=release.policy.base_of(dimension_of(group)),
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


def _cube(
    release: Material, groups: tuple[Group, ...], tables: tuple[ProtectedTable, ...], press: Press
) -> ProtectedCube:
    facts, policy = release.facts, release.policy
    everyone = groups[0]
    before = release.history.cube
    if everyone.status is Status.HELD and before is not None:
        flow = dict(before.flow)
    else:
        exact = flow_of(release.people, release.published)
        flow = dict(zip(exact, press.totals(list(exact.values()), release.base), strict=True))
    shown = {group.population for group in groups}
    return ProtectedCube(
        **{name: getattr(facts, name) for name in Facts.__dataclass_fields__},
        rules=Rules(
            tier=policy.tier,
            smallest_base=policy.smallest_base,
            rounding_base=1 if policy.noise else policy.rounding_base,
            delta=policy.delta,
            unanimity=UNANIMITY,
            unanimity_below=UNANIMITY_BELOW,
            noise=policy.noise is not None,
            epsilon=policy.epsilon,
            new_persons=policy.new_persons,
            days_between=policy.days_between,
            approvals=APPROVALS,
            ways=policy.ways,
            crossing_base=policy.crossing_base,
            crossing_delta=policy.crossing_delta,
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
