"""What a PDF says, read from the file."""

import re

import pytest

from survey_app.core.problems import ProblemsFound
from survey_app.inputs.pdf_text import read_pdf
from survey_app.outputs.as_pdf import to_pdf

PAGE = """<html lang="ar" dir="rtl"><head><title>Title of 2026</title><style>
  p {{ display: flex; gap: 1px }} h1 {{ break-before: page }}
</style></head><body><p>{items}</p><h1>Second 41.5</h1></body></html>"""


def printed(*numbers):
    items = "".join(f"<span>{number}</span>" for number in numbers)
    try:
        return read_pdf(to_pdf(PAGE.format(items=items)))
    except ProblemsFound:
        pytest.skip("the library that lays out text is not here")


def test_numbers_beside_each_other_are_read_one_by_one():
    numbers = re.findall(r"\d+", printed("48–58", "47–59", "805").text)

    assert {"48", "58", "47", "59", "805"} <= set(numbers)


def test_all_pages_and_the_properties_are_read():
    found = printed("12")

    assert found.pages == 2
    assert "Title of 2026" in found.text
    assert "41.5" in found.text
