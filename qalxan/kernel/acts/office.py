"""Text out of Word documents and PDFs, with table cells parted by tabs and rows by lines."""

import io
import re
import statistics
import zipfile
from collections.abc import Iterator
from typing import Any

from qalxan.kernel.acts.markup import BREAK
from qalxan.kernel.errors import BadInput

MAX_UNPACKED = 80 * 1024 * 1024
MAX_PAGES = 400


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\r", "").replace("\v", "\n").replace("\n", BREAK)


def docx_text(data: bytes, name: str) -> str:
    """The text of a .docx, in document order.

    Raises BadInput when the archive is damaged, is not a Word document, or unpacks to more than 80 MB.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        size = sum(info.file_size for info in archive.infolist())
        parts = set(archive.namelist())
    except Exception:  # a damaged archive raises whatever its broken part is
        raise BadInput("the file is damaged", name, "Open it in Word, save it again and retry") from None
    if "word/document.xml" not in parts:
        raise BadInput("the file is a binary archive, not a Word document", name, "Give the act as .docx, .txt or PDF")
    if size > MAX_UNPACKED:
        raise BadInput("the document unpacks to more than 80 MB", name, "Save the act alone, without pictures")
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        lines = list(_docx_lines(document.element.body))
    except Exception as error:  # the library raises whatever its XML parser meets
        raise BadInput(f"the document is damaged ({type(error).__name__})", name, "Open it in Word, save it again and retry") from None
    text = "\n".join(lines)
    if not text.strip():
        raise BadInput("the document has no text", name, "A scan must be read by OCR first")
    return text


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _parts(element: Any, *names: str) -> Iterator[Any]:
    """The children of these names, those inside content controls included."""
    for child in element:
        if child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "smartTag"):
            yield from _parts(child, *names)
        elif child.tag in {_W + name for name in names}:
            yield child


def _docx_lines(body: Any) -> Iterator[str]:
    for block in _parts(body, "p", "tbl"):
        if block.tag == _W + "tbl":
            yield from _docx_rows(block)
        else:
            yield from _words_of(block).replace(BREAK, "\n").split("\n")


def _words_of(paragraph: Any) -> str:
    out = []
    for node in paragraph.iter(_W + "t", _W + "tab", _W + "br", _W + "noBreakHyphen"):
        out.append({_W + "t": node.text or "", _W + "tab": "\t", _W + "br": "\n", _W + "noBreakHyphen": "-"}[node.tag])
    return "".join(out)


def _docx_rows(table: Any) -> Iterator[str]:
    above: dict[int, str] = {}
    for row in _parts(table, "tr"):
        cells = [""] * row.grid_before
        numbered = True
        for cell in _parts(row, "tc"):
            text = "\n".join(filter(None, (_words_of(p).strip() for p in cell.iter(_W + "p"))))
            place = len(cells)
            if cell.vMerge == "continue":
                numbered = numbered and place > 0
                text = above.get(place, "") if numbered else ""
            else:
                above[place] = text
            cells += [_flat(text), *[""] * (cell.grid_span - 1)]
        yield "\t".join(cells)


def pdf_text(data: bytes, name: str) -> str:
    """The text layer of a PDF: ruled tables as rows, columns without rules by their left edges, the rest as lines.

    Raises BadInput when the file is damaged, locked, too long or has no text layer (a scan).
    """
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise BadInput(f"the PDF has over {MAX_PAGES} pages", name, "Give the act alone")
            pages = [_page(page) for page in pdf.pages]
    except BadInput:
        raise
    except Exception as error:  # the parser raises many kinds on damaged files
        raise BadInput(f"the PDF is damaged or locked ({type(error).__name__})", name, "Save it again without a password") from None
    text = "\n".join(pages)
    if len(text.strip()) < 20:
        raise BadInput("the PDF has no text layer (it is a scan)", name, "Run OCR on it, or give the act as text")
    return text


def _page(page: Any) -> str:
    upright = [edge for edge in page.edges if edge["orientation"] == "v" and edge["bottom"] - edge["top"] > 8]
    # a row that the page's end cuts has no rule below it: the ends of the upright rules stand in
    edges = {"explicit_horizontal_lines": [min(e["top"] for e in upright), max(e["bottom"] for e in upright)]} if upright else {}
    tables = sorted((t for t in page.find_tables(edges) if len(t.rows) > 0), key=lambda t: t.bbox[1])
    lines: list[str] = []
    top = 0.0
    for table in tables:
        lines += _lines(_between(page, top, table.bbox[1]))
        for cells in table.extract():
            texts = [cell or "" for cell in cells]
            lines.append("\t".join(" ".join(_paragraphs(text)) for text in texts) if len(texts) > 1 else " ".join(texts))
        top = max(top, table.bbox[3])
    lines += _lines(_between(page, top, page.height))
    return "\n".join(lines)


def _between(page: Any, top: float, bottom: float) -> Any:
    """The letters whose middle stands between two heights."""
    return page.filter(lambda item: item["object_type"] != "char" or top <= (item["top"] + item["bottom"]) / 2 < bottom)


def _paragraphs(text: str) -> list[str]:
    return text.replace("-\n", "-").replace("\t", " ").split("\n")


def _lines(area: Any) -> list[str]:
    """The area's lines; where wide gaps part them into columns, tabs stand in the gaps."""
    words = area.extract_words(keep_blank_chars=False, use_text_flow=False, x_tolerance_ratio=0.2)
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: (round(w["top"]), w["x0"])):
        if rows and abs(rows[-1][0]["top"] - word["top"]) < 3:
            rows[-1].append(word)
        else:
            rows.append([word])
    chunks = [_chunks(sorted(row, key=lambda w: w["x0"])) for row in rows]
    edges = _edges(chunks)
    wide = [place for place, row in enumerate(chunks) if len(row) > 1]
    inside = range(wide[0], wide[-1] + 1) if edges and wide else range(0)
    width = max((row[-1]["x1"] for row in rows), default=0.0)
    out: list[str] = []
    full = False
    for place, row in enumerate(chunks):
        if place in inside and not (len(row) == 1 and row[0][0] <= edges[0] + 6):
            out.append(_tabbed(row, edges))
            full = False
            continue
        text = " ".join(text for _, text in row)
        if full and out and not _OPENS.match(text):
            out[-1] += " " + text
        else:
            out.append(text)
        full = max(word["x1"] for word in rows[place]) > 0.88 * width and not text.endswith((".", ";", ":"))
    return out


_OPENS = re.compile(r"\d{1,3}(?:\.\d{1,3})*[.)]\s|[IVX]+\.\s|[A-ZÇƏĞIİÖŞÜ\s\"“”.]{12,}$|№|\[\d|Qeyd")


Chunk = tuple[float, str]


def _chunks(words: list[dict[str, Any]]) -> list[Chunk]:
    """Words of a line joined until a gap wider than a space and a half of the line's height."""
    chunks: list[Chunk] = []
    last = None
    for word in words:
        height = word["bottom"] - word["top"]
        if last is not None and word["x0"] - last < 0.8 * height:
            chunks[-1] = (chunks[-1][0], f"{chunks[-1][1]} {word['text']}")
        else:
            chunks.append((word["x0"], word["text"]))
        last = word["x1"]
    return chunks


def _edges(rows: list[list[Chunk]]) -> list[float]:
    """Left edges of columns: places where at least three lines of three or more chunks begin a chunk."""
    starts = sorted(x for row in rows if len(row) >= 3 for x, _ in row)
    groups: list[list[float]] = []
    for x in starts:
        if groups and x - groups[-1][-1] < 6:
            groups[-1].append(x)
        else:
            groups.append([x])
    edges = [statistics.median(group) for group in groups if len(group) >= 3]
    return edges if len(edges) >= 3 else []


def _tabbed(row: list[Chunk], edges: list[float]) -> str:
    cells = [""] * len(edges)
    for x, text in row:
        column = max((i for i, edge in enumerate(edges) if edge <= x + 6), default=0)
        cells[column] = f"{cells[column]} {text}".strip()
    return "\t".join(cells)
