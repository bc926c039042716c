"""Seal the voices of a release: what the desk has made ready, as far as the rules allow. Once, and for good."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.orm import Session

from survey_app.core.approval import Deed
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.voices import FEWEST_IN_THEME, FEWEST_PERSONS, Checked, Gathered, Voices, gather_voices
from survey_app.services.desking import DeskText, Worker, languages_of, note_deed, text_of, use_up
from survey_app.services.published import load_cube
from survey_app.services.recording import record
from survey_app.services.sealed_voices import printed_before
from survey_app.store import free_texts, releases
from survey_app.store.free_texts import CONFIRMED, USED, VoicesRow


def seal_voices(db: Session, release_id: str, *, worker: Worker, languages: Sequence[str] = ()) -> Voices:
    """Seal quotes and themes of a release and return them. Refused, it leaves nothing changed.

    Args:
        db: the transaction.
        release_id: the release.
        worker: who seals, with the keys of texts.
        languages: of the reports that shall have quotes beside the language of the desk; empty for all of the study.

    Raises:
        ProblemsFound: no such release, or a damaged one; its voices, or those of a later release, are sealed already;
            it has too few people; a language is not one of the study; there is nothing to show.
    """
    cube = load_cube(db, release_id)
    free_texts.lock_release(db, release_id)
    earlier, previous = printed_before(db, cube.study)
    chosen = _languages(db, cube, worker, languages)
    _require_turn(db, cube)
    texts = _texts(db, cube, worker)
    labels = {theme.code: theme.labels for theme in free_texts.themes_of(db, cube.study)}
    gathered = gather_voices(cube, [_checked(one) for one in texts], labels, earlier, languages=chosen)
    if not gathered.voices.quotes and not gathered.voices.themes:
        raise _refused(Code.VOICES_EMPTY, needed=FEWEST_IN_THEME)
    _store(db, gathered, previous, worker)
    for one in texts:
        if one.state == CONFIRMED and one.id in gathered.used:
            use_up(db, one, worker)
    note_deed(db, cube.study, release_id, "sealed", worker)
    record(db, Deed.VOICES, release_id, who=worker.name, today=worker.today, sha256=gathered.voices.sha256)
    return gathered.voices


def _languages(db: Session, cube: ProtectedCube, worker: Worker, wanted: Sequence[str]) -> list[str]:
    """The language of the desk, then the others, each once."""
    offered = languages_of(db, cube.study, worker)
    known = [one for one in offered if one == worker.desk_language or one in cube.languages]
    problems = [
        Problem(code=Code.TEXT_LANGUAGE_UNKNOWN, values={"given": one, "known": ", ".join(known)})
        for one in wanted
        if one not in known
    ]
    if problems:
        raise ProblemsFound(problems)
    return [one for one in known if one == worker.desk_language or not wanted or one in wanted]


def _require_turn(db: Session, cube: ProtectedCube) -> None:
    """Refuse what is sealed already, out of order, or about too few people."""
    sealed = [row.release_id for row in free_texts.voices_of(db, cube.study)]
    if cube.release in sealed:
        raise _refused(Code.VOICES_SEALED, given=cube.release)
    later = set(sealed) - set(_until(db, cube))
    if later:
        raise _refused(Code.VOICES_OUT_OF_ORDER, given=max(later))
    if cube.persons < FEWEST_PERSONS:
        raise _refused(Code.VOICES_TOO_FEW, given=cube.release, needed=FEWEST_PERSONS)


def _until(db: Session, cube: ProtectedCube) -> list[str]:
    """The releases of a study up to this one."""
    ids = [row.id for row in releases.releases_of(db, cube.study)]
    return ids[: ids.index(cube.release) + 1]


def _texts(db: Session, cube: ProtectedCube, worker: Worker) -> list[DeskText]:
    """The texts that two people have worked on, of the batches up to this release, oldest batch first."""
    order = {release: place for place, release in enumerate(_until(db, cube))}
    rows = [row for row in free_texts.texts_of(db, cube.study, (CONFIRMED, USED)) if row.release_id in order]
    return [text_of(row, worker.keys) for row in sorted(rows, key=lambda row: (order[row.release_id], row.id))]


def _checked(text: DeskText) -> Checked:
    return Checked(
        id=text.id,
        person=text.person,
        population=text.population,
        release=text.release,
        use="quote" if text.work.use == "quote" else "theme",
        texts=text.work.texts,
        themes=text.work.themes,
    )


def _store(db: Session, gathered: Gathered, previous: VoicesRow | None, worker: Worker) -> None:
    voices = gathered.voices
    row = VoicesRow(
        release_id=voices.release,
        sha256=voices.sha256,
        document=voices.to_json(),
        counts={code: asdict(printed) for code, printed in gathered.printed.items()},
        sealed_by=worker.staff_id,
    )
    free_texts.add_voices(db, row.chained_to(previous))


def _refused(code: Code, **values: str | int) -> ProblemsFound:
    return ProblemsFound([Problem(code=code, values=values)])
