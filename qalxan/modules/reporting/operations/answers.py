"""Writing an answer so that two people at once lose no word."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.reporting.choices import WRITABLE, ReturnState, Stance
from qalxan.modules.reporting.models import Answer, AnswerVersion, Counter, Parked, Return, StateChange, Value
from qalxan.modules.reporting.operations.returns import held, must_be_open

TOGETHER = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Words:
    """What a person says of a duty. `values` maps (indicator id, key) to (qualifier, number); None takes the value away."""

    stance: str
    narrative: str
    self_rating: str = ""
    values: Mapping[tuple[int, str], tuple[str, Decimal | None] | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The words as they are parked."""
        values = [[i, k, v[0] if v else None, str(v[1]) if v and v[1] is not None else None] for (i, k), v in self.values.items()]
        return {"stance": self.stance, "narrative": self.narrative, "self_rating": self.self_rating, "values": values}


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a save: the answer's version now, and whether the words met newer ones and were parked."""

    version: int
    parked: bool


def locked_answer(actor: Actor, answer_id: int) -> tuple[Return, Answer]:
    """The answer with its return, both locked, the return first. Raises Absent, Refused, RuleBroken."""
    of = Answer.objects.filter(id=answer_id).values_list("of_id", flat=True).first()
    if of is None:
        raise Absent(f"answer:{answer_id}")
    found = held(actor, Permission.RETURN_WRITE, of)
    must_be_open(found)
    if found.state not in WRITABLE:
        raise RuleBroken(_("This return is handed in. Nothing can be changed unless it is sent back or re-opened."))
    return found, Answer.objects.select_for_update().get(id=answer_id)


@transaction.atomic
def save_answer(*, actor: Actor, now: dt.datetime, answer_id: int, version: int, words: Words) -> Saved:
    """Keep an answer if it stands on the newest version; else park the words for a merge.

    Saving the words that already stand changes nothing. Raises Absent, Refused, or RuleBroken.
    """
    found, answer = locked_answer(actor, answer_id)
    if answer.version != version and not _same(answer, words):
        Parked.objects.update_or_create(answer=answer, by_id=actor.user_id, settled_at=None, defaults={"words": words.as_json(), "at": now})
        return Saved(answer.version, parked=True)
    if not _same(answer, words):
        write(found, answer, words, actor=actor, now=now)
    return Saved(answer.version, parked=False)


@transaction.atomic
def merge(*, actor: Actor, now: dt.datetime, answer_id: int, version: int, words: Words) -> Saved:
    """Settle one's parked words with the wording chosen on the merge page. A still newer version parks them again."""
    saved = save_answer(actor=actor, now=now, answer_id=answer_id, version=version, words=words)
    if not saved.parked:
        Parked.objects.filter(answer=answer_id, by_id=actor.user_id, settled_at=None).update(settled_at=now)
        record(actor.user_id, AuditEvent.ANSWERS_MERGED, f"answer:{answer_id}", version=saved.version)
    return saved


def _same(answer: Answer, words: Words) -> bool:
    if (answer.stance, answer.narrative, answer.self_rating) != (words.stance, words.narrative, words.self_rating):
        return False
    held_values = {(v.indicator_id, v.key): (v.qualifier, v.value) for v in Value.objects.filter(of=answer.of_id)}
    return all(held_values.get(slot) == value for slot, value in words.values.items())


def write(found: Return, answer: Answer, words: Words, *, actor: Actor, now: dt.datetime) -> None:
    """Write the words over the answer and keep the trace. The caller holds both rows locked and has checked the right."""
    if words.stance not in Stance.values:
        raise RuleBroken(_("Choose how the body answers."))
    answer.stance, answer.narrative, answer.self_rating = words.stance, words.narrative, words.self_rating
    answer.version += 1
    answer.updated_at, answer.updated_by_id = now, actor.user_id
    answer.save(update_fields=["stance", "narrative", "self_rating", "version", "updated_at", "updated_by"])
    _write_values(found, words)
    _trace(answer, actor, now)
    if found.state == ReturnState.NOT_OPENED:
        StateChange.objects.create(of=found, before=found.state, after=ReturnState.DRAFT, by_id=actor.user_id, at=now)
        found.state = ReturnState.DRAFT
        found.save(update_fields=["state"])


def _write_values(found: Return, words: Words) -> None:
    declared = set(Counter.objects.filter(body_id=found.body_id).values_list("indicator_id", "slice"))
    for (indicator, key), value in words.values.items():
        if (indicator, key) not in declared:
            raise RuleBroken(_("Another body counts this figure, so it cannot be given here."))
        if value is None:
            Value.objects.filter(of=found, indicator=indicator, key=key).delete()
        else:
            number = None if value[0] == "unknown" else value[1]
            Value.objects.update_or_create(of=found, indicator_id=indicator, key=key, defaults={"qualifier": value[0], "value": number})


def _trace(answer: Answer, actor: Actor, now: dt.datetime) -> None:
    last = AnswerVersion.objects.filter(answer=answer).order_by("-id").first()
    words = {
        "version": answer.version,
        "stance": answer.stance,
        "narrative": answer.narrative,
        "self_rating": answer.self_rating,
        "at": now,
    }
    if last and last.by_id == actor.user_id and now - last.started_at < TOGETHER:
        AnswerVersion.objects.filter(id=last.id).update(**words)
    else:
        AnswerVersion.objects.create(answer=answer, by_id=actor.user_id, started_at=now, **words)
