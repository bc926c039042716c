"""What the attacks found, kept and read back."""

import json

from survey_app.core.attack.audit import Audit, audit_ledger
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.differencing import ClosePair
from survey_app.core.attack.insider import Depth
from survey_app.core.attack.span import Finding
from tests.core.protection.small_study import release, some_people


def audit_of(made, depth=Depth.LEDGER):
    return audit_ledger(
        [made.protected.entry], [made.cube], made.protected.menu, dice=Dice(1), depth=depth
    )  # fmt: skip


def test_an_audit_is_the_same_after_a_way_through_json():
    found = audit_of(release(some_people(60)))
    every = Audit(
        computable=(Finding(universe="CJ01", people=3),),
        close=(ClosePair(universe="", one=("a", "r1"), other=("a", "r2"), people=4),),
        shown=found.shown,
        questions=found.questions,
        unexplained={"report in en": frozenset({41.5, 3.0})},
        given_up=frozenset({("CJ01", "age"), ("CJ02", "")}),
    )

    assert Audit.from_document(json.loads(json.dumps(every.to_document()))) == every
    assert every.findings == 3
