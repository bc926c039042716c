"""A person without JavaScript: follows links and sends forms, and only those that a page offers."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Control:
    """A thing in a form. kind: type of an input, or select, textarea, button."""

    kind: str
    name: str
    value: str = ""
    checked: bool = False
    form: str | None = None
    label: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form with the controls that belong to it."""

    action: str
    method: str
    id: str | None
    controls: list[Control] = field(default_factory=list)

    def names(self) -> list[str]:
        return list(dict.fromkeys(one.name for one in self.controls if one.kind != "button" and one.name))

    def choices(self, name: str) -> list[str]:
        return [one.value for one in self.controls if one.name == name and one.kind in {"radio", "checkbox"}]


class Page(HTMLParser):
    """What a page offers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.language = self.direction = ""
        self._inside: Form | None = None
        self._elsewhere: list[Control] = []
        self._select: Control | None = None
        self._textarea: Control | None = None
        self.feed(html)
        for control in self._elsewhere:
            next(form for form in self.forms if form.id == control.form).controls.append(control)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language, self.direction = given["lang"], given["dir"]
        elif tag == "a":
            self.links.append((given["href"], given.get("hreflang", "")))
        elif tag == "form":
            self._inside = Form(given.get("action", ""), given.get("method", "get"), given.get("id"))
            self.forms.append(self._inside)
        elif tag == "option" and self._select:
            self._select.options.append(given["value"])
            if "selected" in given:
                self._select.value = given["value"]
        elif tag in {"input", "button", "select", "textarea"}:
            self._add(tag, given)

    def _add(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "line") if tag == "input" else tag
        control = Control(kind, given.get("name", ""), given.get("value", ""), "checked" in given, given.get("form"))
        self._select = control if tag == "select" else self._select
        self._textarea = control if tag == "textarea" else self._textarea
        if control.form:
            self._elsewhere.append(control)
        elif self._inside:
            self._inside.controls.append(control)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._textarea.value += data
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def form(self) -> Form:
        return next((form for form in self.forms if form.id == "f"), self.forms[0] if self.forms else None)


class Walker:
    """A visitor with a browser of their own."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.address = "/"
        self.status = 0
        self.page = Page("<html lang='' dir=''>")

    def get(self, address: str) -> Page:
        return self._arrive(self.client.get(address, follow_redirects=True))

    def follow(self, ending: str, language: str = "") -> Page:
        """Follow the link of this page whose address ends so."""
        found = [
            href for href, lang in self.page.links if href.partition("?")[0].endswith(ending) and language in ("", lang)
        ]
        assert found, f"{self.address} has no link to …{ending}: {self.page.links}"
        return self.get(urljoin(self.address, found[0]))

    def send(self, values: Mapping[str, Iterable[str]] | None = None, button: str | None = "next") -> Page:
        """Send the form with what stands in it, changed by `values`."""
        form = self.page.form()
        assert form, f"{self.address} has no form"
        sent = {name: self._standing(form, name) for name in form.names()}
        for name, chosen in (values or {}).items():
            assert name in sent, f"{name} is not on {self.address}"
            sent[name] = list(chosen)
        buttons = [one for one in form.controls if one.kind == "button"]
        if button is not None and any(one.name for one in buttons):
            assert any(one.value == button for one in buttons), f"no button {button} on {self.address}"
            sent["go"] = [button]
        target = urljoin(self.address, form.action) if form.action else self.address
        return self._arrive(self.client.post(target, data=sent, follow_redirects=True))

    @staticmethod
    def _standing(form: Form, name: str) -> list[str]:
        ticked = [one.value for one in form.controls if one.name == name and one.checked]
        typed = [one.value for one in form.controls if one.name == name and one.kind in {"line", "select", "textarea"}]
        return ticked + typed

    def _arrive(self, response: TestResponse) -> Page:
        self.status = response.status_code
        request = response.request
        self.address = request.path + (f"?{request.query_string.decode()}" if request.query_string else "")
        self.page = Page(response.text)
        return self.page

    def begin(self, language: str, mode: str = "prospective", agreed: tuple[str, ...] = ("SC01", "SC02")) -> str:
        """From the start page to the first question; returns the code shown."""
        self.get(f"/?language={language}")
        self.follow(f"/s/demo/{language}/")
        self.follow("/time")
        self.follow(f"/consent/{mode}")
        self.send({item: ["yes"] for item in agreed})
        assert self.address.endswith("/code"), self.page.text
        shown = re.search(r'<p class="code" dir="ltr"><span aria-hidden="true">([0-9A-Z-]{17})</span>', self.page.html)
        assert shown, self.page.html
        code = shown[1]
        self.follow("/go")
        return code

    @property
    def question(self) -> str | None:
        """Id of the question on this page."""
        path = self.address.partition("?")[0]
        return path.rsplit("/", 1)[1] if "/q/" in path else None

    def answer_until(
        self, choose: Callable[["Walker"], tuple[Mapping[str, Iterable[str]], str]], limit: int = 200
    ) -> None:
        """Answer question after question until a page without one comes."""
        for _ in range(limit):
            if self.question is None:
                return
            before = self.address
            values, button = choose(self)
            self.send(values, button)
            assert self.status < 400, (before, values, self.page.text)
        raise AssertionError("the questions never end")
