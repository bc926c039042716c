"""What people wrote counts only as long as they agree to be quoted."""

from survey_app.core.analysis.versions import Part
from survey_app.core.analysis.written import words_of
from survey_app.core.dataset import ResponseRecord
from survey_app.core.response.answers import Answers
from tests.services.study_builders import VERSION, editions

QUESTIONNAIRE = editions()[VERSION].questionnaire
MODULES = tuple(module.id for module in QUESTIONNAIRE.modules)
CONSENT, TEXT, OTHER = "SC04", "CJ21", "EM17"


def record(person: str = "p", **changes) -> ResponseRecord:
    agrees, texts = changes.pop("agrees", True), changes.pop("texts", {TEXT: "It was hard."})
    given = {
        "person": person, "wave": 1, "batch": 1, "status": "whole", "language": "en", "recall_mode": "prospective",
        "questionnaire_version": QUESTIONNAIRE.version, "answers": Answers({CONSENT: agrees, **texts}),
    }  # fmt: skip
    return ResponseRecord(**(given | changes))


def words(*records: ResponseRecord, batch: int = 1):
    return words_of([Part(questionnaire=QUESTIONNAIRE, modules=MODULES, records=records)], batch)


def test_the_texts_of_who_agrees_are_there_with_item_and_language():
    found = words(record(texts={TEXT: " It was hard. ", OTHER: "Waiting."}, language="nl")).texts

    assert [(one.item, one.text, one.language, one.place) for one in found] == [
        (TEXT, "It was hard.", "nl", 0),
        (OTHER, "Waiting.", "nl", 1),
    ]


def test_who_does_not_agree_is_left_out():
    assert words(record(agrees=False)).texts == ()


def test_what_was_not_sent_is_left_out():
    assert words(record(status="draft", batch=0)).texts == ()


def test_other_batches_are_left_out():
    assert words(record(batch=1), batch=2).texts == ()


def test_empty_texts_are_left_out():
    assert words(record(texts={TEXT: "  "})).texts == ()


def test_who_agreed_once_and_does_not_any_more_is_told_with_all_waves():
    found = words(record(), record(wave=2, batch=2, agrees=False), batch=2)

    assert found.texts == ()
    assert dict(found.withdrawn) == {"p": 2}


def test_two_waves_in_one_batch_follow_the_later_word():
    assert words(record(), record(wave=2, agrees=False)).texts == ()
    assert len(words(record(agrees=False), record(wave=2)).texts) == 1


def test_a_questionnaire_that_does_not_ask_for_this_agreement_gives_no_texts():
    modules = [
        module.model_copy(update={"items": tuple(item for item in module.items if item.id != CONSENT)})
        for module in QUESTIONNAIRE.modules
    ]
    other = QUESTIONNAIRE.model_copy(update={"modules": tuple(modules)})
    other.__dict__.pop("items", None)
    assert CONSENT not in other.items
    part = Part(questionnaire=other, modules=MODULES, records=[record()])

    assert words_of([part], 1).texts == ()
