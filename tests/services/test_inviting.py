"""One invitation, one response: whoever is invited gets in, nobody gets in twice, and nothing kept links the two."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from scipy.stats import spearmanr
from sqlalchemy import func, select, text

from survey_app.core.problems import Code, ProblemsFound
from survey_app.services import inviting, responding
from survey_app.store import invitations
from survey_app.store.database import Base, IdentityBase, Sessions, databases_of
from survey_app.store.invitations import InvitationRow
from survey_app.store.responses import ResponseRow
from tests.services.invitation_builders import (
    KEY,
    admitted,
    begin,
    hash_of,
    invite,
    open_invited,
    opens,
    response_ids,
)


def problem_of(deed: Callable[[], object]) -> Code:
    with pytest.raises(ProblemsFound) as found:
        deed()
    return found.value.problems[0].code


def used(sessions: Sessions) -> set[str]:
    with sessions.begin() as identity:
        return set(identity.scalars(select(InvitationRow.invitation_hmac).where(InvitationRow.used)))


def responses_stored(sessions: Sessions) -> int:
    with sessions.begin() as db:
        return db.scalar(select(func.count()).select_from(ResponseRow)) or 0


def test_an_invitation_begins_one_response_and_then_opens_nothing(sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sessions, tmp_path)
    first, second = invite(sessions, study, 2)
    code = begin(desk, study, admitted(desk, study, first))
    assert opens(desk, code)
    assert inviting.admit(desk, study, first) is None
    assert inviting.admit(desk, study, second) is not None
    assert used(sessions) == {hash_of(study, first)}


def test_who_is_admitted_and_goes_away_can_use_the_code_again(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sqlite_sessions, tmp_path)
    (code,) = invite(sqlite_sessions, study, 1)
    admitted(desk, study, code)
    assert used(sqlite_sessions) == set()
    begin(desk, study, admitted(desk, study, code))


def test_agreement_sent_twice_begins_one_response(sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sessions, tmp_path)
    admission = admitted(desk, study, invite(sessions, study, 1)[0])
    assert begin(desk, study, admission) == begin(desk, study, admission, mode="retrospective", language="de")
    assert responses_stored(sessions) == 1
    held = responding.load(desk, admission.code)
    assert held is not None
    assert (held.plan.mode, held.language) == ("retrospective", "de")


def test_agreement_sent_again_later_changes_no_answer(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sqlite_sessions, tmp_path)
    admission = admitted(desk, study, invite(sqlite_sessions, study, 1)[0])
    begin(desk, study, admission)
    responding.save_screen(desk, admission.code, "A03", {"A03": ["patient"]}, language="en")
    before = response_ids(desk, admission.code)
    begin(desk, study, admission, mode="retrospective")
    held = responding.load(desk, admission.code)
    assert held is not None
    assert response_ids(desk, admission.code) == before
    assert "A03" in held.answers


def test_two_devices_with_one_invitation_begin_one_response(sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sessions, tmp_path)
    (code,) = invite(sessions, study, 1)
    admissions = [admitted(desk, study, code) for _ in range(4)]

    def one(admission: inviting.Admission) -> str:
        try:
            return begin(desk, study, admission)
        except ProblemsFound as found:
            return found.problems[0].code.name

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(one, admissions))
    assert results.count(Code.INVITATION_WRONG.name) == 3
    assert responses_stored(sessions) == 1


def test_a_missing_agreement_uses_nothing_up(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sqlite_sessions, tmp_path)
    admission = admitted(desk, study, invite(sqlite_sessions, study, 1)[0])
    assert problem_of(lambda: begin(desk, study, admission, raw={})) is Code.CONSENT_NEEDED
    assert used(sqlite_sessions) == set()
    assert responses_stored(sqlite_sessions) == 0


def test_who_is_cut_off_between_response_and_mark_comes_back_to_the_response(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, study = open_invited(sessions, tmp_path)
    (code,) = invite(sessions, study, 1)
    admission = admitted(desk, study, code)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(invitations, "use_invitation", crash)
        with pytest.raises(KeyboardInterrupt):
            begin(desk, study, admission)
    assert opens(desk, admission.code)
    assert used(sessions) == set()
    begin(desk, study, admission)
    assert used(sessions) == {hash_of(study, code)}
    assert responses_stored(sessions) == 1


def test_an_invitation_opens_no_other_study(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sqlite_sessions, tmp_path)
    (code,) = invite(sqlite_sessions, study, 1)
    assert inviting.admit(desk, study.model_copy(update={"id": "another"}), code) is None


def test_nothing_opens_when_codes_cannot_be_handed_over(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sqlite_sessions, tmp_path)
    codes = inviting.new_invitations(3, draw=Random(1).randrange)

    def full() -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011  # that very one
        inviting.store_invitations(sqlite_sessions, study, codes, key=KEY, hand_over=full)
    assert inviting.count_made(sqlite_sessions, study.id) == 0
    assert inviting.admit(desk, study, codes[0]) is None


def test_a_study_with_invitations_is_not_served_without_their_key(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    open_invited(sqlite_sessions, tmp_path)
    inviting.require_key(sqlite_sessions, KEY)
    assert problem_of(lambda: inviting.require_key(sqlite_sessions, None)) is Code.INVITATION_KEY_MISSING


@pytest.mark.parametrize("crowd", [4, 10_000])
def test_nothing_stored_links_invitations_to_responses_or_tells_who_came_first(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crowd: int
) -> None:
    monkeypatch.setattr(invitations, "SMALLEST_CROWD", crowd)
    desk, study = open_invited(sessions, tmp_path)
    codes = list(invite(sessions, study, 150))
    Random(2).shuffle(codes)
    redeemed = codes[:100]
    for code in redeemed:
        begin(desk, study, admitted(desk, study, code))

    identity, main = rows_of(sessions, IdentityBase), rows_of(sessions, Base)
    assert {name for name, rows in identity.items() if rows} == {"invitation"}
    shared = values_in(*identity.values()) & values_in(main["response"])
    assert shared <= {study.id, "True", "False", "0", "1", "None"}

    stored = [row["invitation_hmac"] for row in identity["invitation"] if row["used"]]
    places = [stored.index(hash_of(study, code)) for code in redeemed]
    assert sorted(places) == list(range(100))
    # Where rows keep the order of their use, this is near 1; a hundred in an order of chance stay below with six sigma.
    assert abs(spearmanr(range(100), places).statistic) < 0.6


def test_the_journal_of_sqlite_keeps_no_earlier_page(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sqlite_sessions, tmp_path)
    begin(desk, study, admitted(desk, study, invite(sqlite_sessions, study, 3)[1]))
    path = Path(f"{databases_of(sqlite_sessions).identity.url.database}-wal")
    assert not path.exists() or not path.stat().st_size


def test_on_postgresql_all_rows_of_a_crowd_have_one_transaction_number(sessions: Sessions, tmp_path: Path) -> None:
    if databases_of(sessions).identity.dialect.name != "postgresql":
        pytest.skip("SQLite numbers no transactions")
    desk, study = open_invited(sessions, tmp_path)
    codes = invite(sessions, study, 20)
    for code in codes[:5]:
        begin(desk, study, admitted(desk, study, code))
    with databases_of(sessions).identity.connect() as connection:
        numbers = connection.execute(text("SELECT DISTINCT xmin::text FROM invitation")).all()
    assert len(numbers) == 1


def rows_of(sessions: Sessions, base: type[IdentityBase] | type[Base]) -> dict[str, list[dict[str, object]]]:
    """All rows of the tables of a database, as they lie there."""
    databases = databases_of(sessions)
    engine = databases.identity if base is IdentityBase else databases.main
    with engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in base.metadata.tables.items()
        }


def values_in(*tables: list[dict[str, object]]) -> set[str]:
    return {str(value) for rows in tables for row in rows for value in row.values()}
