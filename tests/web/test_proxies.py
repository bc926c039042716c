"""Facts about proxies: only as many as were set are believed."""

from collections.abc import Callable

import pytest
from flask import request

from survey_app.app import create_app
from survey_app.settings import Settings

THROUGH_TWO = {"X-Forwarded-For": "192.0.2.7, 198.51.100.4"}
INNER = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "survey.example"}
BOTH = {"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "survey.example, inner.example"}


def seen(settings: Settings, told: dict[str, str]) -> tuple[str | None, str]:
    app = create_app(settings)
    app.add_url_rule("/seen", view_func=lambda: {"address": request.remote_addr, "root": request.url_root})
    answer = app.test_client().get("/seen", headers=THROUGH_TWO | told).get_json()
    return answer["address"], answer["root"]


@pytest.mark.parametrize(
    ("proxies", "told", "expected"),
    [
        (0, INNER, ("127.0.0.1", "http://localhost/")),
        (1, INNER, ("198.51.100.4", "https://survey.example/")),
        (2, BOTH, ("192.0.2.7", "https://survey.example/")),
    ],
)
def test_as_many_proxies_are_believed_as_were_set(
    settings: Callable[..., Settings], proxies: int, told: dict[str, str], expected: tuple[str, str]
) -> None:
    assert seen(settings(proxies=proxies), told) == expected
