"""The respondents' wing: from the start page to “thank you”, without JavaScript, without data frames."""

from survey_app.web.respondent.blueprint import create_respondent_blueprint

__all__ = ["create_respondent_blueprint"]
