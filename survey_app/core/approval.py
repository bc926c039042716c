"""Two people decide about a release: its states, who may decide, and when answers may be looked at again."""

from datetime import date, timedelta
from enum import StrEnum

from survey_app.core.problems import Code, Problem

APPROVALS = 2
"""People of the study team who must agree before anything of a release leaves: one proposes, another approves."""

DAYS_BETWEEN_LOOKS = 30
"""A refusal that comes of the answers themselves is a yes or no about people: one in so many days, whoever asks."""

CLAIM = "Designed and tested so that individuals are not identifiable by the attacks listed."
"""All that is claimed of a release. Whether it is anonymous in law is found by the controller."""

_FROM_ANSWERS = frozenset(
    {
        Code.RELEASE_TOO_FEW,
        Code.RELEASE_TOO_FEW_NEW,
        Code.RELEASE_UNSAFE,
        Code.RELEASE_TELLING,
        Code.RELEASE_UNEXPLAINED,
    }
)


class State(StrEnum):
    """What became of a release. Whatever becomes of it, it stays in the ledger: people have seen it."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class Deed(StrEnum):
    """What the audit trail keeps: who decided, and what left the house."""

    PROPOSED = "proposed"
    REFUSED = "refused"  # by the program, when somebody wanted to propose
    APPROVED = "approved"
    REJECTED = "rejected"
    CARRIED_OVER = "carried over"  # published before two people had to agree
    REPORT = "report"
    TABLES = "tables"
    BUNDLE_MADE = "bundle made"
    BUNDLE = "bundle"
    VOICES = "voices sealed"
    ASKS = "asks written"
    MENU_DECLARED = "menu declared"
    MENU_PROPOSED = "menu proposed"
    MENU_APPROVED = "menu approved"
    EXTERNAL = "external publication"


DECISIONS = {Deed.APPROVED: State.APPROVED, Deed.REJECTED: State.REJECTED, Deed.CARRIED_OVER: State.APPROVED}
"""Which state a release is in after which deed."""


def decision_problems(release: str, *, state: State, proposed_by: str, by: str) -> list[Problem]:
    """Return why this person may not decide about a release; empty when they may.

    Args:
        release: id of the release.
        state: its state.
        proposed_by: name of the account that proposed it.
        by: name of the account that decides.
    """
    if state is not State.PROPOSED:
        return [Problem(code=Code.RELEASE_DECIDED, where=release, values={"given": release, "value": state.value})]
    if proposed_by == by:
        return [Problem(code=Code.RELEASE_OWN, where=release, values={"given": by})]
    return []


def looked(problems: list[Problem]) -> bool:
    """Tell whether these refusals come of the answers, so that they say something about who has answered."""
    return any(problem.code in _FROM_ANSWERS for problem in problems)


def look_problems(last: date | None, today: date) -> list[Problem]:
    """Return why the answers of a study may not be looked at today; empty when they may.

    Args:
        last: day of the last refusal that came of the answers, None when there was none.
        today: the day.
    """
    if last is None or today >= last + timedelta(days=DAYS_BETWEEN_LOOKS):
        return []
    again = last + timedelta(days=DAYS_BETWEEN_LOOKS)
    values: dict[str, str | int] = {"given": f"{last}", "days": DAYS_BETWEEN_LOOKS, "value": f"{again}"}
    return [Problem(code=Code.RELEASE_LOOKED, values=values)]
