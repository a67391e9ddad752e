"""Evidence files of answers: added, removed, read."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.files.operations import FileRefused, inspect, keep
from qalxan.foundation.files.queries import Content, content
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.reporting.models import Answer, Evidence
from qalxan.modules.reporting.operations.answers import locked_answer
from qalxan.modules.reporting.queries.returns import evidence_file

MOST = 20


def add_evidence(*, actor: Actor, now: dt.datetime, answer_id: int, name: str, data: bytes) -> Evidence:
    """Attach a file to an answer once it is proved harmless. A refused file is told in the log. Raises Absent, Refused, RuleBroken.

    The file is inspected before any row is locked: cleaning a large one takes seconds.
    """
    with transaction.atomic():
        locked_answer(actor, answer_id)
    try:
        inspected = inspect(name=name, data=data)
    except FileRefused as refused:
        record(actor.user_id, AuditEvent.EVIDENCE_REFUSED, f"answer:{answer_id}", size=len(data), fault=refused.fault.value)
        raise
    with transaction.atomic():
        found, answer = locked_answer(actor, answer_id)
        if Evidence.objects.filter(answer=answer, removed_at=None).count() >= MOST:
            raise RuleBroken(_("An answer can hold %(most)s files. Remove one first.") % {"most": MOST})
        stored = keep(actor=actor, now=now, inspected=inspected)
        evidence = Evidence.objects.create(answer=answer, file=stored, added_at=now, added_by_id=actor.user_id)
        record(actor.user_id, AuditEvent.EVIDENCE_ADDED, f"answer:{answer_id}", evidence=evidence.id, size=stored.size, body=found.body_id)
        return evidence


@transaction.atomic
def remove_evidence(*, actor: Actor, now: dt.datetime, evidence_id: int) -> Answer:
    """Take a file away while the return can still be written. Raises Absent, Refused, RuleBroken."""
    file_id, _subject = evidence_file(actor, evidence_id)
    evidence = Evidence.objects.select_for_update().get(id=evidence_id, file=file_id)
    _found, answer = locked_answer(actor, evidence.answer_id)
    evidence.removed_at, evidence.removed_by_id = now, actor.user_id
    evidence.save(update_fields=["removed_at", "removed_by"])
    record(actor.user_id, AuditEvent.EVIDENCE_REMOVED, f"answer:{answer.id}", evidence=evidence_id)
    return answer


@transaction.atomic
def read_evidence(*, actor: Actor, evidence_id: int) -> Content:
    """A file's bytes for download; the reading is written down first. Raises Absent, Refused."""
    file_id, subject = evidence_file(actor, evidence_id)
    record(actor.user_id, AuditEvent.EVIDENCE_READ, subject)
    return content(file_id)
