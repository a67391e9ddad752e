"""A consolidation as a file: CSV, XLSX, DOCX, Akoma Ntoso."""

import datetime as dt

from django.utils.translation import gettext as _

from qalxan.modules.plans.queries.akn import akoma_ntoso
from qalxan.modules.plans.queries.plans import Consolidation, MeasureRow, act_label
from qalxan.modules.plans.queries.words import day_words
from qalxan.webkit.export import WRITERS, Sheet


def export(view: Consolidation, form: str, made_on: dt.date) -> bytes:
    """The file's bytes. Raises KeyError for a form there is no writer for."""
    if form == "akn":
        return akoma_ntoso(view, made_on)
    return WRITERS[form](sheet(view, flat=form == "csv"))


def sheet(view: Consolidation, *, flat: bool) -> Sheet:
    """The consolidation as a table; `flat` puts the section in a column of its own instead of a heading row."""
    results = any(row.results for section in view.sections for row in section.rows)
    columns = [
        (_("No."), 8),
        (_("Measure"), 60),
        (_("Executing bodies"), 45),
        (_("Term"), 14),
        (_("Recommended participants"), 25),
        (_("Changed by"), 20),
    ]
    if results:
        columns.insert(3, (_("Expected results"), 50))
    if flat:
        columns.insert(0, (_("Section"), 12))
    rows: list[list[str]] = []
    for section in view.sections:
        title = f"{section.number}. {section.full_title}" if section.number else section.full_title
        if title and not flat:
            rows.append([title])
        rows += [([section.number] if flat else []) + _cells(row, results) for row in section.rows]
    note = _("As in force on %(day)s · %(act)s") % {"day": day_words(view.day), "act": act_label(view.plan.act)}
    return Sheet(view.title, note, columns, rows)


def _cells(row: MeasureRow, results: bool) -> list[str]:
    text = "\n".join([row.text, *(f"{letter}) {words}" for letter, words in row.sublines)])
    executors = ", ".join(n.name + (f" ({n.role_label})" if n.role == "involved" else "") for n in row.executors)
    recommended = ", ".join(n.name for n in row.recommended)
    cells = [row.label, text, executors, row.terms, recommended, "; ".join(dict.fromkeys(row.changed.values()))]
    if results:
        cells.insert(3, "\n".join(f"{words}{f' ({term})' if term else ''}" for words, term in row.results))
    return cells
