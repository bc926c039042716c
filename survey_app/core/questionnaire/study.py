"""Study: one fieldwork. What is asked of whom, in which languages, and who asks."""

from pydantic import Field, ValidationError

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.items import Frozen, Sentence, Word
from survey_app.core.questionnaire.model import Edition, RecallMode


class Study(Frozen):
    """The study file, read once when the study is opened.

    synthetic: the people are invented; every page and file says so.
    """

    id: Word
    title: dict[str, Sentence] = Field(min_length=1)
    organisation: Sentence
    contact: Sentence
    questionnaire: Word
    version: str
    modules: tuple[Word, ...] = Field(min_length=1)
    languages: tuple[str, ...] = Field(min_length=1)
    recall_modes: tuple[RecallMode, ...] = Field(min_length=1)
    synthetic: bool = False

    def title_in(self, language: str) -> str:
        """The title in `language`, or in the first language that has one."""
        return self.title.get(language) or next(iter(self.title.values()))


def parse_study(raw: object) -> Study:
    """Return the study that `raw` describes.

    Raises:
        ProblemsFound: all that is wrong, `where` being the key.
    """
    try:
        return Study.model_validate(raw)
    except ValidationError as error:
        raise ProblemsFound(
            Problem(
                code=Code.VALUE_WRONG,
                where=".".join(str(step) for step in one["loc"]),
                values={"detail": f"{one['msg'].rstrip('.')}."},
            )
            for one in error.errors()
        ) from None


def check_study(study: Study, edition: Edition) -> list[Problem]:
    """Return what the study wants and the edition does not have."""
    problems: list[Problem] = []
    known = [module.id for module in edition.questionnaire.modules]
    for n, module in enumerate(study.modules):
        if module not in known:
            hint = f"Use some of: {', '.join(known)}."
            values = {"kind": "The module", "given": module, "hint": hint}
            problems.append(Problem(code=Code.REFERENCE_UNKNOWN, where=f"modules.{n}", values=values))
    for language in study.languages:
        if language not in edition.languages:
            code = Code.STUDY_LANGUAGE_MISSING
            problems.append(Problem(code=code, where="languages", values={"given": language}))
        if language not in study.title:
            problems.append(Problem(code=Code.KEY_MISSING, where="title", values={"given": language}))
    return problems
