"""What an organisation asks for on the first page of its report; each ask rests on a number that stands there."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.questionnaire.items import Frozen, Sentence
from survey_app.core.report import reading
from survey_app.core.written import value_of

MOST = 3


class AskWords(Frozen):
    """One ask. text: by language. about: id of the variable whose number on the first page it rests on."""

    text: dict[str, Sentence] = Field(min_length=1)
    about: str


class AskFile(Frozen):
    """The asks of a release, in their order."""

    asks: tuple[AskWords, ...] = Field(min_length=1, max_length=MOST)


def parse_asks(raw: object, cube: ProtectedCube) -> AskFile:
    """Return the asks that `raw` describes, for the report of a release.

    Raises:
        ProblemsFound: all that is wrong, `where` being the path of keys: the form, languages of the study without a
            text, numbers that do not stand on the first page.
    """
    if not isinstance(raw, dict):
        raise ProblemsFound([Problem(code=Code.ASKS_NOT_A_LIST)])
    found = value_of(AskFile, raw, strict=False)
    problems = list(_problems(found.asks, cube.languages, _on_front(cube)))
    if problems:
        raise ProblemsFound(problems)
    return found


def _on_front(cube: ProtectedCube) -> tuple[str, ...]:
    population = reading.leading(cube)
    group = reading.whole(cube, population.id) if population else None
    return reading.on_front(cube, group).variables


def _problems(asks: Sequence[AskWords], languages: Sequence[str], shown: Sequence[str]) -> Iterator[Problem]:
    for number, ask in enumerate(asks):
        missing = [language for language in languages if language not in ask.text]
        if missing:
            yield Problem(
                code=Code.ASK_LANGUAGE_MISSING, where=f"asks.{number}.text", values={"missing": ", ".join(missing)}
            )
        if ask.about not in shown:
            known: Mapping[str, str | int] = {"given": ask.about, "known": ", ".join(shown) or "–"}
            yield Problem(code=Code.ASK_NUMBER_ABSENT, where=f"asks.{number}.about", values=known)
