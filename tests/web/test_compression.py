"""Facts about compression: small for whoever can read it, plain for everybody else, and no hint about secrets."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from flask import Flask, Response, request

from survey_app.settings import Settings
from survey_app.web.assets import Asset
from survey_app.web.compression import compress_answers
from survey_app.web.security import protect

TEXT = "How often did you feel tired? " * 100
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
ASSET = Asset("survey", "css", b"p{color:#111}" * 100)


@pytest.fixture
def app(settings: Callable[..., Settings]) -> Flask:
    app = Flask("survey_app.app", static_folder="static", template_folder="web/templates")
    compress_answers(app)
    protect(app, settings())

    @app.get("/page")
    def page() -> str:
        return TEXT

    @app.get("/wrong")
    def wrong() -> tuple[str, int]:
        return TEXT, 422

    @app.get("/short")
    def short() -> str:
        return "kept"

    @app.get("/picture")
    def picture() -> Response:
        return Response(b"\x89PNG" * 1000, content_type="image/png")

    @app.get("/asset")
    def asset() -> Response:
        return ASSET.respond(request)

    return app


@pytest.mark.parametrize("path", ["/page", "/wrong", "/asset"])
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("br;q=0.5, gzip", "gzip"),
    ],
)
def test_the_browser_gets_the_encoding_that_it_likes_best(app: Flask, path: str, accepted: str, encoding: str):
    answer = app.test_client().get(path, headers={"Accept-Encoding": accepted})
    plain = app.test_client().get(path)

    assert answer.headers["Content-Encoding"] == encoding
    assert UNPACK[encoding](answer.data) == plain.data
    assert len(answer.data) < len(plain.data) / 5
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("accepted", ["", "identity", "br;q=0", "deflate", "gzip;q=0, br;q=0, *;q=0.1"])
def test_a_browser_that_takes_neither_gets_plain_text(app: Flask, accepted: str):
    answer = app.test_client().get("/page", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers
    assert answer.text == TEXT


@pytest.mark.parametrize("path", ["/page", "/asset", "/static/staff.css"])
@pytest.mark.parametrize("accepted", ["br", ""])
def test_what_depends_on_the_browser_says_so(app: Flask, path: str, accepted: str):
    assert (
        "Accept-Encoding"
        in app.test_client().get(path, headers={"Accept-Encoding": accepted}, buffered=True).headers["Vary"]
    )


@pytest.mark.parametrize("path", ["/short", "/picture"])
def test_what_would_not_become_smaller_is_left_alone(app: Flask, path: str):
    assert "Content-Encoding" not in app.test_client().get(path, headers={"Accept-Encoding": "br"}).headers


def test_a_file_of_the_staff_pages_is_compressed_and_still_compared_by_its_tag(app: Flask):
    visitor = app.test_client()
    first = visitor.get("/static/staff.css", headers={"Accept-Encoding": "br"}, buffered=True)
    second = visitor.get(
        "/static/staff.css", headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]}, buffered=True
    )

    assert brotli.decompress(first.data) == visitor.get("/static/staff.css", buffered=True).data
    assert (second.status_code, second.data) == (304, b"")


@pytest.mark.parametrize(
    ("site", "compressed"), [("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True)]
)
def test_the_length_of_a_page_tells_other_sites_nothing_about_who_holds_a_cookie(
    app: Flask, site: str, *, compressed: bool
):
    visitor = app.test_client()
    visitor.set_cookie("return_code", "secret")
    answer = visitor.get("/page", headers={"Accept-Encoding": "br", "Sec-Fetch-Site": site})

    assert ("Content-Encoding" in answer.headers) is compressed


def test_a_link_from_elsewhere_leads_a_new_visitor_to_a_small_page(app: Flask):
    answer = app.test_client().get("/page", headers={"Accept-Encoding": "br", "Sec-Fetch-Site": "cross-site"})

    assert answer.headers["Content-Encoding"] == "br"


def test_the_name_of_a_file_changes_with_its_content():
    assert Asset("survey", "css", b"a").name != Asset("survey", "css", b"b").name
    assert ASSET.name.startswith("survey.")
    assert ASSET.name.endswith(".css")


def test_a_file_that_never_changes_is_kept_for_a_year_by_everybody(app: Flask):
    assert app.test_client().get("/asset").headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_that_never_changes_is_compressed_once(app: Flask):
    visitor = app.test_client()
    visitor.get("/asset", headers={"Accept-Encoding": "br"})
    before = ASSET.brotli
    visitor.get("/asset", headers={"Accept-Encoding": "br"})

    assert ASSET.brotli is before


def test_a_file_carries_the_headers_of_files_and_a_page_those_of_pages(app: Flask):
    of_page, of_file = (app.test_client().get(path).headers for path in ("/page", "/asset"))

    assert "Content-Security-Policy" in of_page
    assert "Content-Security-Policy" not in of_file
    assert of_file["X-Content-Type-Options"] == "nosniff"
    assert of_file["Cross-Origin-Resource-Policy"] == "same-origin"
