"""Blind invitations: the page where a browser exchanges its code for a permit, and where the permit is brought back.

The two are two requests, which share nothing: the first has the code and a number by chance, the second a message that
nobody here has seen, and a signature of it. Without JavaScript there is no way in, and the page says so: a code
typed into a plain form would show which response is whose to whoever runs the server.
"""

from flask import abort, jsonify, request, url_for
from werkzeug.wrappers import Response

from survey_app.core.participation.permits import fingerprint, in_groups, size_of
from survey_app.core.problems import Code
from survey_app.core.questionnaire.study import BLIND, Study
from survey_app.services import permitting, responding
from survey_app.services.inviting import Admission
from survey_app.web.respondent.pages import FROM, INFORMATION, desk, in_study, invitation_guesses, page
from survey_app.web.respondent.script import PERMITS
from survey_app.web.respondent.texts import LANGUAGES, texts_in


def permit(study_id: str, language: str) -> Response:
    """Sign what a browser has blinded, for an invitation code. Wrong, used and unknown codes get the same answer."""
    study = responding.study_offered(desk(), study_id)
    if study is None or study.entry != BLIND or language not in LANGUAGES:
        abort(404)
    texts, limit, who = texts_in(language), invitation_guesses(), request.remote_addr
    wait = limit.minutes_to_wait(who)
    if wait:
        response = _refusal(429, texts[f"problem_{Code.CODE_TOO_OFTEN.name}"].format(minutes=wait))
        response.headers["Retry-After"] = str(wait * 60)
        return response
    try:
        signed = permitting.exchange(desk(), study, request.form.get("code", ""), _sent("blinded"))
    except ValueError:
        return _refusal(400, texts["permit_failed"])
    if signed is None:
        limit.count_failure(who)
        return _refusal(422, texts[f"problem_{Code.INVITATION_WRONG.name}"])
    return jsonify(signed=signed.hex())


def brought_back(study: Study) -> Admission | None:
    """The admission for the permit that was sent, None where it is none or was used."""
    try:
        return permitting.admit_with_permit(desk(), study, _sent("message"), _sent("signature"))
    except ValueError:
        return permitting.admit_with_permit(desk(), study, b"", b"")


def permit_page(study: Study, language: str, *, status: int = 200, problem: str | None = None) -> Response:
    """The page of a study whose invitations are blind."""
    public = permitting.key_of(desk(), study).public
    texts = texts_in(language)
    gaps = {"organisation": study.organisation, "contact": study.contact}
    state = {
        "n": public.n.to_bytes(size_of(public)).hex(),
        "spent": status == 422,
        "failed": texts["permit_failed"],
        "other": texts["permit_other"].format(**gaps),
    }
    come_from = {FROM: INFORMATION} if request.args.get(FROM) == INFORMATION else {}
    setting = in_study(study, desk().editions[study.questionnaire, study.version], language)
    blind_script = url_for("respondent.js", name=PERMITS.name[:-3])
    return page(
        "permit.html",
        setting,
        status=status,
        problem=problem,
        come_from=come_from,
        blind_state=state,
        blind_script=blind_script,
        seal=key_in_groups(study),
        gaps=gaps,
    )


def key_in_groups(study: Study) -> str:
    """The fingerprint of the key of a study, to be compared by eye: 1a2b-3c4d-…"""
    return in_groups(fingerprint(permitting.key_of(desk(), study).public))


def _sent(name: str) -> bytes:
    """A number of the form.

    Raises:
        ValueError: no hexadecimal digits.
    """
    return bytes.fromhex(request.form.get(name, ""))


def _refusal(status: int, sentence: str) -> Response:
    response: Response = jsonify(do=sentence)
    response.status_code = status
    return response
