"""All addresses of the staff wing, and what holds for each of them."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask_wtf.csrf import CSRFProtect

from survey_app.web.staff import bundles, desk, makings, releases, sign_in, themes, trail
from survey_app.web.staff.account import find_account
from survey_app.web.staff.forms import SignOutForm
from survey_app.web.staff.names import language_name


def create_staff_blueprint() -> Blueprint:
    """Make the blueprint `staff`, under /staff.

    Needs `app.extensions`: `settings`, `sessions`, `catalogue`; and the session cookie of `web/security.py`.
    Every POST below it is refused without the token against forged requests, whatever its view does.
    """
    staff = Blueprint("staff", __name__, url_prefix="/staff")
    for wing in (sign_in, releases, makings, trail, bundles, desk, themes):
        staff.register_blueprint(wing.pages)
    tokens = CSRFProtect()

    @staff.record_once
    def _set_up(state: BlueprintSetupState) -> None:
        tokens.init_app(state.app)

    staff.before_request(tokens.protect)
    staff.context_processor(lambda: {"account": find_account(), "sign_out": SignOutForm()})
    staff.add_app_template_filter(language_name)
    return staff
