"""The hand-written forms of the staff wing."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Name and password."""

    name = StringField("Name", [InputRequired("Please enter your name."), Length(max=200)])
    password = PasswordField("Password", [InputRequired("Please enter your password."), Length(max=1000)])


class SignOutForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Nothing but the token against forged requests."""


class ProposeForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Nothing but the token against forged requests."""


class ApproveForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """The approval of a second person."""

    finding = TextAreaField(
        "Your finding: can anybody be identified by this release?",
        [InputRequired("Please write down what you find. It is kept in the record of the release."), Length(max=5000)],
    )
    audit_read = BooleanField(
        "I have read what was tried and found.",
        [InputRequired("Please read the audit above and tick this box.")],
    )


class RejectForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """The rejection by a second person."""

    reason = TextAreaField("Why it is rejected (optional)", [Length(max=5000)])


class ReportForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Which report of a release; the languages and countries to choose from are those of the release."""

    class Meta:
        """Nothing is changed by asking, so that the address can be kept and no token is needed."""

        csrf = False

    language = SelectField("Language")
    what = SelectField("How much")
    ending = SelectField(
        "As",
        choices={
            "pdf": "PDF",
            "html": "one web page",
            "pptx": "slides of the first page",
            "zip": "picture cards of the findings",
        },
    )


EXTENTS = {"standard": "the report", "short": "two pages", "full": "the report with annexes"}
