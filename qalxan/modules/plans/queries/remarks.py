"""What the reader's diagnostics say to a person, by code."""

from django.utils.translation import gettext_lazy as _

REMARKS = {
    "header": _("Column headings"),
    "column-numbers": _("A row of column numbers"),
    "ruling": _("A ruling line"),
    "page-number": _("A page number"),
    "no-number": _("The measure has no number"),
    "no-text": _("The measure has no text"),
    "no-heading": _("The heading of this section is missing in the text"),
    "no-header": _("The table has no headings; columns were told by what stands in them"),
    "number-gap": _("Numbers are missing before this row"),
    "repeated-number": _("This number is printed twice"),
    "continued": _("The row goes on over a page break"),
    "page-break": _("A page break ran through the row"),
    "other-column": _("A column with no place in the plan"),
    "stray": _("A line that belongs to no column"),
    "unknown-body": _("The register knows no body of this name"),
    "misspelt-body": _("A misspelt name was read as a known body"),
    "open-list": _("An open list: name its bodies"),
    "glued": _("No comma between bodies"),
    "footnote-mark": _("A footnote mark"),
    "words-aside": _("Words that name no body"),
    "no-executor": _("No executing body is named"),
    "unread-term": _("The term could not be read"),
    "repaired-dash": _("A dash is lost between the years"),
    "repaired-spelling": _("A misspelt term was read"),
    "no-term": _("No term is set"),
    "term-without-result": _("A term stands beside no result"),
    "terms-by-row": _("Results and terms were paired line by line"),
    "no-such-measure": _("A measure is named that the table does not have"),
    "amendment": _("An amendment names no measure"),
    "long-cell": _("A cell too long to be read whole"),
}
"""Diagnostic code → sentence."""
