"""Headers and cookies: what a browser is told so that a page cannot be turned against its reader."""

import base64
import hashlib
from collections.abc import Iterable
from datetime import timedelta

from flask import Flask, Response, request

from survey_app.settings import Settings

SESSION_LENGTH = timedelta(hours=8)
STAFF_COOKIE = "survey_staff"
STAFF_PATH = "/staff"
OF_FILES = frozenset({"X-Content-Type-Options", "Cross-Origin-Resource-Policy", "Strict-Transport-Security"})
"""What style and script carry; the other headers are about pages, and would cost a phone half a kilobyte each time."""


def protect(app: Flask, settings: Settings, *, inlined_css: Iterable[str] = ()) -> None:
    """Send the headers below with every answer of `app`, and set its session cookie.

    Args:
        app: the application.
        settings: whether cookies go over HTTPS only.
        inlined_css: the exact text between <style> and </style> of pages that carry their style in themselves.

    Pages are not kept by browsers or proxies (`no-store`), because most of them are about a person; a view that may be
    kept sets its own Cache-Control. The session is the staff's alone: respondents get no cookie from it.
    """
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME=STAFF_COOKIE,
        SESSION_COOKIE_PATH=STAFF_PATH,
        SESSION_COOKIE_SECURE=settings.cookies_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LENGTH,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,  # the staff wing checks each of its POSTs; respondents' pages carry no token
        WTF_CSRF_TIME_LIMIT=int(SESSION_LENGTH.total_seconds()),
        WTF_CSRF_SSL_STRICT=False,  # it asks for the Referer, which our pages never send
    )
    headers = headers_of(inlined_css=inlined_css, https_only=settings.cookies_secure)

    @app.after_request
    def _add_headers(response: Response) -> Response:
        for name, value in headers.items():
            if name in OF_FILES or not _is_part_of_page(response):
                response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def headers_of(*, inlined_css: Iterable[str] = (), https_only: bool = False) -> dict[str, str]:
    """Return the headers that every answer carries."""
    always = {
        "Content-Security-Policy": _policy(inlined_css),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }
    return always | ({"Strict-Transport-Security": "max-age=31536000"} if https_only else {})


def _is_part_of_page(response: Response) -> bool:
    """Tell whether this is style or script that a page loads and that never changes, not something to look at."""
    immutable = response.cache_control.immutable
    return bool(immutable) and response.mimetype in {"text/css", "text/javascript"}


def css_hash(text: str) -> str:
    """Return the source expression that allows this inlined style and no other."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _policy(inlined_css: Iterable[str]) -> str:
    ours = "'self'"
    allowed = {
        "default-src": "'none'",
        "script-src": ours,
        "style-src": " ".join([ours, *map(css_hash, inlined_css)]),
        "img-src": f"{ours} data:",
        "connect-src": ours,
        "worker-src": ours,
        "form-action": ours,
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{kind} {sources}" for kind, sources in allowed.items())
