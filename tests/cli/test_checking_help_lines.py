"""`survey-app check` tells of help lines: what is wrong is an error, what is no longer shown a warning."""

from pathlib import Path

from click.testing import CliRunner

from survey_app.cli import main

LINE = """\
format: 1
lines:
  - {country: DE, languages: [de], kind: crisis, name: Beispieltelefon, number: "0800 000 000", hours: immer,
     cost: frei, checked_by: A. Example, checked_on: 2020-01-15, expires: 2020-07-15}
"""


def checked(folder: Path, text: str) -> tuple[int, str]:
    path = folder / "help_lines.yaml"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(path)])
    return result.exit_code, result.output


def test_a_line_whose_last_day_is_over_is_a_warning_with_its_cure(tmp_path: Path):
    code, said = checked(tmp_path, LINE)

    assert code == 0
    assert "warning:" in said
    assert "help_lines.yaml:3: Beispieltelefon was good until 2020-07-15 and is not shown." in said
    assert "no problems" in said


def test_a_line_that_is_wrong_is_an_error(tmp_path: Path):
    code, said = checked(tmp_path, LINE.replace("2020-07-15", "2021-07-15"))

    assert code == 1
    assert "547 days after its check; 0 to 184 are allowed" in said
