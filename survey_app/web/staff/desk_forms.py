"""The forms of the desk of texts and of themes. Their fields hang on the languages and themes of a study."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField, widgets

USE_NAMES = {
    "quote": "Quote: it may be printed in the words below",
    "theme": "Theme only: it is counted with its themes, its words are never printed",
    "never": "Never: it is not used at all, and removed",
}
_TEXT, _LABEL = "text_", "label_"


class _ManyBoxes(SelectMultipleField):
    """Several ticks in a list. What is not offered is left to the service to refuse."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()
    validate_choice = False


class DeedForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A button about one text. version: of the text as the page showed it."""

    version = HiddenField()


class SendBackForm(DeedForm):
    """Why a text goes back."""

    note = TextAreaField("What is to be changed")


class RedactionForm(DeedForm):
    """What becomes of a text; the fields of its languages are added by `redaction_form`."""

    use = RadioField("What may become of it", choices=USE_NAMES, validate_choice=False)
    themes = _ManyBoxes("Themes")

    def fields_of_texts(self) -> list[TextAreaField]:
        """The fields of the words, by language."""
        return [one for one in self if one.name.startswith(_TEXT)]

    def texts(self) -> dict[str, str]:
        """The words as they were entered, by language."""
        return {one.name.removeprefix(_TEXT): _lines_joined(one.data) for one in self.fields_of_texts()}


class ThemeForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A theme; the fields of its names are added by `theme_form`."""

    code = StringField("Short name, for the desk only")

    def fields_of_labels(self) -> list[StringField]:
        """The fields of the names, by language."""
        return [one for one in self if one.name.startswith(_LABEL)]

    def labels(self) -> dict[str, str]:
        """The names as they were entered, by language."""
        return {one.name.removeprefix(_LABEL): one.data or "" for one in self.fields_of_labels()}


def redaction_form(
    languages: Sequence[str], themes: Mapping[str, str], *, given: Mapping[str, object], entered: bool = True
) -> RedactionForm:
    """Make the form for one text.

    Args:
        languages: of the fields for its words; the first is that of the desk.
        themes: code -> name.
        given: `use`, `themes` and `by_language` as they were saved.
        entered: show what this request sends instead, if it sends a form.
    """
    fields = {f"{_TEXT}{one}": _words(one, needed=one == languages[0]) for one in languages}
    form: RedactionForm = _made(RedactionForm, fields, _of_fields(given, _TEXT), entered=entered)
    form.themes.choices = dict(themes)
    return form


def theme_form(
    languages: Sequence[str], *, given: Mapping[str, object] | None = None, prefix: str = "", entered: bool = True
) -> ThemeForm:
    """Make the form for one theme; like `redaction_form`. prefix: keeps the fields of several on one page apart."""
    fields = {f"{_LABEL}{one}": StringField(f"Name in {_name(one)}") for one in languages}
    form: ThemeForm = _made(ThemeForm, fields, _of_fields(given or {}, _LABEL), entered=entered)
    for one in form:
        one.id = f"{prefix}{one.id}"
        one.label.field_id = one.id
    return form


def _made(kind: type, fields: Mapping[str, object], data: Mapping[str, object], *, entered: bool) -> Any:  # noqa: ANN401  # the form has fields that no type knows
    how = {} if entered else {"formdata": None}
    return type(f"{kind.__name__}OfStudy", (kind,), dict(fields))(**how, data=data)


def _of_fields(given: Mapping[str, object], prefix: str) -> dict[str, object]:
    flat = dict(given)
    by_language = flat.pop("by_language", {})
    assert isinstance(by_language, Mapping)
    return flat | {f"{prefix}{language}": text for language, text in by_language.items()}


def _words(language: str, *, needed: bool) -> TextAreaField:
    label = f"Words in {_name(language)}" + (" (needed for a quote)" if needed else "")
    return TextAreaField(label, render_kw={"lang": language, "dir": "auto", "rows": 3})


def _lines_joined(text: str | None) -> str:
    return " ".join((text or "").split())


def _name(language: str) -> str:
    """The name of a language in English."""
    return Locale.parse(language).get_display_name("en") or language
