"""Tables as CSV, XLSX and DOCX. A cell that a spreadsheet would run as a formula is written as text."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "akn": "application/akn+xml",
}


@dataclass(frozen=True)
class Sheet:
    """A table to be written: title, note, column headings with relative widths, and rows; a row of one cell is a section heading."""

    title: str
    note: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]


def harmless(text: str) -> str:
    """The text with an apostrophe before a first letter that a spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark, so spreadsheets read Azerbaijani letters; section headings repeat in the first column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([name for name, _ in sheet.columns])
    for row in sheet.rows:
        writer.writerow([harmless(cell) for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook with a frozen heading, wrapped cells and set widths; every cell is a string."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    )
    page = book.add_worksheet()
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top", "bg_color": "#E8EEF0"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    section = book.add_format({"bold": True, "text_wrap": True})
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    page.write_string(1, 0, sheet.note)
    for place, (name, width) in enumerate(sheet.columns):
        page.set_column(place, place, width)
        page.write_string(2, place, name, head)
    for line, row in enumerate(sheet.rows, 3):
        for place, cell in enumerate(row):
            page.write_string(line, place, harmless(cell), section if len(row) == 1 else body)
    page.freeze_panes(3, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
    book.close()
    return out.getvalue()


def as_docx(sheet: Sheet) -> bytes:
    """A Word document in landscape: title, note, one table whose heading row repeats on each page."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = Cm(1.5)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Noto Sans", Pt(9)
    document.add_heading(sheet.title, 1)
    document.add_paragraph(sheet.note)
    table = document.add_table(rows=1, cols=len(sheet.columns), style="Table Grid")
    table.autofit = False
    total = sum(width for _, width in sheet.columns)
    widths = [Cm(26.7 * width / total) for _, width in sheet.columns]
    for cell, (name, _), width in zip(table.rows[0].cells, sheet.columns, widths, strict=True):
        cell.width = width
        cell.paragraphs[0].add_run(name).bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in sheet.rows:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[-1]).paragraphs[0].add_run(row[0]).bold = True
            continue
        for cell, text, width in zip(cells, row, widths, strict=True):
            cell.width = width
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


WRITERS = {"csv": as_csv, "xlsx": as_xlsx, "docx": as_docx}
