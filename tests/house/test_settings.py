"""Facts about the settings: told at once, never printed, documented."""

import json
import stat
from pathlib import Path

import pytest

from survey_app.core.problems import Code, ProblemsFound
from survey_app.settings import Settings, read_settings, settings_page

PROJECT = Path(__file__).parents[2]
KEYS = {
    "SURVEY_SECRET_KEY": "s" * 40,
    "SURVEY_PSEUDONYM_KEY": "p" * 40,
    "SURVEY_RECORD_KEY": "r" * 40,
    "SURVEY_KEY_ENCRYPTION_KEY": "k" * 40,
    "SURVEY_TEXT_KEY": "t" * 40,
    "SURVEY_INVITATION_KEY": "i" * 40,
}


def refusal(environ: dict[str, str]) -> ProblemsFound:
    with pytest.raises(ProblemsFound) as found:
        read_settings(environ)
    return found.value


def test_the_page_of_settings_is_the_table_of_settings():
    assert (PROJECT / "docs/settings.md").read_text(encoding="utf-8") == settings_page()


def test_every_setting_says_what_it_does():
    assert all(field.description for field in Settings.model_fields.values())


def test_the_database_is_sqlite_in_the_data_folder_unless_told_otherwise(tmp_path):
    settings = read_settings(KEYS | {"SURVEY_DATA": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path}/survey.db"


def test_keyring_and_identity_are_files_beside_it_unless_told_otherwise(tmp_path):
    settings = read_settings(KEYS | {"SURVEY_DATA": str(tmp_path)})

    assert settings.keyring_database_url == f"sqlite:///{tmp_path}/keyring.db"
    assert settings.identity_database_url == f"sqlite:///{tmp_path}/identity.db"


def test_in_production_beside_postgresql_every_database_is_named():
    given = {"SURVEY_ENVIRONMENT": "production", "SURVEY_DATABASE_URL": "postgresql://survey@db/survey"}

    told = str(refusal(KEYS | given))

    assert "SURVEY_KEYRING_DATABASE_URL" in told
    assert "SURVEY_IDENTITY_DATABASE_URL" in told


def test_one_database_for_two_purposes_is_refused():
    url = "postgresql://survey@db/survey"

    told = refusal(KEYS | {"SURVEY_DATABASE_URL": url, "SURVEY_KEYRING_DATABASE_URL": url})

    assert [problem.values["given"] for problem in told.problems] == ["SURVEY_KEYRING_DATABASE_URL"]


def test_keys_are_made_once_in_development(tmp_path):
    environ = {"SURVEY_DATA": str(tmp_path / "new")}

    assert read_settings(environ) == read_settings(environ)


def test_made_keys_can_be_read_by_their_owner_only(tmp_path):
    read_settings({"SURVEY_DATA": str(tmp_path)})

    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_nothing_but_the_keys_is_left_in_the_data_folder(tmp_path):
    read_settings({"SURVEY_DATA": str(tmp_path)})

    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_no_keys_are_made_when_all_are_given(tmp_path):
    read_settings(KEYS | {"SURVEY_DATA": str(tmp_path)})

    assert not list(tmp_path.iterdir())


def test_a_given_key_wins_over_a_made_one(tmp_path):
    read_settings({"SURVEY_DATA": str(tmp_path)})

    given = read_settings({"SURVEY_DATA": str(tmp_path), "SURVEY_SECRET_KEY": "g" * 40})

    assert given.secret_key.get_secret_value() == "g" * 40


def test_production_refuses_to_make_keys_and_names_all(tmp_path):
    found = refusal({"SURVEY_ENVIRONMENT": "production", "SURVEY_DATA": str(tmp_path)})

    assert [problem.values["given"] for problem in found.problems] == list(KEYS)[:-1], (
        "all but the one that only some studies need"
    )
    assert not list(tmp_path.iterdir())


def test_production_sends_cookies_over_https_only():
    assert read_settings(KEYS | {"SURVEY_ENVIRONMENT": "production"}).cookies_secure


def test_all_faults_are_told_at_once(tmp_path):
    found = refusal({"SURVEY_DATA": str(tmp_path), "SURVEY_PORT": "many", "SURVEY_WORKERS": "0", "SURVEY_HOTS": "x"})

    assert {problem.values["given"] for problem in found.problems} == {"SURVEY_PORT", "SURVEY_WORKERS", "SURVEY_HOTS"}


def test_an_unknown_setting_is_told_with_the_nearest_known_one():
    found = refusal(KEYS | {"SURVEY_DATABASE": "x"})

    assert found.problems[0].code is Code.SETTING_UNKNOWN
    assert "SURVEY_DATABASE_URL" in found.problems[0].sentence


def test_settings_of_the_tests_are_passed_over(tmp_path):
    assert read_settings(KEYS | {"SURVEY_TEST_POSTGRES": "off", "SURVEY_DATA": str(tmp_path)})


@pytest.mark.parametrize("address", ["mysql://root:hunter2@db/x", "hunter2"])
def test_a_wrong_database_address_is_refused_without_quoting_it(address):
    assert "hunter2" not in str(refusal(KEYS | {"SURVEY_DATABASE_URL": address}))


def test_a_short_key_is_refused_without_quoting_it():
    assert "hunter2" not in str(refusal(KEYS | {"SURVEY_SECRET_KEY": "hunter2"}))


def test_one_key_for_two_purposes_is_refused():
    assert "SURVEY_PSEUDONYM_KEY" in str(refusal(dict.fromkeys(KEYS, "e" * 40)))


def test_settings_print_no_secret():
    url = "postgresql://survey:hunter2@db/survey"

    printed = repr(read_settings(KEYS | {"SURVEY_DATABASE_URL": url}))

    assert not [secret for secret in ("hunter2", "s" * 40, "p" * 40) if secret in printed]


def test_a_damaged_file_of_keys_is_told(tmp_path):
    (tmp_path / "keys.json").write_text("[", encoding="utf-8")

    assert "SURVEY_DATA" in str(refusal({"SURVEY_DATA": str(tmp_path)}))


def test_a_process_started_by_this_one_reads_the_same_settings(tmp_path):
    settings = read_settings({"SURVEY_DATA": str(tmp_path), "SURVEY_WORKERS": "3"})

    assert read_settings(settings.to_environment()) == settings


def test_each_purpose_has_its_own_key():
    settings = read_settings(KEYS)

    assert settings.key_for("person") != settings.key_for("return-code")


def test_the_file_of_keys_holds_all(tmp_path):
    read_settings({"SURVEY_DATA": str(tmp_path)})

    kept = json.loads((tmp_path / "keys.json").read_text())
    assert {f"SURVEY_{name.upper()}" for name in kept} == set(KEYS)


def test_a_file_of_keys_from_before_gets_the_key_it_lacks_and_keeps_the_others(tmp_path):
    old = {"secret_key": "s" * 43, "pseudonym_key": "p" * 43}
    (tmp_path / "keys.json").write_text(json.dumps(old), encoding="utf-8")

    first = read_settings({"SURVEY_DATA": str(tmp_path)})

    kept = json.loads((tmp_path / "keys.json").read_text())
    assert kept | old == kept
    assert read_settings({"SURVEY_DATA": str(tmp_path)}) == first
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_in_production_the_key_of_invitations_may_be_left_out():
    given = {name: key for name, key in KEYS.items() if name != "SURVEY_INVITATION_KEY"}

    settings = read_settings(given | {"SURVEY_ENVIRONMENT": "production"})

    assert settings.invitation_key_for("invitation") is None
    assert "SURVEY_INVITATION_KEY" not in settings.to_environment()


def test_secrets_may_be_files_that_the_system_hands_over(tmp_path):
    for name, key in KEYS.items():
        (tmp_path / name).write_text(f"{key}\n", encoding="utf-8")
    environ = {"SURVEY_ENVIRONMENT": "production", "CREDENTIALS_DIRECTORY": str(tmp_path)}

    settings = read_settings(environ | {"SURVEY_SECRET_KEY": "g" * 40})

    assert settings.key_encryption_key.get_secret_value() == KEYS["SURVEY_KEY_ENCRYPTION_KEY"]
    assert settings.secret_key.get_secret_value() == "g" * 40, "what the environment gives wins"


def test_a_secret_that_is_no_text_is_told_without_quoting_it(tmp_path):
    (tmp_path / "SURVEY_SECRET_KEY").write_bytes(b"hunter2\xff" * 8)

    assert "hunter2" not in str(refusal(KEYS | {"CREDENTIALS_DIRECTORY": str(tmp_path)}))
