"""Clauses around the table: principles, financing, recommendations to independent bodies, amendments."""

import re
from typing import Any

from qalxan.kernel.acts.mentions import Bodies
from qalxan.kernel.acts.model import WARNING, Diagnostics
from qalxan.kernel.acts.source import Row, Source
from qalxan.kernel.dates import find_dates
from qalxan.kernel.names import key, lower

_CLAUSE = re.compile(r"\s*(\d{1,3}(?:\.\d{1,3}){0,4})\.?\s+(\S.*)", re.DOTALL)
_DOTTED = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3})+(?!\.?\d)")
_RANGE = re.compile(r"(\d{1,3}(?:\.\d{1,3})+)(?:\s?-?\s?c[iıuü])?\s?[-–—]\s?(\d{1,3}(?:\.\d{1,3})+)")
_QUOTED = r"[\"“„«]\s*(?P<{0}>[^\"“”„«»]{{1,400}}?)\s*[\"”“»]"
_COLUMN = re.compile(_QUOTED.format("column") + r"\s*sütun\w*", re.IGNORECASE)
_REPLACE = re.compile(
    _QUOTED.format("old")
    + r"\s*(?:söz|rəqəm|ifadə)\w*\s+"
    + _QUOTED.format("new")
    + r"\s*(?:söz|rəqəm|ifadə)\w*\s+ilə(?:\s*,|\s+əvəz\s+(?:ed|olun))",
    re.IGNORECASE,
)
_ADD = re.compile(
    _QUOTED.format("old")
    + r"\s*(?:söz|rəqəm|ifadə)\w*\s+sonra\s*,?\s+(?P<comma>vergül\s+(?:işarəsi\s+)?və\s+)?"
    + _QUOTED.format("new")
    + r"\s*(?:söz|rəqəm|ifadə)\w*\s+əlavə\s+(?:ed|olun)",
    re.IGNORECASE,
)
_DROP = re.compile(_QUOTED.format("old") + r"\s*(?:söz|rəqəm|ifadə)\w*\s+(?:çıxarıl|ləğv)", re.IGNORECASE)
_AMENDER = re.compile(r"tarixli\s*,?\s*(?:№\s*)?(\d{1,5}(?:-[IVXLCQ]+)?)\s*(?:nömrəli|saylı|№-li)", re.IGNORECASE)
_COLUMNS = (("executors", ("icraci", "icraorqan", "icraed")), ("terms", ("muddet",)), ("results", ("netice",)), ("text", ("tedbir",)))


def _lines(source: Source, rows: list[Row]) -> list[tuple[Row, str]]:
    return [(row, source.words(row.start, row.end).replace("**", "")) for row in rows if row.end - row.start < 20_000]


def read_principles(source: Source) -> list[str]:
    """The working principles: the sub-clauses of the clause that says measures follow these principles."""
    found: list[str] = []
    parent: str | None = None
    open_list = False
    for _, words in _lines(source, list(source.paragraphs)):
        match = _CLAUSE.match(words)
        low = lower(words)
        if parent is None and not open_list:
            if "prinsip" in low and words.rstrip().endswith(":"):
                parent, open_list = (match.group(1), True) if match else (None, True)
            continue
        if parent and match and match.group(1).startswith(parent + "."):
            found.append(match.group(2).rstrip(" ;."))
        elif parent is None and open_list and not match and words[:1].islower():
            found.append(words.rstrip(" ;."))
        else:
            break
    return found


def read_financing(source: Source) -> str | None:
    """What the act says of the money: the text under a heading on financing, or the clause that tells its sources."""
    lines = _lines(source, list(source.paragraphs))
    for place, (_, words) in enumerate(lines):
        heading = re.match(r"(?:\d+\.|[IVX]+\.)?\s*[^.;]{0,80}maliyyə(?:ləşdirilməsi| təminatı)\W*$", lower(words))
        if heading and len(words) < 140:
            text = []
            for _, more in lines[place + 1 :]:
                if len(more) < 140 and (_CLAUSE.match(more) or more.isupper()):
                    break
                text.append(more)
            if text:
                return " ".join(text)
    for _, words in lines:
        low = lower(words)
        if ("büdcə" in low or "maliyyə vəsait" in low) and ("maliyyələşdir" in low or "hesabına" in low or "çərçivəsində həyata" in low):
            return words
    return None


def read_recommended(source: Source, bodies: Bodies, diagnostics: Diagnostics, known: list[str]) -> list[dict[str, Any]]:
    """Bodies the act cannot command and only asks to take part, with the measures and any condition."""
    found = []
    for row, words in _lines(source, list(source.paragraphs)):
        verb = re.search(r"(?:^|\s)(?:tövsiyə|təklif)\s+(?:edilsin|olunsun)(?:\s+ki)?", lower(words))
        if not verb or not re.search(r"\d", words[verb.end() :]) or not re.search(r"bənd|tədbir|sətir|sətr", lower(words[verb.end() :])):
            continue
        named, text = _whom(words, verb.start(), verb.end())
        mentions = bodies.read(named).mentions
        measures = _numbers(text, known)
        condition = re.search(r"iştirak\s+et\w*\s*\(([^()]{10,800})\)", text)
        for mention in mentions:
            found.append({
                "body": mention.code,
                "as_written": named[mention.start : mention.end],
                "measures": measures,
                "condition": condition.group(1) if condition else None,
                "span": [row.start, row.end],
            })  # fmt: skip
        if not mentions:
            diagnostics.add(WARNING, "unknown-body", (row.start, row.end), "a recommendation to a body the registry does not know")
        for number in measures:
            if known and number not in known:
                diagnostics.add(
                    WARNING, "no-such-measure", (row.start, row.end), f"measure {number} is recommended but is not in the table"
                )
    return found


def _whom(words: str, start: int, end: int) -> tuple[str, str]:
    """The words that name the addressee, and those that name the measures: the body stands before the verb or right after it."""
    before = re.sub(r"^(?:Qeyd\s*:?\s*)?(?:\d{1,3}[.)]\s*)?", "", words[:start]).strip()
    if before:
        return before, words[end:]
    after = words[end:].lstrip(" ,")
    cut = re.search(r"\bbu\s+|\d", after)
    return (after[: cut.start()], after[cut.start() :]) if cut else (after, "")


_CLAUSE_WORD = re.compile(r"(?:yarım)?bənd\w*|tədbir\w*|sətir\w*|sətr\w*")
_PLAIN = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3})*(?=\s?-?\s?c[iıuü]\b|\s*(?:,|və\b|yarım|bənd|sətir|[-–—]))(?!\.?\d)")


def _numbers(text: str, known: list[str]) -> list[str]:
    """The measures named before the word for "clause", ranges spelt out over the numbers that exist, each once."""
    word = _CLAUSE_WORD.search(text, next((m.start() for m in _PLAIN.finditer(text)), 0))
    text = text[: word.end()] if word else text
    form = _DOTTED if _DOTTED.search(text) else _PLAIN
    spans = _RANGE if form is _DOTTED else re.compile(r"(\d{1,3})(?:\s?-?\s?c[iıuü])?\s?[-–—]\s?(\d{1,3})(?=-?c[iıuü])")
    out: list[str] = []
    for match in re.finditer(rf"{spans.pattern}|{form.pattern}", text):
        first, last = match.group(1), match.group(2)
        if first and first in known and last in known:
            out += known[known.index(first) : known.index(last) + 1]
        else:
            out += [first, last] if first else [match.group()]
    return list(dict.fromkeys(out))


def read_amendments(source: Source, diagnostics: Diagnostics, known: list[str], own: str | None, roles: list[str]) -> list[dict[str, Any]]:
    """Acts that changed this one: number, date, day in force, and each changed cell (measure, column, old, new)."""
    found: dict[tuple[str | None, str | None], dict[str, Any]] = {}
    for row, words in _lines(source, list(source.paragraphs)):
        changes = [*_changes(words)]
        if not changes:
            if re.search(r"[\"“«][^\"”»]{1,300}[\"”»]\s*(?:söz|rəqəm)\w*.{0,200}(?:əvəz|əlavə|çıxarıl)", words):
                diagnostics.add(WARNING, "amendment", (row.start, row.end), "a change of wording that could not be read")
            continue
        head = words[: words.find(changes[0][3])] if changes[0][3] in words else words
        amender = _AMENDER.search(head)
        dates = list(find_dates(head))
        number = amender.group(1) if amender and amender.group(1) != own else None
        date = next((d.date.isoformat() for d in dates if amender and d.end <= amender.start() + 2), None)
        published = next((d.date.isoformat() for d in dates if amender and d.start > amender.end()), None)
        item = found.setdefault(
            (number, date), {"number": number, "date": date, "in_force_from": published, "cells": [], "span": [row.start, row.end]}
        )
        item["span"][1] = row.end
        for kind, old, new, anchor in changes:
            measures = _numbers(_before(words, anchor), known)
            column = next((c for c in reversed([*_COLUMN.finditer(words)]) if c.start() < words.find(anchor)), None) or _COLUMN.search(
                words
            )
            role = next((r for r, signs in _COLUMNS if column and any(s in key(column["column"]) for s in signs)), None) or _ordinal_column(
                words, roles
            )
            if not measures:
                diagnostics.add(WARNING, "amendment", (row.start, row.end), "an amendment names no measure")
            item["cells"] += [{"measure": m, "column": role, "old": old, "new": new, "change": kind} for m in measures]
    return list(found.values())


_ORDINALS = ("birinci", "ikinci", "üçüncü", "dördüncü", "beşinci", "altıncı")


def _ordinal_column(words: str, roles: list[str]) -> str | None:
    """The column meant by "üçüncü sütununda", counted in the table's own header."""
    match = re.search(rf"({'|'.join(_ORDINALS)}|\d)(?:-c[iıuü])?\s+sütun", lower(words))
    if not match:
        return None
    place = int(match.group(1)) - 1 if match.group(1).isdigit() else _ORDINALS.index(match.group(1))
    return roles[place] if place < len(roles) and roles[place] in ("text", "executors", "terms", "results") else None


def _before(words: str, anchor: str) -> str:
    text = words[: words.find(anchor)]
    parts = re.split(r"[;:]\s|(?:sözləri|sözü) (?:ilə|əlavə|çıxarıl)", text)
    return next((part for part in reversed(parts) if _PLAIN.search(part)), text)


def _changes(words: str) -> list[tuple[str, str, str, str]]:
    """(kind, old words, new words, the text it was told by) of every change of wording in a paragraph."""
    out = [("replace", m["old"], m["new"], m.group()) for m in _REPLACE.finditer(words)]
    out += [
        ("add", m["old"], f"{m['old']}{',' if m['comma'] else ''}{'' if m['new'].startswith(',') else ' '}{m['new']}", m.group())
        for m in _ADD.finditer(words)
    ]
    out += [("drop", m["old"], "", m.group()) for m in _DROP.finditer(words)]
    return out
