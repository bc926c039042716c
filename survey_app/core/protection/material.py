"""What a release is made from, its groups, and the gate that knows its ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from survey_app.core.protection.crossings import guarded_sets
from survey_app.core.protection.cube import Group, ProtectedCube, Status
from survey_app.core.protection.external import External, groups_told
from survey_app.core.protection.gate import Gate
from survey_app.core.protection.groups import is_crossing
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.people import People, atoms_of, leaf_sets
from survey_app.core.protection.plan import EVERYTHING, Plan
from survey_app.core.protection.policy import Defences, Policy
from survey_app.core.protection.sticky import EVERYONE, PEOPLE, Entry, Ledger
from survey_app.core.protection.variables import Variable

Withheld = frozenset[tuple[str, str]]
"""Variables that are not told by some dimension: (variable, dimension), "" for whole populations."""
NOTHING_WITHHELD: Withheld = frozenset()
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
    """What earlier releases of the study left: menu, ledger, and the cube before, None at the first release.

    externals: what others published about the same people.
    """

    menu: Menu = field(default_factory=lambda: Menu({}))
    entries: tuple[Entry, ...] = ()
    cube: ProtectedCube | None = None
    externals: tuple[External, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """Everything one release is made from."""

    facts: Facts
    people: People
    variables: tuple[Variable, ...]
    history: History
    policy: Policy
    defences: Defences
    menu: Menu
    published: tuple[str, ...]
    withheld: Withheld = NOTHING_WITHHELD
    plan: Plan = EVERYTHING

    @property
    def base(self) -> int:
        """The rounding base that is in force."""
        return self.policy.rounding_base if self.defences.rounding else 1

    @property
    def dimensions(self) -> tuple[str, ...]:
        """By what there are groups: single dimensions, then crossings."""
        single = tuple(tree.dimension for tree in self.people.trees if tree.dimension in self.plan.dimensions)
        return (*single, *self.plan.crossed(self.policy.ways))

    @property
    def reprintable(self) -> frozenset[str]:
        """Groups of which the release before shows numbers."""
        before = self.history.cube
        return frozenset(g.id for g in before.groups if g.status in REPRINTABLE) if before else frozenset()


def open_gate(release: Material) -> tuple[Entry, Gate]:
    """The entry of this release without its publications, and the gate that knows it."""
    externals = release.history.externals
    atoms, of = atoms_of(release.people, release.menu, groups_told(externals))
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
    ledger = Ledger((*release.history.entries, entry), release.menu, externals)
    place = {atom: n for n, atom in enumerate(ledger.atoms)}
    leaves = leaf_sets(release.people, of, len(atoms), release.policy.smallest_base)
    spread = np.zeros((len(leaves), len(ledger.atoms)), dtype=bool)
    spread[:, [place[atom] for atom in atoms]] = leaves
    gate = Gate(ledger=ledger, policy=release.policy, defences=release.defences, small_leaves=spread)
    return entry, gate


def groups_of(release: Material) -> tuple[Group, ...]:
    """All groups of the menu in fixed order, numbers still open."""
    quarter = release.facts.quarter
    found = [Group(id=EVERYONE, population=EVERYONE, n=None, status=Status.HIDDEN, since=quarter)]
    for population in release.people.populations:
        name = population.id
        if name not in release.published and name not in release.reprintable:
            continue
        found.append(Group(id=name, population=name, n=None, status=Status.HIDDEN, since=quarter))
        for dimension in release.dimensions:
            found += [
                Group(
                    id=f"{name}/{dimension}/{part.category}",
                    population=name,
                    dimension=dimension,
                    category=part.category,
                    members=part.members,
                    n=None,
                    status=Status.HIDDEN,
                    since=quarter,
                )
                for part in release.menu.partitions.get((name, dimension), ())
            ]
    return tuple(found)


def guarded_of(release: Material) -> tuple[str, ...]:
    """All groups of the menu, and the sets that its crossings must not give away."""
    crossed = [
        name
        for population, dimension in release.menu.partitions
        if is_crossing(dimension)
        for name in guarded_sets(release.menu, population, dimension)
    ]
    return (*(group.id for group in groups_of(release)), *crossed)
