"""Annexes of the full report: every question with its answers, word for word."""

from survey_app.core.questionnaire.items import Item, Rating
from survey_app.core.questionnaire.model import question_key
from survey_app.core.report.model import DataTable, Paragraph, Section
from survey_app.core.report.wording import Wording


def annexes(wording: Wording) -> tuple[Section, ...]:
    """All annexes."""
    return (_questions(wording),)


def _questions(wording: Wording) -> Section:
    """The wording of every question, as people were asked in this language, in the order of the questionnaire."""
    say = wording.say
    published = {variable.item for variable in wording.cube.variables}
    tables = []
    for module in wording.edition.questionnaire.modules:
        rows = tuple(_row(wording, item) for item in module.items if item.id in published)
        if rows:
            head = (say("module/question"), say("annex/otherwise"), say("annex/answers"))
            tables.append(DataTable(caption=wording.ask(f"module/{module.id}/title"), head=head, rows=rows, wide=40))
    return Section(
        id="annex-questions",
        eyebrow=say("annex/part"),
        heading=say("annex/questions"),
        blocks=(Paragraph(text=say("annex/questions_intro"), style="intro"), *tables),
    )


def _row(wording: Wording, item: Item) -> tuple[str, ...]:
    """Id and question; how it is put to people who look back, and to carers, where that differs; its answers."""
    questionnaire = wording.edition.questionnaire
    plain = f"item/{item.id}/text"
    keys = (
        question_key(questionnaire, item, mode="retrospective", role=None),
        *(question_key(questionnaire, item, mode="prospective", role=role) for role in sorted(questionnaire.carers)),
    )
    others = dict.fromkeys(wording.ask(key) for key in keys if key != plain)
    options = [wording.ask(questionnaire.option_key(item, option)) for option in questionnaire.options_of(item)]
    if isinstance(item, Rating):
        options = [f"0: {wording.ask(f'set/{item.responses}/low')}", f"10: {wording.ask(f'set/{item.responses}/high')}"]
    return f"{item.id} {wording.ask(plain)}", " · ".join(others) or "–", " · ".join(options) or "–"
