"""Waves: at which steps of the way the same person may answer again. No dates: only what was answered before."""

from collections.abc import Sequence

from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.study import Study

Occasion = tuple[str, str | None]
"""Recall mode and stage of one wave; None if the stage was never told."""


def stages_offered(
    questionnaire: Questionnaire, study: Study, mode: str, earlier: Sequence[Occasion]
) -> tuple[str, ...]:
    """Return the stages that a person can choose for the next wave, in the order of the journey.

    Nobody is asked about a stage twice in one recall mode. Who tells things as they happen goes forward only;
    stages beside the way (the illness came back) can come at any time. Who thinks back can take any order.

    Args:
        questionnaire: where the stages and their order stand.
        study: which of them it asks about; all if it names none.
        mode: recall mode of the next wave.
        earlier: the waves before.
    """
    answered = {stage for before, stage in earlier if before == mode and stage}
    first = _reached(questionnaire, answered) if mode == "prospective" else 0
    wanted = {window.code for window in study.stages} or set(questionnaire.stage_codes)
    return tuple(
        stage.code
        for place, stage in enumerate(questionnaire.stages)
        if stage.code in wanted - answered and (stage.beside_the_way or place >= first)
    )


def suggested_stage(questionnaire: Questionnaire, study: Study, mode: str, earlier: Sequence[Occasion]) -> str | None:
    """Return the stage that comes next on the way after what was answered in this mode; None if nothing was.

    Only a suggestion: the page shows it chosen, and the person can change it. A first wave has none.
    """
    answered = {stage for before, stage in earlier if before == mode and stage}
    reached = _reached(questionnaire, answered)
    if not answered:
        return None
    order = questionnaire.stage_codes
    beside = {stage.code for stage in questionnaire.stages if stage.beside_the_way}
    offered = [code for code in stages_offered(questionnaire, study, mode, earlier) if code not in beside]
    return next((code for code in offered if order.index(code) >= reached), None)


def _reached(questionnaire: Questionnaire, answered: set[str]) -> int:
    """The place of the latest stage on the way that was answered, 0 if there is none."""
    places = [
        place for place, stage in enumerate(questionnaire.stages) if stage.code in answered and not stage.beside_the_way
    ]
    return max(places, default=0)
