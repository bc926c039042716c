"""Chance for the attacks: the same for a question, whichever other questions are attacked beside it.

So a question that was attacked alone, after something was given up, is judged as it will be in the whole audit.
"""

from dataclasses import dataclass
from zlib import crc32

import numpy as np


@dataclass(frozen=True, slots=True)
class Dice:
    """A seed, and what it is thrown for so far."""

    seed: int
    path: tuple[int, ...] = ()

    def further(self, *names: str) -> "Dice":
        """Other dice, for a part of the work."""
        return Dice(self.seed, (*self.path, *(crc32(name.encode()) for name in names)))

    def of(self, *names: str) -> np.random.Generator:
        """A generator for one thing."""
        return np.random.default_rng([self.seed, *self.further(*names).path])
