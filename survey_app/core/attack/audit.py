"""The attacks that every release must withstand before it is sealed, together."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from survey_app.core.attack import differencing, span
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.insider import Depth, Progress, Question, attack, in_silence
from survey_app.core.attack.puzzle import puzzles_of
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.external import External
from survey_app.core.protection.material import NOTHING_WITHHELD, Withheld
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.sticky import PEOPLE, Entry

MOST_PEOPLE = 2000
"""Up to so many people the insider is tried person by person; beyond, time does not allow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is left to read.

    tables, tables_shown: of the menu. cells, cells_shown: of these tables, one for each answer.
    people, people_shown: who is behind some number.
    """

    tables: int
    tables_shown: int
    cells: int
    cells_shown: int
    people: int
    people_shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the attacks found. Exact numbers of people: for the inside only.

    computable: sets of too few people that follow from everything published (H1).
    close: pairs of publications that differ by too few people (H4).
    questions: what an insider finds out (H2, H3), and coalitions (H5); empty when that was not tried.
    skipped: why the insider was not tried, empty when they were.
    unexplained: report -> numbers in it that the release does not say (H7); empty when no report was read.
    given_up: what the release does not tell so that it withstands; known to whoever made it.
    """

    computable: tuple[span.Finding, ...]
    close: tuple[differencing.ClosePair, ...]
    shown: Shown
    questions: tuple[Question, ...] = ()
    skipped: str = ""
    unexplained: Mapping[str, frozenset[float]] = field(default_factory=dict)
    given_up: Withheld = NOTHING_WITHHELD

    @property
    def lost(self) -> tuple[Question, ...]:
        """The questions about which too much was found, or about which nothing is certain."""
        return tuple(question for question in self.questions if not question.withstood)

    @property
    def findings(self) -> int:
        """How many there are in all."""
        strange = sum(bool(numbers) for numbers in self.unexplained.values())
        return len(self.computable) + len(self.close) + len(self.lost) + strange

    def to_document(self) -> dict[str, Any]:
        """The audit as plain values, for JSON."""
        return {
            "computable": [asdict(one) for one in self.computable],
            "close": [asdict(one) for one in self.close],
            "shown": asdict(self.shown),
            "questions": [asdict(one) for one in self.questions],
            "skipped": self.skipped,
            "unexplained": {name: sorted(numbers) for name, numbers in self.unexplained.items()},
            "given_up": [list(one) for one in sorted(self.given_up)],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Audit":
        """Read what `to_document` wrote, also after a way through JSON."""
        return cls(
            computable=tuple(span.Finding(**one) for one in document["computable"]),
            close=tuple(
                differencing.ClosePair(**{**one, "one": tuple(one["one"]), "other": tuple(one["other"])})
                for one in document["close"]
            ),
            shown=Shown(**document["shown"]),
            questions=tuple(Question(**one) for one in document["questions"]),
            skipped=document["skipped"],
            unexplained={name: frozenset(numbers) for name, numbers in document["unexplained"].items()},
            given_up=frozenset((variable, dimension) for variable, dimension in document["given_up"]),
        )


def audit_ledger(  # noqa: PLR0913  # all that was ever published, and how deep it is looked at
    entries: Sequence[Entry],
    cubes: Sequence[ProtectedCube],
    menu: Menu,
    *,
    externals: Sequence[External] = (),
    dice: Dice,
    depth: Depth = Depth.ALLIES,
    progress: Progress = in_silence,
) -> Audit:
    """Attack everything that was ever published of a study, the last release included.

    Args:
        entries: the ledger.
        cubes: the releases that belong to the entries.
        menu: the present one.
        externals: what others published about the same people.
        dice: where chance comes from.
        depth: how much is tried.
        progress: told how far it is.
    """
    rules = cubes[-1].rules
    progress("ledger", 0, 1)
    computable = span.audit_ledger(entries, menu, smallest_base=rules.smallest_base, externals=externals)
    close = differencing.audit_ledger(entries, menu, delta=rules.delta)
    skipped = skipped_because(entries, cubes)
    tried = depth > Depth.LEDGER and not skipped
    puzzles = puzzles_of(entries, cubes, menu, externals) if tried else []
    return Audit(
        computable=tuple(computable),
        close=tuple(close),
        shown=_shown(entries[-1], cubes[-1]),
        questions=tuple(attack(puzzles, dice=dice, depth=depth, progress=progress)),
        skipped=skipped,
    )


def skipped_because(entries: Sequence[Entry], cubes: Sequence[ProtectedCube]) -> str:
    """Why the insider is not tried person by person; empty when they are."""
    if any(cube.rules.noise for cube in cubes):
        return "noise by cell keys instead of rounding"
    people = sum(entries[-1].counts.get(PEOPLE, ()))
    return f"more than {MOST_PEOPLE} people" if people > MOST_PEOPLE else ""


def _shown(entry: Entry, cube: ProtectedCube) -> Shown:
    counts = entry.counts.get(PEOPLE, ())
    inside = sum(people for atom, people in zip(entry.atoms, counts, strict=True) if atom[0] in entry.populations)
    return Shown(
        tables=len(cube.tables),
        tables_shown=sum(bool(table.figures) for table in cube.tables),
        cells=sum(len(cube.variable[table.variable].categories) for table in cube.tables),
        cells_shown=sum(
            figure.statistic == "count" and figure.value is not None
            for table in cube.tables
            for figure in table.figures
        ),
        people=sum(counts),
        people_shown=inside,
    )
