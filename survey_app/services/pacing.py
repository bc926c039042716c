"""How long questions take, learnt from many people without knowing of anybody.

Each process collects times in its memory, question by question. Only a heap of twenty times of the same question is
added to the table, so that the table never changes by what one person did. What a process has not yet added when it
ends is forgotten.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from survey_app.core.questionnaire.model import Edition
from survey_app.core.response.pacing import LAST_BUCKET, Histogram, split_bucket
from survey_app.store import pacing
from survey_app.store.database import Sessions

HEAP = 20
MOST_HEAPS = 20_000  # questions of all versions; what is beyond is not counted
FRESH_SECONDS = 3600.0

Question = tuple[str, str, str]
"""Questionnaire, version, item."""


@dataclass(kw_only=True)
class Paces:
    """The times of one process. clock: seconds, for how long what was read from the table counts as fresh."""

    sessions: Sessions
    clock: Callable[[], float] = time.monotonic
    _heaps: dict[Question, Counter[int]] = field(default_factory=dict)
    _read: dict[tuple[str, str], tuple[float, Mapping[str, Histogram]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def note(self, edition: Edition, items: Iterable[str], bucket: int) -> None:
        """Count that a screen with these items was open for a time of that bucket; several share it.

        Items that the version does not have, and buckets that there are not, are left out: a browser may send
        anything. Nothing is raised when the table cannot be reached: an answer must not fail for a count.
        """
        known = [item for item in items if item in edition.questionnaire.items]
        if not known or not 0 <= bucket <= LAST_BUCKET:
            return
        version = (edition.questionnaire.id, edition.questionnaire.version)
        each = split_bucket(bucket, len(known))
        for question, heap in self._full(version, known, each):
            self._add(question, heap)

    def measured(self, edition: Edition) -> Mapping[str, Histogram]:
        """The times of a version by item and bucket, read again when an hour old."""
        version = (edition.questionnaire.id, edition.questionnaire.version)
        moment, found = self._read.get(version, (float("-inf"), {}))
        if self.clock() - moment >= FRESH_SECONDS:
            with self.sessions.begin() as db:
                found = pacing.read_times(db, *version)
            self._read[version] = (self.clock(), found)
        return found

    def _full(self, version: tuple[str, str], items: list[str], bucket: int) -> list[tuple[Question, Counter[int]]]:
        """Count, and take away the heaps that are large enough."""
        with self._lock:
            for item in items:
                if (*version, item) in self._heaps or len(self._heaps) < MOST_HEAPS:
                    self._heaps.setdefault((*version, item), Counter())[bucket] += 1
            full = [(*version, item) for item in items if self._heaps.get((*version, item), Counter()).total() >= HEAP]
            return [(question, self._heaps.pop(question)) for question in full]

    def _add(self, question: Question, heap: Counter[int]) -> None:
        with suppress(SQLAlchemyError), self.sessions.begin() as db:
            pacing.add_times(db, *question, heap)
