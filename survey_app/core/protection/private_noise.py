"""Differential privacy for more than 100,000 people: geometric noise, and an account of what it has used.

One person more or less changes each histogram of groups that do not overlap by one count. The noise is the
discrete Laplace (geometric) mechanism of OpenDP, added to counts made with numpy; the epsilon of all
histograms of all releases of a study adds up (basic composition). The library is an extra: `private`.

What it does not cover: which groups are shown at all, and whether a number is reprinted, follows from
exact counts by the rules of the gate.

Source: Ghosh, Roughgarden and Sundararajan (2009), "Universally utility-maximizing privacy mechanisms";
Dwork and Roth (2014), "The algorithmic foundations of differential privacy", 3.5.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey_app.core.problems import Code, Problem, ProblemsFound

Integers = NDArray[np.int64]

LIBRARY = "opendp.prelude"
RELEASES = 12
"""A release takes one part in so many of its study's budget: three years, a release each quarter."""
ROOM = 10
"""A group is shown only where it has so many times more people than the noise is wide."""
_HAIR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the releases of a study have used of its budget. Epsilons add up; nothing is ever given back."""

    budget: float
    spent: tuple[float, ...] = ()

    @property
    def share(self) -> float:
        """What one release takes."""
        return self.budget / RELEASES

    def spend(self) -> "Account":
        """The account after one more release.

        Raises:
            ProblemsFound: the budget does not hold that much more.
        """
        used = sum(self.spent)
        if used + self.share > self.budget + _HAIR:
            values = {"spent": f"{used:.6g}", "budget": f"{self.budget:.6g}", "wanted": f"{self.share:.6g}"}
            raise ProblemsFound([Problem(code=Code.PRIVATE_BUDGET_SPENT, values=values)])
        return Account(budget=self.budget, spent=(*self.spent, self.share))


@dataclass(frozen=True, slots=True)
class PrivateNoise:
    """Adds noise to counts, and says how wide it is. least: people from which on a count says something."""

    add: Callable[[Integers], Integers]
    scale: float

    @property
    def least(self) -> int:
        """People from which on a number is worth showing."""
        return int(np.ceil(ROOM * self.scale))


def private_noise(epsilon: float, *, histograms: int) -> PrivateNoise:
    """Return noise for a release in which each person is counted once in each of `histograms` histograms.

    Args:
        epsilon: what the whole release may use, positive.
        histograms: how often one person is counted.

    Raises:
        ProblemsFound: the library is not installed.
    """
    library = load_library()
    scale = histograms / epsilon
    space = library.vector_domain(library.atom_domain(T=int)), library.l1_distance(T=int)
    mechanism = space >> library.m.then_geometric(scale=scale)
    used = mechanism.map(d_in=histograms)
    assert used <= epsilon * (1 + _HAIR), "the library's own account of the whole release"

    def add(counts: Integers) -> Integers:
        noisy: Sequence[int] = mechanism(counts.ravel().tolist())
        return np.array(noisy, dtype=np.int64).reshape(counts.shape)

    return PrivateNoise(add, scale)


def load_library() -> Any:  # noqa: ANN401  # a library that is not there when types are checked
    """Return the library.

    Raises:
        ProblemsFound: it is not installed.
    """
    try:
        library = importlib.import_module(LIBRARY)
    except ImportError as missing:
        raise ProblemsFound([Problem(code=Code.PRIVATE_NOISE_MISSING)]) from missing
    library.enable_features("contrib")
    return library
