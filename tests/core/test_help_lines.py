"""Help lines: who sees which, and never an unchecked one. All numbers are invented."""

from datetime import date
from pathlib import Path

import pytest

from survey_app.core.help_lines import HelpLine, lines_for, parse_help_lines, warnings_of
from survey_app.core.problems import Code, ProblemsFound
from survey_app.inputs.help_lines import help_line_warnings, read_help_lines
from survey_app.services.helping import check_help_lines, help_lines

TODAY = date(2026, 3, 1)


def a_line(**changes: object) -> dict[str, object]:
    return {
        "country": "DE",
        "languages": ("de",),
        "kind": "crisis",
        "name": "Beispieltelefon",
        "number": "0800 000 000",
        "hours": "Tag und Nacht",
        "cost": "kostenfrei",
        "checked_by": "A. Example",
        "checked_on": "2026-01-15",
        "expires": "2026-07-15",
        **changes,
    }


def parsed(*lines: dict[str, object]) -> tuple[HelpLine, ...]:
    return parse_help_lines({"format": 1, "lines": lines})


def names(lines: tuple[HelpLine, ...], **asked: object) -> list[str]:
    return [line.name for line in lines_for(lines, **{"country": None, "language": "de", "today": TODAY, **asked})]


def test_lines_of_the_country_are_shown_whatever_the_language():
    lines = parsed(a_line(), a_line(country="AT", name="Austria"))

    assert names(lines, country="AT", language="en") == ["Austria"]


def test_a_country_without_lines_does_not_get_those_of_another():
    assert names(parsed(a_line()), country="AT") == []


def test_without_a_country_the_lines_in_the_language_of_the_page_are_shown():
    lines = parsed(a_line(), a_line(country="AT", name="Austria"), a_line(languages=("fr",), name="French"))

    assert names(lines) == ["Beispieltelefon", "Austria"]


def test_crisis_lines_come_first_and_kinds_can_be_chosen():
    lines = parsed(a_line(kind="bereavement", name="Grief"), a_line())

    assert names(lines) == ["Beispieltelefon", "Grief"]
    assert names(lines, kinds=("bereavement",)) == ["Grief"]


@pytest.mark.parametrize(
    "changes",
    [
        {"expires": "2026-02-28"},
        {"checked_on": "2026-03-02"},
        {"checked_by": None},
        {"checked_on": None},
        {"expires": None},
    ],
)
def test_a_line_without_a_good_check_is_never_shown_and_told_as_a_warning(changes: dict[str, object]):
    lines = parsed(a_line(**changes))

    assert names(lines) == []
    assert len(warnings_of(lines, TODAY)) == 1


def test_a_line_is_shown_on_its_last_day_and_not_after():
    lines = parsed(a_line())

    assert names(lines, today=date(2026, 7, 15)) == ["Beispieltelefon"]
    assert names(lines, today=date(2026, 7, 16)) == []
    assert [one.code for one in warnings_of(lines, date(2026, 7, 16))] == [Code.HELP_LINE_EXPIRED]


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"expires": "2026-07-19"}, Code.HELP_LINE_GOOD_TOO_LONG, "lines.0.expires"),
        ({"expires": "2026-01-14"}, Code.HELP_LINE_GOOD_TOO_LONG, "lines.0.expires"),
        ({"country": "QQ"}, Code.REFERENCE_UNKNOWN, "lines.0.country"),
        ({"number": "call me"}, Code.VALUE_WRONG, "lines.0.number"),
        ({"link": "javascript:alert(1)"}, Code.VALUE_WRONG, "lines.0.link"),
        ({"kind": "other"}, Code.VALUE_WRONG, "lines.0.kind"),
        ({"price": "none"}, Code.KEY_UNKNOWN, "lines.0.price"),
        ({"checked_on": "soon"}, Code.VALUE_WRONG, "lines.0.checked_on"),
    ],
)
def test_a_wrong_line_is_told_with_its_place(changes: dict[str, object], code: Code, where: str):
    with pytest.raises(ProblemsFound) as found:
        parsed(a_line(**changes))

    assert [(one.code, one.where) for one in found.value.problems] == [(code, where)]


def test_the_file_that_we_ship_is_sound_and_names_no_number():
    assert read_help_lines(Path("questionnaires")) == ()


def test_the_example_in_the_file_that_we_ship_is_a_sound_line(tmp_path: Path):
    shipped = Path("questionnaires/help_lines.yaml").read_text(encoding="utf-8")
    example = (
        shipped[shipped.index("# lines:") : shipped.index("\nformat: 1")].replace("# ", "", 1).replace("\n# ", "\n")
    )
    (tmp_path / "help_lines.yaml").write_text(f"format: 1\n{example}", encoding="utf-8")

    assert [line.country for line in read_help_lines(tmp_path)] == ["DE"]


def test_a_folder_without_the_file_has_no_lines(tmp_path: Path):
    assert read_help_lines(tmp_path) == ()
    assert help_line_warnings(tmp_path, TODAY) == []
    assert help_lines(tmp_path, country="DE", language="de", today=TODAY) == ()


FILE = """\
format: 1
lines:
  - country: DE
    languages: [de]
    kind: crisis
    name: Beispieltelefon
    number: "0800 000 000"
    hours: Tag und Nacht
    cost: kostenfrei
    checked_by: A. Example
    checked_on: 2026-01-15
    expires: 2026-07-15
"""


def test_problems_and_warnings_name_the_line_of_the_file(tmp_path: Path):
    path = tmp_path / "help_lines.yaml"
    path.write_text(FILE.replace("2026-07-15", "2027-07-15"), encoding="utf-8")
    ((_, problems, warnings),) = check_help_lines([tmp_path], TODAY)
    assert ([one.where for one in problems], warnings) == ([f"{path}:12"], [])

    path.write_text(FILE, encoding="utf-8")
    ((_, problems, warnings),) = check_help_lines([path], date(2026, 12, 1))
    assert (problems, [one.where for one in warnings]) == ([], [f"{path}:3"])


def test_a_changed_file_holds_at_once_and_a_broken_one_shows_nothing(tmp_path: Path):
    path = tmp_path / "help_lines.yaml"
    asked = {"country": "DE", "language": "de", "today": TODAY}
    path.write_text(FILE, encoding="utf-8")
    assert [line.name for line in help_lines(tmp_path, **asked)] == ["Beispieltelefon"]

    path.write_text(FILE.replace("kind: crisis", "kind: none"), encoding="utf-8")
    assert help_lines(tmp_path, **asked) == ()
