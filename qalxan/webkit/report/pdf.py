"""The sealed PDF: PDF/A-2a and PDF/UA-1 in one file, by typst. All words reach the template as data, never as markup."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from qalxan.kernel.errors import BadInput
from qalxan.webkit.charts import signs_used
from qalxan.webkit.report import document as d
from qalxan.webkit.report.fonts import folder

TEMPLATE = Path(__file__).with_name("report.typ")
MARK = Path(__file__).parents[1] / "static" / "img" / "mark.svg"
STANDARDS = ["a-2a", "ua-1"]
BAND = 8


def render(document: d.Document) -> bytes:
    """The document as PDF/A-2a and PDF/UA-1; the same bytes for the same document, whatever the clock and the place.

    Raises BadInput when typst refuses it, with typst's own reason.
    """
    import typst

    compiler: Any = typst.compile  # its stubs tie the types of unrelated arguments
    data = json.dumps(_data(document), ensure_ascii=False, sort_keys=True)
    moment = int(dt.datetime.combine(document.day, dt.time(12), dt.UTC).timestamp())
    try:
        made: bytes = compiler(
            TEMPLATE, font_paths=[Path(folder())], ignore_system_fonts=True, format="pdf", pdf_standards=STANDARDS,
            sys_inputs={"data": data, "mark": MARK.read_text()}, timestamp=moment,
        )  # fmt: skip
    except (RuntimeError, ValueError) as fault:
        raise BadInput(f"the PDF cannot be made: {str(fault)[:400]}", document.title, "Change the place that is named") from fault
    return made


def _data(document: d.Document) -> dict[str, Any]:
    places = {fact.ref: place for place, fact in enumerate(document.facts)}
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language,
        "body": document.body,
        "edition": document.edition,
        "day": d.day_text(document.day, document.language),
        "date": [document.day.year, document.day.month, document.day.day],
        "words": d.WORDS[document.language],
        "sections": [
            {
                "title": f"{section.number} {section.title}".strip(),
                "blocks": [_block(block, places) for block in section.blocks],
            }
            for section in document.sections
        ],
        "facts": [[fact.ref, fact.words, fact.value, fact.source] for fact in document.facts],
        "colophon": document.colophon,
        "changes": document.changes,
    }


def _block(block: d.Block, places: dict[str, int]) -> dict[str, Any]:
    match block:
        case d.Heading():
            return {"kind": "heading", "runs": _runs(block.runs, places)}
        case d.Paragraph():
            return {"kind": "paragraph", "runs": _runs(block.runs, places)}
        case d.List():
            return {"kind": "list", "items": [_runs(item, places) for item in block.items]}
        case d.Table():
            return {"kind": "table", "title": block.title, **_table(block)}
        case d.ChartBlock():
            chart = block.chart
            caption = chart.title + (f", {chart.unit}" if chart.unit else "")
            tables = [_table(part) for part in bands(block.table)]
            return {
                "kind": "chart", "svg": block.svg, "alt": block.alt, "caption": caption, "note": chart.note, "tables": tables,
                "signs": signs_used(chart), "together": sum(len(part["rows"]) for part in tables) <= 10,
            }  # fmt: skip


def bands(table: d.Table) -> list[d.Table]:
    """A tall table of years laid across the page, at most BAND years in one table; any other table as it is."""
    if len(table.rows) < 4 or any(len(row[0]) > 6 for row in table.rows) or len(table.head) > 6:
        return [table]
    count = -(-len(table.rows) // BAND)
    size = -(-len(table.rows) // count)
    made = []
    for at in range(0, len(table.rows), size):
        part = table.rows[at : at + size]
        rows = tuple((name, *(row[place] for row in part)) for place, name in enumerate(table.head) if place)
        made.append(d.Table((table.head[0], *(row[0] for row in part)), rows, frozenset(range(1, len(part) + 1))))
    return made


def _table(table: d.Table) -> dict[str, Any]:
    return {"head": table.head, "rows": table.rows, "numbers": sorted(table.numbers)}


def _runs(runs: tuple[d.Run, ...], places: dict[str, int]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for run in runs:
        match run:
            case d.Text():
                out.append({"text": run.words})
            case d.FactRun():
                out.append({"text": run.words, "fact": places.get(run.ref, -1)})
            case d.TypedRun():
                out.append({"text": run.words, "source": run.source})
    return out
