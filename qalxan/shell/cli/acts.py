"""`qalxan act ...`."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from qalxan.kernel.acts import load, read_act
from qalxan.kernel.bodies import Registry, load_registry

DATA = Path(__file__).resolve().parents[2] / "foundation" / "bodies" / "data"


def registry() -> Registry:
    """The registry of bodies as shipped."""
    return load_registry(DATA / "bodies.csv", DATA / "local_executives.csv")


def read(arguments: argparse.Namespace) -> int:
    """Print what an act says: a summary, the whole structure, or the text that offsets count in."""
    source = load(arguments.file)
    if arguments.text:
        sys.stdout.write(source.raw)
        return 0
    document = read_act(source, registry())
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        _summary(document)
    return 0


def _summary(document: dict[str, Any]) -> None:
    act = document["act"]
    print(f"{act['kind'] or 'act'} {act['number'] or '-'} of {act['date'] or '-'}: {act['title'] or '-'}")
    print(f"adopted by {act['adopted_by'] or '-'}, in force from {act['in_force_from'] or '-'}")
    for section in document["sections"]:
        count = sum(measure["section"] == section["number"] for measure in document["measures"])
        print(f"  {section['number'] or '-'}  {section['title']}  ({count})")
    measures = document["measures"]
    kinds = Counter(term["kind"] for m in measures for term in [*m["terms"], *(r["term"] for r in m["results"] if r["term"])])
    print(f"{len(measures)} measures, {sum(len(m['results']) for m in measures)} results; terms: {dict(kinds)}")
    print(
        f"{sum(len(r['measures']) for r in document['recommended'])} recommended participations, {len(document['amended_by'])} amendments"
    )
    for item in document["diagnostics"]:
        if item["severity"] != "info":
            print(f"line {item['line']}: {item['severity']}: {item['message']}", file=sys.stderr)
