"""From a file as people have it (.txt, .html, .docx, PDF) to text with rows, cells and exact offsets."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from qalxan.kernel.acts import markup, office
from qalxan.kernel.errors import BadInput

MAX_BYTES = 64 * 1024 * 1024
MAX_CELLS = 40
MAX_LINES = 200_000
MAX_CELL = 20_000  # letters of one cell that are searched for bodies and terms
_MOJIBAKE = re.compile("É™|Ä±|ÅŸ|Ã¼|Ã¶|Ð°Ð|Й™")
_OPENS = re.compile(
    r"\d{1,3}(?:\.\d{1,3})*\s?[.)](?=\s|$)|\d+(?:-[IVXLCQ]+)?$|[IVX]+\.|\[\d|\^|№|[•▪\uf0a7]|[-–—]\s|[a-zçəğıöşü]\)|#|Bakı şəhəri|Qeyd\b"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the source: a span, and the spans of its cells when it belongs to a table."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Source:
    """An act's text. `raw` is what spans count in; `clean` has the same length with mark-up blanked out."""

    raw: str
    clean: str
    rows: tuple[Row, ...]
    name: str = ""
    wraps: bool = True
    _newlines: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_newlines", [match.start() for match in re.finditer("\n", self.raw)])

    def line_at(self, offset: int) -> int:
        """The line number, from 1, of an offset."""
        return bisect_right(self._newlines, offset - 1) + 1

    def words(self, start: int, end: int) -> str:
        """The clean text of a span with single spaces."""
        text = self.clean[start:end]
        if not text.isascii():
            text = text.replace("\u200b", "").replace("\u2060", "").replace("\u00ad", "")
        return " ".join(text.split())

    def blank(self, start: int, end: int) -> bool:
        """Whether nothing but white space stands in the span."""
        return not self.words(start, end)

    @cached_property
    def prose(self) -> tuple[Row, ...]:
        """The lines outside tables that carry words."""
        return tuple(row for row in self.rows if not row.cells and not self.blank(row.start, row.end))

    @cached_property
    def paragraphs(self) -> tuple[Row, ...]:
        """The lines of `prose` with those that only wrap joined: a sentence that goes on is one paragraph."""
        lengths = sorted(row.end - row.start for row in self.prose)
        width = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
        out: list[Row] = []
        for row in self.prose:
            words = self.words(row.start, row.end)
            last = out[-1] if out else None
            if last is not None and self._goes_on(last, row, words, width):
                out[-1] = Row(last.start, row.end)
            else:
                out.append(row)
        return tuple(out)

    def _goes_on(self, last: Row, row: Row, words: str, width: int) -> bool:
        between = self.raw[last.end : row.start]
        before = self.words(max(last.start, last.end - 200), last.end)
        if between.strip() or between.count("\n") > 1 or row.end - last.start > 20_000 or before.endswith((".", ";", ":", ",**")):
            return False
        line = last.end - max(self.raw.rfind("\n", 0, last.end) + 1, last.start)
        listed = before.endswith(",") and re.match(r"\d+(?:\.\d+)+-c|[a-zçəğıöşü]", words)
        if not self.wraps and not listed:
            return False
        year = re.match(r"(?:19|20)\d\d\s?[-–]", words)
        if not (words[:1].islower() or listed or year) and not (width <= 220 and line >= 0.7 * width):
            return False
        bare = re.sub(r"[*_\"“”«»]", "", words).strip()
        return not (_OPENS.match(bare) or bare.isupper() or re.sub(r"[*_]", "", before).isupper())


def load(path: Path) -> Source:
    """Read a file.

    Raises BadInput for a missing, empty, oversized, binary or wrongly encoded file, and for a PDF without text.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if 0 < size <= MAX_BYTES else b""
    except OSError as error:
        raise BadInput(f"the file cannot be read ({error.strerror})", path.name, "Check the path and its rights") from None
    if size > MAX_BYTES:
        raise BadInput("the file is over 64 MB", path.name, "Save the act alone, without pictures")
    return from_bytes(data, path.name)


def from_bytes(data: bytes, name: str) -> Source:
    """The source in the bytes; the kind is told by content, not by the name's ending. Errors as `load`."""
    name = " ".join(name.split())
    if not data.strip():
        raise BadInput("the file is empty", name, "Choose the file with the act's text")
    if data.startswith(b"%PDF"):
        return plain(office.pdf_text(data, name), name)
    if data.startswith(b"PK\x03\x04"):
        return plain(office.docx_text(data, name), name, wraps=False)
    text = _decode(data, name)
    head = text[:20_000].lower()
    if re.search(r"<!doctype html|<html|<table|<body|<tr[\s>]", head):
        return html(text, name)
    return plain(text, name)


def plain(text: str, name: str = "", *, wraps: bool = True) -> Source:
    """A source from text whose table cells are parted by tabs (or by pipes, as Markdown does).

    Raises BadInput for more lines than any act has.
    """
    if text.count("\n") > MAX_LINES:
        raise too_many_lines(name)
    clean = markup.blank_inline(text)
    rows: list[Row] = []
    start = 0
    for line in clean.split("\n"):
        end = start + len(line)
        rows.append(Row(start, end, _cells(line, start)))
        start = end + 1
    return Source(text, clean, tuple(rows), name, wraps)


def html(text: str, name: str = "") -> Source:
    """A source from an HTML page; offsets count in the page as given."""
    try:
        clean, spans = markup.blank_html(text, MAX_LINES)
    except OverflowError:
        raise too_many_lines(name) from None
    return Source(text, clean, tuple(Row(start, end, tuple(cells)) for start, end, cells in spans), name, wraps=False)


def too_many_lines(name: str) -> BadInput:
    """The refusal of a text with more lines (or table rows) than any act has."""
    return BadInput(f"the text has over {MAX_LINES:,} lines", name, "Give the act alone")


def _cells(line: str, start: int) -> tuple[tuple[int, int], ...]:
    mark = "\t"
    if mark not in line:
        if not (line.lstrip().startswith("|") and line.count("|") >= 3):
            return ()
        mark = "|"
    if line.count(mark) > MAX_CELLS:
        return ()
    cells = []
    for part in line.split(mark):
        cells.append((start, start + len(part)))
        start += len(part) + 1
    return tuple(cells[1:-1] if mark == "|" and line.rstrip().endswith("|") else cells)


def _decode(data: bytes, name: str) -> str:
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(bom):
            data, chosen = data[len(bom) :], encoding
            break
    else:
        chosen = "utf-8"
        if b"\x00" in data[:4096] or len(_CONTROL.findall(data[:4096].decode("latin-1"))) > 40:
            raise BadInput("the file is binary, not text", name, "Give the act as .txt, .html, .docx or PDF")
    try:
        text = data.decode(chosen)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(f"the bytes are not {chosen.upper()}", f"{name}, line {line}", "Save the text as UTF-8 and read it again") from None
    if len(_MOJIBAKE.findall(text[:200_000])) > 20:
        raise BadInput("the letters were decoded with a wrong encoding", name, "Save the text as UTF-8 from the original")
    if len(re.findall(r"\w\?\w", text[:200_000])) > 100:
        raise BadInput("letters were lost and stand as question marks", name, "Save the text as UTF-8 from the original")
    if "\x00" in text:
        raise BadInput("the file is binary, not text", name, "Give the act as .txt, .html, .docx or PDF")
    return text.replace("\r\n", " \n").replace("\r", "\n")
