"""Invitations: made once, shown once; each begins one response, and nothing kept tells which.

Where a study asks for invitations, the way in has two steps. With a code that nobody has used, a person is *admitted*:
their browser gets an admission, which holds the keyed hash of the invitation and the return code that their response
will have. Only when they have agreed does the response begin, and only then is the invitation used up.

Both live in databases that commit one after the other: the response first, then the mark. Whatever stops the program
between the two, nobody is locked out: the same browser comes back to the response that has begun, and the invitation is
marked then. From another device the invitation would open once more, until it is marked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from survey_app.core.participation.codes import ALPHABET
from survey_app.core.participation.invitations import (
    NO_INVITATION,
    RANDOM_SYMBOLS,
    invitation_hmac,
    make_invitation_code,
    read_invitation_code,
)
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.validation import Raw
from survey_app.services.catalogue import known_study, study_of
from survey_app.services.joining import begin_again, new_code, open_response
from survey_app.services.recalling import Desk
from survey_app.store import invitations, permits, studies
from survey_app.store.database import Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What a browser holds from the invitation code to the agreement.

    kind: what it was given for. proof: keyed hash of the invitation code, or hash of the permit; 64 hexadecimal digits.
    code: the return code that the response will have. Sent twice, the agreement begins one response.
    """

    study_id: str
    kind: Literal["invitation", "permit"]
    proof: str
    code: str


def new_invitations(count: int, *, draw: Callable[[int], int]) -> tuple[str, ...]:
    """`count` invitation codes, ungrouped, in an order of chance. draw: a random whole number from 0 to below n."""
    return tuple(make_invitation_code([draw(len(ALPHABET)) for _ in range(RANDOM_SYMBOLS)]) for _ in range(count))


def store_invitations(
    sessions: Sessions, study: Study, codes: Iterable[str], *, key: bytes, hand_over: Callable[[], None]
) -> None:
    """Let these codes open the study. Of each only its keyed hash is stored.

    hand_over: gives the codes to whoever invites; when it fails, they open nothing.
    """
    with sessions.begin() as identity:
        invitations.add_invitations(identity, study.id, [invitation_hmac(key, study.id, code) for code in codes])
        hand_over()


def count_made(sessions: Sessions, study_id: str) -> int:
    """How many invitations to a study were ever made. How many were used is told to nobody.

    Raises:
        ProblemsFound: no such study, or everybody can begin it.
    """
    invited_study(sessions, study_id)
    with sessions.begin() as identity:
        return invitations.count_invitations(identity, study_id)


def invited_study(sessions: Sessions, study_id: str) -> Study:
    """The study of that id.

    Raises:
        ProblemsFound: there is none, or everybody can begin it.
    """
    with sessions.begin() as db:
        study = study_of(known_study(db, study_id))
    if study.entry == "open":
        raise ProblemsFound([Problem(code=Code.STUDY_NOT_INVITED, values={"given": study_id})])
    return study


def needed_key(key: bytes | None, study: Study) -> bytes:
    """The key of the invitations.

    Raises:
        ProblemsFound: the study asks for invitations and there is no key.
    """
    if key is None and study.entry != "open":
        raise ProblemsFound([Problem(code=Code.INVITATION_KEY_MISSING, values={"given": study.id})])
    return key or b""


def require_key(sessions: Sessions, key: bytes | None) -> None:
    """Refuse to serve studies that ask for invitations without the key of the invitations.

    Raises:
        ProblemsFound: one for each such study that is open.
    """
    with sessions.begin() as db:
        asking = [one for one in map(study_of, studies.open_studies(db)) if one.entry != "open"]
    if key is None and asking:
        raise ProblemsFound(Problem(code=Code.INVITATION_KEY_MISSING, values={"given": one.id}) for one in asking)


def require_sheet(study: Study, *, to: str, is_there: bool, address: str, language: str | None) -> None:
    """Refuse to make invitations that could not be handed out as asked.

    to: name of the file. is_there: it exists already.

    Raises:
        ProblemsFound: all that is wrong with them.
    """
    problems = []
    if not to.endswith((".csv", ".pdf")):
        problems.append(Problem(code=Code.INVITATION_FILE_UNKNOWN, where="--to", values={"given": to}))
    if is_there:
        problems.append(Problem(code=Code.INVITATION_FILE_THERE, where="--to", values={"given": to}))
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        problems.append(Problem(code=Code.INVITATION_ADDRESS_WRONG, where="--address", values={"given": address}))
    if language is not None and language not in study.languages:
        hint = f"Choose one of: {', '.join(study.languages)}."
        values = {"kind": "The language", "given": language, "hint": hint}
        problems.append(Problem(code=Code.REFERENCE_UNKNOWN, where="--language", values=values))
    if problems:
        raise ProblemsFound(problems)


def admit(desk: Desk, study: Study, typed: str) -> Admission | None:
    """Admit whoever typed an invitation code that nobody has used; None otherwise, after the same work. One statement.

    Nothing is changed: who does not come as far as the agreement can use the code again.
    """
    hashed = hash_of(desk, study, typed)
    admission = Admission(study_id=study.id, kind="invitation", proof=hashed, code=new_code(desk))
    with desk.sessions.begin() as identity:
        unused = invitations.is_unused(identity, study.id, hashed)
    return admission if unused and study.entry == "invitation" else None


def hash_of(desk: Desk, study: Study, typed: str) -> str:
    """The keyed hash of the invitation code that was typed, or of one that nobody has."""
    code = read_invitation_code(typed) or NO_INVITATION
    return invitation_hmac(needed_key(desk.invitation_key, study), study.id, code)


def begin_invited(desk: Desk, study: Study, admission: Admission, *, language: str, mode: str, raw: Raw) -> None:
    """Begin the response of an admission, and use up its invitation. Begun before, it is begun again where it can be.

    Raises:
        ProblemsFound: a required consent is missing, or somebody else has used the invitation; nothing was changed.
    """
    with desk.sessions.begin() as identity:
        unused = _held(identity, admission)
        begun = begin_again(desk, admission.code, study, language=language, mode=mode, raw=raw)
        if not (begun or unused):
            raise ProblemsFound([Problem(code=Code.INVITATION_WRONG)])
        if not begun:
            open_response(desk, study, language=language, mode=mode, raw=raw, code=admission.code)
        if unused and admission.kind == "invitation":
            invitations.use_invitation(identity, study.id, admission.proof)
    invitations.forget_order(desk.sessions)


def _held(identity: Session, admission: Admission) -> bool:
    """Tell whether the invitation or the permit is unused, and keep others from using it; a permit is used by this."""
    if admission.kind == "permit":
        return permits.spend_permit(identity, admission.study_id, admission.proof)
    return invitations.hold_invitation(identity, admission.study_id, admission.proof)
