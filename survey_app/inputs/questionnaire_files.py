"""questionnaires/ on disk -> editions: a questionnaire with its languages, or every problem of the files.

`questionnaires/ID/VERSION/questionnaire.yaml` holds the source; `LL.po` beside it one language each.
`questionnaires/published.lock` holds the SHA-256 of every published source.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.check import check_translation
from survey_app.core.questionnaire.model import Edition, Questionnaire, Translation, TranslationState
from survey_app.core.questionnaire.parse import parse
from survey_app.inputs.yaml_text import read_text, read_yaml

SOURCE = "questionnaire.yaml"
LOCK = "published.lock"
STATE_HEADER = "X-Translation-State"


def find_versions(path: Path) -> list[Path]:
    """Return the folders of questionnaire versions at or below `path`, sorted.

    Raises:
        ProblemsFound: there is none.
    """
    if path.is_file():
        return [path.parent]
    found = sorted(source.parent for source in path.rglob(SOURCE)) if path.is_dir() else []
    if not found:
        code = Code.NOTHING_THERE if path.exists() else Code.FILE_MISSING
        raise ProblemsFound([Problem(code=code, where=str(path))])
    return found


def read_questionnaire(path: Path) -> Questionnaire:
    """Read one questionnaire source.

    Raises:
        ProblemsFound: everything that is wrong with it, each with file and line.
    """
    text = read_yaml(path)
    try:
        return parse(text.value)
    except ProblemsFound as found:
        placed = [
            Problem(code=one.code, where=_where(text.place(one.where), one.where, text.value), values=one.values)
            for one in found.problems
        ]
        raise ProblemsFound(placed) from None


def load_edition(folder: Path, *, languages: tuple[str, ...] | None = None, unfinished: bool = False) -> Edition:
    """Read a version with its languages (all that lie there, or those named).

    Args:
        folder: where the version lies.
        languages: only these; all that lie there if None.
        unfinished: leave out languages that only lack translations, as befits a version that is not published yet.

    Raises:
        ProblemsFound: all problems of the source; if it is right, all problems of all languages.
    """
    source = folder / SOURCE
    questionnaire = read_questionnaire(source)
    problems = [*_folder_names(folder, questionnaire)]
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    own = Translation(language=questionnaire.language, state="source", revision=sha256, texts=dict(questionnaire.texts))
    translations = {questionnaire.language: own}
    wanted = [folder / f"{language}.po" for language in languages or () if language != questionnaire.language]
    for path in wanted if languages else sorted(folder.glob("*.po")):
        try:
            translations[path.stem] = _read_translation(path, questionnaire)
        except ProblemsFound as found:
            if not unfinished or any(one.code is not Code.TRANSLATION_MISSING for one in found.problems):
                problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    return Edition(questionnaire=questionnaire, translations=translations, sha256=sha256)


def write_template(questionnaire: Questionnaire) -> str:
    """Return a PO template of all texts, for a new language."""
    catalog = Catalog(project=questionnaire.id, version=questionnaire.version, fuzzy=False)
    for key, text in questionnaire.texts.items():
        steps = key.split("/")
        note = questionnaire.items[steps[1]].translator_note if steps[0] == "item" else None
        catalog.add(text, context=key, auto_comments=[note] if note else [])
    stream = io.BytesIO()
    write_po(stream, catalog, width=0, omit_header=False)
    return stream.getvalue().decode()


def read_lock(folder: Path) -> dict[str, str]:
    """Return `ID/VERSION` -> SHA-256 of every published source below `folder`."""
    path = folder / LOCK
    if not path.exists():
        return {}
    pairs = (line.split() for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return {name: sha256 for sha256, name in pairs}


def write_lock(folder: Path, lock: Mapping[str, str]) -> None:
    """Write the lock file anew, sorted, in one step."""
    lines = ["# SHA-256 of every published questionnaire version. A published version never changes."]
    lines += [f"{sha256}  {name}" for name, sha256 in sorted(lock.items())]
    new = folder / f"{LOCK}.new"
    new.write_text("\n".join(lines) + "\n", "utf-8")
    new.replace(folder / LOCK)


def check_lock(folder: Path, edition: Edition) -> list[Problem]:
    """Return the problem of a published version whose source has changed, if it has."""
    name = f"{edition.questionnaire.id}/{edition.questionnaire.version}"
    locked = read_lock(folder).get(name)
    if locked is None or locked == edition.sha256:
        return []
    return [Problem(code=Code.PUBLISHED_CHANGED, where=str(folder / name / SOURCE))]


def _read_translation(path: Path, questionnaire: Questionnaire) -> Translation:
    text = read_text(path)
    try:
        catalog = read_po(io.BytesIO(text.encode()), abort_invalid=True)
    except (PoFileError, ValueError, TypeError, IndexError, AttributeError) as error:
        detail = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ProblemsFound(
            [Problem(code=Code.TRANSLATION_BROKEN, where=str(path), values={"detail": detail})]
        ) from None
    problems = [*_headers(path, text), *_entries(path, text, catalog, questionnaire)]
    if problems:
        raise ProblemsFound(problems)
    texts = {str(message.context): str(message.string) for message in catalog if message.id}
    revision = hashlib.sha256(text.encode()).hexdigest()
    ordered = {key: texts[key] for key in questionnaire.texts}
    return Translation(language=path.stem, state=_header(text, STATE_HEADER), revision=revision, texts=ordered)


def _header(text: str, name: str) -> str:
    """The value of a header line, "" if it is not there; Babel itself keeps no headers of others."""
    marker = f'"{name}:'
    lines = (line for line in text.splitlines()[:40] if line.startswith(marker))
    return next((line.removeprefix(marker).rstrip('"').removesuffix("\\n").strip() for line in lines), "")


def _headers(path: Path, text: str) -> Iterator[Problem]:
    state = _header(text, STATE_HEADER)
    if state not in TranslationState.ALL:
        values = {"known": ", ".join(TranslationState.ALL), "given": state or "nothing"}
        yield Problem(code=Code.TRANSLATION_STATE_WRONG, where=f"{path}:1", values=values)
    language = _header(text, "Language")
    if language != path.stem:
        values = {"given": path.stem, "value": language or "nothing"}
        yield Problem(code=Code.TRANSLATION_LANGUAGE_WRONG, where=f"{path}:1", values=values)


def _entries(path: Path, text: str, catalog: Catalog, questionnaire: Questionnaire) -> Iterator[Problem]:
    lines = _lines_of_contexts(text)
    entries = [(str(m.context), str(m.id), str(m.string)) for m in catalog if m.id]
    for message in catalog:
        if message.id and message.fuzzy:
            key = str(message.context)
            where = f"{path}:{lines.get(key, 1)}"
            yield Problem(code=Code.TRANSLATION_FUZZY, where=where, values={"given": key})
    for problem in check_translation(dict(questionnaire.texts), entries, path.stem):
        where = f"{path}:{lines.get(problem.where, 1)}"
        yield Problem(code=problem.code, where=where, values=problem.values)
    for key, count in Counter(_contexts(text)).items():  # Babel keeps only the last of two
        if count > 1:
            yield Problem(code=Code.TRANSLATION_TWICE, where=f"{path}:{lines.get(key, 1)}", values={"given": key})


def _contexts(text: str) -> list[str]:
    """Every context of the file, in order; a key holds no quotes and no escapes."""
    return [line[9:-1] for line in text.splitlines() if line.startswith('msgctxt "')]


def _lines_of_contexts(text: str) -> dict[str, int]:
    return {line[9:-1]: n for n, line in enumerate(text.splitlines(), 1) if line.startswith('msgctxt "')}


def _folder_names(folder: Path, questionnaire: Questionnaire) -> Iterator[Problem]:
    for says, lies in ((questionnaire.version, folder.name), (questionnaire.id, folder.parent.name)):
        if says != lies:
            yield Problem(code=Code.FOLDER_NAME_WRONG, where=str(folder), values={"given": says, "value": lies})


def _where(place: str, path: str, value: object) -> str:
    """Add the id of the nearest item, module or scale, which a person knows better than a line."""
    name, here = "", value
    for step in path.split(".") if path else ():
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, tuple) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        if isinstance(here, dict) and isinstance(here.get("id"), str):
            name = str(here["id"])
    return f"{place} ({name})" if name else place
