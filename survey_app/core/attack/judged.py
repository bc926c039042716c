"""What was found about each question of a release that is being made, attempt by attempt."""

from collections.abc import Sequence

import numpy as np

from survey_app.core.attack.chains import nearest
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.insider import ROOM, Depth, Progress, Question, attack, in_silence
from survey_app.core.attack.puzzle import Puzzle


class Judged:
    """The questions as judged last; those that lost are attacked again when the release was changed."""

    def __init__(self) -> None:
        """Nothing is judged yet."""
        self._found: dict[str, list[Question]] = {}
        self._lost: frozenset[str] | None = None
        self._near = np.zeros((0, 0), dtype=np.int32)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them, by attacker, as the audit of the same release finds them."""
        every = [question for questions in self._found.values() for question in questions]
        return tuple(sorted(every, key=lambda question: question.allies))

    def judge(
        self, puzzles: Sequence[Puzzle], *, now: int, dice: Dice, progress: Progress = in_silence
    ) -> frozenset[str]:
        """Attack what is new, and return the names of the questions that lost.

        A question has lost that did not withstand, or of which something is told anew that leaves no room.

        Args:
            puzzles: all questions of the release and those before it.
            now: number of the release.
            dice: those of the audit.
            progress: told how far it is.
        """
        near = nearest(puzzles) if puzzles else self._near
        # the steps of the chains hang on who is near whom: where that changed, everything is judged anew
        only = self._lost if np.array_equal(near, self._near) else None
        found = attack(puzzles, dice=dice, depth=Depth.ALLIES, only=only, room=ROOM, progress=progress)
        again = {puzzle.name for puzzle in puzzles if only is None or puzzle.name in only}
        kept = {puzzle.name: self._found.get(puzzle.name, []) for puzzle in puzzles}
        self._found = {name: [] if name in again else questions for name, questions in kept.items()}
        for question in found:
            self._found[question.name].append(question)
        self._near = near
        anew = {puzzle.name for puzzle in puzzles if any(release == now for _, release in puzzle.keys)}
        self._lost = frozenset(
            question.name
            for question in self.questions
            if not question.withstood or (question.name in anew and not question.leaves_room)
        )
        return self._lost
