"""Editions in lists."""

import datetime as dt
from dataclasses import dataclass

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.reports.annual_report import policy
from qalxan.reports.annual_report.choices import EditionState, Kind
from qalxan.reports.annual_report.models import Edition


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition in a list."""

    id: int
    kind: str
    kind_label: str
    year: int
    number: int
    state: str
    state_label: str
    sealed_at: dt.datetime | None
    period: str

    @property
    def title(self) -> str:
        """The report's kind and its period."""
        return f"{self.kind_label}: {self.period}"


def row_of(e: Edition) -> EditionRow:
    """One edition as a row."""
    period = f"{e.year}–{e.year + 1}" if e.kind == Kind.US_TIP else str(e.year)
    return EditionRow(
        e.id, e.kind, str(Kind(e.kind).label), e.year, e.number, e.state, str(EditionState(e.state).label), e.sealed_at, period
    )


def edition_list(actor: Actor) -> list[EditionRow]:
    """The editions the actor may open, newest year first; one query."""
    require(actor, Permission.EDITION_READ)
    found = Edition.objects.defer("cut").filter(policy.edition_scope(actor)).order_by("-year", "kind", "-number")
    return [row_of(e) for e in found]


def sealed_list(actor: Actor) -> list[EditionRow]:
    """The newest sealed edition of each report and year."""
    seen: set[tuple[str, int]] = set()
    rows = []
    for row in edition_list(actor):
        if row.state == EditionState.SEALED and (row.kind, row.year) not in seen:
            seen.add((row.kind, row.year))
            rows.append(row)
    return rows


def edition_of(actor: Actor, kind: str, year: int, number: int) -> Edition:
    """An edition the actor may open. Raises Refused, or Absent."""
    require(actor, Permission.EDITION_READ, f"edition:{kind}/{year}/{number}")
    found = Edition.objects.filter(policy.edition_scope(actor), kind=kind, year=year, number=number).first()
    if found is None:
        raise Absent(f"edition:{kind}/{year}/{number}")
    return found
