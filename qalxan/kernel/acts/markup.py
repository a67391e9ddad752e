"""Blanking out mark-up without moving a single offset: every replacement is as long as what it replaces."""

import html as _html
import re
import unicodedata
from dataclasses import dataclass, field

PAD = "\u200b"  # no width: vanishes when words are read
BREAK = "\u2028"  # a paragraph's end inside a table cell
_COMBINED = re.compile(r"[^\W\d_][\u0300-\u036f]+")
_INLINE = re.compile(r"</?(?P<tag>[a-zA-Z][a-zA-Z0-9]{0,9})(?:\s[^<>]{0,500})?/?>|\*\*|&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_TAG = re.compile(
    r"<(?P<end>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]{0,15})(?P<rest>[^<>]*)>|<!--|<[!?][^<>]*>|&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});|[\r\n\t]+"
)
_SPAN = re.compile(r"(row|col)span\s*=\s*[\"']?(\d{1,3})", re.IGNORECASE)
_HIDDEN = {"script": re.compile("</script", re.I), "style": re.compile("</style", re.I), "head": re.compile("</head", re.I)}
_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "center"}
MAX_COLUMNS = 40


def _entity(written: str) -> str:
    letter = _html.unescape(written)
    return (letter if len(letter) <= len(written) else " ").replace("\n", " ").ljust(len(written), PAD)


def _inline(match: re.Match[str]) -> str:
    written = match.group()
    if written.startswith("&"):
        return _entity(written)
    tag = (match.group("tag") or "").lower()
    return (BREAK if tag in ("p", "br", "li") else "").ljust(len(written), PAD)


def composed(text: str) -> str:
    """Letters with combining marks as one letter each (NFC), padded so that no offset moves."""
    if unicodedata.is_normalized("NFC", text):
        return text
    return _COMBINED.sub(lambda m: unicodedata.normalize("NFC", m.group()).ljust(len(m.group()), PAD)[: len(m.group())], text)


def blank_inline(text: str) -> str:
    """Tags, Markdown bold and entities that strayed into plain text, blanked; `<p>` becomes a cell break."""
    return _INLINE.sub(_inline, composed(text))


@dataclass
class _Page:
    """The state of one pass over an HTML page."""

    text: str
    out: list[str] = field(default_factory=list)
    at: int = 0
    rows: list[tuple[int, int, list[tuple[int, int]]]] = field(default_factory=list)
    line: int = 0
    cells: list[tuple[int, int]] | None = None
    cell: int | None = None
    spans: dict[int, tuple[int, tuple[int, int]]] = field(default_factory=dict)
    numbered: bool = True
    colspan: int = 1
    rowspan: int = 1

    def copy(self, until: int) -> None:
        self.out.append(self.text[self.at : until])
        self.at = until

    def put(self, text: str, until: int) -> None:
        self.out.append(text.ljust(until - self.at, PAD))
        self.at = until

    def end_line(self, at: int) -> None:
        if at > self.line:
            self.rows.append((self.line, at, []))
        self.line = at

    def open_row(self, at: int) -> None:
        self.close_row(at)
        self.end_line(at)
        self.cells = []
        self.numbered = True

    def close_row(self, at: int) -> None:
        if self.cells is None:
            return
        self.close_cell(at)
        self._carry(at)
        if self.cells and len(self.cells) <= MAX_COLUMNS:
            self.rows.append((self.line, at, self.cells))
        self.line = at
        self.cells = None

    def open_cell(self, at: int, attributes: str) -> None:
        if self.cells is None:
            self.open_row(at)
        self.close_cell(at)
        self._carry(at)
        sizes = {kind.lower(): int(size) for kind, size in _SPAN.findall(attributes)}
        self.colspan, self.rowspan = min(sizes.get("col", 1), MAX_COLUMNS), sizes.get("row", 1)
        self.cell = at

    def close_cell(self, at: int) -> None:
        if self.cell is None or self.cells is None:
            return
        if self.rowspan > 1:
            self.spans[len(self.cells)] = (self.rowspan - 1, (self.cell, at))
        self.cells.append((self.cell, at))
        self.cells.extend([(at, at)] * (self.colspan - 1))
        self.cell = None

    def _carry(self, at: int) -> None:
        """Cells of earlier rows that reach down: repeated in a row with its own number, empty in a row that goes on."""
        assert self.cells is not None
        while (place := len(self.cells)) <= MAX_COLUMNS:
            left, owner = self.spans.get(place, (0, (at, at)))
            if left <= 0:
                break
            self.spans[place] = (left - 1, owner)
            if place == 0:
                self.numbered = False
            self.cells.append(owner if self.numbered else (at, at))


def blank_html(text: str, most_rows: int) -> tuple[str, list[tuple[int, int, list[tuple[int, int]]]]]:
    """An HTML page with its mark-up blanked, and its lines as (start, end, cells), in one linear pass.

    Raises OverflowError when the page has more than `most_rows` rows.
    """
    text = composed(text)
    page = _Page(text)
    while match := _TAG.search(text, page.at):
        page.copy(match.start())
        if len(page.rows) > most_rows:
            raise OverflowError
        tag = (match.group("tag") or "").lower()
        if match.group() == "<!--":
            end = text.find("-->", match.end())
            page.put("", len(text) if end < 0 else end + 3)
        elif not tag:
            written = match.group()
            page.put(_entity(written) if written[0] == "&" else "" if written[0] == "<" else " ", match.end())
        elif tag in _HIDDEN and not match.group("end"):
            closing = _HIDDEN[tag].search(text, match.end())
            page.put("", closing.start() if closing else len(text))
        else:
            _tag(page, match, tag, bool(match.group("end")))
    page.copy(len(text))
    page.close_row(len(text))
    page.end_line(len(text))
    return "".join(page.out), page.rows


def _tag(page: _Page, match: re.Match[str], tag: str, closing: bool) -> None:
    start, end = match.span()
    if tag in ("td", "th"):
        page.close_cell(start)
        page.put("", end)
        if not closing:
            page.open_cell(end, match.group("rest"))
    elif tag in ("tr", "table", "thead", "tbody"):
        page.put("", end)
        page.close_row(start)
        if tag == "tr" and not closing:
            page.open_row(end)
        elif tag == "table":
            page.spans.clear()
    elif tag in _BLOCKS:
        page.put(BREAK if page.cell is not None else "", end)
        if page.cell is None and page.cells is None:
            page.end_line(end)
    else:
        page.put("", end)
