"""The ordinary import: sources, indicators and figures from CSV or Excel, all or nothing, and again without harm."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.modules.reporting.public import set_indicators
from qalxan.reports.statistics.choices import Kind
from qalxan.reports.statistics.models import Fact, Source
from qalxan.reports.statistics.operations.cells import NEEDED, Known, read_cells
from qalxan.reports.statistics.operations.facts import approve, one_at_a_time
from qalxan.reports.statistics.operations.reading import lines_of

DATA = Path(__file__).resolve().parents[1] / "data"
SHIPPED = ((Kind.SOURCES, "sources.csv"), (Kind.INDICATORS, "indicators.csv"), (Kind.FACTS, "facts_2020.csv"), (Kind.FACTS, "series.csv"))
_STATED = ("indicator_id", "year", "period_start", "period_end", "key", "source_id", "qualifier", "value", "date")
"""What makes two facts one statement; place, note and number do not."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows read, and how many of them were new."""

    rows: int
    added: int
    ids: tuple[int, ...] = ()


@transaction.atomic
def import_facts(*, actor: Actor, now: dt.datetime, kind: Kind, name: str, data: bytes) -> Imported:
    """Import a file of rows; figures come in unapproved. Rows already stored, even withdrawn ones, are left as they are.

    Raises Refused; RuleBroken when the file cannot be read; BadCells with every faulty cell, and then nothing is written.
    """
    require(actor, Permission.FACT_ENTER)
    if kind == Kind.INDICATORS:
        require(actor, Permission.INDICATOR_EDIT)
    columns, lines = lines_of(data, NEEDED[kind])
    one_at_a_time()
    rows = read_cells(kind, columns, lines, Known.now())
    if kind == Kind.SOURCES:
        done = Imported(len(rows), _sources(rows))
    elif kind == Kind.INDICATORS:
        done = Imported(len(rows), set_indicators(actor=actor, now=now, rows=rows))
    else:
        ids = _facts(actor, now, rows)
        done = Imported(len(rows), len(ids), tuple(ids))
    record(actor.user_id, AuditEvent.FACTS_IMPORTED, f"figures:{kind.value}", rows=done.rows, added=done.added)
    return done


def _sources(rows: list[dict[str, Any]]) -> int:
    """New and changed sources."""
    known = {source.code: source for source in Source.objects.select_for_update()}
    changed = 0
    for row in rows:
        source = known.get(row["code"]) or Source(code=row["code"])
        if source.pk and all(getattr(source, name) == value for name, value in row.items()):
            continue
        for name, value in row.items():
            setattr(source, name, value)
        source.save()
        changed += 1
    return changed


def _facts(actor: Actor, now: dt.datetime, rows: list[dict[str, Any]]) -> list[int]:
    years = {row["year"] for row in rows}
    known = set(Fact.objects.filter(source__isnull=False, year__in=years).values_list(*_STATED))
    new: dict[tuple[Any, ...], Fact] = {}
    for row in rows:
        stated = tuple(row[name] for name in _STATED)
        if stated not in known and stated not in new:
            new[stated] = Fact(**row, known_since=now, entered_by_id=actor.user_id)
    return [fact.id for fact in Fact.objects.bulk_create(new.values())]


@transaction.atomic
def import_all(*, actor: Actor, now: dt.datetime) -> int:
    """Load the shipped sources, indicators and figures through the ordinary import and approve what is new; gives the new figures.

    For the installation itself: nobody typed these figures here, so nobody approves their own. Raises Refused.
    """
    require(actor, Permission.FACT_APPROVE)
    added: list[int] = []
    for kind, name in SHIPPED:
        added += import_facts(actor=actor, now=now, kind=kind, name=name, data=(DATA / name).read_bytes()).ids
    approve(actor=actor, now=now, ids=added)
    return len(added)
