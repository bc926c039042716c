"""Who took part: the rates that CHERRIES asks every report of a web survey to tell."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """Shares from 0 to 1; None where the number below the line is 0 or unknown.

    participation: agreed / visited the first page. completion: finished / agreed.
    """

    visitors: int | None
    agreed: int
    finished: int
    participation: float | None
    completion: float | None


def participation_rates(*, visitors: int | None, agreed: int, finished: int) -> Participation:
    """Return the rates of one survey.

    Args:
        visitors: unique people who saw the first page; None when nobody counted (we set no identifier to count by).
        agreed: people who agreed to take part.
        finished: people who sent the last page.

    Raises:
        ValueError: more people at a step than at the one before.

    Source: Eysenbach (2004), J Med Internet Res 6:e34, items "participation rate" and "completion rate".
    """
    if not 0 <= finished <= agreed or (visitors is not None and agreed > visitors):
        raise ValueError("no step has more people than the one before it")
    return Participation(
        visitors=visitors,
        agreed=agreed,
        finished=finished,
        participation=agreed / visitors if visitors else None,
        completion=finished / agreed if agreed else None,
    )
