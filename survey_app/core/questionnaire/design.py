"""Designs of best-worst choices: which objects stand together in which list, in several balanced versions.

Source of the method: J. J. Louviere, T. N. Flynn, A. A. J. Marley, Best-Worst Scaling, 2015 (object case).
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from survey_app.core.problems import Code, Problem
from survey_app.core.questionnaire.items import Frozen, Option, Word

List = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as one person sees it.

    id: version and list of the design, both from 1, such as `2.1`.
    objects: codes in the order of showing.
    """

    id: str
    objects: tuple[str, ...]


class Design(Frozen):
    """Objects to choose among, and the versions of lists; each person gets one version.

    versions: per version its lists, per list its codes; every version shows every object once.
    """

    objects: tuple[Option, ...] = Field(min_length=4)
    versions: tuple[tuple[List, ...], ...] = Field(min_length=1)

    @cached_property
    def lists(self) -> int:
        """How many lists each version has, and so each person sees."""
        return len(self.versions[0])

    @cached_property
    def by_id(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of each list, by the id that answers name it with."""
        return {f"{v}.{n}": one for v, version in enumerate(self.versions, 1) for n, one in enumerate(version, 1)}

    def shown(self, draw: int, list_number: int) -> ShownList:
        """Return what stands in the place `list_number` for a response with this draw; the same for ever.

        The draw decides the version, the order of its lists and the order within each list.

        Args:
            draw: a number drawn when the response began, from 0 to 2**31 - 1.
            list_number: place among the lists of one person, from 1.

        Raises:
            IndexError: there is no such place; checked when the questionnaire is read.
        """
        version = draw % len(self.versions)
        order = sorted(range(self.lists), key=lambda place: _weight(draw, f"list {place}"))
        place = order[list_number - 1]
        objects = sorted(self.versions[version][place], key=lambda code: _weight(draw, f"object {code}"))
        return ShownList(id=f"{version + 1}.{place + 1}", objects=tuple(objects))


def check_design(name: str, design: Design) -> Iterator[Problem]:
    """Yield what makes a design unfit: objects unknown, missing or twice in a version; lists of different lengths."""
    known = [one.code for one in design.objects]
    sizes = {len(one) for version in design.versions for one in version}
    for v, version in enumerate(design.versions):
        where = f"designs.{name}.versions.{v}"
        given = [code for one in version for code in one]
        wrong = [code for code in given if code not in known]
        wrong += [code for code in known if given.count(code) != 1]
        if wrong:
            values = {"given": name, "value": ", ".join(dict.fromkeys(wrong))}
            yield Problem(code=Code.DESIGN_INCOMPLETE, where=where, values=values)
    if len(sizes) != 1 or len({len(version) for version in design.versions}) != 1 or min(sizes) < 2:
        yield Problem(code=Code.DESIGN_UNEVEN, where=f"designs.{name}.versions", values={"given": name})


def _weight(draw: int, thing: str) -> bytes:
    return hashlib.sha256(f"{draw} {thing}".encode()).digest()
