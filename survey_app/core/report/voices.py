"""In their own words: the sealed quotes and themes of a release, on a page of their own."""

from collections.abc import Iterator

from survey_app.core.protection.voices import FEWEST_IN_THEME, Theme, Voices, in_order
from survey_app.core.report.model import Block, DataTable, Heading, Paragraph, Quotes, Section
from survey_app.core.report.wording import Wording


def own_words(wording: Wording) -> Iterator[Section]:
    """The section, where the release has voices in this language."""
    voices = wording.voices
    if voices is None:
        return
    blocks = (*_quotes(wording, voices), *_themes(wording, voices))
    if blocks:
        say = wording.say
        intro = Paragraph(text=say("voices/intro"), style="intro")
        yield Section(
            id="voices", eyebrow=say("voices/part"), heading=say("voices/heading"), blocks=(intro, *blocks), fresh=True
        )


def _quotes(wording: Wording, voices: Voices) -> Iterator[Block]:
    texts = in_order(voices.quotes, wording.language)
    if texts:
        yield Quotes(quotes=tuple(wording.quote(text) for text in texts))
        yield Paragraph(text=wording.say("voices/quotes_note"), style="note")


def _themes(wording: Wording, voices: Voices) -> Iterator[Block]:
    shown = sorted(
        (one for one in voices.themes if wording.language in one.labels), key=lambda one: _name(wording, one)
    )
    if shown:
        say = wording.say
        yield Heading(text=say("voices/themes"))
        rows = tuple((_name(wording, one), wording.about(one.n)) for one in shown)
        yield DataTable(
            caption=say("voices/themes_caption"), head=(say("voices/theme"), say("groups/people")), rows=rows
        )
        yield Paragraph(text=say("voices/themes_note", fewest=wording.number(FEWEST_IN_THEME)), style="note")


def _name(wording: Wording, theme: Theme) -> str:
    """The name of a theme; where its number is of an earlier release, with the quarter for which it was counted."""
    label = theme.labels[wording.language]
    if theme.since == wording.cube.quarter:
        return label
    return wording.say("voices/since", theme=label, quarter=wording.quarter(theme.since))
