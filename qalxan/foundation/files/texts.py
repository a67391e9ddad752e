"""Plain text and CSV: UTF-8 without control characters; a cell that a spreadsheet would run is made text."""

import csv
import io
import re

from qalxan.foundation.files.kinds import Clean, Fault, Kind, Unsafe
from qalxan.foundation.files.scan import refuse_eicar

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_NUMBER = re.compile(r"[-+]?[\d\s.,]*\d[\d\s.,]*%?|[-+–]")
_DELIMITERS = ",;\t"


def rebuild_text(data: bytes, *, as_table: bool) -> Clean:
    """The text as it is, or CSV where the name asks for a table and the content is one (each row has the same two or more cells).

    Raises Unsafe for bytes that are not UTF-8 and for control characters other than tab and line ends.
    """
    refuse_eicar(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        # text of another encoding has no control characters to speak of; everything else is some program's file
        binary = any(byte < 9 or 13 < byte < 32 for byte in data[:4096])
        raise Unsafe(Fault.NOT_ALLOWED if binary and data[:2] not in (b"\xff\xfe", b"\xfe\xff") else Fault.NOT_UTF8) from None
    if _CONTROL.search(text):
        raise Unsafe(Fault.NOT_ALLOWED)
    rows = _rows(text) if as_table else None
    if rows is None:
        return Clean(Kind.TEXT, data)
    delimiter, cells = rows
    if all(_harmless(cell) == cell for row in cells for cell in row):
        return Clean(Kind.CSV, data)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in cells)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return Clean(Kind.CSV, (mark + out.getvalue()).encode())


def _rows(text: str) -> tuple[str, list[list[str]]] | None:
    """The delimiter and the rows of a table, or None where no delimiter cuts every line into as many cells."""
    for delimiter in _DELIMITERS:
        try:
            rows = [
                row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True) if row
            ]
        except csv.Error:
            continue
        if rows and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
            return delimiter, rows
    return None


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(cell.strip()) else cell
