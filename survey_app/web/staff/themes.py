"""The themes of a study: written by the coordinator, assigned to texts by the desk."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.core.access import Permission
from survey_app.core.problems import Problem, ProblemsFound
from survey_app.services import desking, theming
from survey_app.web.context import begin
from survey_app.web.staff.account import needs
from survey_app.web.staff.desk import worker
from survey_app.web.staff.desk_forms import ThemeForm, theme_form

pages = Blueprint("themes", __name__, url_prefix="/themes")


@pages.get("/<study_id>/")
@needs(Permission.WRITE_THEMES)
def show(study_id: str) -> ResponseReturnValue:
    """List the themes of a study, each with a form to name it anew, and a form for another one."""
    return _page(study_id, {})


@pages.post("/<study_id>/")
@needs(Permission.WRITE_THEMES)
def add(study_id: str) -> ResponseReturnValue:
    """Add a theme. Refused, the page shows what was entered, with all that is wrong."""
    form = _entered(study_id)
    try:
        with begin() as db:
            theming.add_theme(db, study_id, (form.code.data or "").strip(), form.labels(), worker=worker())
    except ProblemsFound as refused:
        return _page(study_id, {"": form}, problems=refused.problems), 422
    return redirect(url_for("staff.themes.show", study_id=study_id), 303)


@pages.post("/<study_id>/<code>")
@needs(Permission.WRITE_THEMES)
def name(study_id: str, code: str) -> ResponseReturnValue:
    """Give a theme other names."""
    form = _entered(study_id, prefix=f"{code}-")
    try:
        with begin() as db:
            theming.name_theme(db, study_id, code, form.labels(), worker=worker())
    except ProblemsFound as refused:
        return _page(study_id, {code: form}, problems=refused.problems), 422
    return redirect(url_for("staff.themes.show", study_id=study_id), 303)


def _entered(study_id: str, *, prefix: str = "") -> ThemeForm:
    with begin() as db:
        return theme_form(desking.languages_of(db, study_id, worker()), prefix=prefix)


def _page(study_id: str, entered: dict[str, ThemeForm], *, problems: tuple[Problem, ...] = ()) -> str:
    """The page; entered: forms as they were sent, by code, empty for the one of a new theme."""
    with begin() as db:
        themes = theming.list_themes(db, study_id)
        languages = desking.languages_of(db, study_id, worker())
        found = desking.study_at_desk(db, study_id)
    forms = {
        one.code: entered.get(one.code)
        or theme_form(languages, given={"by_language": one.labels}, prefix=f"{one.code}-", entered=False)
        for one in themes
    }
    new = entered.get("") or theme_form(languages, entered=False)
    return render_template("staff/themes.html", study=found, forms=forms, new=new, problems=problems)
