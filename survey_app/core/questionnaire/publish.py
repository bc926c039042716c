"""The section `publish:` of a study file: what the study will ever publish."""

from pydantic import Field

from survey_app.core.questionnaire.items import Frozen, Word
from survey_app.core.written import value_of


class DeclaredGroup(Frozen):
    """A broader group of a dimension. options: its leaves."""

    code: Word
    options: tuple[str, ...] = Field(min_length=1)


class DeclaredCrossing(Frozen):
    """Tables by several dimensions at once. items: ids of items and scales; empty for all."""

    by: tuple[Word, ...]
    items: tuple[str, ...] = ()


class Publish(Frozen):
    """What is published at most.

    items: ids of items and scales; None for all that may be published.
    dimensions: of stage, country, age, sex; None for all.
    hierarchies: dimension -> broader groups in place of those of the questionnaire.
    """

    items: tuple[str, ...] | None = None
    dimensions: tuple[Word, ...] | None = None
    crossings: tuple[DeclaredCrossing, ...] = ()
    hierarchies: dict[Word, tuple[DeclaredGroup, ...]] = Field(default_factory=dict)


def parse_publish(raw: object) -> Publish:
    """Return the declaration that `raw` holds.

    Raises:
        ProblemsFound: all that is wrong, `where` being the key.
    """
    return value_of(Publish, raw, strict=False)
