"""The registry of bodies as plain data: codes, dated names, aliases, parents and successors."""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from qalxan.kernel.errors import BadInput

OPEN_LIST = "open_list"
GROUP = "group"


@dataclass(frozen=True, slots=True)
class BodyRecord:
    """One row of the registry. Dates are as precise as their source: "2022", "2015-12" or "2021-10-11"."""

    code: str
    kind: str
    name_az: str
    name_en: str
    name_ru: str
    parent: str = ""
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()

    @property
    def first_day(self) -> dt.date | None:
        """The first day the source leaves possible, or None when it says nothing."""
        return _edge(self.valid_from)

    @property
    def end_day(self) -> dt.date | None:
        """The first day after the body. An end known by year or month only counts as late as that leaves possible."""
        day = _edge(self.valid_to)
        if day is None or self.valid_to.count("-") == 2:
            return day
        return day.replace(year=day.year + 1) if "-" not in self.valid_to else (day + dt.timedelta(days=32)).replace(day=1)


def _edge(written: str) -> dt.date | None:
    if not written:
        return None
    year, month, day = [*map(int, written.split("-")), 1, 1][:3]
    return dt.date(year, month, day)


@dataclass(frozen=True)
class Registry:
    """All bodies by code."""

    records: tuple[BodyRecord, ...]
    by_code: dict[str, BodyRecord] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {record.code: record for record in self.records})

    def kind(self, code: str | None) -> str:
        """The body's kind, "" for an unknown code."""
        record = self.by_code.get(code or "")
        return record.kind if record else ""

    def in_office(self, code: str, day: dt.date) -> str:
        """The body itself while it exists on the day, then the successor that does."""
        seen = {code}
        while (record := self.by_code.get(code)) and record.end_day and record.end_day <= day and record.successor:
            code = record.successor
            if code in seen:
                break
            seen.add(code)
        return code

    @cached_property
    def successors(self) -> dict[str, str]:
        """Code → code of the body that follows it."""
        return {record.code: record.successor for record in self.records if record.successor}


def load_registry(*paths: Path) -> Registry:
    """Read the registry from its CSV files, which may name one another's bodies.

    Raises BadInput when a column is missing, a code repeats, or a parent or successor does not exist.
    """
    records: list[BodyRecord] = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as stream:
            try:
                records += [_record(row) for row in csv.DictReader(stream)]
            except KeyError as missing:
                raise BadInput(f"the column {missing} is missing", path.name, "Add it to the first line") from None
    registry = Registry(tuple(records))
    _check(registry, paths[0].name)
    return registry


def _record(row: dict[str, str]) -> BodyRecord:
    plain = {name: row[name].strip() for name in BodyRecord.__dataclass_fields__ if name not in _LISTS}
    lists = {name: tuple(filter(None, (part.strip() for part in row[name].split("|")))) for name in _LISTS}
    return BodyRecord(**plain, **lists)  # type: ignore[arg-type]  # the two dicts carry the declared types


_LISTS = ("aliases", "abbreviations")


def _check(registry: Registry, name: str) -> None:
    if len(registry.by_code) != len(registry.records):
        repeated = _first_repeated(record.code for record in registry.records)
        raise BadInput(f"the code {repeated} stands twice", name, "Give each body one row")
    for record in registry.records:
        for other in (record.parent, record.successor):
            if other and other not in registry.by_code:
                raise BadInput(f"{other} is named but has no row", f"{name}, {record.code}", "Add its row")


def _first_repeated(codes: Iterable[str]) -> str:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            return code
        seen.add(code)
    return ""
