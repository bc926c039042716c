"""Invitations on paper and in tables: every code once, nothing that tells more than the code."""

import csv
import io
import subprocess
from pathlib import Path

import pikepdf
import pytest

from survey_app.core.participation.invitations import grouped_invitation, make_invitation_code
from survey_app.outputs.as_invitations import CARDS_ON_A_SHEET, CardWords, to_cards, to_csv
from survey_app.web.respondent.texts import direction, texts_in

CODES = [make_invitation_code([number] * 17) for number in range(CARDS_ON_A_SHEET + 1)]


def words(language: str) -> CardWords:
    texts = texts_in(language)
    return CardWords(
        language=language,
        direction=direction(language),
        organisation="Example <Patients> & friends",
        title="The way through treatment, told in a title that is rather long for a card",
        heading=texts["card_heading"],
        how=texts["card_how"],
        once=texts["card_once"],
        address=f"https://survey.example.org/s/small/{language}/invitation",
    )


def test_a_table_has_each_code_as_it_is_typed_and_links_that_keep_it_from_servers() -> None:
    addresses = {language: words(language).address for language in ("en", "ar")}
    header, *rows = csv.reader(io.StringIO(to_csv(CODES, addresses).decode("utf-8-sig")))
    assert header == ["code", "link_en", "link_ar"]
    assert rows == [[grouped_invitation(code), *(f"{one}#{code}" for one in addresses.values())] for code in CODES]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_cards_show_every_code_on_sheets_of_eight(language: str, tmp_path: Path) -> None:
    content = to_cards(CODES, words(language))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 2
        assert [round(float(one)) for one in pdf.pages[0].mediabox] == [0, 0, 595, 842]
    path = tmp_path / "cards.pdf"
    path.write_bytes(content)
    shown = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
    assert [shown.count(grouped_invitation(code)) for code in CODES] == [1] * len(CODES)
    assert to_cards(CODES, words(language)) == content, "no date and no number tells one printing from another"
