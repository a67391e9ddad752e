"""A body's returns, one return, one answer."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import names_of
from qalxan.modules.reporting import policy
from qalxan.modules.reporting.choices import WRITABLE, RatingValue, ReturnState, Stance, Voice
from qalxan.modules.reporting.models import AnswerVersion, Counter, Evidence, Parked, Rating, Return, StateChange, Value, Verifiability
from qalxan.modules.reporting.queries.rows import (
    AnswerRow,
    ReturnRow,
    Slot,
    answer_rows,
    body_names,
    counted,
    rating_label,
    return_row,
    standing_answers,
)
from qalxan.modules.reporting.queries.words import key_words, local, value_words


def my_returns(actor: Actor, today: dt.date) -> list[ReturnRow]:
    """The returns of the bodies the actor answers for, newest year first."""
    own = policy.own_bodies(actor)
    if not own:
        return []
    bodies = body_names()
    found = counted(Return.objects.filter(body_id__in=own)).order_by("-window__year", "window__plan__code", "body_id")
    return [return_row(r, today, bodies) for r in found]


@dataclass(frozen=True, slots=True)
class Step:
    """A step in a return's life."""

    at: dt.datetime
    label: str
    note: str
    by: str


@dataclass(frozen=True)
class ReturnPage:
    """A return with its answers, its figures and its history."""

    row: ReturnRow
    answers: tuple[AnswerRow, ...]
    steps: tuple[Step, ...]
    slots: tuple[Slot, ...]
    note: str
    may_write: bool
    may_decide: bool
    may_reopen: bool
    parked: bool


def _found(actor: Actor, return_id: int) -> Return:
    require(actor, Permission.RETURN_VIEW, f"return:{return_id}")
    found = Return.objects.select_related("window__plan").filter(id=return_id).first()
    if found is None or not policy.may_see_return(actor, found):
        raise Absent(f"return:{return_id}")
    return found


def may_write(actor: Actor, found: Return) -> bool:
    """Whether the actor may write in the return as it stands."""
    window_open = found.window.state == "open" or found.state == ReturnState.REOPENED
    return found.state in WRITABLE and window_open and policy.may_write_return(actor, found)


def return_page(actor: Actor, return_id: int, today: dt.date) -> ReturnPage:
    """A return. Raises Refused, or Absent when the actor may not know of its words."""
    found = _found(actor, return_id)
    row = return_row(counted(Return.objects.filter(id=found.id))[0], today, body_names())
    steps = list(StateChange.objects.filter(of=found).order_by("-id"))
    people = names_of({s.by_id for s in steps if s.by_id})
    reviewer = Permission.RETURN_REVIEW in actor.permissions
    return ReturnPage(
        row=row,
        answers=tuple(answer_rows(standing_answers(of=found), row.silence, row.year)),
        steps=tuple(Step(s.at, str(ReturnState(s.after).label), s.note, people.get(s.by_id or 0, "")) for s in steps),
        slots=tuple(s for group in slots(found).values() for s in group),
        note=found.note,
        may_write=may_write(actor, found),
        may_decide=reviewer and found.state == ReturnState.SUBMITTED,
        may_reopen=reviewer and found.state in (ReturnState.APPROVED, ReturnState.LOCKED, ReturnState.REFUSED),
        parked=Parked.objects.filter(answer__of=found, settled_at=None).exists(),
    )


def slots(found: Return) -> dict[int, list[Slot]]:
    """Answer id → the figures asked for with it: those the body is declared to count, each once, with its first fitting duty.

    A figure whose indicator belongs to no measure of the plan is asked for with the return's first duty.
    """
    declared = list(Counter.objects.filter(body_id=found.body_id).select_related("indicator").prefetch_related("indicator__measures"))
    if not declared:
        return {}
    given = {(v.indicator_id, v.key): v for v in Value.objects.filter(of=found)}
    answers = list(standing_answers(of=found).values_list("id", "duty__measure_id"))
    placed: dict[int, list[Slot]] = {}
    for counter in sorted(declared, key=lambda c: (c.indicator.code, c.slice)):
        indicator = counter.indicator
        wanted = {m.id for m in indicator.measures.all()}
        home = next((a for a, m in answers if m in wanted), answers[0][0] if answers else None)
        if home is None:
            continue
        value = given.get((indicator.id, counter.slice))
        placed.setdefault(home, []).append(
            Slot(
                indicator.id, indicator.code, local(indicator, "label"), local(indicator, "definition"), indicator.unit, indicator.get_unit_display(), counter.slice,
                key_words(counter.slice), value is not None, value.qualifier if value else "exact", value.value if value else None,
                value_words(value.qualifier, value.value, indicator.unit) if value else "",
            )
        )  # fmt: skip
    return placed


def slots_by_answer(actor: Actor, return_id: int) -> dict[int, list[Slot]]:
    """The figures asked for with each answer of a return. Raises Refused or Absent."""
    return slots(_found(actor, return_id))


@dataclass(frozen=True, slots=True)
class File:
    """An evidence file in a list."""

    id: int
    name: str
    size: int
    added_at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Said:
    """A voice's rating with its evidence and reason; `differs` when it is not the body's own."""

    voice: str
    voice_label: str
    value: str
    label: str
    evidence: str
    reason: str
    at: dt.datetime | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """Words the answer once had."""

    at: dt.datetime
    by: str
    narrative: str


@dataclass(frozen=True)
class AnswerPage:
    """One answer: the words, figures, files, voices, and what stands in the way."""

    row: AnswerRow
    of: ReturnRow
    note: str
    slots: tuple[Slot, ...]
    files: tuple[File, ...]
    voices: tuple[Said, ...]
    versions: tuple[Earlier, ...]
    checkable: bool
    uncheckable_reason: str
    parked: dict[str, Any] | None
    may_write: bool
    rates: tuple[str, ...]
    place: int
    of_all: int
    before: int | None
    after: int | None


def answer_page(actor: Actor, return_id: int, answer_id: int, today: dt.date) -> AnswerPage:
    """One answer of a return. Raises Refused or Absent."""
    found = _found(actor, return_id)
    row = return_row(counted(Return.objects.filter(id=found.id))[0], today, body_names())
    rows = answer_rows(standing_answers(of=found), row.silence, row.year)
    place = next((n for n, r in enumerate(rows) if r.id == answer_id), None)
    if place is None:
        raise Absent(f"answer:{answer_id}")
    answer = rows[place]
    judged = Verifiability.objects.filter(measure=answer.measure_id).order_by("-id").first()
    parked = Parked.objects.filter(answer=answer_id, by_id=actor.user_id, settled_at=None).first() if actor.user_id else None
    return AnswerPage(
        row=answer, of=row, note=found.note, slots=tuple(slots(found).get(answer_id, ())), files=files_of(answer_id), voices=_voices(answer_id, answer.rating),
        versions=_versions(answer_id), checkable=judged is None or judged.checkable, uncheckable_reason=judged.reason if judged else "",
        parked=parked.words if parked else None, may_write=may_write(actor, found), rates=_rates(actor, found, judged), place=place + 1, of_all=len(rows),
        before=rows[place - 1].id if place else None, after=rows[place + 1].id if place + 1 < len(rows) else None,
    )  # fmt: skip


def _rates(actor: Actor, found: Return, judged: Verifiability | None) -> tuple[str, ...]:
    if found.state not in (ReturnState.SUBMITTED, ReturnState.APPROVED, ReturnState.LOCKED) or (judged and not judged.checkable):
        return ()
    held = {Voice.COORDINATOR: Permission.RATE_COORDINATOR, Voice.EVALUATOR: Permission.RATE_INDEPENDENT}
    return tuple(voice.value for voice, right in held.items() if right in actor.permissions)


def files_of(answer_id: int) -> tuple[File, ...]:
    """The evidence of an answer that was not removed."""
    found = list(Evidence.objects.filter(answer=answer_id, removed_at=None).select_related("file").order_by("id"))
    people = names_of({e.added_by_id for e in found if e.added_by_id})
    return tuple(File(e.id, e.file.name, e.file.size, e.added_at, people.get(e.added_by_id or 0, "")) for e in found)


def evidence_file(actor: Actor, evidence_id: int) -> tuple[Any, str]:
    """The stored file's id and the return's subject for the log. Raises Refused or Absent."""
    found = Evidence.objects.select_related("answer__of").filter(id=evidence_id, removed_at=None).first()
    require(actor, Permission.RETURN_VIEW, f"evidence:{evidence_id}")
    if found is None or not policy.may_see_return(actor, found.answer.of):
        raise Absent(f"evidence:{evidence_id}")
    return found.file_id, f"evidence:{evidence_id}"


def newest_ratings(answer_ids: list[int]) -> dict[int, dict[str, Rating]]:
    """Answer id → voice → its newest rating."""
    found: dict[int, dict[str, Rating]] = {}
    for rating in Rating.objects.filter(answer__in=answer_ids).order_by("id"):
        found.setdefault(rating.answer_id, {})[rating.voice] = rating
    return found


def _voices(answer_id: int, own: str) -> tuple[Said, ...]:
    newest = newest_ratings([answer_id]).get(answer_id, {})
    said = [Said(Voice.BODY.value, str(Voice.BODY.label), own, rating_label(own), "", "", None, False)]
    for voice in (Voice.COORDINATOR, Voice.EVALUATOR):
        rating = newest.get(voice)
        if rating is None:
            said.append(Said(voice.value, str(voice.label), "", "", "", "", None, False))
        else:
            label = str(RatingValue(rating.value).label)
            said.append(
                Said(voice.value, str(voice.label), rating.value, label, rating.evidence, rating.reason, rating.at, rating.value != own)
            )
    return tuple(said)


def _versions(answer_id: int) -> tuple[Earlier, ...]:
    found = list(AnswerVersion.objects.filter(answer=answer_id).order_by("-id")[1:21])
    people = names_of({v.by_id for v in found if v.by_id})
    return tuple(Earlier(v.at, people.get(v.by_id or 0, ""), v.narrative or str(Stance(v.stance).label)) for v in found)
