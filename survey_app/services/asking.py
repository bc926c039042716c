"""What an organisation asks for in the report of a release: written down, and read back for the report."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.approval import Deed
from survey_app.core.problems import Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.report.asks import AskFile, AskWords, parse_asks
from survey_app.core.written import value_of
from survey_app.inputs.yaml_text import read_yaml
from survey_app.services import recording
from survey_app.services.published import load_cube
from survey_app.store.asks import AsksRow, find_asks, save_asks


def write_asks(db: Session, release_id: str, path: Path, *, who: str, today: date) -> AskFile:
    """Keep the asks of a file for the report of a release, in place of earlier ones.

    Raises:
        ProblemsFound: there is no such approved release; or all that is wrong with the file, by line.
    """
    cube = load_cube(db, release_id)
    text = read_yaml(path)
    try:
        asks = parse_asks(text.value, cube)
    except ProblemsFound as found:
        placed = [Problem(code=one.code, where=text.place(one.where), values=one.values) for one in found.problems]
        raise ProblemsFound(placed) from None
    save_asks(db, AsksRow(release_id=release_id, document=asks.model_dump(mode="json")))
    recording.record(db, Deed.ASKS, release_id, who=who, today=today)
    return asks


def load_asks(db: Session, cube: ProtectedCube) -> tuple[AskWords, ...]:
    """Return the asks of a release; none where nobody wrote any."""
    row = find_asks(db, cube.release)
    return value_of(AskFile, row.document, strict=False).asks if row else ()
