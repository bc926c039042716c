"""The counting kernel: people per group and answer, for many groups at once.

Everyone of one profile (parts of all dimensions and batch) is in the same groups. So answers are counted
once per profile, one pass over the people for each question, and groups are sums of profiles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from survey_app.core.protection.cell_keys import cell_keys

Integers = NDArray[np.int64]
Keys = NDArray[np.uint64]
OUTSIDE = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """Groups that do not overlap. of: for each person the position of the group, `OUTSIDE` for none."""

    groups: tuple[str, ...]
    of: Integers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counter:
    """People by group and cell; all groups of all layers in one order.

    groups: their ids.
    profile: profile of each person.
    inside: groups x profiles, 1 where a profile is in a group.
    keys: record key of each person; None where no noise by cell keys is wanted.
    """

    groups: tuple[str, ...]
    profile: Integers
    inside: csr_array
    keys: Keys | None

    def counts(self, cells: Integers, width: int) -> Integers:
        """Return people per group (rows) and cell (columns, 0 to `width` - 1)."""
        codes = self.profile * width + cells
        by_profile = np.bincount(codes, minlength=self.inside.shape[1] * width)
        return np.asarray(self.inside @ by_profile.reshape(-1, width))

    def cell_keys(self, cells: Integers, width: int) -> Keys:
        """Return the cell keys in the same layout: sums of record keys modulo 2 ** 64."""
        assert self.keys is not None, "asked for only where there are some"
        by_profile = cell_keys(self.profile * width + cells, self.keys, self.inside.shape[1] * width)
        return np.asarray(self.inside.astype(np.uint64) @ by_profile.reshape(-1, width))


def counter_of(layers: Sequence[Layer], profile: Integers, profiles: int, keys: Keys | None) -> Counter:
    """Return the counter of all groups of `layers`. Everyone of one profile must be in the same group of each layer."""
    someone = np.zeros(profiles, dtype=np.int64)
    someone[profile] = np.arange(profile.size)
    rows, columns, before = [], [], 0
    for layer in layers:
        of = layer.of[someone]
        places = np.flatnonzero(of != OUTSIDE)
        rows.append(of[places] + before)
        columns.append(places)
        before += len(layer.groups)
    at = (np.concatenate(rows), np.concatenate(columns))
    inside = csr_array((np.ones(at[0].size, dtype=np.int64), at), shape=(before, profiles))
    groups = tuple(group for layer in layers for group in layer.groups)
    return Counter(groups=groups, profile=profile, inside=inside, keys=keys)
