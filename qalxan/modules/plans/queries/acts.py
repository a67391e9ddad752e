"""Acts and drafts: the review page with source and rows side by side, doubtful rows first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.bodies.queries import names
from qalxan.modules.plans import policy
from qalxan.modules.plans.choices import ActState
from qalxan.modules.plans.models import Act
from qalxan.modules.plans.queries.plans import act_label
from qalxan.modules.plans.queries.remarks import REMARKS
from qalxan.modules.plans.queries.words import cell_words, day_words, measure_label, short, terms_words

DOUBTFUL = {"warning": 2, "error": 3}


def act_of(actor: Actor, act_id: int) -> Act:
    """An act the actor may see. Raises Absent."""
    act = Act.objects.select_related("amends__plan").filter(policy.act_scope(actor), id=act_id).first()
    if act is None:
        raise Absent(str(act_id))
    return act


@dataclass(frozen=True, slots=True)
class DatedAct:
    """An act in force with its number and day."""

    number: str
    date: dt.date


def dated_acts(actor: Actor) -> list[DatedAct]:
    """Every act in force that has a number and a day, so that a day named in a text can be compared."""
    found = (
        Act.objects.filter(policy.act_scope(actor), state=ActState.ADOPTED, date__isnull=False)
        .exclude(number="")
        .order_by("date", "number")
    )
    return [DatedAct(number, date) for number, date in found.values_list("number", "date") if date]


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act in the list of drafts and waiting amendments."""

    id: int
    label: str
    title: str
    state: str
    state_label: str
    measures: int
    file_name: str
    imported_at: dt.datetime


def draft_list(actor: Actor) -> list[ActRow]:
    """Drafts and waiting amendments, newest first."""
    require(actor, Permission.DRAFT_VIEW)
    acts = Act.objects.filter(policy.act_scope(actor), state__in=[ActState.DRAFT, ActState.PENDING]).order_by("-id")
    return [
        ActRow(
            a.id,
            act_label(a) or _("Act"),
            short(a.title, 160),
            a.state,
            str(ActState(a.state).label),
            len(a.reading.get("measures", a.reading.get("cells", []))),
            a.file_name,
            a.imported_at,
        )
        for a in acts
    ]


@dataclass(frozen=True)
class DraftRow:
    """A row of a draft: what was read, how doubtful it is and why, and where it stands in the source."""

    place: int
    label: str
    section: str
    text: str
    executors: tuple[tuple[str | None, str, str, str], ...]
    terms: str
    results: tuple[tuple[str, str], ...]
    words: dict[str, str]
    remarks: tuple[tuple[str, str], ...]
    doubt: int
    reviewed: bool
    lines: str


@dataclass(frozen=True)
class DraftPage:
    """A draft under review."""

    act: Act
    label: str
    rows: tuple[DraftRow, ...]
    doubtful: int
    open_lists: int
    sections: int
    pieces: tuple[tuple[str, int | None, str], ...]
    remarks: tuple[tuple[str, int, str], ...]
    amendments: tuple[tuple[str, str, int], ...]
    copies: tuple[tuple[int, str], ...]


def remark(item: dict[str, Any]) -> str:
    """A diagnostic in the reader's language."""
    return str(REMARKS.get(item.get("code", ""), item["message"]))


def draft_page(actor: Actor, act_id: int) -> DraftPage:
    """The review page of a draft. Raises Refused or Absent."""
    require(actor, Permission.DRAFT_VIEW, f"act:{act_id}")
    act = act_of(actor, act_id)
    reading = act.reading
    bodies = names()
    measures = reading.get("measures", [])
    by_row, aside = _remarks_by_row(measures, reading.get("diagnostics", []))
    rows = [_draft_row(place, m, by_row.get(place, []), bodies, act.text) for place, m in enumerate(measures)]
    ordered = sorted(rows, key=lambda row: (row.reviewed, -row.doubt, row.place))
    copies = Act.objects.filter(policy.act_scope(actor), state=ActState.DRAFT).exclude(id=act.id).order_by("-id")
    return DraftPage(
        act=act, label=act_label(act) or _("Act"), rows=tuple(ordered), doubtful=sum(r.doubt > 1 and not r.reviewed for r in rows),
        open_lists=sum(d.get("code") == "open-list" for d in reading.get("diagnostics", [])), sections=len(reading.get("sections", [])),
        pieces=tuple(_pieces(act.text, rows, measures)), remarks=tuple((d["severity"], d["line"], remark(d)) for d in aside),
        amendments=tuple((a["number"] or "", day_words(dt.date.fromisoformat(a["date"])) if a["date"] else "", len(a["cells"])) for a in reading.get("amended_by", [])),
        copies=tuple((c.id, f"{act_label(c)} · {c.file_name}") for c in copies),
    )  # fmt: skip


def _remarks_by_row(
    measures: list[dict[str, Any]], diagnostics: list[dict[str, Any]]
) -> tuple[dict[int, list[dict[str, Any]]], list[dict[str, Any]]]:
    """Diagnostics by the row whose span they fall into, and those outside every row."""
    by_row: dict[int, list[dict[str, Any]]] = {}
    aside = []
    for item in diagnostics:
        span = item.get("span")
        place = next((i for i, m in enumerate(measures) if span and m.get("span") and m["span"][0] <= span[0] < m["span"][1]), None)
        if place is None:
            aside.append(item)
        else:
            by_row.setdefault(place, []).append(item)
    return by_row, aside


def _draft_row(place: int, m: dict[str, Any], items: list[dict[str, Any]], bodies: dict[str, str], text: str) -> DraftRow:
    executors = tuple((e["body"], bodies.get(e["body"] or "", ""), e["role"], " ".join(e["as_written"].split())) for e in m["executors"])
    lines = ""
    if m.get("span"):
        first, last = text.count("\n", 0, m["span"][0]) + 1, text.count("\n", 0, m["span"][1]) + 1
        lines = str(first) if first == last else f"{first}–{last}"
    return DraftRow(
        place=place, label=measure_label(m["number"], m["occurrence"]), section=m["section"] or "", text=m["text"],
        executors=executors, terms=terms_words(m["terms"]), results=tuple((r["text"], terms_words([r["term"]]) if r["term"] else "") for r in m["results"]),
        words={column: cell_words(column, m[column]) for column in ("text", "executors", "terms", "results")},
        remarks=tuple((d["severity"], remark(d)) for d in items if d.get("code") != "header"), doubt=max((DOUBTFUL.get(d["severity"], 1) for d in items), default=0),
        reviewed=bool(m.get("reviewed")), lines=lines,
    )  # fmt: skip


def _pieces(text: str, rows: list[DraftRow], measures: list[dict[str, Any]]) -> Iterator[tuple[str, int | None, str]]:
    """The source cut into runs: (words, the row they belong to, "executor" for a body's name), in order and without a gap."""
    at = 0
    for place, m in enumerate(measures):
        span = m.get("span")
        if not span or span[0] < at:
            continue
        yield text[at : span[0]].lstrip("\n") if at == 0 else text[at : span[0]], None, ""
        inner = span[0]
        for e in sorted((e for e in m["executors"] if e.get("span")), key=lambda e: e["span"][0]):
            if e["span"][0] < inner or e["span"][1] > span[1]:
                continue
            yield text[inner : e["span"][0]], place, ""
            yield text[e["span"][0] : e["span"][1]], place, e["role"]
            inner = e["span"][1]
        yield text[inner : span[1]], place, ""
        at = span[1]
    yield text[at:], None, ""


@dataclass(frozen=True, slots=True)
class PairRow:
    """A row of two copies side by side; None where a copy lacks it."""

    label: str
    place: int | None
    other_place: int | None
    cells: tuple[tuple[str, str, str, bool], ...]
    differs: bool


def side_by_side(actor: Actor, act_id: int, other_id: int) -> tuple[Act, Act, list[PairRow]]:
    """Two copies of one act, row by row and cell by cell. Raises Refused or Absent."""
    require(actor, Permission.DRAFT_VIEW, f"act:{act_id}")
    mine, theirs = act_of(actor, act_id), act_of(actor, other_id)
    if any("measures" not in act.reading for act in (mine, theirs)):
        raise Absent(str(other_id))
    left = {(m["number"], m["occurrence"]): (i, m) for i, m in enumerate(mine.reading["measures"])}
    right = {(m["number"], m["occurrence"]): (i, m) for i, m in enumerate(theirs.reading["measures"])}
    out = []
    for row in sorted({*left, *right}, key=lambda k: ([int(p) for p in (k[0] or "9999").split(".") if p.isdigit()], k[1])):
        a, b = left.get(row), right.get(row)
        cells = []
        for column in ("text", "executors", "terms", "results"):
            words = [_side(column, item[1]) if item else "" for item in (a, b)]
            cells.append((column, words[0], words[1], words[0] != words[1]))
        out.append(PairRow(measure_label(*row), a[0] if a else None, b[0] if b else None, tuple(cells), any(c[3] for c in cells)))
    return mine, theirs, out


def _side(column: str, measure: dict[str, Any]) -> str:
    if column == "results":
        return " • ".join(f"{r['text']} [{terms_words([r['term']]) if r['term'] else ''}]" for r in measure["results"])
    return cell_words(column, measure[column])
