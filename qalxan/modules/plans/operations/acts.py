"""Drafts of acts: import, correct, merge, discard."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.queries import registry
from qalxan.kernel.acts import Source, read_act
from qalxan.kernel.acts.mentions import Bodies
from qalxan.kernel.acts.source import from_bytes
from qalxan.kernel.acts.squeeze import Text
from qalxan.kernel.acts.terms import read_terms
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.plans.choices import ActState, Column
from qalxan.modules.plans.models import Act, Correction
from qalxan.modules.plans.queries.words import cell_words


def import_act(*, actor: Actor, now: dt.datetime, name: str, data: bytes) -> Act:
    """Read a file into a draft. Raises Refused, or BadInput with nothing stored when the file is no act."""
    require(actor, Permission.ACT_IMPORT)
    source: Source = from_bytes(data, name)
    reading = read_act(source, registry())
    with transaction.atomic():
        act = Act.objects.create(
            **heading_fields(reading["act"]),
            file_name=name[:200],
            text=source.clean,
            reading=reading,
            imported_by_id=actor.user_id,
            imported_at=now,
        )
        record(actor.user_id, AuditEvent.ACT_IMPORTED, f"act:{act.id}", measures=len(reading["measures"]))
    return act


def heading_fields(act: dict[str, Any]) -> dict[str, Any]:
    """The fields of an act by the heading that was read; what it does not say stays empty."""
    return {
        "kind": act["kind"] or "",
        "number": act["number"] or "",
        "date": act["date"],
        "title": act["title"] or "",
        "adopted_by_id": act["adopted_by"],
        "in_force_from": act["in_force_from"],
        "registry_number": act["registry_number"] or "",
    }


def locked_draft(act_id: int, version: int | None = None) -> Act:
    """The draft, locked. Raises RuleBroken when it is no draft any more or somebody else changed it meanwhile."""
    act = Act.objects.select_for_update().filter(id=act_id).first()
    if act is None or act.state != ActState.DRAFT:
        raise RuleBroken(_("This act is not a draft any more."))
    if version is not None and act.version != version:
        raise RuleBroken(_("Somebody changed this draft meanwhile. Open it again; your words are still in the form."))
    return act


@transaction.atomic
def correct(*, actor: Actor, now: dt.datetime, act_id: int, version: int, place: int, words: dict[str, str]) -> int:
    """Set the words of a row's cells and read them again; gives the draft's new version.

    `words` maps a column (text, executors, terms) to what the act says. Raises Refused or RuleBroken.
    """
    require(actor, Permission.DRAFT_CORRECT, f"act:{act_id}")
    act = locked_draft(act_id, version)
    measures = act.reading["measures"]
    if not 0 <= place < len(measures):
        raise RuleBroken(_("There is no such row."))
    bodies = Bodies(registry())
    for column, text in words.items():
        old, new = measures[place][column], _reread(column, text, bodies)
        if _same_words(column, old, text):
            continue
        measures[place][column] = new
        Correction.objects.create(act=act, place=place, column=column, old=old, new=new, by_id=actor.user_id, at=now)
        record(actor.user_id, AuditEvent.DRAFT_CORRECTED, f"act:{act.id}", place=place, column=column)
    measures[place]["reviewed"] = True
    return _save(act)


def _save(act: Act) -> int:
    act.version += 1
    act.save(update_fields=["reading", "version"])
    return act.version


def _same_words(column: str, old: Any, text: str) -> bool:
    return " ".join(cell_words(column, old).split()) == " ".join(text.split())


def _reread(column: str, text: str, bodies: Bodies) -> Any:
    if column == Column.RESULTS:
        return _results_from(text)
    text = " ".join(text.split())
    if column == Column.TEXT:
        if not text:
            raise RuleBroken(_("A measure needs its text."))
        return text
    if column == Column.EXECUTORS:
        reading = bodies.read(text)
        if text and not reading.mentions:
            raise RuleBroken(_("No body could be read from these words."))
        return [
            {"body": m.code, "role": "involved" if i in reading.involved else "executor", "as_written": text[m.start : m.end], "span": None}
            for i, m in enumerate(reading.mentions)
        ]
    return terms_from(text)


def terms_from(text: str) -> list[dict[str, Any]]:
    """The terms some words say. Raises RuleBroken when they say none."""
    terms = read_terms(Text(text, range(len(text))))
    if terms.rest:
        raise RuleBroken(_("No term could be read from “%(words)s”.") % {"words": terms.rest})
    return terms.terms


def _results_from(text: str) -> list[dict[str, Any]]:
    out = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        words, bracket, term = line.rpartition(" [") if line.endswith("]") else (line, "", "")
        out.append({"text": words.strip(), "term": terms_from(term[:-1].strip())[0] if bracket else None, "span": None})
    return out


@transaction.atomic
def merge(*, actor: Actor, now: dt.datetime, act_id: int, version: int, other_id: int, take: dict[int, list[str]], add: list[int]) -> int:
    """Take cells of another copy of the same act into a draft, and rows it alone has; gives the new version.

    `take` maps a row of this draft to the columns taken from the other copy's row of the same number; `add` are places
    of rows in the other copy that this one lacks. Raises Refused or RuleBroken.
    """
    require(actor, Permission.DRAFT_CORRECT, f"act:{act_id}")
    act, other = locked_draft(act_id, version), locked_draft(other_id)
    measures, theirs_all = act.reading["measures"], other.reading.get("measures", [])
    if any(place >= len(measures) for place in take) or any(place >= len(theirs_all) for place in add):
        raise RuleBroken(_("There is no such row."))
    rows = {(m["number"], m["occurrence"]): m for m in theirs_all}
    for place, columns in take.items():
        mine = measures[place]
        theirs = rows.get((mine["number"], mine["occurrence"]))
        for column in columns if theirs else []:
            assert theirs is not None
            Correction.objects.create(
                act=act, place=place, column=column, old=mine[column], new=theirs[column], by_id=actor.user_id, at=now
            )
            mine[column] = _without_spans(theirs[column])
    have = {(m["number"], m["occurrence"]) for m in measures}
    for place in add:
        row = theirs_all[place]
        if (row["number"], row["occurrence"]) not in have:
            after = next((i for i, m in enumerate(measures) if m["number"] and _order(m) > _order(row)), len(measures))
            measures.insert(after, {**_without_spans(row), "span": None, "from_copy": other.id})
    record(actor.user_id, AuditEvent.DRAFTS_MERGED, f"act:{act.id}", other=other.id, cells=sum(map(len, take.values())), rows=len(add))
    return _save(act)


def _order(measure: dict[str, Any]) -> tuple[list[int], int]:
    number = measure["number"] or ""
    return ([int(part) for part in number.split(".") if part.isdigit()] or [10_000], measure["occurrence"])


def _without_spans(value: Any) -> Any:
    """The value with its spans removed: they count in another copy's text."""
    if isinstance(value, list):
        return [_without_spans(item) for item in value]
    if isinstance(value, dict):
        return {k: (None if k == "span" else _without_spans(v)) for k, v in value.items()}
    return value


@transaction.atomic
def discard(*, actor: Actor, act_id: int) -> None:
    """Put a draft away; it stays on record and can no longer be adopted. Raises Refused or RuleBroken."""
    require(actor, Permission.DRAFT_CORRECT, f"act:{act_id}")
    act = locked_draft(act_id)
    act.state = ActState.DISCARDED
    act.save(update_fields=["state"])
    record(actor.user_id, AuditEvent.DRAFT_DISCARDED, f"act:{act.id}")
