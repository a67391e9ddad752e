"""The figures of a year as a table for CSV and Excel."""

from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.reports.statistics.queries.pages import figure_list
from qalxan.webkit.export import WRITERS, Sheet


def export(actor: Actor, year: int, form: str, *, text: str = "", only: str = "") -> bytes:
    """The list as it is filtered, one line for each statement. Raises Refused, KeyError for a form there is no writer for."""
    write = WRITERS[form]
    rows = []
    for indicator in figure_list(actor, year, text=text, only=only):
        for row in indicator.rows:
            for stated in row.statements:
                approved = _("approved") if stated.approved else _("waits for approval")
                taken = _("taken") if stated.taken else row.standing_label
                place = ", ".join(filter(None, (stated.place, stated.figure and _("figure %(number)s") % {"number": stated.figure})))
                rows.append(
                    [
                        indicator.label,
                        row.key_words,
                        row.period or str(row.year),
                        stated.words,
                        indicator.unit,
                        stated.source,
                        place,
                        approved,
                        taken,
                    ]
                )
    columns = [
        (_("Indicator"), 45), (_("Split"), 25), (_("Year or period"), 14), (_("Value"), 16), (_("Unit"), 14), (_("Source"), 40), (_("Place"), 16), (_("Approval"), 16),
        (_("Standing"), 18),
    ]  # fmt: skip
    return write(Sheet(_("Figures of %(year)s") % {"year": year}, _("Every statement of every source; empty is not known."), columns, rows))
