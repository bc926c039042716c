"""create_app(settings): the only place where the parts of the web application are put together."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_app.services.catalogue import keep_wordings, read_catalogue
from survey_app.services.inviting import require_key
from survey_app.services.migrating import require_all_current
from survey_app.settings import Settings, read_settings
from survey_app.store.database import make_sessions, open_databases
from survey_app.web.compression import compress_answers
from survey_app.web.errors import register_errors
from survey_app.web.respondent.blueprint import create_respondent_blueprint
from survey_app.web.security import protect
from survey_app.web.staff.blueprint import create_staff_blueprint

LARGEST_REQUEST_BYTES = 256 * 1024


def create_app(settings: Settings) -> Flask:
    """Put the web application together.

    Raises:
        ProblemsFound: a questionnaire is broken, or the database is not in the form this program needs, or a
            study asks for invitations and there is no key for them.
    """
    catalogue = read_catalogue(settings.questionnaires)
    databases = open_databases(settings)
    require_all_current(databases)
    sessions = make_sessions(databases)
    with sessions.begin() as db:
        keep_wordings(db, catalogue)
    require_key(sessions, settings.invitation_key_for("invitation"))
    app = Flask(__name__, static_folder="static", template_folder="web/templates")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST_BYTES
    app.extensions.update(settings=settings, sessions=sessions, catalogue=catalogue)
    compress_answers(app)
    protect(app, settings)
    register_errors(app)
    app.register_blueprint(create_respondent_blueprint())
    app.register_blueprint(create_staff_blueprint())
    if settings.proxies:
        trusted = settings.proxies
        # the way of Flask's own documentation, which its types do not know
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted)  # type: ignore[method-assign]
    return app


def create_from_environment() -> Flask:
    """The application with the settings of the environment, for the processes of the server."""
    return create_app(read_settings())
