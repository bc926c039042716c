"""A best-worst choice taken over from the wave before stands among the lists it was made from."""

from survey_app.services import responding
from tests.services.desk_builders import begin, open_small, values


def test_a_later_wave_keeps_the_lists_of_the_first(sqlite_sessions, tmp_path):
    desk = open_small(sqlite_sessions, tmp_path / "q")
    code = begin(desk)
    first = responding.load(desk, code)
    shown = first.edition.questionnaire.designs["PETS"].shown(first.draw, 1)
    best, worst = shown.objects
    responding.save_screen(desk, code, "B14", {"B14.best": [best], "B14.worst": [worst]}, language="en")
    responding.submit(desk, code, whole=True)

    second = responding.begin_wave(desk, code, language="en", mode="prospective", raw={"A04": ["S02"]})

    assert (second.wave, second.draw) == (2, first.draw)
    raw = {"B14.best": [worst], "B14.worst": [best]}
    responding.save_screen(desk, code, "B14", raw, language="en")
    assert values(desk, code, "B14", wave=2) == [(shown.id, worst, best)]
