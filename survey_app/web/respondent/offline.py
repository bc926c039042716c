"""What a device keeps for the time without network: script, service worker, an empty page, and packs of questions."""

from functools import cache

from flask import abort, make_response, request, url_for
from werkzeug.wrappers import Response

from survey_app.web.assets import Asset
from survey_app.web.respondent.pack import find_pack
from survey_app.web.respondent.pages import STYLE, draw
from survey_app.web.respondent.script import PERMITS, SCREENS, SCRIPT, worker_source
from survey_app.web.respondent.texts import LANGUAGES, direction, texts_in

SHELL_TEXTS = ("shell_title", "shell_text", "shell_again")


def script(name: str) -> Response:
    """The script of every page, that which draws pages without network, or that of permits."""
    found = next((one for one in (SCRIPT, SCREENS, PERMITS) if f"{name}.js" == one.name), None)
    return found.respond(request) if found else abort(404)


def worker() -> Response:
    """The service worker. Browsers ask for it anew, so that an old one never stays."""
    scripts = [url_for("respondent.js", name=one.name[:-3]) for one in (SCRIPT, SCREENS)]
    shell = url_for("respondent.shell", name=_shell().name[:-5])
    kept = (url_for("respondent.css", name=STYLE.name[:-4]), *scripts, shell)
    response = make_response(worker_source(cached=kept, shell=shell, script=scripts[0]))
    response.content_type = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


def shell(name: str) -> Response:
    """The page without network: the same for everybody; the device fills it with what it keeps."""
    asset = _shell()
    return asset.respond(request) if f"{name}.html" == asset.name else abort(404)


def pack(name: str) -> Response:
    """All screens of a study in one language."""
    asset = find_pack(name)
    return asset.respond(request) if asset else abort(404)


@cache
def _shell() -> Asset:
    words = {
        language: {"dir": direction(language), **{key: texts_in(language)[key] for key in SHELL_TEXTS}}
        for language in LANGUAGES
    }
    html = draw("shell.html", words=words, scripts=(SCRIPT.name, SCREENS.name))
    return Asset("shell", "html", html.encode()).ready()
