"""Every setting in one table: name, type, default, one line of help; read once from the environment.

The environment variable of a setting is `SURVEY_` and its name in capitals. No secret is ever printed: keys and the
database address stay out of `repr`, and messages about them never quote what was given.
"""

import difflib
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails

from survey_app.core.problems import Code, Problem, ProblemsFound

PREFIX = "SURVEY_"
TEST_PREFIX = "SURVEY_TEST_"  # read by the tests, not by the program
CREDENTIALS = "CREDENTIALS_DIRECTORY"  # set by systemd for a service that loads credentials
KEY_LENGTH = 32
SECRETS = ("secret_key", "pseudonym_key", "record_key", "key_encryption_key", "text_key")
MADE = (*SECRETS, "invitation_key")
"""Keys that are made in development. In production the last may be missing: only studies with invitations need it."""
DATABASES = ("database_url", "keyring_database_url", "identity_database_url")
BACKENDS = ("sqlite", "sqlite+pysqlite", "postgres", "postgresql", "postgresql+psycopg")


def _long_enough(given: object) -> object:
    if isinstance(given, str) and len(given) < KEY_LENGTH:
        raise ValueError(f"the key has fewer than {KEY_LENGTH} characters")
    return given


SecretKey = Annotated[SecretStr, BeforeValidator(_long_enough)]


class Settings(BaseModel, frozen=True, extra="forbid"):
    """All that differs between one installation and the next."""

    environment: Literal["development", "production"] = Field(
        "development", description="`production` refuses to start without keys and sends cookies over HTTPS only."
    )
    data: Path = Field(
        Path("var"), description="Folder for the database, keys made here, snapshots and finished files."
    )
    database_url: str = Field(
        "",
        repr=False,
        description="Address of the database, SQLite or PostgreSQL 15 and later.",
        examples=["SQLite in SURVEY_DATA"],
    )
    keyring_database_url: str = Field(
        "",
        repr=False,
        description="Address of the keyring: the keys of everything that is encrypted in the database. With backups of "
        "its own that are kept for 30 days at most.",
        examples=["SQLite in SURVEY_DATA; with PostgreSQL in production it must be named"],
    )
    identity_database_url: str = Field(
        "",
        repr=False,
        description="Address of the database of who may answer; best on another host, with another role.",
        examples=["SQLite in SURVEY_DATA; with PostgreSQL in production it must be named"],
    )
    secret_key: SecretKey = Field(
        description="Signs cookies and forms; at least 32 characters.",
        examples=["made in development, needed in production"],
    )
    pseudonym_key: SecretKey = Field(
        description="Hashes return codes; at least 32 characters. When it is lost, no return code opens anything.",
        examples=["made in development, needed in production"],
    )
    record_key: SecretKey = Field(
        description="Decides the noise of releases of 5,000 people and more; at least 32 characters. Never changed "
        "within a study: keep it in a backup of its own.",
        examples=["made in development, needed in production"],
    )
    key_encryption_key: SecretKey = Field(
        description="Wraps the keys in the keyring; at least 32 characters. When it is lost, so are all answers: keep "
        "it in a backup of its own, never beside a database.",
        examples=["made in development, needed in production"],
    )
    text_key: SecretKey = Field(
        description="Encrypts what people wrote, while the desk of texts works on it; at least 32 characters. When it "
        "is lost, no text at the desk can be read any more.",
        examples=["made in development, needed in production"],
    )
    desk_language: str = Field(
        "en",
        pattern="^[a-z]{2,3}$",
        description="Language into which every quote is translated, whatever it was written in.",
    )
    redaction_lists: Path = Field(
        Path("redaction"),
        description="Folder of your own lists of words that point to people, see docs/free-text.md; none when it "
        "is not there.",
    )
    invitation_key: SecretKey | None = Field(
        None,
        description="Hashes invitation codes and guards the keys of blind ones; at least 32 characters. "
        "When it is lost, no invitation opens anything.",
        examples=["made in development; in production needed for studies with invitations"],
    )
    private_epsilon: float = Field(
        0,
        ge=0,
        le=100,
        description="Budget of differential privacy (epsilon) of each study with more than 100,000 people; 0 for noise "
        "by the record key instead. Needs the extra `private`.",
    )
    questionnaires: Path = Field(Path("questionnaires"), description="Folder of the questionnaire files.")
    host: str = Field("127.0.0.1", min_length=1, description="Address on which the server listens.")
    port: int = Field(8000, ge=1, le=65535, description="Port on which the server listens.")
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        description="Processes that answer requests.",
        examples=["one per processor"],
    )
    proxies: int = Field(
        0,
        ge=0,
        le=10,
        description="How many proxies of your own stand before the server and set `X-Forwarded-For`, `-Proto` and "
        "`-Host`. Too low, and all people share one limit on wrong codes; too high, and an address can be forged.",
    )
    cookies_secure: bool = Field(
        default=False,
        description="Send cookies over HTTPS only.",
        examples=["true in production, false in development"],
    )

    @field_validator(*DATABASES)
    @classmethod
    def _known_backend(cls, given: str) -> str:
        if given.partition(":")[0] not in BACKENDS:
            raise ValueError("the address must begin with sqlite:/// or postgresql://")
        return given

    def key_for(self, purpose: str) -> bytes:
        """Derive the key of one purpose (`return-code`, `person`) from the pseudonym key, 32 bytes."""
        return hmac.digest(self.pseudonym_key.get_secret_value().encode(), purpose.encode(), hashlib.sha256)

    def invitation_key_for(self, purpose: str) -> bytes | None:
        """Derive the key of one purpose (`invitation`) from the invitation key, 32 bytes; None where there is none."""
        if self.invitation_key is None:
            return None
        return hmac.digest(self.invitation_key.get_secret_value().encode(), purpose.encode(), hashlib.sha256)

    def to_environment(self) -> dict[str, str]:
        """These settings as environment variables, for processes started by this one. Holds secrets: never print it."""
        given = {name: getattr(self, name) for name in type(self).model_fields if getattr(self, name) is not None}
        return {
            PREFIX + name.upper(): value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            for name, value in given.items()
        }


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment; make missing keys on the first run in development.

    Raises:
        ProblemsFound: all wrong, missing and unknown settings at once.
    """
    variables = os.environ if environ is None else environ
    given = _given(variables)
    problems = [*_unknown(given)]
    known = {name: value for name, value in given.items() if name in Settings.model_fields}
    values: dict[str, str] = _defaults(known) | known
    if problems or values["environment"] != "development":
        problems += _missing_keys(values) + _missing_databases(values, known)
    elif not set(MADE) <= set(values):
        values = _made_keys(Path(values["data"])) | values
    try:
        # Every wrong value is told, even when something else is wrong already.
        settings = Settings.model_validate(dict.fromkeys(SECRETS, "?" * KEY_LENGTH) | values)
    except ValidationError as found:
        problems += [_problem(error) for error in found.errors(include_input=False, include_url=False)]
    if problems:
        raise ProblemsFound(problems)
    problems = _shared(settings, MADE, "key") + _shared(settings, DATABASES, "database")
    if problems:
        raise ProblemsFound(problems)
    return settings


def settings_page() -> str:
    """The page `docs/settings.md`: every setting with type, default and meaning."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_type_name(name)} | {_default_name(name)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        [_PAGE_HEAD, "| name | type | default | what it does |", "|---|---|---|---|", *rows, "", _PAGE_TAIL]
    )


_PAGE_HEAD = """# Settings

Settings are read from the environment when a command starts. Secrets that are not there may be files, named like the
setting, in the folder that systemd names in `CREDENTIALS_DIRECTORY`. There is no other place. All faults are told at
once, and a name that begins with `SURVEY_` and is not in this table is a fault too. This page is made from
`survey_app/settings.py` by `python -m survey_app.settings`; a test keeps the two equal.
"""
_PAGE_TAIL = """In development, keys that are not given are made on the first run and kept in `keys.json` in the data
folder, readable by its owner only. In production all keys must be given; make one with
`python3 -c "import secrets; print(secrets.token_urlsafe(32))"`. Names that begin with `SURVEY_TEST_` are read by the
tests and ignored by the program: `SURVEY_TEST_POSTGRES=off` leaves out the tests on PostgreSQL.
"""


def _given(variables: Mapping[str, str]) -> dict[str, str]:
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in sorted(variables.items())
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX)
    }
    return _from_credentials(variables.get(CREDENTIALS, "")) | given


def _from_credentials(folder: str) -> dict[str, str]:
    """The secrets that the system hands over as files; a final line break is not part of them.

    Raises:
        ProblemsFound: one of them cannot be read.
    """
    files = {name: Path(folder) / f"{PREFIX}{name.upper()}" for name in SECRETS} if folder else {}
    try:
        return {name: path.read_text("utf-8").rstrip("\n") for name, path in files.items() if path.is_file()}
    except (OSError, ValueError) as fault:
        detail = f"a secret in {folder} cannot be read ({type(fault).__name__}). Make it a readable text file."
        raise ProblemsFound(
            [Problem(code=Code.SETTING_WRONG, values={"given": CREDENTIALS, "detail": detail})]
        ) from fault


def _defaults(known: Mapping[str, str]) -> dict[str, str]:
    environment = known.get("environment", "development")
    data = known.get("data", "var")
    return {
        "environment": environment,
        "data": data,
        "database_url": f"sqlite:///{data}/survey.db",
        "keyring_database_url": f"sqlite:///{data}/keyring.db",
        "identity_database_url": f"sqlite:///{data}/identity.db",
        "cookies_secure": str(environment == "production"),
    }


def _unknown(given: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(code=Code.SETTING_UNKNOWN, values={"given": PREFIX + name.upper(), "hint": _hint(name)})
        for name in given
        if name not in Settings.model_fields
    ]


def _hint(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f"Did you mean {PREFIX}{near[0].upper()}?" if near else "Remove it; docs/settings.md names all settings."


def _missing_keys(values: Mapping[str, str]) -> list[Problem]:
    if values["environment"] != "production":
        return []
    return [_wrong(name, "it is missing. In production it must be given.") for name in SECRETS if name not in values]


def _missing_databases(values: Mapping[str, str], known: Mapping[str, str]) -> list[Problem]:
    """In production, files in the data folder serve one host; where the main database serves several, all must."""
    if values["environment"] != "production" or values["database_url"].startswith("sqlite"):
        return []
    detail = "it is missing. In production beside PostgreSQL it must be given."
    return [_wrong(name, detail) for name in DATABASES if name not in known]


def _shared(settings: Settings, names: Sequence[str], what: str) -> list[Problem]:
    return [
        _wrong(name, f"it is the same as {PREFIX}{other.upper()}. Give each its own {what}.")
        for place, name in enumerate(names)
        for other in names[:place]
        if getattr(settings, name) == getattr(settings, other)
    ]


def _wrong(name: str, detail: str) -> Problem:
    return Problem(code=Code.SETTING_WRONG, values={"given": PREFIX + name.upper(), "detail": detail})


def _problem(error: ErrorDetails) -> Problem:
    sentence = error["msg"].removeprefix("Value error, ")
    return _wrong(str(error["loc"][0]), f"{sentence}. Correct it or leave it out.")


def _made_keys(data: Path) -> dict[str, str]:
    """Read the keys of this data folder, making them when they are not there.

    The file appears whole under its name or not at all, so that two processes that start together get the same keys.
    """
    path = data / "keys.json"
    try:
        if not path.exists():
            _make_keys(path)
        keys = _read_keys(path)
        return keys if set(MADE) <= set(keys) else _completed_keys(path)
    except (OSError, ValueError, AttributeError) as fault:
        detail = f"the keys in {path} can neither be read nor made ({type(fault).__name__}). Make the folder writable."
        raise ProblemsFound([_wrong("data", detail)]) from fault


def _read_keys(path: Path) -> dict[str, str]:
    return {str(name): str(key) for name, key in json.loads(path.read_text(encoding="utf-8")).items()}


def _make_keys(path: Path) -> None:
    temporary = _written_keys(path, {})
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process was first; its keys are read
    finally:
        temporary.unlink()


def _completed_keys(path: Path) -> dict[str, str]:
    """Add the keys that an older version did not have; of processes that start together only the first adds them."""
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        keys = _read_keys(path)
        if not set(MADE) <= set(keys):
            _written_keys(path, keys).replace(path)
    return _read_keys(path)


def _written_keys(path: Path, known: Mapping[str, str]) -> Path:
    """A file beside `path` with the known keys and fresh ones for the others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".keys-")  # made with mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({name: secrets.token_urlsafe(KEY_LENGTH) for name in MADE} | {**known}, file)
    return Path(temporary)


def _type_name(name: str) -> str:
    annotation = Settings.model_fields[name].annotation
    plain: dict[object, str] = {
        str: "text",
        SecretStr: "secret",
        SecretKey | None: "secret",
        Path: "path",
        int: "number",
        float: "number",
        bool: "true or false",
    }
    return plain.get(annotation, "`development` or `production`")


def _default_name(name: str) -> str:
    field = Settings.model_fields[name]
    return str(field.examples[0]) if field.examples else f"`{field.default}`"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
