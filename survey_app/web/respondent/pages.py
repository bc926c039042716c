"""Patient pages: what stands on every one of them, and the templates that draw them.

An environment of its own, so that no context processor of other pages works here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import abort, current_app, make_response, redirect, request, url_for
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response

from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.services.inviting import Admission
from survey_app.services.pacing import Paces
from survey_app.services.responding import Desk, Participation, load_wave
from survey_app.services.text_keys import TextKeys
from survey_app.settings import Settings
from survey_app.web.assets import Asset
from survey_app.web.rate_limit import RateLimit
from survey_app.web.respondent.display import Display, display_of
from survey_app.web.respondent.identity import admission_of, code_of, keep_admission, keep_code
from survey_app.web.respondent.script import SCRIPT
from survey_app.web.respondent.texts import LANGUAGES, direction, native_name, texts_in

WEB = Path(__file__).parent.parent
STYLE = Asset("survey", "css", (WEB.parent / "static" / "survey.css").read_bytes()).ready()
KEEP_STYLE = Asset("keep", "css", (WEB.parent / "static" / "keep.css").read_bytes()).ready()
GUESSES = 10
GUESS_SECONDS = 900.0
FROM = "from"
INFORMATION = "information"
"""Where somebody comes from who has read the page about the study already."""
LANGUAGE_BUTTON = "language-"
FOLLOWS_DEVICE = Display()
KEPT_ARGUMENTS = ("from", "at", "to", "done", "wave")
"""What an address may ask for behind “?”, and a change of the language keeps."""

_templates = Environment(
    loader=FileSystemLoader(WEB / "templates" / "respondent"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_templates.globals.update(
    url_for=url_for,
    native_name=native_name,
    direction=direction,
    css_name=STYLE.name,
    keep_css_name=KEEP_STYLE.name,
    js_name=SCRIPT.name,
)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where a page stands.

    edition: None on pages that belong to no study.
    switch_saves: the page has a form, so that changing the language sends it first.
    """

    language: str
    study: Study | None = None
    edition: Edition | None = None
    switch_saves: bool = False
    languages: tuple[str, ...] = field(default=LANGUAGES)


def desk() -> Desk:
    """What the services of respondents work with in this app, made once."""
    extensions = current_app.extensions
    if "respondent_desk" not in extensions:
        settings = extensions["settings"]
        extensions["respondent_desk"] = Desk(
            sessions=extensions["sessions"],
            editions=extensions["catalogue"].editions,
            code_key=settings.key_for("return-code"),
            person_key=settings.key_for("person"),
            text_keys=TextKeys.of(settings.text_key.get_secret_value().encode()),
            invitation_key=settings.invitation_key_for("invitation"),
        )
    found: Desk = extensions["respondent_desk"]
    return found


def guesses() -> RateLimit:
    """The limit on wrong return codes in this app, made once."""
    found: RateLimit = current_app.extensions.setdefault(
        "respondent_guesses", RateLimit(failures=GUESSES, seconds=GUESS_SECONDS)
    )
    return found


def invitation_guesses() -> RateLimit:
    """The limit on wrong invitation codes in this app, made once."""
    found: RateLimit = current_app.extensions.setdefault(
        "respondent_invitations", RateLimit(failures=GUESSES, seconds=GUESS_SECONDS)
    )
    return found


def paces() -> Paces:
    """How long questions take, as far as this process knows; made once."""
    found: Paces = current_app.extensions.setdefault(
        "respondent_paces", Paces(sessions=current_app.extensions["sessions"])
    )
    return found


def held_code() -> str | None:
    """The return code that this browser holds."""
    return code_of(request, _settings().secret_key.get_secret_value())


def held_admission(study_id: str) -> Admission | None:
    """The admission to a study that this browser holds, from its invitation code until a response has begun."""
    found = admission_of(request, _settings().secret_key.get_secret_value())
    return found if found and found.study_id == study_id else None


def held_participation(wave: int | None = None) -> Participation | None:
    """The response that this browser's code opens: of one wave, or the latest."""
    code = held_code()
    return load_wave(desk(), code, wave) if code else None


def held_here(study_id: str, language: str) -> Participation | Response:
    """The latest response that this browser's code opens; the way to the entrance where it is not of this study."""
    held = held_participation()
    fits = held is not None and held.study.id == study_id and language in held.study.languages
    return held if held is not None and fits else go_to("enter", language=language)


def asked_wave() -> int | None:
    """The wave that the address asks for, None for the latest."""
    number = request.args.get("wave", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None


def remember(response: Response, code: str) -> Response:
    """Let the browser hold `code`."""
    settings = _settings()
    keep_code(response, code, settings.secret_key.get_secret_value(), secure=settings.cookies_secure)
    return response


def admit(response: Response, admission: Admission) -> Response:
    """Let the browser hold an admission."""
    settings = _settings()
    keep_admission(response, admission, settings.secret_key.get_secret_value(), secure=settings.cookies_secure)
    return response


def language_of_the_browser() -> str:
    """The first of our languages that this browser asks for, English if it asks for none."""
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((language for language in wanted if language in LANGUAGES), LANGUAGES[0])


def cookies_secure() -> bool:
    """Tell whether cookies go over HTTPS only."""
    return _settings().cookies_secure


def stop_unless_spoken(study: Study | None, language: str) -> Study:
    """Return the study; stop with 404 when there is none, or none in this language."""
    if study is None or language not in study.languages:
        abort(404)
    return study


def in_study(study: Study, edition: Edition, language: str, *, switch_saves: bool = False) -> Setting:
    """The setting of a page of a study."""
    return Setting(
        language=language, study=study, edition=edition, switch_saves=switch_saves, languages=study.languages
    )


def page(template: str, setting: Setting, *, status: int = 200, **values: object) -> Response:
    """Draw a page."""
    display = display_of(request)
    here = request.args.get("to") or request.full_path.rstrip("?")  # from one page beside the questions to another
    return make_response(
        draw_page(template, setting, switch=_switch(setting), display=display, here=here, **values), status
    )


def draw_page(
    template: str,
    setting: Setting,
    *,
    switch: list[tuple[str, str]],
    display: Display = FOLLOWS_DEVICE,
    here: str = "/",
    **values: object,
) -> str:
    """The HTML of a page. switch: the other languages with their addresses. here: its own address."""
    texts = texts_in(setting.language)
    marks = _marks(setting, texts)
    return draw(template, t=texts, setting=setting, switch=switch, marks=marks, display=display, here=here, **values)


def draw(template: str, **values: object) -> str:
    """The text that a template makes of these values."""
    return _templates.get_template(template).render(**values)


def go_to(endpoint: str, **values: Any) -> Response:  # noqa: ANN401  # whatever stands in an address
    """Answer a sent form with the next page (303)."""
    return redirect(url_for(f"respondent.{endpoint}", **values), code=303)


def chosen_language(action: str, setting: Setting) -> str | None:
    """The language of the button pressed, None if it was another button."""
    language = action.removeprefix(LANGUAGE_BUTTON)
    return language if action != language and language in setting.languages else None


def sent_strings() -> dict[str, list[str]]:
    """What the form on the page has sent, by name, buttons left out."""
    return {name: request.form.getlist(name) for name in request.form if name != "go"}


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _marks(setting: Setting, texts: Mapping[str, str]) -> list[str]:
    marks = []
    if setting.study and setting.study.synthetic:
        marks.append(texts["synthetic"])
    if setting.edition and setting.edition.questionnaire.status == "draft_untested":
        marks.append(texts["draft_questions"])
    if setting.edition and _translation_is_draft(setting.edition, setting.language):
        marks.append(texts["draft_translation"])
    return marks


def _translation_is_draft(edition: Edition, language: str) -> bool:
    return language != edition.questionnaire.language and edition.translations[language].state == "draft"


def _switch(setting: Setting) -> list[tuple[str, str]]:
    """The other languages with the address of this page in each."""
    endpoint, arguments = request.endpoint or "respondent.start", dict(request.view_args or {})
    # Nothing else: `url_for` takes some names, such as _scheme, as orders.
    asked = {name: request.args[name] for name in KEPT_ARGUMENTS if name in request.args}
    return [
        (code, url_for(endpoint, **{**asked, **arguments, "language": code}))
        for code in setting.languages
        if code != setting.language
    ]
