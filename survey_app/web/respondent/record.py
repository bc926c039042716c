"""One's own answers, each with the question as it was read: for a page, a file to read, and a file for programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey_app.core.questionnaire.items import Item, Note
from survey_app.core.response.routing import Screen, asked, role_of, screens, stage_of
from survey_app.services import responding
from survey_app.services.responding import Participation
from survey_app.web.respondent.fields import shown_fields, words_of
from survey_app.web.respondent.pages import desk
from survey_app.web.respondent.texts import native_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question as its respondent read it, with the answer.

    heading: the time that the question is about.
    answer: in words; None where nothing was chosen.
    language, revision: of the texts that stand here.
    as_read: they are those that were read, word for word; else those of now.
    screen: where the answer can be changed.
    """

    item: str
    part: str
    heading: str | None
    stem: str | None
    question: str
    answer: str | None
    value: object
    language: str
    revision: str
    as_read: bool
    screen: str

    @property
    def language_name(self) -> str:
        """The name of the language in itself."""
        return native_name(self.language)


def waves_of(held: Participation) -> list[Participation]:
    """Every wave of the person, the first one first."""
    found = (
        held if one.wave == held.wave else responding.load_wave(desk(), held.code, one.wave) for one in held.occasions
    )
    return [one for one in found if one is not None]


def lines_of(held: Participation, language: str, *, only: Iterable[str] | None = None) -> list[Line]:
    """What was answered or passed over in one wave, in the order of asking.

    language: for questions whose wording is not known.
    only: these items alone.
    """
    wanted = set(held.answers) if only is None else set(only) & set(held.answers)
    return [
        _line(held, screen, item, language)
        for screen in screens(held.plan)
        for item in asked(held.plan, screen, held.answers)
        if item.id in wanted and not isinstance(item, Note)
    ]


def in_parts(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The lines under the titles of their parts."""
    parts: dict[str, list[Line]] = {}
    for line in lines:
        parts.setdefault(line.part, []).append(line)
    return list(parts.items())


def own_copy(waves: Sequence[Participation], language: str) -> dict[str, object]:
    """All that is stored about a person's answers, for a program to read."""
    first = waves[0]
    return {
        "study": first.study.id,
        "title": first.study.title_in(language),
        "organisation": first.study.organisation,
        "contact": first.study.contact,
        "waves": [_wave(held, language) for held in waves],
    }


def _wave(held: Participation, language: str) -> dict[str, object]:
    return {
        "wave": held.wave,
        "questionnaire": held.edition.questionnaire.id,
        "version": held.edition.questionnaire.version,
        "language": held.language,
        "recall_mode": held.plan.mode,
        "status": held.status,
        "can_correct": held.can_correct,
        "answers": [
            {
                "id": line.item,
                "heading": line.heading,
                "question": line.question,
                "answer": line.answer,
                "value": line.value,
                "language": line.language,
                "wording": line.revision,
                "wording_as_read": line.as_read,
            }
            for line in lines_of(held, language)
        ],
    }


def _line(held: Participation, screen: Screen, item: Item, language: str) -> Line:
    then = held.record.edition_of(item.id)
    spoken = held.record.language_of(item.id) if then else language
    edition, spoken = then or held.edition, spoken or language
    plan, answers = held.plan, held.answers
    stage, role = stage_of(plan, answers), role_of(plan, answers)
    (field,) = shown_fields(edition, held.study, plan, answers, (item,), spoken, draw=held.draw)
    return Line(
        item=item.id,
        part=held.edition.say(f"module/{screen.module.id}/title", language),
        heading=edition.heading(item, stage=stage, mode=plan.mode, language=spoken, role=role),
        stem=field.stem,
        question=field.text,
        answer=words_of(field, answers, spoken),
        value=held.answers.to_document()[item.id],
        language=spoken,
        revision=edition.translations[spoken].revision,
        as_read=then is not None,
        screen=screen.id,
    )
