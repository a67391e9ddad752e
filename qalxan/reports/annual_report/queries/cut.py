"""Asking the data cut: a figure by indicator, split and year, as an edition knows it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.dates import format_date

from qalxan.kernel.numbers import worded

DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the cut. `row` is everything the cut holds of it; value, date and qualifier are those taken (None while disputed)."""

    ref: str
    code: str
    key: str
    year: int
    value: Decimal | None
    qualifier: str
    decimals: int
    date: dt.date | None
    disputed: bool
    row: Mapping[str, Any]

    def label(self, language: str) -> str:
        """The figure's name with its split."""
        split = self.row["split"][language]
        return f"{self.row['label'][language]}: {split}" if split else str(self.row["label"][language])

    def words(self, language: str, case: str = "plain") -> str:
        """What stands for it in a sentence; `case` bends it in Azerbaijani."""
        if self.date is not None:
            return str(format_date(self.date, "d MMMM y", locale=language))
        if self.value is None:
            return worded(None, language)
        whole = self.value == self.value.to_integral_value()
        return worded(
            int(self.value) if whole else self.value, language, quality=self.qualifier, case=case if language == "az" else "plain"
        )

    def source(self, language: str) -> str:
        """The title of the source taken; the contributors where it comes from returns."""
        taken = self.taken()
        if taken is None:
            return ""
        if taken["source"]:
            return ", ".join(filter(None, (taken["source"][language], taken["place"])))
        return ", ".join(c["name"][language] for c in taken["contributors"])

    def taken(self) -> dict[str, Any] | None:
        """The statement taken."""
        return next((s for s in self.row["stated"] if s["fact"] == self.row["taken"]), None)


def ref_of(row: Mapping[str, Any]) -> str:
    """A figure's name within its cut: "code|key|year", with the days where it is of a part of the year or of several years."""
    period = f"|{row['from']}/{row['to']}" if row["from"] else ""
    return f"{row['code']}|{row['key']}|{row['year']}{period}"


class Cut:
    """A data cut with its figures at hand."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.year = int(data["year"])
        self.by_ref = {ref_of(row): row for row in data["facts"]}
        self._parts: dict[tuple[str, str, int], list[str]] = {}
        for ref, row in self.by_ref.items():
            if row["from"]:
                self._parts.setdefault((row["code"], row["key"], row["year"]), []).append(ref)

    def figure(self, code: str, key: str = "", year: int | None = None) -> Figure | None:
        """The figure of a year; where only one part of that year is stated, that. None when nobody states it."""
        ref = f"{code}|{key}|{year or self.year}"
        if ref not in self.by_ref:
            parts = self._parts.get((code, key, year or self.year), [])
            if len(parts) != 1:
                return None
            ref = parts[0]
        return self.at(ref)

    def at(self, ref: str) -> Figure | None:
        """The figure with this name, or None."""
        row = self.by_ref.get(ref)
        if row is None:
            return None
        taken = next((s for s in row["stated"] if s["fact"] == row["taken"]), None)
        if taken is None:
            return Figure(ref, row["code"], row["key"], row["year"], None, "unknown", 0, None, row["standing"] == DISPUTED, row)
        value = Decimal(taken["value"]) if taken["value"] is not None else None
        day = dt.date.fromisoformat(taken["date"]) if taken["date"] else None
        return Figure(ref, row["code"], row["key"], row["year"], value, taken["qualifier"], taken["decimals"], day, False, row)

    def splits(self, code: str, dimension: str, year: int) -> list[Figure]:
        """The whole-year figures of an indicator that name a code of a dimension, in the order of their keys."""
        rows = [r for r in self.data["facts"] if r["code"] == code and r["year"] == year and not r["from"] and f"{dimension}=" in r["key"]]
        return [f for row in rows if (f := self.at(ref_of(row)))]

    def years(self, refs: Iterable[tuple[str, str]], first: int) -> list[int]:
        """The years from the first one that any of the (code, key) knows to the cut's own; empty when none does."""
        wanted = set(refs)
        known = [
            r["year"] for r in self.data["facts"] if (r["code"], r["key"]) in wanted and r["year"] >= first and not r["from"] and r["taken"]
        ]
        return list(range(min(known), self.year + 1)) if known else []
