"""Read a response back: what its respondent may know of it. The parts that several deeds share."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache

from sqlalchemy.orm import Session

from survey_app.core.participation.permits import SigningKey
from survey_app.core.participation.waves import stages_offered
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.items import StageItem
from survey_app.core.questionnaire.model import Edition, Questionnaire
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers
from survey_app.core.response.record import Record, Wording
from survey_app.core.response.routing import Plan, no_longer_asked, plan_of
from survey_app.core.response.validation import Entries
from survey_app.services.catalogue import study_from
from survey_app.services.text_keys import TextKeys
from survey_app.store import studies, wordings
from survey_app.store.database import Sessions
from survey_app.store.responses import StoredResponse

Earlier = tuple[tuple[str, str | None], ...]
"""Recall mode and stage of each occasion before, by wave."""

MOST_KEPT = 500
"""Plans and old wordings that a process keeps in memory."""


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the deeds of respondents work with; one per process.

    editions: every published version, by id and version.
    code_key, person_key: 32 bytes each; two different keys.
    invitation_key: another one, of the invitations; None where no study asks for them.
    draw: gives a random whole number from 0 to below its argument.
    today: the day; only its month is ever stored, and only with drafts.
    text_keys: finds what the person wrote, where it is at the desk of texts; None where there is no such desk.
    definitions, plans, texts, blocks, blind_keys: what was read or drawn before, so that it need not be done again.
    """

    sessions: Sessions
    editions: Mapping[tuple[str, str], Edition]
    code_key: bytes
    person_key: bytes
    invitation_key: bytes | None = None
    draw: Callable[[int], int] = secrets.randbelow
    today: Callable[[], date] = _today
    text_keys: TextKeys | None = None
    definitions: dict[tuple[str, int], Study] = field(default_factory=dict)
    plans: dict[object, Plan] = field(default_factory=dict)
    texts: dict[str, Mapping[str, str]] = field(default_factory=dict)
    blocks: dict[tuple[str, str, int], list[int]] = field(default_factory=dict)
    blind_keys: dict[str, SigningKey] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One wave of a person: when they answered, in the terms of the journey, and how far they came."""

    wave: int
    mode: str
    stage: str | None
    status: str


@dataclass(frozen=True, kw_only=True)
class Participation:
    """A response as its respondent sees it. `code` is known only here and in the browser, never in the store.

    study: the definition on which the response began; it is finished on that one.
    record: the texts as this person read them.
    occasions: all waves of the person, this one among them.
    newest: the study as it is now, and its edition; a further wave begins on these.
    """

    code: str
    stored: StoredResponse
    study: Study
    edition: Edition
    plan: Plan
    language: str
    status: str
    study_open: bool
    answers: Answers
    record: Record
    occasions: tuple[Occasion, ...]
    newest: Study
    newest_edition: Edition | None

    @property
    def is_draft(self) -> bool:
        """Tell whether it has not been sent yet."""
        return self.status == "draft"

    @property
    def can_correct(self) -> bool:
        """Tell whether answers can still be changed: until the batch is closed into a release."""
        return self.stored.batch_id is None

    @property
    def wave(self) -> int:
        """1 for the first occasion, then one more."""
        return self.plan.wave

    @property
    def draw(self) -> int:
        """The random number that decides the lists of best-worst choices."""
        return self.stored.draw

    @property
    def waves_left(self) -> int:
        """How many further occasions the study allows."""
        return max(0, self.newest.waves - max(one.wave for one in self.occasions))

    @cached_property
    def next_modes(self) -> tuple[str, ...]:
        """Recall modes in which a further wave can begin now; empty when none can."""
        latest = self.occasions[-1]
        if latest.status == "draft" or not (self.study_open and self.waves_left and self.newest_edition):
            return ()
        questionnaire = self.newest_edition.questionnaire
        earlier = tuple((one.mode, one.stage) for one in self.occasions)
        modes = self.newest.recall_modes
        return tuple(mode for mode in modes if stages_offered(questionnaire, self.newest, mode, earlier))

    @property
    def next_wave(self) -> bool:
        """Tell whether a further wave can begin now."""
        return bool(self.next_modes)


def participation_of(
    db: Session, desk: Desk, rows: Sequence[StoredResponse], *, wave: int | None = None, code: str = ""
) -> Participation | None:
    """The response of `wave` (the latest for None) among all of one person; None if there is none.

    No statement when the definitions are known to this process; else one.

    Raises:
        ProblemsFound: the questionnaire version it was begun on is gone.
    """
    found = [row for row in rows if wave is None or row.wave == wave]
    if not found:
        return None
    stored, latest = found[-1], rows[-1]
    known = _definitions(db, desk, {(row.study_id, row.definition) for row in rows} | {_newest(latest)})
    study, newest = known[stored.study_id, stored.definition], known[_newest(latest)]
    edition = edition_of(desk, stored.questionnaire, stored.questionnaire_version)
    occasions = tuple(_occasion(desk, row) for row in rows)
    earlier = tuple((one.mode, one.stage) for one in occasions if one.wave < stored.wave)
    return Participation(
        code=code,
        stored=stored,
        study=study,
        edition=edition,
        plan=plan_for_wave(desk, study, edition, stored.recall_mode, earlier, wave=stored.wave),
        language=stored.language,
        status=stored.status,
        study_open=stored.study_state == "open",
        answers=Answers.from_document(stored.answers),
        record=Record(edition=edition, wording=Wording.from_document(stored.wording), kept=desk.texts),
        occasions=occasions,
        newest=newest,
        newest_edition=desk.editions.get((newest.questionnaire, newest.version)),
    )


def remember_wordings(db: Session, desk: Desk, rows: Iterable[StoredResponse]) -> None:
    """Have the texts of revisions that these people read and that are not those of now. One statement at most."""
    now = {one.revision for edition in desk.editions.values() for one in edition.translations.values()}
    read = {revision for row in rows for _, revision in row.wording["texts"]}
    missing = read - now - desk.texts.keys()
    if missing:
        _make_room(desk.texts)
        desk.texts.update(wordings.read_wordings(db, missing))


def edition_of(desk: Desk, questionnaire: str, version: str) -> Edition:
    """The edition of that version.

    Raises:
        ProblemsFound: it is no longer among the questionnaires.
    """
    found = desk.editions.get((questionnaire, version))
    if found is None:
        name = f"{questionnaire}/{version}"
        raise ProblemsFound([Problem(code=Code.VERSION_GONE, where=name, values={"given": name})])
    return found


def plan_for_wave(desk: Desk, study: Study, edition: Edition, mode: str, earlier: Earlier, *, wave: int) -> Plan:
    """What a response of `study` is asked from, given the occasions before it."""
    key = (edition.questionnaire.version, id(study), mode, wave, earlier)
    plan = desk.plans.get(key)
    if plan is None:
        stages = tuple(stages_offered(edition.questionnaire, study, mode, earlier))
        plan = plan_of(edition.questionnaire, study.modules, mode, wave, study.blocks, stages)
        _make_room(desk.plans)
        desk.plans[key] = plan
    return plan


def definition_of(db: Session, desk: Desk, study_id: str, number: int) -> Study:
    """A definition of a study by its number. No statement when it is known to this process."""
    return _definitions(db, desk, {(study_id, number)})[study_id, number]


def worked_in(
    at: Participation, answers: Answers, wording: Wording, entries: Entries, language: str
) -> tuple[Answers, Wording]:
    """Answers and wording with `entries` added that were read in `language`, and without what logic now hides."""
    merged = answers.with_entries(entries)
    hidden = no_longer_asked(at.plan, merged, entries)
    revision = at.edition.translations[language].revision
    return merged.without(hidden), wording.with_seen(entries, language, revision).without(hidden)


@lru_cache(maxsize=64)
def _stage_item(questionnaire: Questionnaire) -> str | None:
    return next((item.id for item in questionnaire.items.values() if isinstance(item, StageItem)), None)


def stage_in(questionnaire: Questionnaire, answers: Mapping[str, object]) -> str | None:
    """The stage that stored answers are about, None if nobody said."""
    stage = answers.get(_stage_item(questionnaire) or "")
    return stage if isinstance(stage, str) else None


def _newest(row: StoredResponse) -> tuple[str, int]:
    return row.study_id, row.newest_definition


def _definitions(db: Session, desk: Desk, wanted: set[tuple[str, int]]) -> Mapping[tuple[str, int], Study]:
    missing = wanted - desk.definitions.keys()
    if missing:
        for key, definition in studies.read_definitions(db, missing).items():
            desk.definitions[key] = study_from(definition)
    return desk.definitions


def _occasion(desk: Desk, row: StoredResponse) -> Occasion:
    edition = desk.editions.get((row.questionnaire, row.questionnaire_version))
    stage = stage_in(edition.questionnaire, row.answers) if edition else None
    return Occasion(wave=row.wave, mode=row.recall_mode, stage=stage, status=row.status)


def _make_room(kept: dict) -> None:  # type: ignore[type-arg]  # any of the memories of the desk
    if len(kept) > MOST_KEPT:
        kept.clear()
