"""Outside recommendations: what they say, how far they are met, and what was answered."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.coordination.choices import RecommendationStatus, Source
from qalxan.modules.coordination.models import Recommendation, RecommendationAnswer, RecommendationStep
from qalxan.modules.coordination.queries.filings import Filings

_FIELDS = ["source", "document", "year", "last_year", "text_az", "text_en", "text_ru", "note_az", "note_en", "note_ru"]


@dataclass(frozen=True, slots=True)
class Words:
    """A recommendation as a person writes it down. Years that the document does not show are None, with a note that says so."""

    source: str
    document: str
    year: int | None
    last_year: int | None
    text_az: str
    text_en: str
    text_ru: str
    note: str
    measures: list[int]


@transaction.atomic
def set_recommendation(*, actor: Actor, now: dt.datetime, recommendation_id: int | None, words: Words) -> Recommendation:
    """Write down a recommendation (None) or correct its words and measures. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.RECOMMENDATION_EDIT, f"recommendation:{recommendation_id or 'new'}")
    if not words.text_az.strip():
        raise RuleBroken(_("Write what the recommendation says, in your own words."))
    if words.last_year is not None and (words.year is None or words.last_year < words.year):
        raise RuleBroken(_("The last year cannot come before the first, and needs one."))
    row = Recommendation() if recommendation_id is None else _locked(recommendation_id)
    row.source, row.document = Source(words.source).value, words.document.strip()
    row.year, row.last_year = words.year, words.last_year
    row.text_az, row.text_en, row.text_ru = words.text_az.strip(), words.text_en.strip(), words.text_ru.strip()
    if words.note.strip() not in (row.note_az, row.note_en, row.note_ru):  # a note of ours comes in three languages; a person writes one
        row.note_az = row.note_en = row.note_ru = words.note.strip()
    row.save(update_fields=None if recommendation_id is None else _FIELDS)
    row.measures.set(words.measures)
    record(actor.user_id, AuditEvent.RECOMMENDATION_SET, f"recommendation:{row.id}", source=row.source, measures=len(words.measures))
    return row


def _locked(recommendation_id: int) -> Recommendation:
    row = Recommendation.objects.select_for_update().filter(id=recommendation_id).first()
    if row is None:
        raise Absent("recommendation")
    return row


@transaction.atomic
def judge(*, actor: Actor, now: dt.datetime, recommendation_id: int, status: str, day: dt.date, reason: str) -> RecommendationStep:
    """Give a recommendation a status from a day, with the reason; earlier ones stay. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.RECOMMENDATION_EDIT, f"recommendation:{recommendation_id}")
    row = _locked(recommendation_id)
    if not reason.strip():
        raise RuleBroken(_("A status needs its reason."))
    if day > timezone.localdate(now):
        raise RuleBroken(_("A status cannot be given for a day to come."))
    last = row.steps.last()
    if last is not None and day < last.day:
        raise RuleBroken(_("A newer status is recorded. Give a day on or after it."))
    step = RecommendationStep.objects.create(
        recommendation=row, status=RecommendationStatus(status), day=day, reason=reason.strip(), by_id=actor.user_id, at=now
    )
    record(actor.user_id, AuditEvent.RECOMMENDATION_SET, f"recommendation:{row.id}", status=step.status)
    return step


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as a person gives it: to whom, in which document, on which day, in what words, from which filings of which year."""

    addressee: str
    document: str
    given_on: dt.date
    text: str
    filings: list[int]
    year: int


@transaction.atomic
def answer(*, actor: Actor, now: dt.datetime, recommendation_id: int, reply: Reply, source: Filings) -> RecommendationAnswer:
    """Keep an answer given on a recommendation. Without words of its own it is put together from the ticked filings.

    The filings must be among those the actor is offered for the recommendation's measures. Raises Refused, Absent or RuleBroken.
    """
    require(actor, Permission.RECOMMENDATION_EDIT, f"recommendation:{recommendation_id}")
    row = _locked(recommendation_id)
    offered = {}
    if reply.filings:
        offered = {f.id: f for f in source(actor, list(row.measures.values_list("id", flat=True)), reply.year)}
    if any(filing not in offered for filing in reply.filings):
        raise RuleBroken(_("One of the filings is no longer offered for these measures. Choose again."))
    if reply.given_on > timezone.localdate(now):
        raise RuleBroken(_("An answer cannot be given on a day to come."))
    text = reply.text.strip() or "\n\n".join(
        f"{offered[f].body_name} ({offered[f].measure_label}, {offered[f].year}): {offered[f].text}" for f in reply.filings
    )
    if not text:
        raise RuleBroken(_("Write the answer, or tick the filings it is made of."))
    kept = RecommendationAnswer.objects.create(
        recommendation=row, addressee=reply.addressee.strip(), document=reply.document.strip(), given_on=reply.given_on.isoformat(),
        text_az=text, filings=list(dict.fromkeys(reply.filings)), year=reply.year if reply.filings else None, by_id=actor.user_id, at=now,
    )  # fmt: skip
    record(actor.user_id, AuditEvent.RECOMMENDATION_ANSWERED, f"recommendation:{row.id}", filings=len(kept.filings))
    return kept
