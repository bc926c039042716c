"""Integer programmes about one question, solved by HiGHS.

Unknown are the people per kind (those whom nothing printed tells apart) and option. Each kind has as
many people as the insider knows, each printed count its bounds.
Source of the covering trick: as many pairs of kind and option as possible that nobody has shown to be
possible yet are asked for at once; each solution shows some, and a proven optimum of 0 excludes the rest.
"""

from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.puzzle import NOT_KNOWN, Puzzle

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Outcome = Literal["found", "none", "limit"]

_HALF = 0.5
_GAP = 0.5  # neither a cover nor a start needs to be the best one; an optimum of 0 is proven at any gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one solve may cost. A solve that reaches one of them has proven nothing.

    seconds: by the clock, so a machine that is busy gets less done: long enough that the nodes decide.
    nodes: of the search tree.
    """

    seconds: float = 300.0
    nodes: int = 20_000


DEFAULT_LIMITS = Limits()


class _Silent(highspy.Highs):
    """A solver that prints nothing, not even its name: that goes to the same stream as the result of a command."""

    def __init__(self) -> None:
        # the class between prints its name while it sets up callbacks, which nobody here needs
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)


class Programme:
    """The integer programme of one puzzle, kept between solves so that each starts where the last one ended."""

    def __init__(self, puzzle: Puzzle, limits: Limits = DEFAULT_LIMITS) -> None:
        self.puzzle = puzzle
        counted = puzzle.counted
        first, of = puzzle.kinds()
        used = [int(kind) for kind in np.unique(of[counted])]
        number = np.full(first.size, NOT_KNOWN, dtype=np.int64)
        number[used] = np.arange(len(used))
        self.kind_of: Integers = np.where(counted, number[of], NOT_KNOWN)
        self.people: Integers = np.bincount(self.kind_of[counted], minlength=len(used))
        self._members = puzzle.members[:, first[used]]
        self._solver = self._load(limits)
        self._integer: bool | None = None

    def start(self, wishes: Floats) -> Integers | None:
        """Return an answer per place that agrees with everything printed, one that `wishes` (kind x option) like.

        None when the solver found none in time.
        """
        outcome, people = self._run(wishes.ravel(), integer=True)
        return None if outcome != "found" else self._spread(people)

    def cover(self, wanted: Rows) -> tuple[Outcome, Integers]:
        """Look for a solution in which some of the `wanted` pairs (kind x option) have somebody.

        Returns:
            found, with people per kind and option; or none, when it is proven that no wanted pair is possible; or
            limit, when the solver gave up.
        """
        costs = wanted.astype(np.float64).ravel()
        outcome, people = self._run(costs, integer=False)
        if outcome == "found" and (people * wanted).sum() < 1 - 1e-6:
            return "none", np.zeros_like(wanted, dtype=np.int64)
        outcome, people = self._run(costs, integer=True)
        whole = np.rint(people).astype(np.int64)
        if outcome == "found" and not whole[wanted].any():
            outcome = "none"
        return outcome, whole

    def _spread(self, people: Floats) -> Integers:
        """One answer per place from people per kind and option."""
        answers = np.full(self.kind_of.size, NOT_KNOWN, dtype=np.int64)
        whole = np.rint(people).astype(np.int64)
        for kind, counts in enumerate(whole):
            answers[self.kind_of == kind] = np.repeat(np.arange(self.puzzle.options), counts)
        return answers

    def _run(self, costs: Floats, *, integer: bool) -> tuple[Outcome, Floats]:
        solver = self._solver
        width = costs.size
        places = np.arange(width, dtype=np.int32)
        solver.changeColsCost(width, places, costs)
        if self._integer is not integer:
            kind = highspy.HighsVarType.kInteger if integer else highspy.HighsVarType.kContinuous
            solver.changeColsIntegrality(width, places, np.full(width, kind))
            self._integer = integer
        solver.run()
        status = solver.getModelStatus()
        people = np.array(solver.getSolution().col_value, dtype=np.float64)
        valid = bool(solver.getSolution().value_valid) and people.size == width
        shape = (self.people.size, self.puzzle.options)
        if not valid:
            proven = status == highspy.HighsModelStatus.kInfeasible
            return ("none" if proven else "limit"), np.zeros(shape)
        useful = float(people @ costs) > _HALF
        if status != highspy.HighsModelStatus.kOptimal and not useful:
            return "limit", np.zeros(shape)
        return "found", people.reshape(shape)

    def _load(self, limits: Limits) -> highspy.Highs:
        solver = _Silent()
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_rel_gap", _GAP)
        solver.setOptionValue("time_limit", limits.seconds)
        solver.setOptionValue("mip_max_nodes", limits.nodes)
        solver.passModel(_model(self.people, self._members, self.puzzle))
        solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        return solver


def _model(people: Integers, members: Rows, puzzle: Puzzle) -> highspy.HighsLp:
    """Columns are kind by kind the options; rows are the kinds, then every publication option by option."""
    kinds, options = people.size, puzzle.options
    columns = np.arange(kinds * options, dtype=np.int32).reshape(kinds, options)
    rows = [*columns, *(columns[inside, option] for inside in members for option in range(options))]
    lengths = np.array([0, *(row.size for row in rows)])
    model = highspy.HighsLp()
    model.num_col_ = columns.size
    model.num_row_ = len(rows)
    model.col_cost_ = np.zeros(columns.size)
    model.col_lower_ = np.zeros(columns.size)
    model.col_upper_ = np.repeat(people, options).astype(np.float64)
    model.row_lower_ = np.concatenate([people, puzzle.lower.ravel()]).astype(np.float64)
    model.row_upper_ = np.concatenate([people, puzzle.upper.ravel()]).astype(np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum(lengths).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate(rows).astype(np.int32)
    model.a_matrix_.value_ = np.ones(int(lengths.sum()))
    return model
