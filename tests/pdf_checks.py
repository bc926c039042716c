"""What is asked of every PDF: tags, alternative texts, fonts, no scripts, no traces of the machine.

One function, `faults(content, language=…)`, returns a sentence for each fault; an empty list is a good file.
"""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

PAINTING = frozenset({"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh"})
STANDARD = frozenset(
    {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "NonStruct", "P", "H1", "H2", "H3", "H4"}
    | {"L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "Span", "Figure", "Link"}
)
FONTS = ("Noto-Sans", "Vazirmatn")
SHORTEST_ALT = 15


def faults(content: bytes, *, language: str) -> list[str]:
    """All faults of a PDF."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if "/StructTreeRoot" not in pdf.Root:
            return ["it has no tags"]
        elements = list(_walk(pdf.Root.StructTreeRoot, pdf.Root.StructTreeRoot.get("/RoleMap")))
        return [
            *_document(pdf, language),
            *_headings([role for role, _ in elements]),
            *_figures(elements),
            *_tables(elements, pdf.Root.StructTreeRoot.get("/RoleMap")),
            *(f"element {role} is not known" for role in {role for role, _ in elements} - {f"/{x}" for x in STANDARD}),
            *_pages(pdf),
            *_fonts(pdf),
        ]


def _walk(node: Any, roles: Any) -> Iterator[tuple[str, Any]]:
    """Structure elements in reading order, each with its standard role."""
    if isinstance(node, Dictionary) and "/S" in node:
        role = str(node.S)
        yield (str(roles.get(role, role)) if roles is not None else role), node
    kids = node.get("/K") if isinstance(node, Dictionary) else None
    for kid in list(kids) if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and kid.get("/Type") not in (Name.MCR, Name.OBJR):
            yield from _walk(kid, roles)


def _document(pdf: pikepdf.Pdf, language: str) -> Iterator[str]:
    root = pdf.Root
    metadata = root.Metadata.read_bytes().decode("utf-8", "replace") if "/Metadata" in root else ""
    told = metadata + str(dict(pdf.docinfo))
    traces = [one for one in ("file:", "CreationDate", "ModDate", gettempdir(), str(Path.cwd())) if one in told]
    with pdf.open_outline() as outline:
        bookmarks = len(list(outline.root))
    asked = {
        "it is not marked as tagged": (root.get("/MarkInfo") or {}).get("/Marked"),
        f"its language is {root.get('/Lang')}": str(root.get("/Lang", "")) == language,
        "the window shows the file name": (root.get("/ViewerPreferences") or {}).get("/DisplayDocTitle"),
        "metadata without title": "dc:title" in metadata and str(pdf.docinfo.get("/Title", "")),
        "it does not say that it is PDF/UA": "pdfuaid" in metadata,
        "something happens by itself when it is opened": "/OpenAction" not in root and "/AA" not in root,
        "it carries a script": "/JavaScript" not in (root.get("/Names") or {}),
        "metadata tell of the machine or the time": not traces,
        "it has no bookmarks": bookmarks,
    }
    yield from (fault for fault, fine in asked.items() if not fine)


def _headings(roles: list[str]) -> Iterator[str]:
    levels = [int(role[2:]) for role in roles if re.fullmatch(r"/H[1-6]", role)]
    if not levels or levels[0] != 1:
        yield "the first heading is not of level 1"
    yield from (f"heading level {after} follows {before}" for before, after in pairwise(levels) if after > before + 1)


def _figures(elements: list[tuple[str, Any]]) -> Iterator[str]:
    texts = [str(element.get("/Alt", "")) for role, element in elements if role == "/Figure"]
    yield from (f"figure with the alternative text {text!r}" for text in texts if len(text) < SHORTEST_ALT)
    yield from (f"the same alternative text twice: {text}" for text in {one for one in texts if texts.count(one) > 1})


def _tables(elements: list[tuple[str, Any]], roles: Any) -> Iterator[str]:
    for role, element in elements:
        if role == "/Table" and "/TH" not in [inner for inner, _ in _walk(element, roles)]:
            yield "table without header cells"
        if role == "/TD":
            attributes = element.get("/A")
            first = attributes if isinstance(attributes, Dictionary) else attributes[0] if attributes else None
            if first is None or not list(first.get("/Headers", [])):
                yield "cell that names no header"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        if page.get("/Tabs") != Name.S:
            yield f"page {number}: tab order is not that of the structure"
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            depth += (operator in {"BDC", "BMC"}) - (operator == "EMC")
            if operator in PAINTING and depth <= 0:
                yield f"page {number}: {operator} outside of marked content"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    found: dict[object, Any] = {}
    for page in pdf.pages:
        _collect(page.get("/Resources"), found)
    for font in found.values():
        name = re.sub(r"^/[A-Z]{6}\+", "", str(font.BaseFont))
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        descriptor = inner.get("/FontDescriptor")
        if descriptor is None or not any(f"/FontFile{suffix}" in descriptor for suffix in ("", "2", "3")):
            yield f"font {name} is not embedded"
        if "/ToUnicode" not in font or b"> <>" in font.ToUnicode.read_bytes():
            yield f"font {name} cannot be read aloud"
        if not name.startswith(FONTS):
            yield f"font {name} is not ours: a letter is missing in the bundled ones"


def _collect(resources: Any, found: dict[object, Any]) -> None:
    for font in ((resources or {}).get("/Font") or {}).values():
        found[font.objgen] = font
    for inner in ((resources or {}).get("/XObject") or {}).values():
        _collect(inner.get("/Resources"), found)
