"""How the pages look for one person: text, colours, movement, fewer things. A cookie, only when the person asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Request
from werkzeug.wrappers import Response

COOKIE = "display"
COOKIE_SECONDS = 31_536_000
CHOICES = {"t": "12", "c": "1", "d": "12", "m": "1", "a": "1", "q": "1"}
"""Letters of the cookie with their values: text (larger, very large), contrast, colours (dark, light), movement
reduced, advance by itself, quiet for a tired person."""


@dataclass(frozen=True, slots=True)
class Display:
    """What a person has chosen; empty follows the device. chosen: value by letter."""

    chosen: tuple[tuple[str, str], ...] = ()

    @property
    def classes(self) -> str:
        """Classes of the page that survey.css knows."""
        return " ".join(f"{letter}{value}" for letter, value in self.chosen)

    @property
    def quiet(self) -> bool:
        """Only the question, with a rest after each part."""
        return ("q", "1") in self.chosen

    @property
    def advances(self) -> bool:
        """The next question comes by itself."""
        return ("a", "1") in self.chosen

    @property
    def cookie(self) -> str:
        """As the cookie says it: `t1.d2`."""
        return ".".join(f"{letter}{value}" for letter, value in self.chosen)


def display_of(asked: Request) -> Display:
    """What the cookie of the browser says; what is unknown in it is passed over."""
    given = {part[:1]: part[1:] for part in asked.cookies.get(COOKIE, "").split(".")[: len(CHOICES)]}
    return chosen_display(given)


def chosen_display(given: Mapping[str, str]) -> Display:
    """The choices among `given` that exist."""
    return Display(
        tuple((letter, given[letter]) for letter, values in CHOICES.items() if given.get(letter) in (*values,))
    )


def keep_display(response: Response, display: Display, *, secure: bool) -> None:
    """Let the browser keep the choice, or forget it where nothing was chosen."""
    if not display.chosen:
        response.delete_cookie(COOKIE, path="/", samesite="Strict", secure=secure)
        return
    response.set_cookie(
        COOKIE, display.cookie, max_age=COOKIE_SECONDS, path="/", samesite="Strict", secure=secure, httponly=False
    )
