"""From a source to one document: the pure function behind `qalxan act read`."""

import re
from pathlib import Path
from typing import Any

from qalxan.kernel.acts.annexes import read_abbreviations, read_passport, read_signatures, read_special_opinion, read_treaties
from qalxan.kernel.acts.assemble import measure_document
from qalxan.kernel.acts.clauses import read_amendments, read_financing, read_principles, read_recommended
from qalxan.kernel.acts.columns import Columns, find_columns
from qalxan.kernel.acts.dump import DumpReader
from qalxan.kernel.acts.heading import read_heading, read_metadata
from qalxan.kernel.acts.mentions import Bodies
from qalxan.kernel.acts.model import INFO, WARNING, Diagnostics, RawPlan
from qalxan.kernel.acts.source import Source, load
from qalxan.kernel.acts.table import TableReader
from qalxan.kernel.bodies import Registry
from qalxan.kernel.errors import BadInput

_MARK = re.compile(r"\[\d{1,3}\]|[¹²³⁰⁴-⁹]+")


def read_file(path: Path, registry: Registry) -> dict[str, Any]:
    """Read an act from a file. Raises BadInput when it cannot be read or is no act."""
    return read_act(load(path), registry)


def read_act(source: Source, registry: Registry) -> dict[str, Any]:
    """The structure of an act: see `docs/dev/act-json.md` for every key.

    Raises BadInput when the text is no act of a known kind, or its table breaks off.
    """
    diagnostics = Diagnostics(source)
    bodies = _bodies(source, registry)
    plan = _plan(source, bodies, diagnostics)
    limit = plan.start if plan.measures else len(source.raw)
    act = read_heading(source, bodies, limit)
    _number_occurrences(plan, diagnostics)
    measures = [measure_document(source, bodies, raw, plan, diagnostics) for raw in plan.measures]
    known = [m["number"] for m in measures if m["number"]]
    amendments = read_amendments(source, diagnostics, known, act["number"], [str(c["role"]) for c in plan.columns])
    _require_an_act(source, act, plan, amendments)
    metadata = [{"name": name, **item} for name, item in read_metadata(source).items()]
    taken = {tuple(item["span"]) for item in metadata}
    return {
        "act": act,
        "amended_by": amendments if measures else [],
        "amends": [] if measures else amendments,
        "sections": [{**s, "title": s["title"]} for s in plan.sections],
        "measures": measures,
        "recommended": read_recommended(source, bodies, diagnostics, known),
        "principles": read_principles(source),
        "financing": read_financing(source),
        "signatures": read_signatures(source),
        "treaties": read_treaties(source, plan.end),
        "special_opinion": read_special_opinion(source),
        "passport": [row for row in read_passport(source, limit) if tuple(row["span"]) not in taken],
        "metadata": metadata,
        "columns": plan.columns,
        "diagnostics": diagnostics.sorted(),
    }


def _bodies(source: Source, registry: Registry) -> Bodies:
    """The finder of bodies, taught the abbreviations this act defines for bodies the registry knows."""
    bodies = Bodies(registry)
    defined = {
        short: code for short, name in read_abbreviations(source).items() if short not in bodies.short and (code := bodies.one(name))
    }
    return Bodies(registry, defined) if defined else bodies


def _plan(source: Source, bodies: Bodies, diagnostics: Diagnostics) -> RawPlan:
    columns: Columns | None = find_columns(source, bodies)
    if columns is not None:
        plan = TableReader(source, columns, diagnostics).read()
        if columns.header is None:
            diagnostics.add(WARNING, "no-header", plan.start, "the table has no headings; columns were told by what stands in them")
        if plan.cut:
            raise BadInput("the table breaks off inside a row", f"{source.name}, {plan.cut}", "Give the whole text")
        if not plan.measures:
            raise BadInput("the table has headings and no measures", source.name, "Give the whole text")
        plan.results_own_terms = any(len(m.results) > 1 for m in plan.measures)
        return plan
    return DumpReader(source, bodies, diagnostics).read() or RawPlan()


def _number_occurrences(plan: RawPlan, diagnostics: Diagnostics) -> None:
    seen: dict[str | None, int] = {}
    for measure in plan.measures:
        measure.occurrence = seen[measure.number] = seen.get(measure.number, 0) + 1
        if measure.number and measure.occurrence > 1:
            diagnostics.add(
                WARNING, "repeated-number", (measure.start, measure.end), f"number {measure.number} is printed {measure.occurrence} times"
            )
    _gaps(plan, diagnostics)


def _gaps(plan: RawPlan, diagnostics: Diagnostics) -> None:
    """Numbers that the sequence jumps over: a row may be missing."""
    last: dict[str, int] = {}
    for measure in plan.measures:
        if not measure.number:
            continue
        head, _, tail = measure.number.rpartition(".")
        expected = last.get(head, 0) + 1
        if int(tail) > expected:
            missing = ", ".join(f"{head}.{n}".lstrip(".") for n in range(expected, min(int(tail), expected + 20)))
            diagnostics.add(WARNING, "number-gap", measure.start, f"no row is numbered {missing}")
        last[head] = int(tail)


def _require_an_act(source: Source, act: dict[str, Any], plan: RawPlan, amendments: list[dict[str, Any]]) -> None:
    known = [name for name in ("kind", "title", "number", "date") if act[name]]
    if not plan.measures and not amendments:
        what = "the act has no table of measures" if len(known) >= 3 else "the text is not an act with a plan of measures"
        raise BadInput(what, source.name, "Give the act together with its plan")
    if plan.measures and not any(m.executors or m.terms or any(t for _, t in m.results) for m in plan.measures):
        raise BadInput("the table has neither executors nor terms", source.name, "Give the whole table")
    if plan.measures and not known and plan.measures[0].number not in (None, "1", "1.1", "1.1.1"):
        line = source.line_at(plan.start)
        raise BadInput("the text begins in the middle of a table", f"{source.name}, line {line}", "Give the whole act")


__all__ = ["INFO", "read_act", "read_file"]
