"""Terms and dates as people read them in their language."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalxan.kernel.names import lower
from qalxan.modules.plans.choices import Column


def day_words(day: dt.date | None) -> str:
    """A date such as "21 noyabr 2026"; empty for none."""
    return formats.date_format(day, "DATE_FORMAT") if day else ""


def _month(number: int) -> str:
    return lower(str(MONTHS[number])) if str(MONTHS[number]) else ""


def month_words(written: str) -> str:
    """ "2004-06" as "iyun 2004"."""
    year, month = map(int, written.split("-"))
    return f"{_month(month)} {year}"


def term_words(term: Mapping[str, Any]) -> str:
    """A term in the reader's language."""
    kind = term["kind"]
    if kind == "years":
        return str(term["from"]) if term["from"] == term["to"] else f"{term['from']}–{term['to']}"
    if kind == "month":
        return f"{month_words(term['from'])} – {month_words(term['to'])}" if term.get("to") else month_words(term["from"])
    if kind == "continuous":
        return _("ongoing")
    if kind == "yearly":
        return _("every year")
    if kind == "yearly_month":
        form = _("%(month)s of the following year") if term.get("following") else _("every year, %(month)s")
        return form % {"month": _month(term["month"])}
    if kind == "within":
        if term.get("days"):
            return ngettext("within %(n)s day of adoption", "within %(n)s days of adoption", term["days"]) % {"n": term["days"]}
        return ngettext("within %(n)s month of adoption", "within %(n)s months of adoption", term["months"]) % {"n": term["months"]}
    return _("no term")


def terms_words(terms: list[Mapping[str, Any]]) -> str:
    """Several terms, parted by semicolons."""
    return "; ".join(map(term_words, terms))


def period_words(start: dt.date, end: dt.date) -> str:
    """A duty's period: a year, some months, or two dates."""
    if (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    if start.day == 1 and (end + dt.timedelta(days=1)).day == 1:
        first, last = month_words(f"{start:%Y-%m}"), month_words(f"{end:%Y-%m}")
        return first if first == last else f"{first} – {last}"
    return f"{day_words(start)} – {day_words(end)}"


def measure_label(number: str | None, occurrence: int, result: int = 0) -> str:
    """A measure as people say it: "4.2.1", "6.3 (2)" for the second of that number, "5 / 3" for a row's third result."""
    return f"{number or '–'}" + (f" ({occurrence})" if occurrence > 1 else "") + (f" / {result}" if result else "")


def cell_words(column: str, value: Any) -> str:
    """What a cell of a reading says, as one line of words."""
    if column == Column.TEXT:
        return str(value)
    if column == Column.EXECUTORS:
        return _executor_words(value)
    if column == Column.RESULTS:
        return "\n".join(r["text"] + (f" [{r['term']['as_written']}]" if r["term"] and r["term"]["as_written"] else "") for r in value)
    return ", ".join(term["as_written"] for term in value)


def _executor_words(entries: list[dict[str, Any]]) -> str:
    plain = [e["as_written"] for e in entries if e["role"] != "involved"]
    involved = [e["as_written"] for e in entries if e["role"] == "involved"]
    tail = f" {', '.join(involved)} cəlb etməklə" if involved else ""
    return " ".join((", ".join(plain) + ("," if plain and tail else "") + tail).split())


def short(text: str, limit: int = 110) -> str:
    """A text cut at a word."""
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"
