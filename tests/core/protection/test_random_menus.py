"""In studies by chance, whatever their hierarchies, nobody is recovered; `benchmarks/privacy` looks at many more."""

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.protection.policy import Defences
from tests.core.protection.exact_search import recovered_sets
from tests.core.protection.random_study import random_study, recovered, releases_of


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_group_of_too_few_people_is_recoverable(seed):
    study = random_study(seed)

    made = releases_of(study)

    assert recovered(study, made) == 0
    assert recovered_sets(made, study.policy.smallest_base) == {}


def test_without_the_gate_and_pooling_groups_are_recovered():
    careless = Defences(sticky=False, span=False, pooling=False)
    studies = [random_study(seed) for seed in range(12)]

    assert sum(recovered(study, releases_of(study, defences=careless)) > 0 for study in studies) >= 6
