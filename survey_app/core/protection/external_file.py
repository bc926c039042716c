"""The file in which the study team writes down what others published: checked, and turned into what the gate knows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import PublishedVariable
from survey_app.core.protection.external import External, ExternalTable
from survey_app.core.protection.menu import Tree
from survey_app.core.protection.policy import ROUNDING_BASE, quarters_between
from survey_app.core.questionnaire.items import Frozen, Sentence, Word
from survey_app.core.written import value_of

MOST = 100_000_000


class WrittenTable(Frozen):
    """One group. counts: answer -> people; only for an item or scale."""

    group: dict[Word, tuple[str, ...]] = Field(default_factory=dict)
    base: int = Field(ge=0, le=MOST)
    item: str = ""
    counts: dict[str, int] = Field(default_factory=dict)


class WrittenExternal(Frozen):
    """The file. rounded_to: all its numbers are multiples of this; 1 for exact ones."""

    publisher: Sentence
    quarter: str = Field(pattern=r"^[0-9]{4}-Q[1-4]$")
    population: str
    rounded_to: int = Field(default=1, ge=1, le=1000)
    tables: tuple[WrittenTable, ...] = Field(min_length=1, max_length=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the file is read against.

    populations: population -> people in it, as the last release printed them; None where it did not.
    trees: the dimensions.
    variables: what may have tables, by id.
    quarters: those of our releases, the first one first.
    today: the present quarter.
    earlier: what was entered before.
    """

    populations: Mapping[str, int | None]
    trees: Sequence[Tree]
    variables: Mapping[str, PublishedVariable]
    quarters: Sequence[str]
    today: str
    earlier: Sequence[External]


def parse_external(raw: object) -> WrittenExternal:
    """Return what the file says.

    Raises:
        ProblemsFound: all that is wrong with its form, `where` being the key.
    """
    return value_of(WrittenExternal, raw, strict=False)


def understood(written: WrittenExternal, known: Known) -> External:
    """Return what the gate is to know of it.

    Raises:
        ProblemsFound: unknown codes, numbers that contradict each other or ours, or what was entered before.
    """
    problems = [*_head(written, known), *_doubled_tables(written)]
    for n, table in enumerate(written.tables):
        problems += [*_group(n, table, known), *_numbers(n, table, written, known)]
    if problems:
        raise ProblemsFound(problems)
    found = External(
        publisher=written.publisher,
        quarter=written.quarter,
        population=written.population,
        release=sum(quarters_between(one, written.quarter) >= 0 for one in known.quarters),
        rounded_to=written.rounded_to,
        tables=tuple(_table(one, known) for one in written.tables),
    )
    if any(_same(one, found) for one in known.earlier):
        raise ProblemsFound([Problem(code=Code.EXTERNAL_KNOWN, values={"given": found.publisher})])
    return found


def lines_of(external: External) -> Iterator[str]:
    """Say in plain words what was understood."""
    exact = "exact numbers" if external.rounded_to == 1 else f"numbers rounded to {external.rounded_to}"
    yield f"{external.publisher} published about {external.population} in {external.quarter}, {exact}."
    people = f"release {external.release}" if external.release else "the first release"
    yield f"Taken as said of the people of {people}."
    for one in external.tables:
        group = (
            "; ".join(f"{dimension} {', '.join(leaves)}" for dimension, leaves in one.group.items()) or "all of them"
        )
        counts = ", ".join("not told" if count is None else str(count) for count in one.counts)
        yield f"  {group}: {one.base} people" + (f"; {one.variable}: {counts}" if one.variable else "")


def _same(one: External, other: External) -> bool:
    return {**one.to_document(), "release": 0} == {**other.to_document(), "release": 0}


def _head(written: WrittenExternal, known: Known) -> Iterator[Problem]:
    if written.population not in known.populations:
        hint = f"Use one of: {', '.join(known.populations)}."
        yield _unknown("population", "The population", written.population, hint)
    if quarters_between(written.quarter, known.today) < 0:
        yield Problem(code=Code.EXTERNAL_LATER, where="quarter", values={"given": written.quarter})


def _doubled_tables(written: WrittenExternal) -> Iterator[Problem]:
    seen = set()
    for n, table in enumerate(written.tables):
        key = (frozenset((dimension, frozenset(codes)) for dimension, codes in table.group.items()), table.item)
        if key in seen:
            yield Problem(code=Code.EXTERNAL_TWICE, where=f"tables.{n}")
        seen.add(key)


def _group(n: int, table: WrittenTable, known: Known) -> Iterator[Problem]:
    trees = {tree.dimension: tree for tree in known.trees}
    for dimension, codes in table.group.items():
        where = f"tables.{n}.group.{dimension}"
        if dimension not in trees:
            yield _unknown(where, "The dimension", dimension, f"Use some of: {', '.join(trees)}.")
            continue
        for code in codes:
            if not _leaves(trees[dimension], code):
                yield _unknown(where, "The category", code, "Use categories or broader groups.")
        if not codes:
            yield _unknown(where, "The category", "(none)", "Name at least one, or leave the dimension out.")


def _numbers(n: int, table: WrittenTable, written: WrittenExternal, known: Known) -> Iterator[Problem]:
    where, step = f"tables.{n}", written.rounded_to
    yield from _answers(f"{where}.counts", table, known)
    for place, number in (("base", table.base), *(("counts", count) for count in table.counts.values())):
        if number < 0 or number % step:
            values: dict[str, str | int] = {"given": number, "value": step}
            yield Problem(code=Code.EXTERNAL_NOT_ROUNDED, where=f"{where}.{place}", values=values)
    slack = (step - 1) * (1 + len(table.counts))
    if sum(table.counts.values()) > table.base + slack:
        yield Problem(code=Code.EXTERNAL_MORE_ANSWERS, where=where)
    everybody = known.populations.get(written.population)
    if everybody is not None and table.base > everybody + ROUNDING_BASE + step:
        yield Problem(code=Code.EXTERNAL_MORE_THAN_ALL, where=f"{where}.base", values={"given": table.base})


def _answers(where: str, table: WrittenTable, known: Known) -> Iterator[Problem]:
    variable = known.variables.get(table.item)
    if table.counts and not table.item:
        yield Problem(code=Code.EXTERNAL_COUNTS_OF_NOTHING, where=where)
    if variable is None:
        if table.item:
            yield _unknown(where, "The item", table.item, "Use an item or scale that may have tables.")
        return
    for code in table.counts:
        if code not in variable.categories:
            yield _unknown(where, "The answer", code, f"Use some of: {', '.join(variable.categories)}.")


def _unknown(where: str, kind: str, given: str, hint: str) -> Problem:
    return Problem(code=Code.REFERENCE_UNKNOWN, where=where, values={"kind": kind, "given": given, "hint": hint})


def _leaves(tree: Tree, code: str) -> tuple[str, ...]:
    """The leaves that a code stands for: itself, or those of a broader group, with or without its kind before it."""
    if code in tree.leaves:
        return (code,)
    return next((one.leaves for one in tree.branches if code in (one.code, one.code.partition(":")[2])), ())


def _table(table: WrittenTable, known: Known) -> ExternalTable:
    trees = {tree.dimension: tree for tree in known.trees}
    variable = known.variables.get(table.item)
    return ExternalTable(
        group={
            dimension: tuple(dict.fromkeys(leaf for code in codes for leaf in _leaves(trees[dimension], code)))
            for dimension, codes in table.group.items()
        },
        base=table.base,
        variable=table.item,
        counts=tuple(table.counts.get(code) for code in variable.categories) if variable and table.counts else (),
    )
