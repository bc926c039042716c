"""The desk of texts: what people wrote and agreed to show, one text at a time. One person redacts, another confirms."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app.core.access import Permission
from survey_app.core.problems import Problem, ProblemsFound
from survey_app.core.questionnaire.study import Study
from survey_app.core.redaction.marks import Mark, black_out
from survey_app.core.redaction.suggest import shared_words, suggest
from survey_app.inputs.redaction_lists import read_lists
from survey_app.services import desking, theming
from survey_app.services.desking import DeskText, Work, Worker
from survey_app.services.text_keys import TextKeys
from survey_app.web.context import begin, current_catalogue, current_settings
from survey_app.web.staff.account import current_account, needs
from survey_app.web.staff.desk_forms import USE_NAMES, DeedForm, RedactionForm, SendBackForm, redaction_form

pages = Blueprint("desk", __name__, url_prefix="/desk")

MANY_WORDS = 6
"""Words in a row, taken over from the original, from which on the page warns."""


@pages.get("/")
@needs(Permission.WORK_ON_TEXTS)
def show() -> ResponseReturnValue:
    """List the studies with texts."""
    with begin() as db:
        listed = desking.studies_at_desk(db)
    lists = read_lists(current_settings().redaction_lists)
    return render_template("staff/desk.html", listed=listed, words=_counts(lists.words))


@pages.get("/<study_id>/")
@needs(Permission.WORK_ON_TEXTS)
def study(study_id: str) -> ResponseReturnValue:
    """List the texts of a study that wait for somebody, in an order that tells nothing."""
    with begin() as db:
        waiting = desking.waiting(db, study_id)
        found = desking.study_at_desk(db, study_id)
    me = current_account().id
    mine = {text for text, by in waiting["to_confirm"] if by == me}
    return render_template("staff/desk_study.html", study=found, waiting=waiting, mine=mine)


@pages.get("/<study_id>/<text_id>")
@needs(Permission.WORK_ON_TEXTS)
def text(study_id: str, text_id: str) -> ResponseReturnValue:
    """Show one text, its marks, and what was made of it."""
    with begin() as db:
        found = desking.read_text(db, study_id, text_id, worker().keys)
        return _page(db, found, _form(db, found))


@pages.post("/<study_id>/<text_id>/propose")
@needs(Permission.WORK_ON_TEXTS)
def propose(study_id: str, text_id: str) -> ResponseReturnValue:
    """Save what shall become of a text. Refused, the page shows what was entered, with all that is wrong."""
    with begin() as db:
        found = desking.read_text(db, study_id, text_id, worker().keys)
        form = _form(db, found)
        work = Work(use=form.use.data or "", texts=form.texts(), themes=tuple(form.themes.data or ()))
        try:
            desking.propose(db, study_id, text_id, work, version=form.version.data or "", worker=worker())
        except ProblemsFound as refused:
            return _page(db, found, form, problems=refused.problems), 422
    return redirect(url_for("staff.desk.study", study_id=study_id), 303)


@pages.post("/<study_id>/<text_id>/confirm")
@needs(Permission.WORK_ON_TEXTS)
def confirm(study_id: str, text_id: str) -> ResponseReturnValue:
    """Confirm what another person proposed."""
    version = DeedForm().version.data or ""
    return _decide(
        study_id, text_id, lambda db: desking.confirm(db, study_id, text_id, version=version, worker=worker())
    )


@pages.post("/<study_id>/<text_id>/send-back")
@needs(Permission.WORK_ON_TEXTS)
def send_back(study_id: str, text_id: str) -> ResponseReturnValue:
    """Send a text back with a note."""
    form = SendBackForm()
    note, version = form.note.data or "", form.version.data or ""
    return _decide(
        study_id,
        text_id,
        lambda db: desking.send_back(db, study_id, text_id, note, version=version, worker=worker()),
        send_back_form=form,
    )


def worker() -> Worker:
    """The account of this request, at its desk."""
    settings = current_settings()
    return Worker(
        staff_id=current_account().id,
        name=current_account().name,
        keys=TextKeys.of(settings.text_key.get_secret_value().encode()),
        today=datetime.now(UTC).date(),
        desk_language=settings.desk_language,
    )


def _decide(
    study_id: str, text_id: str, deed: Callable[[Session], None], *, send_back_form: SendBackForm | None = None
) -> ResponseReturnValue:
    """Do a deed and go back to the list; refused, show the text with the reason."""
    with begin() as db:
        try:
            deed(db)
        except ProblemsFound as refused:
            found = desking.read_text(db, study_id, text_id, worker().keys)
            form = _form(db, found, entered=False)
            return _page(db, found, form, problems=refused.problems, send_back_form=send_back_form), 422
    return redirect(url_for("staff.desk.study", study_id=study_id), 303)


def _page(
    db: Session,
    found: DeskText,
    form: RedactionForm,
    *,
    problems: Sequence[Problem] = (),
    send_back_form: SendBackForm | None = None,
) -> str:
    me, study = current_account().id, desking.study_at_desk(db, found.study)
    form.version.data = found.version
    marks = suggest(found.text, found.language, read_lists(current_settings().redaction_lists))
    deeds = DeedForm(formdata=None, version=found.version)
    back = send_back_form or SendBackForm(formdata=None)
    back.version.data = found.version
    return render_template(
        "staff/desk_text.html",
        study=study,
        text=found,
        question=_question(study, found.item),
        pieces=_pieces(found.text, marks),
        marks=[(found.text[one.start : one.end], one) for one in marks],
        draft=black_out(found.text, marks),
        form=form,
        deeds=deeds,
        back=back,
        problems=problems,
        is_mine=found.redacted_by == me,
        cautions={language: _cautions(found, language, words) for language, words in found.work.texts.items()},
        uses=USE_NAMES,
        limit=desking.LONGEST_QUOTE,
    )


def _form(db: Session, found: DeskText, *, entered: bool = True) -> RedactionForm:
    """The form for a text: as it was entered now, or else as it was saved last."""
    who = worker()
    languages = desking.languages_of(db, found.study, who)
    themes = {one.code: one.labels.get(who.desk_language, one.code) for one in theming.list_themes(db, found.study)}
    words: dict[str, str] = dict(found.work.texts)
    if not found.work.use and found.language == who.desk_language:
        marks = suggest(found.text, found.language, read_lists(current_settings().redaction_lists))
        words = {who.desk_language: black_out(found.text, marks)}
    given = {"use": found.work.use or None, "themes": list(found.work.themes), "by_language": words}
    return redaction_form(languages, themes, given=given, entered=entered)


def _pieces(text: str, marks: Sequence[Mark]) -> list[tuple[str, str]]:
    """The text in pieces: each with what its mark seems to be, or nothing."""
    pieces, at = [], 0
    for mark in marks:
        pieces += [(text[at : mark.start], ""), (text[mark.start : mark.end], mark.kind.value)]
        at = mark.end
    return [piece for piece in (*pieces, (text[at:], "")) if piece[0]]


def _cautions(found: DeskText, language: str, words: str) -> list[str]:
    """What the second person should look at again."""
    marks = suggest(words, language, read_lists(current_settings().redaction_lists))
    told = [f"“{words[one.start : one.end]}” may be a {one.kind.value}." for one in marks]
    same = shared_words(found.text, words) if language == found.language else 0
    if same >= MANY_WORDS:
        told.append(
            f"{same} words in a row are those of the author. What is verbatim can be searched for, and recognised by "
            "people who know how somebody writes. Put it into other words."
        )
    return told


def _question(study: Study, item: str) -> str:
    """The question that was answered, in English; its id where no version asks it any more."""
    editions = current_catalogue().editions
    first = [(study.questionnaire, study.version), *(key for key in editions if key[0] == study.questionnaire)]
    for key in first:
        if key in editions and item in editions[key].questionnaire.items:
            return editions[key].say(f"item/{item}/text", "en")
    return item


def _counts(words: Mapping[tuple[str, str], Collection[str]]) -> dict[str, int]:
    """How many words each kind of list has, over all languages."""
    found: dict[str, int] = {}
    for (kind, _), listed in words.items():
        found[kind] = found.get(kind, 0) + len(listed)
    return found
