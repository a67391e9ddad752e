"""Rows of an import, cell by cell: what each may hold, and a sentence for each that does not."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalxan.foundation.bodies.queries import names
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.figures import DIMENSIONS, read_key, split_of
from qalxan.modules.reporting.choices import Qualifier, Unit
from qalxan.modules.reporting.public import IndicatorWords, indicator_words
from qalxan.reports.statistics.choices import WORKED_OUT, Kind, Origin
from qalxan.reports.statistics.models import Source
from qalxan.reports.statistics.operations.reading import Line

_LANGUAGES = ("az", "en", "ru")
NEEDED: dict[str, frozenset[str]] = {
    Kind.SOURCES: frozenset({"code", *(f"title_{x}" for x in _LANGUAGES)}),
    Kind.INDICATORS: frozenset({"code", *(f"label_{x}" for x in _LANGUAGES), "unit"}),
    Kind.FACTS: frozenset({"indicator", "year", "value", "source"}),
}
OPTIONAL: dict[str, frozenset[str]] = {
    Kind.SOURCES: frozenset({"year", "ref"}),
    Kind.INDICATORS: frozenset({*(f"definition_{x}" for x in _LANGUAGES), "dimensions", "decimals"}),
    Kind.FACTS: frozenset({"period_start", "period_end", "key", "qualifier", "place", "note", "figure", "date"}),
}
"""Kind of file → its columns."""
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,4})?")
_AMBIGUOUS = re.compile(r"-?[0-9]{1,3},[0-9]{3}")


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that cannot be taken: the line of the file, the column, and why."""

    line: int
    column: str
    reason: str


class BadCells(RuleBroken):
    """A file with cells that cannot be taken; nothing of it was written."""

    def __init__(self, cells: list[BadCell]) -> None:
        n = len(cells)
        super().__init__(
            ngettext("%(n)s cell needs another look; nothing was written.", "%(n)s cells need another look; nothing was written.", n)
            % {"n": n}
        )
        self.cells = tuple(cells)


class _Row:
    """One line being read; faults are gathered, not raised, so that a person sees them all at once."""

    def __init__(self, line: Line, faults: list[BadCell]) -> None:
        self.line, self.faults = line, faults

    def text(self, column: str, limit: int, *, needed: bool = False) -> str:
        """A text of at most so many letters."""
        found = self.line.cells.get(column, "")
        if needed and not found:
            self.bad(column, _("The cell is empty."))
        if len(found) > limit:
            self.bad(column, _("The text is longer than %(n)s letters.") % {"n": limit})
        return found

    def bad(self, column: str, reason: str) -> None:
        """Note a fault."""
        self.faults.append(BadCell(self.line.number, column, reason))

    def slug(self, column: str, limit: int) -> str:
        """A code: small Latin letters, digits, hyphens."""
        found = self.text(column, limit, needed=True)
        if found and not _SLUG.fullmatch(found):
            self.bad(column, _("A code is small Latin letters, digits and hyphens."))
        return found

    def year(self, column: str, *, needed: bool) -> int | None:
        """A year from 1990 to 2100."""
        found = self.text(column, 4, needed=needed)
        if re.fullmatch(r"[0-9]{4}", found) and 1990 <= int(found) <= 2100:
            return int(found)
        if found and len(found) <= 4:
            self.bad(column, _("A year is four digits, 1990 to 2100."))
        return None

    def day(self, column: str) -> dt.date | None:
        """A day written YYYY-MM-DD."""
        found = self.text(column, 10)
        if not found:
            return None
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", found):
                raise ValueError
            return dt.date.fromisoformat(found)
        except ValueError:
            self.bad(column, _("A day is written YYYY-MM-DD."))
            return None

    def number(self, column: str) -> tuple[Decimal | None, int]:
        """A number and how many digits stand after its point; "5,705" is refused, for it may mean two things."""
        found = re.sub(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3})", "", self.text(column, 30))
        if not found:
            return None, 0
        if _AMBIGUOUS.fullmatch(found):
            self.bad(column, _("Write thousands without a comma, and decimals with a point."))
        elif not _NUMBER.fullmatch(found):
            self.bad(column, _("This is no number."))
        else:
            written = found.replace(",", ".")
            return Decimal(written), len(written.partition(".")[2])
        return None, 0


@dataclass(frozen=True)
class Known:
    """What rows may refer to."""

    indicators: Mapping[str, IndicatorWords]
    sources: Mapping[str, tuple[int, int | None]]
    bodies: frozenset[str]

    @classmethod
    def now(cls) -> "Known":
        """As stored at this moment; three queries."""
        sources = {code: (id_, year) for code, id_, year in Source.objects.values_list("code", "id", "year")}
        return cls(indicator_words(), sources, frozenset(names("az")))


@cache
def countries() -> frozenset[str]:
    """The two-letter codes of countries (ISO 3166)."""
    return frozenset(code for code in map(str, Locale("en").territories) if re.fullmatch(r"[A-Z]{2}", code))


def _source(row: _Row, known: Known) -> dict[str, Any]:
    titles = {f"title_{x}": row.text(f"title_{x}", 300, needed=True) for x in _LANGUAGES}
    return {"code": row.slug("code", 40), **titles, "year": row.year("year", needed=False), "ref": row.text("ref", 300)}


def _indicator(row: _Row, known: Known) -> dict[str, Any]:
    words = {f"label_{x}": row.text(f"label_{x}", 200, needed=True) for x in _LANGUAGES}
    words |= {f"definition_{x}": row.text(f"definition_{x}", 3000) for x in _LANGUAGES}
    unit = row.text("unit", 16, needed=True)
    if unit and unit not in Unit.values:
        row.bad("unit", _("There is no such unit. Units are: %(names)s.") % {"names": ", ".join(Unit.values)})
    dimensions = [name.strip() for name in row.text("dimensions", 200).split(";") if name.strip()]
    if wrong := [name for name in dimensions if name not in DIMENSIONS]:
        row.bad("dimensions", _("There is no split “%(name)s”.") % {"name": wrong[0]})
    return {"code": row.slug("code", 60), **words, "unit": unit, "dimensions": dimensions}


def _key(row: _Row, indicator: IndicatorWords | None, known: Known) -> str:
    written = row.text("key", 200)
    try:
        key = read_key(written)
    except ValueError:
        row.bad("key", _("“%(cell)s” is no split. Write it as name=code; name=code.") % {"cell": written[:60]})
        return ""
    for name, code in split_of(key).items():
        if indicator is not None and name not in indicator.dimensions:
            row.bad("key", _("This indicator is not split by “%(name)s”.") % {"name": name})
        elif name in ("country", "citizenship") and code not in countries():
            row.bad("key", _("“%(code)s” is no country code of two capital letters.") % {"code": code})
        elif name == "provider" and code not in known.bodies:
            row.bad("key", _("The registry has no body %(code)s.") % {"code": code})
    return key


def _period(row: _Row, year: int | None) -> tuple[dt.date | None, dt.date | None]:
    start, end = row.day("period_start"), row.day("period_end")
    if (start is None) != (end is None):
        row.bad("period_end" if end is None else "period_start", _("A period needs both its first and its last day."))
        return None, None
    if start is None or end is None:
        return None, None
    if start > end:
        row.bad("period_end", _("The period ends before it begins."))
    elif year is not None and not start.year <= year <= end.year:
        row.bad("year", _("The year lies outside the period."))
    elif year is not None and (start, end) == (dt.date(year, 1, 1), dt.date(year, 12, 31)):
        return None, None
    return start, end


def _stated(row: _Row, indicator: IndicatorWords | None) -> dict[str, Any]:
    """Value or date, qualifier and printed precision; unknown has no value, and no value is never zero."""
    (value, decimals), day = row.number("value"), row.day("date")
    empty = not row.line.cells.get("value") and not row.line.cells.get("date")
    qualifier = row.text("qualifier", 10) or (Qualifier.UNKNOWN.value if empty else Qualifier.EXACT.value)
    if qualifier not in Qualifier.values:
        row.bad("qualifier", _("There is no such qualifier. Write one of: %(names)s.") % {"names": ", ".join(Qualifier.values)})
    elif (qualifier == Qualifier.UNKNOWN) != empty:
        row.bad("qualifier", _("“unknown” goes with an empty value, and an empty value with “unknown”."))
    if indicator is not None and not empty and (indicator.unit == Unit.DATE) != (day is not None):
        row.bad("date", _("This indicator is a date.") if indicator.unit == Unit.DATE else _("This indicator is no date."))
    elif value is not None and day is not None:
        row.bad("date", _("A figure is a number or a date, not both."))
    return {"value": value, "decimals": decimals, "date": day, "qualifier": qualifier}


def _fact(row: _Row, known: Known) -> dict[str, Any]:
    code = row.text("indicator", 60, needed=True)
    indicator = known.indicators.get(code)
    if code and indicator is None:
        row.bad("indicator", _("There is no indicator “%(code)s”.") % {"code": code[:60]})
    source = row.text("source", 40, needed=True)
    source_id, reporting_year = known.sources.get(source, (None, None))
    if source and source_id is None:
        row.bad("source", _("There is no source “%(code)s”.") % {"code": source[:40]})
    year = row.year("year", needed=True)
    start, end = _period(row, year)
    return {
        "indicator_id": code, "year": year, "reporting_year": reporting_year, "period_start": start, "period_end": end, "key": _key(row, indicator, known),
        "source_id": source_id, "origin": Origin.COMPUTED if source.startswith(WORKED_OUT) else Origin.TYPED, **_stated(row, indicator), "place": row.text("place", 200), "note": row.text("note", 500), "figure": row.text("figure", 20),
    }  # fmt: skip


_READERS: dict[str, Callable[[_Row, Known], dict[str, Any]]] = {Kind.SOURCES: _source, Kind.INDICATORS: _indicator, Kind.FACTS: _fact}


def read_cells(kind: Kind, columns: Iterable[str], lines: list[Line], known: Known) -> list[dict[str, Any]]:
    """The rows as field values. Raises BadCells with every cell that cannot be taken, in the reader's language."""
    faults: list[BadCell] = []
    for column in columns:
        if column not in NEEDED[kind] | OPTIONAL[kind]:
            faults.append(BadCell(1, column[:40], _("There is no such column here.")))
    rows = [_READERS[kind](_Row(line, faults), known) for line in lines]
    if kind != Kind.FACTS:
        seen: set[str] = set()
        for line, row in zip(lines, rows, strict=True):
            if row["code"] in seen:
                faults.append(BadCell(line.number, "code", _("The code stands twice in the file.")))
            seen.add(row["code"])
    if faults:
        raise BadCells(sorted(faults, key=lambda cell: cell.line))
    return rows
