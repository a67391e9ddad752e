"""Text out of Word documents and PDFs, with table cells parted by tabs and rows by lines."""

import io
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
    except (zipfile.BadZipFile, ValueError, OSError):
        raise BadInput("the file is damaged", name, "Open it in Word, save it again and retry") from None
    if "word/document.xml" not in parts:
        raise BadInput("the file is a binary archive, not a Word document", name, "Give the act as .docx, .txt or PDF")
    if size > MAX_UNPACKED:
        raise BadInput("the document unpacks to more than 80 MB", name, "Save the act alone, without pictures")
    import docx
    from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(data))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines.extend(_docx_rows(block))
            else:
                lines.append(block.text.replace("\t", " "))
    except Exception as error:  # the library raises whatever its XML parser meets
        raise BadInput(f"the document is damaged ({type(error).__name__})", name, "Open it in Word, save it again and retry") from None
    text = "\n".join(lines)
    if not text.strip():
        raise BadInput("the document has no text", name, "A scan must be read by OCR first")
    return text


def _docx_rows(table: Any) -> Iterator[str]:
    from docx.oxml.ns import qn

    for row in table._tbl.tr_lst:
        cells = [""] * row.grid_before
        for cell in row.tc_lst:
            merged_down = cell.vMerge == "continue"
            text = "" if merged_down else "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in cell.iter(qn("w:p")))
            cells += [_flat(text.strip()), *[""] * (cell.grid_span - 1)]
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
    tables = sorted((t for t in page.find_tables() if len(t.rows) > 0), key=lambda t: t.bbox[1])
    lines: list[str] = []
    top = 0.0
    for table in tables:
        if table.bbox[1] > top:
            lines += _lines(page.crop((0, top, page.width, min(table.bbox[1], page.height)), strict=False))
        for cells in table.extract():
            texts = [cell or "" for cell in cells]
            lines.append("\t".join(" ".join(_paragraphs(text)) for text in texts) if len(texts) > 1 else " ".join(texts))
        top = max(top, min(table.bbox[3], page.height))
    if top < page.height:
        lines += _lines(page.crop((0, top, page.width, page.height), strict=False))
    return "\n".join(lines)


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
    return [_tabbed(row, edges) for row in chunks]


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
    if not edges:
        return " ".join(text for _, text in row)
    cells = [""] * len(edges)
    for x, text in row:
        column = max((i for i, edge in enumerate(edges) if edge <= x + 6), default=0)
        cells[column] = f"{cells[column]} {text}".strip()
    return "\t".join(cells)
