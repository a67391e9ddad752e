"""A table out of a CSV file or an Excel workbook: a heading and rows of text, or a sentence that says what is wrong with the file."""

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qalxan.kernel.errors import RuleBroken
from qalxan.webkit.export import FORMULA

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
HEADING_WITHIN = 10
"""A workbook may carry a title and a note above its heading, as our own exports do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file: its line as the person counts it, and its cells by column name."""

    number: int
    cells: dict[str, str]


def lines_of(data: bytes, needed: frozenset[str]) -> tuple[list[str], list[Line]]:
    """The column names and the rows that hold anything. Raises RuleBroken when the file cannot be read as a table with these columns."""
    if len(data) > MAX_BYTES:
        raise RuleBroken(_("The file is larger than 5 MB."))
    rows = _workbook(data) if data[:4] == b"PK\x03\x04" else _text(data)
    heading: list[str] = []
    found: list[Line] = []
    for number, cells in rows:
        if not heading:
            names = [cell.strip().lower() for cell in cells]
            if needed <= set(names):
                heading = names
            elif number > HEADING_WITHIN:
                break
            continue
        if any(cells):
            found.append(Line(number, dict(zip(heading, (_plain(cell) for cell in cells), strict=False))))
        if len(found) > MAX_ROWS:
            raise RuleBroken(_("The file has more than %(n)s rows.") % {"n": MAX_ROWS})
    if not heading:
        raise RuleBroken(_("The file has no heading with the columns: %(names)s.") % {"names": ", ".join(sorted(needed))})
    named = [name for name in heading if name]
    if len(set(named)) < len(named):
        raise RuleBroken(_("A column is named twice in the heading."))
    return named, found


def _plain(cell: str) -> str:
    """The cell without outer spaces and without the apostrophe our exports put before what a spreadsheet would run."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def _text(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RuleBroken(_("The file is neither an Excel workbook nor text in UTF-8. Save it as .xlsx or as CSV UTF-8.")) from None
    if "\0" in text:
        raise RuleBroken(_("The file is no table of text."))
    head = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise RuleBroken(_("Line %(line)s has too many cells.") % {"line": reader.line_num})
            yield reader.line_num, row
    except csv.Error:
        raise RuleBroken(_("Line %(line)s cannot be read as CSV.") % {"line": reader.line_num}) from None


def _workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet. The archive is weighed before it is unpacked; formulas count by the value saved with them."""
    damaged = _("The workbook is damaged. Open it in Excel, save it again and retry.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size, names = sum(info.file_size for info in archive.infolist()), set(archive.namelist())
    except Exception:  # a damaged archive raises whatever its broken part is
        raise RuleBroken(damaged) from None
    if size > MAX_UNPACKED or "xl/workbook.xml" not in names:
        raise RuleBroken(damaged if size <= MAX_UNPACKED else _("The workbook unpacks to more than 60 MB."))
    import openpyxl

    rows: list[tuple[int, list[str]]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS + HEADING_WITHIN + 2, values_only=True), 1):
                rows.append((number, [_cell(value) for value in row]))
            book.close()
    except Exception:  # the library raises whatever its XML parser meets
        raise RuleBroken(damaged) from None
    if any("\0" in cell for _number, row in rows for cell in row):
        raise RuleBroken(damaged)
    return iter(rows)


def _cell(value: Any) -> str:
    """A cell as text: whole numbers without a point, days as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)
