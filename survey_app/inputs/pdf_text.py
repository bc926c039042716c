"""A PDF -> its text, read from the file as a reader of it would, for the attack that looks for strange numbers."""

from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What stands in a PDF: the text of all pages and of its properties."""

    text: str
    pages: int


def read_pdf(content: bytes) -> Printed:
    """Read the text of a PDF."""
    reader = PdfReader(BytesIO(content))
    properties = (str(value) for name, value in (reader.metadata or {}).items() if name != "/Producer")
    return Printed(
        text="\n".join((*properties, *(page.extract_text() for page in reader.pages))), pages=len(reader.pages)
    )
