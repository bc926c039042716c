"""Who comes back: the cookie that holds a return code, and the check that a form was sent from our own pages.

Patient pages carry no token that could expire: the cookie never goes with a request from elsewhere
(SameSite=Strict), and browsers say where a request comes from.
"""

from urllib.parse import urlsplit

from flask import Request, abort
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from survey_app.core.participation.codes import read_code
from survey_app.services.inviting import Admission

COOKIE = "return_code"
ADMISSION = "admission"
ADMISSION_SECONDS = 7_200
DISPLAY_COOKIE = "display"
PATH = "/s/"


def code_of(request: Request, key: str) -> str | None:
    """The return code that this browser holds, None if it holds none that we signed."""
    try:
        held = _signer(key).loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    return read_code(held) if isinstance(held, str) else None


def keep_code(response: Response, code: str, key: str, *, secure: bool) -> None:
    """Let the browser hold the code until it is closed."""
    value = _signer(key).dumps(code)
    response.set_cookie(COOKIE, str(value), path=PATH, httponly=True, samesite="Strict", secure=secure)


def forget_code(response: Response) -> None:
    """Let the browser forget the code."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="Strict")


def admission_of(request: Request, key: str) -> Admission | None:
    """The admission that this browser holds, None if it holds none that we signed in the last two hours."""
    try:
        held = _admission_signer(key).loads(request.cookies.get(ADMISSION, ""), max_age=ADMISSION_SECONDS)
        study_id, kind, proof, code = held
    except (BadSignature, TypeError, ValueError):
        return None
    return Admission(study_id=study_id, kind=kind, proof=proof, code=code)


def keep_admission(response: Response, admission: Admission, key: str, *, secure: bool) -> None:
    """Let the browser hold an admission until it is closed, or two hours have gone."""
    held = [admission.study_id, admission.kind, admission.proof, admission.code]
    value = _admission_signer(key).dumps(held)
    response.set_cookie(ADMISSION, str(value), path=PATH, httponly=True, samesite="Strict", secure=secure)


def forget_admission(response: Response) -> None:
    """Let the browser forget its admission."""
    response.delete_cookie(ADMISSION, path=PATH, httponly=True, samesite="Strict")


def forget_everything(response: Response) -> None:
    """Let the browser forget the code, how pages were shown, and all that our pages have kept in it."""
    forget_code(response)
    forget_admission(response)
    response.delete_cookie(DISPLAY_COOKIE, path="/", samesite="Strict")
    response.headers["Clear-Site-Data"] = '"storage"'


def refuse_other_sites(request: Request) -> None:
    """Stop with 403 when a form was sent from another site. Browsers that do not tell are let through."""
    if request.method != "POST":
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        abort(403)
    if site is None and origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def _admission_signer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="respondent admission")


def _signer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="respondent return code")
