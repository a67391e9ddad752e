"""Reading the registry of bodies."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from qalxan.foundation.bodies.models import Body, BodyName
from qalxan.kernel.bodies import BodyRecord, Registry
from qalxan.kernel.names import sort_key


def registry() -> Registry:
    """The whole registry as plain data, with each body's latest name (two queries and a half)."""
    bodies = Body.objects.prefetch_related("names", "aliases", "parents").order_by("code")
    records = []
    for body in bodies:
        name = max(body.names.all(), key=lambda n: n.valid_from)
        aliases = [a for a in body.aliases.all() if not a.is_abbreviation]
        shorts = [a for a in body.aliases.all() if a.is_abbreviation]
        parent = next((p.parent_id for p in body.parents.all()), "")
        records.append(
            BodyRecord(
                body.code,
                body.kind,
                name.az,
                name.en,
                name.ru,
                parent,
                body.valid_from,
                body.valid_to,
                body.successor_id or "",
                tuple(a.text for a in aliases),
                tuple(a.text for a in shorts),
            )
        )
    return Registry(tuple(records))


def names(language: str | None = None) -> dict[str, str]:
    """Code → latest name in the language (the reader's when none is given); one query."""
    field = language or get_language() or "az"
    rows = BodyName.objects.order_by("valid_from").values_list("body_id", field if field in ("az", "en", "ru") else "az")
    return dict(rows)


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body in a list."""

    code: str
    name: str
    kind: str
    valid_to: str
    successor: str | None


def directory(kind: str = "") -> list[BodyRow]:
    """All bodies (of a kind) in the alphabetical order of the reader's language."""
    named = names()
    rows = Body.objects.filter(**({"kind": kind} if kind else {})).values_list("code", "kind", "valid_to", "successor_id")
    found = [BodyRow(code, named.get(code, code), kind_, to, successor) for code, kind_, to, successor in rows]
    return sorted(found, key=lambda row: sort_key(row.name) if (get_language() or "az") == "az" else row.name.casefold())


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name with the time it was borne."""

    code: str
    name: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class BodyPage:
    """Everything a body's page shows but its duties and people."""

    code: str
    name: str
    kind: str
    history: tuple[DatedName, ...]
    aliases: tuple[str, ...]
    parents: tuple[tuple[str, str], ...]
    children: tuple[tuple[str, str], ...]


def lineage(code: str, successors: dict[str, str] | None = None) -> list[str]:
    """The body with all its predecessors and successors, oldest first."""
    forward = successors if successors is not None else dict(Body.objects.exclude(successor=None).values_list("code", "successor_id"))
    back: dict[str, list[str]] = {}
    for old, new in forward.items():
        back.setdefault(new, []).append(old)
    chain = [code]
    while forward.get(chain[-1]) and forward[chain[-1]] not in chain:
        chain.append(forward[chain[-1]])
    before = [code]
    while before:
        before = [old for item in before for old in back.get(item, []) if old not in chain]
        chain = [*before, *chain]
    return chain


def answering(codes: Iterable[str], day: dt.date) -> dict[str, str]:
    """Body → the body that answers for it on a day: itself while it exists, else its latest successor in being (one query).

    An end known by year or month only counts as late as its source leaves possible.
    """
    known = {c: (to, after) for c, to, after in Body.objects.values_list("code", "valid_to", "successor_id")}
    found = {}
    for code in set(codes):
        current, seen = code, {code}
        while True:
            ended, after = known.get(current, ("", None))
            if not ended or not after or after in seen or day.isoformat()[: len(ended)] <= ended:
                break
            current = after
            seen.add(after)
        found[code] = current
    return found


def body_page(code: str) -> BodyPage | None:
    """A body's page, or None when there is no such body."""
    body = Body.objects.filter(code=code).first()
    if body is None:
        return None
    named = names()
    language = get_language() or "az"
    codes = lineage(code)
    dated = BodyName.objects.filter(body_id__in=codes)
    history = sorted(
        (DatedName(n.body_id, getattr(n, language, n.az), n.valid_from, n.valid_to) for n in dated),
        key=lambda n: (codes.index(n.code), n.valid_from),
    )
    parents = tuple((p, named.get(p, p)) for p in body.parents.values_list("parent_id", flat=True))
    children = tuple((c, named.get(c, c)) for c in body.children.values_list("body_id", flat=True))
    return BodyPage(
        code, named.get(code, code), body.kind, tuple(history), tuple(body.aliases.values_list("text", flat=True)), parents, children
    )
