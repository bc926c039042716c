"""The menu: into which groups people are ever divided. Pooled once, up frozen trees, then kept.

A partition covers everyone of its population: whoever is too few to stand alone is in a broader
group or in `rest`, and `rest` is large enough itself. So nothing follows by subtraction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

from survey_app.core.geography import COUNTRIES, REGION_OF
from survey_app.core.questionnaire.items import Choice, Item, StageItem
from survey_app.core.questionnaire.model import Questionnaire

REST = "rest"
NOT_STATED = "not_stated"
RECORD_KEY = "record_key"
"""Where the document of a menu keeps the fingerprint of the record key."""
TREES = "trees"
"""Where it keeps the hierarchies."""
DIMENSIONS = ("stage", "country", "age", "sex")
_CONSTRUCTS = {"country": "country_home", "age": "age_band", "sex": "gender"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A broader group of the tree, and its leaves."""

    code: str
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A dimension: the column that holds it, its leaves in fixed order (`not_stated` last), its broader groups."""

    dimension: str
    column: str
    leaves: tuple[str, ...]
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One group of a partition. members: all its leaves, whether or not anybody is in them."""

    category: str
    members: tuple[str, ...]


Partition = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """The partitions of a study by population and dimension. An absent one may still be pooled later.

    record_key: fingerprint of the key that decides the noise; empty before the first release with noise.
    trees: the hierarchies that the partitions were made along; empty before the first release.
    """

    partitions: Mapping[tuple[str, str], Partition]
    record_key: str = ""
    trees: tuple[Tree, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """The form in which a menu is stored."""
        document: dict[str, Any] = {
            f"{population}/{dimension}": [{"category": p.category, "members": list(p.members)} for p in parts]
            for (population, dimension), parts in sorted(self.partitions.items())
        }
        document |= {RECORD_KEY: self.record_key} if self.record_key else {}
        return document | {TREES: [asdict(tree) for tree in self.trees]} if self.trees else document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Menu":
        """Read what `to_document` made."""
        found = {}
        for key, parts in document.items():
            if key in (RECORD_KEY, TREES):
                continue
            population, _, dimension = key.partition("/")
            found[population, dimension] = tuple(
                Part(category=one["category"], members=tuple(one["members"])) for one in parts
            )
        trees = tuple(_tree_from(one) for one in document.get(TREES, ()))
        return cls(found, document.get(RECORD_KEY, ""), trees)

    def with_partition(self, population: str, dimension: str, parts: Partition) -> "Menu":
        """This menu with one partition added, replaced or, when `parts` is empty, taken out."""
        found = {key: value for key, value in self.partitions.items() if key != (population, dimension)}
        return replace(self, partitions={**found, (population, dimension): parts} if parts else found)


def _tree_from(document: Mapping[str, Any]) -> Tree:
    branches = tuple(Branch(code=one["code"], leaves=tuple(one["leaves"])) for one in document["branches"])
    return Tree(
        dimension=document["dimension"],
        column=document["column"],
        leaves=tuple(document["leaves"]),
        branches=branches,
    )


def trees_of(
    questionnaire: Questionnaire,
    modules: tuple[str, ...],
    hierarchies: Mapping[str, tuple[Branch, ...]] = MappingProxyType({}),
) -> tuple[Tree, ...]:
    """The dimensions that this questionnaire has in these modules, in fixed order.

    Args:
        questionnaire: the questionnaire.
        modules: those of the study.
        hierarchies: dimension -> broader groups in place of those of the questionnaire.
    """
    items = [item for module in questionnaire.modules if module.id in modules for item in module.items]
    found = {dimension: _item_of(dimension, items) for dimension in DIMENSIONS}
    trees = [_tree(questionnaire, dimension, item) for dimension, item in found.items() if item]
    return tuple(replace(tree, branches=hierarchies.get(tree.dimension, tree.branches)) for tree in trees)


def pool(counts: Mapping[str, int], tree: Tree, smallest: int) -> Partition:
    """Return the partition of a population along `tree`; empty when fewer than two groups would remain.

    A leaf with enough people stands alone. The small ones of a branch stand together if they are
    enough; otherwise they go to `rest`. If `rest` is too small, the smallest group joins it. A leaf that
    is a rest itself (of a partition that is divided further) never stands alone beside another rest.
    """
    parts: list[Part] = []
    rest = [leaf for leaf in tree.leaves if not any(leaf in branch.leaves for branch in tree.branches)]
    alone = [leaf for leaf in rest if counts.get(leaf, 0) >= smallest and not _is_rest(leaf)]
    parts += [Part(category=leaf, members=(leaf,)) for leaf in alone]
    rest = [leaf for leaf in rest if leaf not in alone]
    for branch in tree.branches:
        large = [leaf for leaf in branch.leaves if counts.get(leaf, 0) >= smallest and not _is_rest(leaf)]
        small = tuple(leaf for leaf in branch.leaves if leaf not in large)
        parts += [Part(category=leaf, members=(leaf,)) for leaf in large]
        if _size(counts, small) >= smallest:
            parts.append(Part(category=_broader(branch.code, whole=not large), members=small))
        else:
            rest += small
    if rest:
        parts.append(Part(category=REST, members=_in_order(tree, rest)))
    return settle(parts, counts, tree, smallest)


def settle(parts: Sequence[Part], counts: Mapping[str, int], tree: Tree, smallest: int) -> Partition:
    """Return `parts` with `rest` filled up from the smallest group until it has nobody or enough people."""
    found = list(parts)
    while 0 < _size_of_rest(found, counts) < smallest and len(found) > 1:
        found = _join_smallest(found, counts, tree)
    return _finished(found, counts)


def coarsen(parts: Partition, counts: Mapping[str, int], tree: Tree, smallest: int) -> Partition:
    """Return `parts` with the smallest group put into `rest`; empty when fewer than two groups would remain."""
    if len(parts) <= 2:
        return ()
    return settle(_join_smallest(list(parts), counts, tree), counts, tree, smallest)


def _join_smallest(parts: list[Part], counts: Mapping[str, int], tree: Tree) -> list[Part]:
    others = [part for part in parts if part.category != REST]
    smallest = min(others, key=lambda part: (_size(counts, part.members), part.category))
    rest = [leaf for part in parts if part.category == REST for leaf in part.members]
    joined = Part(category=REST, members=_in_order(tree, [*rest, *smallest.members]))
    return [part for part in others if part is not smallest] + [joined]


def _finished(parts: list[Part], counts: Mapping[str, int]) -> Partition:
    """Leaves in which nobody is stay in `rest`, so that a later person of theirs has a place; it counts as no group."""
    with_people = [part for part in parts if _size(counts, part.members) > 0]
    return tuple(parts) if len(with_people) >= 2 else ()


def _size_of_rest(parts: Iterable[Part], counts: Mapping[str, int]) -> int:
    return sum(_size(counts, part.members) for part in parts if part.category == REST)


def _size(counts: Mapping[str, int], leaves: Iterable[str]) -> int:
    return sum(counts.get(leaf, 0) for leaf in leaves)


def _is_rest(leaf: str) -> bool:
    return leaf.partition(":")[0] == REST


def _in_order(tree: Tree, leaves: Iterable[str]) -> tuple[str, ...]:
    wanted = set(leaves)
    return tuple(leaf for leaf in tree.leaves if leaf in wanted)


def _broader(code: str, *, whole: bool) -> str:
    return code if whole else f"{REST}:{code.removeprefix('region:')}"


def _item_of(dimension: str, items: Sequence[Item]) -> Item | None:
    if dimension == "stage":
        return next((item for item in items if isinstance(item, StageItem)), None)
    return next((item for item in items if item.construct_name == _CONSTRUCTS[dimension]), None)


def _tree(questionnaire: Questionnaire, dimension: str, item: Item) -> Tree:
    if dimension == "stage":
        leaves = questionnaire.stage_codes
        branches = [Branch(code=group.code, leaves=group.options) for group in questionnaire.stage_groups]
    elif dimension == "country":
        leaves = COUNTRIES
        branches = [
            Branch(code=f"region:{region}", leaves=tuple(c for c in COUNTRIES if REGION_OF[c] == region))
            for region in sorted(set(REGION_OF.values()))
        ]
    else:
        leaves = tuple(option.code for option in questionnaire.options_of(item) if option.missing is None)
        groups = item.generalise if isinstance(item, Choice) else ()
        branches = [Branch(code=group.code, leaves=group.options) for group in groups]
    return Tree(dimension=dimension, column=item.id, leaves=(*leaves, NOT_STATED), branches=tuple(branches))
