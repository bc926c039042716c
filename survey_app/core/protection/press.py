"""The press of one release: which disguise its numbers get, and from how many people on they are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey_app.core.problems import ProblemsFound
from survey_app.core.protection.cell_keys import RecordKey, key_problems
from survey_app.core.protection.counting import Counter, counter_of
from survey_app.core.protection.cube import Status
from survey_app.core.protection.disguise import ByKeys, Disguise, Printed, Privately, Rounded
from survey_app.core.protection.material import Material
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.people import atoms_of, layers_of
from survey_app.core.protection.perturbation import noise_table
from survey_app.core.protection.policy import Policy
from survey_app.core.protection.private_noise import private_noise
from survey_app.core.protection.rounding import round_count
from survey_app.core.protection.variables import MISSING, Variable

FLOW_STEPS = 4
"""Numbers of the way into the release, in each of which a person may be counted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Press:
    """Prints the counts of one release.

    least: a number about fewer people than this, as printed with its noise, is not shown.
    place: group -> its row in what is printed.
    """

    counter: Counter
    disguise: Disguise
    least: int
    place: Mapping[str, int]

    def people(self) -> Printed:
        """People per group; one cell."""
        return self.disguise(self.counter, np.zeros_like(self.counter.profile), width=1, valued=1)

    def answers(self, variable: Variable) -> Printed:
        """People per group and cell of a variable."""
        categories = len(variable.published.categories)
        return self.disguise(self.counter, variable.cells, width=categories + len(MISSING), valued=categories)

    def totals(self, counts: Sequence[int], base: int) -> list[int]:
        """Counts of people who need not be in the release: rounded, or with private noise."""
        if isinstance(self.disguise, Privately):
            noisy: NDArray[np.int64] = self.disguise.add_noise(np.array(counts, dtype=np.int64))
            return [max(int(count), 0) for count in noisy]
        return [round_count(count, base) for count in counts]

    def shown(self, statuses: Mapping[str, Status], printed: Printed, reprintable: frozenset[str]) -> dict[str, Status]:
        """`statuses`, but for groups whose number came out too small with its noise: reprinted or hidden."""
        return {
            group: status
            if status is not Status.SHOWN or printed.n[self.place[group]] >= self.least
            else Status.HELD
            if group in reprintable
            else Status.HIDDEN
            for group, status in statuses.items()
        }


def keyed_menu(menu: Menu, policy: Policy, record_key: RecordKey | None) -> Menu:
    """Return `menu` with the fingerprint of the key, where these rules need one.

    Raises:
        ProblemsFound: there is no key, or it is not that of the releases before.
    """
    if not policy.noise or policy.epsilon:
        return menu
    problems = key_problems(record_key, menu.record_key)
    if problems or record_key is None:
        raise ProblemsFound(problems)
    return replace(menu, record_key=record_key.fingerprint)


def press_of(release: Material, record_key: RecordKey | None) -> Press:
    """Return the press of a release whose menu is settled.

    Raises:
        ProblemsFound: the library of private noise is wanted and not there.
    """
    policy = release.policy
    layers = layers_of(release.people, release.menu, release.published)
    disguise: Disguise = Rounded(release.base)
    least, keys = 0, None
    if policy.epsilon and release.defences.rounding:
        noise = private_noise(policy.epsilon, histograms=len(layers) * (1 + len(release.variables)) + FLOW_STEPS)
        disguise, least = Privately(noise.add), max(policy.smallest_base, noise.least)
    elif policy.noise and record_key is not None and release.defences.rounding:
        disguise, least = ByKeys(noise_table(policy.noise)), policy.smallest_base
        keys = record_key.of(release.people.dataset.frame["person"])
    atoms, profile = atoms_of(release.people, release.menu)
    counter = counter_of(layers, profile, len(atoms), keys)
    place = {group: row for row, group in enumerate(counter.groups)}
    return Press(counter=counter, disguise=disguise, least=least, place=place)
