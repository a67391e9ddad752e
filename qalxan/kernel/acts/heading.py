"""The act itself: its kind, title, number, dates, and who adopted it."""

import datetime as dt
import re
from typing import Any

from qalxan.kernel.acts.mentions import Bodies
from qalxan.kernel.acts.source import Row, Source
from qalxan.kernel.dates import find_dates, first_date
from qalxan.kernel.names import key, lower

KINDS = (("serencam", "order"), ("ferman", "decree"), ("qanun", "law"), ("qerar", "decision"))
_LABELS = {
    "aktinnovu": "kind",
    "qebuledildiyitarix": "date",
    "qeydiyyatnomresi": "number",
    "adi": "title",
    "resmidercedildiyimenbe": "published",
    "quvveyeminmetarixi": "in_force_from",
    "huquqiaktlarindovletreyestrininqeydiyyatnomresi": "registry_number",
}
_NUMBER = re.compile(r"(?:№|N[oº]?\.?)?\s*(\d{1,5}[a-z]?(?:\s?-\s?[IVXLCQDA-Z]{1,8})?)\s*(?:\[\d+\])?")
_STAMP = re.compile(
    r"tarixli\s*,?\s*(?:№\s*)?(\d{1,5}[a-z]?(?:-[IVXLCQ]+)?)\s*(?:№-li\s*|(?:nömrəli|saylı)\s+)(?P<kind>sərəncam|fərman|qanun|qərar)\w*\s+ilə\s+təsdiq",
    re.IGNORECASE,
)
_HEAD = re.compile(r"\b(sərəncam|fərman|qanun|qərar)\w{0,4}$")
_TITLE_WORDS = ("planı", "proqramı", "strategiyası", "haqqında", "barədə", "dair")


def _kind(words: str) -> str | None:
    folded = key(words)
    return next((kind for stem, kind in KINDS if stem in folded), None)


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip(" *#_")


def read_metadata(source: Source) -> dict[str, dict[str, Any]]:
    """The register's own table of an act (label, value), by our field names and with spans."""
    found: dict[str, dict[str, Any]] = {}
    for row in source.rows[:200]:
        if len(row.cells) < 2:
            continue
        field = _LABELS.get(key(source.words(*row.cells[0])))
        if field:
            found.setdefault(field, {"value": _plain(source.words(*row.cells[1])), "span": [row.start, row.end]})
    return found


def read_heading(source: Source, bodies: Bodies, before: int) -> dict[str, Any]:
    """The act's fields; what the text does not say stays None. `before` is where the plan's table begins."""
    meta = {name: item["value"] or None for name, item in read_metadata(source).items()}
    lines = [row for row in source.paragraphs if row.start < before] or list(source.paragraphs[:60])
    act: dict[str, Any] = dict.fromkeys(("kind", "title", "number", "date", "adopted_by", "in_force_from", "registry_number"))
    _from_meta(act, meta, bodies)
    _from_heading(act, source, lines[:80], bodies)
    _from_signature(act, source, lines)
    _from_stamp(act, source, lines, bodies)
    act["title"] = act["title"] or _plan_title(source, lines[:80])
    if act["in_force_from"] is None and act["date"]:
        text = lower(" ".join(source.words(row.start, row.end) for row in lines))
        if re.search(r"imzalandığı (?:gündən|tarixdən)[^.;]{0,20}qüvvəyə min", text):
            act["in_force_from"] = act["date"]
    return act


def _from_meta(act: dict[str, Any], meta: dict[str, str | None], bodies: Bodies) -> None:
    kind = meta.get("kind")
    if kind:
        act["kind"] = _kind(kind)
        act["adopted_by"] = _adopter(kind, bodies)
    for name in ("title", "number", "registry_number"):
        act[name] = meta.get(name)
    for name in ("date", "in_force_from"):
        act[name] = _iso(first_date(meta.get(name) or ""))


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def _adopter(words: str, bodies: Bodies) -> str | None:
    """The adopting body named in words such as "... Prezidentinin Sərəncamı"; a law is parliament's."""
    if _kind(words) == "law":
        return next((record.code for record in bodies.registry.records if record.kind == "parliament"), None)
    for mention in bodies.read(_plain(words)).mentions:
        if mention.code:
            return mention.code
    return None


def _from_heading(act: dict[str, Any], source: Source, lines: list[Row], bodies: Bodies) -> None:
    """A line such as "AZƏRBAYCAN RESPUBLİKASI PREZİDENTİNİN SƏRƏNCAMI" and the title before it."""
    for place, row in enumerate(lines[:25]):
        words = _plain(source.words(row.start, row.end))
        match = _HEAD.search(lower(words))
        if not match or len(words) > 140 or not words.isupper():
            continue
        act["kind"] = act["kind"] or _kind(match.group(1))
        above = " ".join(_plain(source.words(r.start, r.end)) for r in lines[max(0, place - 3) : place])
        act["adopted_by"] = act["adopted_by"] or _adopter(words, bodies) or (_adopter(above[-200:], bodies) if len(words) < 20 else None)
        for row_after in lines[place + 1 : place + 4]:
            number = re.fullmatch(r"№\s*(\d{1,5}[a-z]?(?:-[IVXLCQ]+)?)", _plain(source.words(row_after.start, row_after.end)))
            if number and act["number"] is None:
                act["number"] = number.group(1)
        if act["title"] is None:
            near = [*reversed(lines[max(0, place - 4) : place]), *lines[place + 1 : place + 4]]
            act["title"] = next((t for r in near if _titled(t := _plain(source.words(r.start, r.end)))), None)
        return


def _titled(words: str) -> bool:
    return 15 < len(words) < 500 and lower(words).rstrip('"”» ').endswith(_TITLE_WORDS)


def _from_signature(act: dict[str, Any], source: Source, lines: list[Row]) -> None:
    """The place and date under the signature, and the number on the next line."""
    for place, row in enumerate(lines):
        words = _plain(source.words(row.start, row.end))
        if len(words) > 80 or not re.search(r"şəhər|[Bb]akı", words) or not (date := first_date(words)):
            continue
        act["date"] = act["date"] or _iso(date)
        after = _plain(source.words(lines[place + 1].start, lines[place + 1].end)) if place + 1 < len(lines) else ""
        number = _NUMBER.fullmatch(after)
        inline = re.search(r"№\s*(\d{1,5}(?:-[IVXLCQ]+)?)", words)
        if act["number"] is None and (number or inline):
            act["number"] = (number or inline).group(1).replace(" ", "")  # type: ignore[union-attr]
        return


def _from_stamp(act: dict[str, Any], source: Source, lines: list[Row], bodies: Bodies) -> None:
    """The approval stamp: "... Prezidentinin 2004-cü il 6 may tarixli 208 nömrəli Sərəncamı ilə təsdiq edilmişdir"."""
    text = " ".join(source.words(row.start, row.end) for row in lines)
    match = _STAMP.search(lower(text[:200_000]))
    if not match:
        return
    before = text[max(0, match.start() - 160) : match.end()]
    dates = [found for found in find_dates(before) if found.end <= match.start() - max(0, match.start() - 160) + 2]
    if act["number"] is None:
        act["number"] = text[match.start(1) : match.end(1)]
    if act["date"] is None and dates:
        act["date"] = dates[-1].date.isoformat()
    act["kind"] = act["kind"] or _kind(match["kind"])
    if act["adopted_by"] is None:
        head = before[: dates[-1].start] if dates else before
        named = [m.code for m in bodies.read(_plain(head)[-120:]).mentions if m.code]
        act["adopted_by"] = named[-1] if named else None


def _plan_title(source: Source, lines: list[Row]) -> str | None:
    """The plan's own heading, possibly over two lines, where the act has no other title."""
    words = [_plain(source.words(row.start, row.end)) for row in lines[:40]]
    for place, line in enumerate(words):
        for size in (1, 2, 3):
            title = " ".join(words[place : place + size])
            ends = lower(words[min(place + size, len(words)) - 1]).rstrip(' "”»').endswith(("planı", "proqramı"))
            if ends and line[:1].isupper() and 15 < len(title) < 300 and "təsdiq" not in lower(title) and "tarixli" not in title:
                return title
    return None
