"""What reading an act yields on the way: raw measures, and the diagnostics every repair leaves behind."""

from dataclasses import dataclass, field
from typing import Any

from qalxan.kernel.acts.source import Source
from qalxan.kernel.acts.squeeze import Span

INFO, WARNING, ERROR = "info", "warning", "error"


@dataclass
class Diagnostics:
    """Remarks on the printing, each with its line; `doubtful` rows are those a person should look at first."""

    source: Source
    items: list[dict[str, Any]] = field(default_factory=list)

    def add(self, severity: str, code: str, at: Span | int, message: str) -> None:
        """Record a remark at an offset or a span of the source."""
        start = at if isinstance(at, int) else at[0]
        item: dict[str, Any] = {"severity": severity, "line": self.source.line_at(start), "code": code, "message": message}
        if not isinstance(at, int):
            item["span"] = list(at)
        self.items.append(item)

    def sorted(self) -> list[dict[str, Any]]:
        """By line, errors and warnings before remarks on the same line."""
        rank = {ERROR: 0, WARNING: 1, INFO: 2}
        return sorted(self.items, key=lambda item: (item["line"], rank[item["severity"]]))


@dataclass
class RawMeasure:
    """A row of the plan before its cells are understood: for each column the spans that belong to it."""

    number: str | None
    section: str | None
    start: int
    end: int
    text: list[Span] = field(default_factory=list)
    executors: list[Span] = field(default_factory=list)
    partners: list[Span] = field(default_factory=list)
    terms: list[Span] = field(default_factory=list)
    decided: list[Span] = field(default_factory=list)
    sublines: list[tuple[str, list[Span]]] = field(default_factory=list)
    results: list[tuple[list[Span], Span | None]] = field(default_factory=list)
    occurrence: int = 1

    @property
    def label(self) -> str:
        """The number as a person would say it in a message."""
        return self.number or "without a number"


@dataclass
class RawPlan:
    """All rows of the plan's table, its sections, and the columns its header names."""

    sections: list[dict[str, Any]] = field(default_factory=list)
    measures: list[RawMeasure] = field(default_factory=list)
    columns: list[dict[str, Any]] = field(default_factory=list)
    start: int = 0
    end: int = 0
    results_own_terms: bool = False
    cut: str = ""
