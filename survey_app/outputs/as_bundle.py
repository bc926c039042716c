"""A file for researchers: protected rows, codebooks, what was left out, the risk, and what may be done with it.

A ZIP of plain files. The same rows make the same bytes: files stand in fixed order and carry no time.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from survey_app.core.protection.rows import CONTRACT_BELOW, Edition, ProtectedRows, RowColumn, RowValue
from survey_app.core.questionnaire import model
from survey_app.outputs.bundle_words import ENGLISH, territory_in, words_in

NO_TIME = (1980, 1, 1, 0, 0, 0)
HEADER = (
    "variable", "item", "option", "text", "recall_prospective", "recall_retrospective", "kind", "scales", "direction",
    "privacy", "coarsened", "translation", "code", "value", "label",
)  # fmt: skip
REASONS = {
    "technical": "an agreement, a note, or an answer about the survey itself",
    "text": "own words and dates are never given out",
    "lists": "a choice among lists or an order; such answers are not given out yet",
    "identifying": "helps to find a person and is never given out",
    "handful": "helps to find a person; only the most useful such facts are given out",
    "coarsened": "helps to find a person; coarsened until nothing was left of it",
    "tells": "it, or who was asked it, would tell a fact that is coarsened or left out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFacts:
    """What the file says about where it comes from.

    languages: languages of the study. cube_sha256: hash of the release.
    """

    bundle: str
    release: str
    cube_sha256: str
    title: str
    organisation: str
    quarter: str
    languages: tuple[str, ...]
    synthetic: bool
    draft: bool
    edition: Edition
    recipient: str
    purpose: str


def write_bundle(
    rows: ProtectedRows, parts: Mapping[str, ProtectedRows], facts: BundleFacts, edition: model.Edition
) -> bytes:
    """Return the ZIP.

    Args:
        rows: all protected rows.
        parts: part of the questionnaire -> its rows; used by the registered edition only.
        facts: where they come from.
        edition: the questionnaire with its translations.
    """
    files: dict[str, str] = {"README.txt": _read_me(rows, facts)}
    if facts.edition == "controlled":
        files["responses.csv"] = _responses(rows)
        described = rows.columns
    else:
        files |= {f"responses_{part}.csv": _responses(some) for part, some in parts.items()}
        described = tuple(one for one in rows.columns if one.kind != "id")
    for language in dict.fromkeys((ENGLISH, *facts.languages)):
        files[f"codebook_{language}.csv"] = _codebook(described, edition, language)
    files["not_in_this_file.csv"] = _not_in_this_file(rows, edition)
    files["risk.json"] = rows.risk.to_json()
    files["SHA256SUMS"] = "".join(f"{_hash(text)}  {name}\n" for name, text in files.items())
    return _zip(files)


def _zip(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text)
    return buffer.getvalue()


def _responses(rows: ProtectedRows) -> str:
    return str(rows.frame.to_csv(index=False, lineterminator="\n"))


def _codebook(columns: Iterable[RowColumn], edition: model.Edition, language: str) -> str:
    return _csv(HEADER, (line for column in columns for line in _lines(column, edition, language)))


def _lines(column: RowColumn, edition: model.Edition, language: str) -> Iterator[tuple[str, ...]]:
    about = (
        column.name,
        column.item,
        column.option,
        _text(column, edition, language),
        _recall(column, edition, "prospective", language),
        _recall(column, edition, "retrospective", language),
        column.kind,
        " ".join(column.scales),
        column.direction,
        column.privacy,
        f"step {column.step} of {column.steps}" if column.steps else "no",
        edition.translations[language].state,
    )
    for value in column.values or (RowValue(value="", code="", text=""),):
        yield (*about, value.code, value.value, _say(value.text, edition, language))


def _text(column: RowColumn, edition: model.Edition, language: str) -> str:
    if column.kind == "score":
        return f"{edition.say(f'scale/{column.item}/name', language)} ({words_in(language)['variable/score']})"
    if not column.item:
        return words_in(language)[f"variable/{column.name}"]
    item = edition.questionnaire.items[column.item]
    parts = [edition.say(f"item/{item.id}/{part}", language) for part in ("stem", "text") if getattr(item, part)]
    if column.option:
        option = next(one for one in edition.questionnaire.options_of(item) if one.code == column.option)
        parts.append(edition.say(edition.questionnaire.option_key(item, option), language))
    return " / ".join(parts)


def _recall(column: RowColumn, edition: model.Edition, mode: str, language: str) -> str:
    item = edition.questionnaire.items.get(column.item)
    if item is None:
        return ""
    key = model.heading_key(edition.questionnaire, item, stage=None, mode=mode)
    if key:
        return edition.say(key, language)
    return words_in(language)["recall/stage"] if _follows_stage(edition, item.recall, mode) else ""


def _follows_stage(edition: model.Edition, recall: str, mode: str) -> bool:
    frame = edition.questionnaire.recall[recall]
    return (frame.prospective if mode == "prospective" else frame.retrospective) == "stage"


def _say(key: str, edition: model.Edition, language: str) -> str:
    kind, _, rest = key.partition("/")
    match kind:
        case "":
            return ""
        case "word":
            return words_in(language)[rest]
        case "country" | "region":
            return territory_in(rest, language)
        case _:
            return edition.say(key, language)


def _not_in_this_file(rows: ProtectedRows, edition: model.Edition) -> str:
    items = edition.questionnaire.items
    lines = ((name, items[name].text, reason, REASONS[reason]) for name, reason in rows.left_out.items())
    return _csv(("item", "text", "reason", "meaning"), lines)


def _csv(header: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read_me(rows: ProtectedRows, facts: BundleFacts) -> str:
    marks = [
        "SYNTHETIC: the people are invented. Nothing here is evidence of anything." if facts.synthetic else "",
        "DRAFT: the questions have not been tested with patients yet." if facts.draft else "",
    ]
    sections = [
        "\n".join(mark for mark in marks if mark),
        f"{facts.title}\nRows for researchers, {facts.edition} edition",
        _from_where(facts),
        _how_made(rows),
        _limits(rows),
        _clause(facts),
        _files(facts),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _from_where(facts: BundleFacts) -> str:
    return (
        f"Survey by: {facts.organisation}\nRelease: {facts.release}, {facts.quarter}, SHA-256 {facts.cube_sha256}\n"
        f"This file: {facts.bundle}\n"
        f"Given to: {facts.recipient or 'registered users'}\nPurpose: {facts.purpose or 'not tied to one purpose'}"
    )


def _how_made(rows: ProtectedRows) -> str:
    policy = rows.policy
    return f"""HOW IT WAS MADE
One row per person in the release who agreed that researchers may use the answers.
What others may know of a person is coarsened for everyone alike until at least {policy.smallest} people look the
same in all of it, and these have at least {policy.diversity} different values of the first scale. At most
{policy.left_out:.0%} of the people are left out for this, here about {rows.risk.left_out:.0%}. Who answers and the
recall mode are never coarsened. The coarsening is that of the first file of the study.
Rows stand in random order. Their ids were made for this file and are kept nowhere. There are no dates, no own words,
no language, no device, and no agreements. What is not in the file, and why: not_in_this_file.csv.
Answers are numbers; a negative number says why there is none: -44 left empty, -55 stopped before, -66 not asked
because of an earlier answer, -77 preferred not to answer, -88 did not apply, -99 did not know.
Scores (score_...) are the nearest of 0, 25, 50, 75 and 100; -44 says that too few items were answered."""


def _limits(rows: ProtectedRows) -> str:
    known = rows.risk.response_knowledge
    return f"""HOW TO READ IT
People chose to take part; results may differ from those of all patients.
Do not pool the recall modes, nor patients with those who answer for or support them.
Rows that are left out make totals differ from the published tables; the tables are right.
Many answers together are as good as a name: of the people here, {known[2]:.0%} are alone in their groups with 2 known
answers, {known[3]:.0%} with 3, {known[4]:.0%} with 4 (risk.json). That is why the clause below exists."""


def _clause(facts: BundleFacts) -> str:
    use = f"only for the purpose above, by {facts.recipient}" if facts.recipient else "only by the registered user"
    return f"""WHAT YOU MAY NOT DO
No linkage: do not try to find out who anybody in this file is. Do not join it with any other data about people, nor
with another file of this study, row by row. If you recognise somebody, tell nobody and tell {facts.organisation}.
Use it {use}. Do not pass it on, and delete it when the work is done.
Publish no table with fewer than 10 people in a cell, nor a row.
A file of rows of fewer than {CONTRACT_BELOW} people is given out under contract only.

LICENCE
Rows: under the agreement above only; no open licence. Wording of the questions: CC-BY-4.0."""


def _files(facts: BundleFacts) -> str:
    rows = "responses.csv" if facts.edition == "controlled" else "responses_PART.csv, each in an order of its own"
    return f"""FILES
{rows}: the answers
codebook_LL.csv: every column and every value, in English and the languages of the study; `translation` says how far
the wording of a language has been reviewed
not_in_this_file.csv: what was asked and is not here
risk.json: what an attacker could do with the file
SHA256SUMS: hashes of these files"""
