"""The hand-written forms of the staff wing."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Name and password."""

    name = StringField("Name", [InputRequired("Please enter your name."), Length(max=200)])
    password = PasswordField("Password", [InputRequired("Please enter your password."), Length(max=1000)])


class SignOutForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Nothing but the token against forged requests."""
