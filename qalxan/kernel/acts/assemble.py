"""From a raw row to a measure as the document carries it: words, executors, terms, results, sub-lines."""

import re
from typing import Any

from qalxan.kernel.acts.markup import BREAK
from qalxan.kernel.acts.mentions import Bodies
from qalxan.kernel.acts.model import INFO, WARNING, Diagnostics, RawMeasure, RawPlan
from qalxan.kernel.acts.numbering import LETTER
from qalxan.kernel.acts.source import MAX_CELL, Source
from qalxan.kernel.acts.squeeze import Span, Text, join, squeeze
from qalxan.kernel.acts.terms import Term, find_terms, read_terms
from qalxan.kernel.bodies import OPEN_LIST

_BULLETS = re.compile(r"^\s*[\uf0a7\uf0b7\uf0d8\uf0fc•▪●◦‣–—-]\s*|^\s*\d{1,2}[.)]\s+")
_NOUN_END = re.compile(r"(?<=m[ıiə a]s[ıi])[;.,]?\s+(?=[\"“«„]?[A-ZÇƏĞIİÖŞÜ])")


def measure_document(source: Source, bodies: Bodies, raw: RawMeasure, plan: RawPlan, diagnostics: Diagnostics) -> dict[str, Any]:
    """One measure of the document; every repair of the printing leaves a diagnostic."""
    text, sublines = _text_and_sublines(source, raw)
    executors = _executors(source, bodies, raw, diagnostics)
    terms, results = _terms_and_results(source, raw, plan, diagnostics)
    measure: dict[str, Any] = {
        "number": raw.number,
        "occurrence": raw.occurrence,
        "section": raw.section,
        "text": text,
        "executors": executors,
        "terms": terms,
        "results": results,
        "span": [raw.start, raw.end],
    }
    if sublines:
        measure["sublines"] = sublines
    if raw.decided:
        reading = bodies.read(squeeze(source, raw.decided).text)
        measure["decided_by"] = [mention.code for mention in reading.mentions]
    return measure


def _text_and_sublines(source: Source, raw: RawMeasure) -> tuple[str, list[dict[str, Any]]]:
    """The measure's words; lettered paragraphs inside the same cell are sub-lines too."""
    sublines: list[dict[str, Any]] = []
    whole = squeeze(source, raw.text, keep_breaks=True)
    head = []
    for part in whole.text.split(BREAK):
        match = LETTER.match(part)
        if match:
            sublines.append({"letter": match["l"], "text": part[match.start("t") :].strip()})
        elif sublines:
            sublines[-1]["text"] += " " + part
        else:
            head.append(part)
    sublines += [{"letter": letter, "text": squeeze(source, spans).text} for letter, spans in raw.sublines]
    return " ".join(head).strip(), sublines


def _executors(source: Source, bodies: Bodies, raw: RawMeasure, diagnostics: Diagnostics) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for spans, default in ((raw.executors, "executor"), (raw.partners, "involved")):
        cell = _bounded(squeeze(source, spans), raw, diagnostics)
        if not cell.text:
            continue
        reading = bodies.read(cell.text)
        for place, mention in enumerate(reading.mentions):
            span = cell.span(mention.start, mention.end)
            written = source.raw[span[0] : span[1]]
            role = "involved" if place in reading.involved else default
            found.append({"body": mention.code, "role": role, "as_written": written, "span": list(span)})
            _remark(bodies, mention.code, mention.approximate, cell.text[mention.start : mention.end], span, diagnostics)
        if reading.glued:
            diagnostics.add(INFO, "glued", cell.whole, f"measure {raw.label}: bodies stand side by side with no comma between them")
        for start, end in reading.marks:
            diagnostics.add(INFO, "footnote-mark", cell.span(start, end), f"measure {raw.label}: a footnote mark among the executors")
        for start, end in reading.rest:
            diagnostics.add(
                INFO,
                "words-aside",
                cell.span(start, end),
                f"measure {raw.label}: words that name no body: {cell.text[start:end].strip()[:80]}",
            )
    if not found:
        diagnostics.add(WARNING, "no-executor", (raw.start, raw.end), f"measure {raw.label} names no executor")
    return found


def _bounded(cell: Text, raw: RawMeasure, diagnostics: Diagnostics) -> Text:
    if len(cell.text) <= MAX_CELL:
        return cell
    diagnostics.add(
        WARNING,
        "long-cell",
        cell.whole,
        f"measure {raw.label}: a cell of {len(cell.text):,} letters; only the first {MAX_CELL:,} were read",
    )
    return cell.cut(0, MAX_CELL)


def _remark(bodies: Bodies, code: str | None, approximate: bool, written: str, span: Span, diagnostics: Diagnostics) -> None:
    if code is None:
        diagnostics.add(WARNING, "unknown-body", span, f"the registry knows no body written “{written[:80]}”")
    elif approximate:
        diagnostics.add(WARNING, "misspelt-body", span, f"“{written}” was read as {bodies.registry.by_code[code].name_az}")
    elif bodies.registry.kind(code) == OPEN_LIST:
        diagnostics.add(INFO, "open-list", span, "an open list: someone must name its bodies")


def _terms(source: Source, spans: list[Span], raw: RawMeasure, diagnostics: Diagnostics) -> list[Term]:
    cell = _bounded(squeeze(source, spans), raw, diagnostics)
    reading = read_terms(cell)
    at = cell.whole if cell.text else (raw.start, raw.end)
    if reading.rest:
        diagnostics.add(WARNING, "unread-term", at, f"measure {raw.label}: no term could be read from “{reading.rest[:80]}”")
    for repair in reading.repairs:
        said = "a dash is lost between two years" if repair == "dash" else f"“{cell.text}” was read as “mütəmadi”"
        diagnostics.add(INFO, f"repaired-{repair}", at, f"measure {raw.label}: {said}")
    if not cell.text:
        diagnostics.add(INFO, "no-term", at, f"measure {raw.label} has no term")
    return reading.terms


def _terms_and_results(source: Source, raw: RawMeasure, plan: RawPlan, diagnostics: Diagnostics) -> tuple[list[Term], list[dict[str, Any]]]:
    if not raw.results:
        return _terms(source, raw.terms, raw, diagnostics), []
    items, slots = _items(source, raw)
    if not plan.results_own_terms and len(slots) <= max(1, len(raw.terms)):
        return _terms(source, raw.terms, raw, diagnostics), [_result(item[0], None) for item in items]
    unset: Term = {"kind": "unset", "as_written": ""}
    pairs: list[Term] = [unset] * len(items)
    if len(slots) == len(items):
        pairs = [term for _, term in slots]
    else:
        for row, term in slots:
            place = next((i for i, item in enumerate(items) if item[1] == row and pairs[i] is unset), None)
            if place is None:
                diagnostics.add(
                    WARNING,
                    "term-without-result",
                    (raw.start, raw.end),
                    f"measure {raw.label}: the term {term['as_written']} has no result of its own",
                )
            else:
                pairs[place] = term
        if slots and any(row > 0 for row, _ in slots):
            diagnostics.add(
                INFO,
                "terms-by-row",
                (raw.start, raw.end),
                f"measure {raw.label}: {len(items)} results and {len(slots)} terms, paired line by line",
            )
    for place, term in enumerate(pairs):
        if term is unset:
            diagnostics.add(INFO, "no-term", items[place][0].whole, f"measure {raw.label}: result {place + 1} has no term")
    return [], [_result(item[0], dict(term)) for item, term in zip(items, pairs, strict=True)]


def _result(text: Text, term: Term | None) -> dict[str, Any]:
    return {"text": text.text.replace(BREAK, " "), "term": term, "span": list(text.whole)}


def _items(source: Source, raw: RawMeasure) -> tuple[list[tuple[Text, int]], list[tuple[int, Term]]]:
    """The results in printed order with the row each began in, and the terms in printed order with theirs."""
    items: list[tuple[list[Text], int]] = []
    slots: list[tuple[int, Term]] = []
    for row, (spans, term) in enumerate(raw.results):
        terms = []
        if term is not None:
            cell = squeeze(source, [term]).cut(0, MAX_CELL)
            terms = read_terms(cell).terms if find_terms(cell.text) else []
            slots += [(row, one) for one in terms]
        if not spans:
            continue
        for place, part in enumerate(_split(squeeze(source, spans, keep_breaks=True), len(terms))):
            if place == 0 and items and part.text[:1].islower():
                items[-1][0].append(part)
            else:
                items.append(([part], row))
    return [(_without_bullet(join(parts)), row) for parts, row in items], slots


def _without_bullet(text: Text) -> Text:
    match = _BULLETS.match(text.text)
    return text.cut(match.end() if match else 0, len(text.text))


def _split(cell: Text, terms: int) -> list[Text]:
    """The results of one cell: by paragraphs, by semicolons, or, where several terms stand beside it, by verbal nouns."""
    edges = [match.start() for match in re.finditer(BREAK, cell.text)]
    if not edges:
        edges = [match.end() for match in re.finditer(r";(?=\s)", cell.text)]
    if not edges and terms > 1:
        edges = [match.end() for match in _NOUN_END.finditer(cell.text)]
    parts = [cell.cut(a, b) for a, b in zip([0, *edges], [*edges, len(cell.text)], strict=True)]
    cleaned = []
    for part in parts:
        body = part.text.replace(BREAK, " ")
        skip = len(body) - len(body.lstrip())
        part = part.cut(skip, len(part.text))
        if part.text:
            cleaned.append(part)
    return cleaned
