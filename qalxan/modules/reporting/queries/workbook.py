"""A return as a workbook to fill in away from the network."""

import datetime as dt
import io
from typing import Any

from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Refused
from qalxan.foundation.access.permissions import Permission
from qalxan.modules.reporting.choices import Qualifier, RatingValue, Stance
from qalxan.modules.reporting.queries.returns import ReturnPage, return_page
from qalxan.webkit.export import harmless

FIRST_ROW = 4
"""The first row of a sheet that holds an answer or a figure, counted from 1 as people do."""


def answer_columns() -> list[tuple[str, int]]:
    """The headings and widths of the sheet of answers; the first column is hidden and tells the rows apart."""
    return [
        ("#", 0),
        (_("Duty"), 9),
        (_("Measure"), 46),
        (_("Period"), 12),
        (_("How the body answers"), 20),
        (_("What was done"), 80),
        (_("Own rating"), 18),
    ]


def figure_columns() -> list[tuple[str, int]]:
    """The headings and widths of the sheet of figures."""
    return [("#", 0), (_("Figure"), 60), (_("Split"), 34), (_("Unit"), 16), (_("How exact"), 16), (_("Number"), 14)]


def workbook(actor: Actor, return_id: int, today: dt.date) -> tuple[str, bytes]:
    """The workbook of one's own return and its file name. Raises Refused or Absent."""
    page = return_page(actor, return_id, today)
    if not page.may_write:
        raise Refused(Permission.RETURN_WRITE, f"return:{return_id}")
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    style = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top", "bg_color": "#E8EEF0"}),
        "fixed": book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#F6F3EC"}),
        "free": book.add_format({"text_wrap": True, "valign": "top", "locked": False, "border": 1, "border_color": "#8A8F99"}),
    }
    _answers(book, page, style)
    _figures(book, page, style)
    book.close()
    return f"{page.row.plan}-{page.row.year}-{page.row.body}.xlsx", out.getvalue()


def _sheet(book: Any, name: str, page: ReturnPage, columns: list[tuple[str, int]], style: dict[str, Any]) -> Any:
    sheet = book.add_worksheet(name[:31])
    sheet.write_string(0, 1, f"{page.row.body_name}: {page.row.plan_title}, {page.row.year}", style["title"])
    sheet.write_string(1, 1, _("Fill in the white cells and upload the file. Grey cells tell the rows apart: leave them as they are."))
    for place, (heading, width) in enumerate(columns):
        sheet.set_column(place, place, width, None, {"hidden": place == 0})
        sheet.write_string(FIRST_ROW - 2, place, heading, style["head"])
    sheet.freeze_panes(FIRST_ROW - 1, 3)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    return sheet


def _choice(sheet: Any, row: int, column: int, labels: list[str]) -> None:
    sheet.data_validation(row, column, row, column, {"validate": "list", "source": labels, "error_message": _("Choose one of the list.")})


def _answers(book: Any, page: ReturnPage, style: dict[str, Any]) -> None:
    sheet = _sheet(book, _("Answers"), page, answer_columns(), style)
    stances = [str(s.label) for s in (Stance.DONE, Stance.NOTHING, Stance.REFUSED)]
    ratings = [str(r.label) for r in RatingValue]
    for row, answer in enumerate(page.answers, FIRST_ROW - 1):
        stance = str(Stance(answer.stance).label) if answer.stance else ""
        fixed = [f"{answer.id}:{answer.version}", answer.label, answer.title, answer.period]
        for column, text in enumerate(fixed):
            sheet.write_string(row, column, harmless(text), style["fixed"])
        for column, text in enumerate([stance, answer.narrative, answer.rating_label], len(fixed)):
            sheet.write_string(row, column, harmless(text), style["free"])
        _choice(sheet, row, 4, stances)
        _choice(sheet, row, 6, ratings)


def _figures(book: Any, page: ReturnPage, style: dict[str, Any]) -> None:
    if not page.slots:
        return
    sheet = _sheet(book, _("Figures"), page, figure_columns(), style)
    qualifiers = [str(q.label) for q in Qualifier]
    for row, slot in enumerate(page.slots, FIRST_ROW - 1):
        for column, text in enumerate([f"{slot.indicator}|{slot.key}", slot.label, slot.key_label, slot.unit_label]):
            sheet.write_string(row, column, harmless(text), style["fixed"])
        sheet.write_string(row, 4, str(Qualifier(slot.qualifier).label) if slot.given else "", style["free"])
        if slot.value is None:
            sheet.write_blank(row, 5, None, style["free"])
        else:
            sheet.write_number(row, 5, float(slot.value), style["free"])
        _choice(sheet, row, 4, qualifiers)
