"""A PDF -> its text, read from the file as a reader of it would, for the attack that looks for strange numbers."""

from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What stands in a PDF: the text of all pages and of its properties, each piece in a line of its own."""

    text: str
    pages: int


def read_pdf(content: bytes) -> Printed:
    """Read the text of a PDF.

    Pieces that were printed one by one are kept apart: beside each other, two numbers would read as one.
    """
    reader = PdfReader(BytesIO(content))
    pieces = [str(value) for name, value in (reader.metadata or {}).items() if name != "/Producer"]
    for page in reader.pages:
        page.extract_text(visitor_text=lambda text, *_: pieces.append(text))
    return Printed(text="\n".join(pieces), pages=len(reader.pages))
