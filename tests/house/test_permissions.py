"""Every page of the staff wing says who may open it."""

import pytest
from flask import Flask

from survey_app.core.access import PERMISSIONS, Permission, Role
from survey_app.web.security import STAFF_PATH
from survey_app.web.staff.account import EVERYBODY, PERMISSION
from survey_app.web.staff.blueprint import create_staff_blueprint

FOR_EVERYBODY = {"staff.sign_in.show", "staff.sign_in.sign_in"}
SHARED = {Permission.HAVE_ACCOUNT}


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.register_blueprint(create_staff_blueprint())
    return app


def permissions(app: Flask) -> dict[str, object]:
    """What each view below /staff needs, by the name of its address; None where it says nothing."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(STAFF_PATH)]
    return {rule.endpoint: getattr(app.view_functions[rule.endpoint], PERMISSION, None) for rule in rules}


def test_every_staff_page_needs_a_permission(app: Flask):
    assert [name for name, needed in permissions(app).items() if needed is None] == []


def test_only_the_sign_in_page_is_open_to_everybody(app: Flask):
    assert {name for name, needed in permissions(app).items() if needed == EVERYBODY} == FOR_EVERYBODY


def test_every_permission_opens_a_page(app: Flask):
    assert set(permissions(app).values()) - {EVERYBODY} == set(Permission)


def test_every_role_has_permissions():
    assert set(PERMISSIONS) == set(Role)


def test_no_two_roles_share_more_than_having_an_account():
    assert PERMISSIONS[Role.COORDINATOR] & PERMISSIONS[Role.RESEARCHER] == SHARED
