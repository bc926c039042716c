"""From exact counts to those that may be printed: rounded, with noise by cell keys, or with private noise."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.counting import Counter
from survey_app.core.protection.perturbation import NoiseTable

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Printed:
    """What may be printed of one variable, groups in the order of the counter.

    cells: groups x cells, people.
    n: per group, people in the first cells together: those with a value.
    """

    cells: Integers
    n: Integers


class Disguise(Protocol):
    """A way to make counts printable."""

    def __call__(self, counter: Counter, cells: Integers, *, width: int, valued: int) -> Printed:
        """Return what may be printed.

        Args:
            counter: the groups.
            cells: cell of each person, 0 to `width` - 1.
            width: number of cells.
            valued: so many of the first cells stand for a value.
        """


@dataclass(frozen=True, slots=True)
class Rounded:
    """Every count becomes the nearest multiple of `base`; with an odd base there are no ties. 1 leaves it exact."""

    base: int

    def __call__(self, counter: Counter, cells: Integers, *, width: int, valued: int) -> Printed:
        exact = counter.counts(cells, width)
        return Printed(cells=self._near(exact), n=self._near(exact[:, :valued].sum(axis=1)))

    def _near(self, counts: Integers) -> Integers:
        return np.asarray((counts + self.base // 2) // self.base * self.base)


@dataclass(frozen=True, slots=True)
class ByKeys:
    """Every count gets the noise that the people behind it decide; sums too, so parts need not add up."""

    table: NoiseTable

    def __call__(self, counter: Counter, cells: Integers, *, width: int, valued: int) -> Printed:
        exact, keys = counter.counts(cells, width), counter.cell_keys(cells, width)
        of_sums = keys[:, :valued].sum(axis=1, dtype=np.uint64)
        return Printed(
            cells=self.table.perturbed(exact, keys),
            n=self.table.perturbed(exact[:, :valued].sum(axis=1), of_sums),
        )


@dataclass(frozen=True, slots=True)
class Privately:
    """Every histogram gets fresh noise, and n is the sum of its noisy cells.

    add_noise: a mechanism of differential privacy, from exact counts to noisy ones that may be negative.
    """

    add_noise: Callable[[Integers], Integers]

    def __call__(self, counter: Counter, cells: Integers, *, width: int, valued: int) -> Printed:
        noisy = np.maximum(self.add_noise(counter.counts(cells, width)), 0)
        return Printed(cells=noisy, n=noisy[:, :valued].sum(axis=1))
