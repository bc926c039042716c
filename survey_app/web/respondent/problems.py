"""Problems of an answer, in the words of the respondent."""

from survey_app.core.problems import Problem, ProblemsFound
from survey_app.core.questionnaire.model import Edition
from survey_app.web.respondent.fields import fields_of
from survey_app.web.respondent.texts import texts_in


def problem_texts(found: ProblemsFound, edition: Edition, language: str) -> dict[str, str]:
    """The sentence for each item that has a problem, in the language of the page."""
    return {problem.where: _sentence(problem, edition, language) for problem in found.problems}


def _sentence(problem: Problem, edition: Edition, language: str) -> str:
    values = dict(problem.values)
    if "given" in values and problem.where in edition.questionnaire.items:
        values["given"] = _translated(str(values["given"]), problem.where, edition, language)
    return texts_in(language)[f"problem_{problem.code.name}"].format(**values)


def _translated(text: str, item: str, edition: Edition, language: str) -> str:
    source = fields_of(edition, edition.questionnaire.language)[item].offers
    shown = fields_of(edition, language)[item].offers
    return next((there.label for here, there in zip(source, shown, strict=True) if here.label == text), text)
