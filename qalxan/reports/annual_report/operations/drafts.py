"""Drafting in Word: the text out, the edited sections back in."""

import datetime as dt

from django.db import transaction

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel import prose
from qalxan.reports.annual_report.choices import LANGUAGES
from qalxan.reports.annual_report.models import Edition
from qalxan.reports.annual_report.operations.editions import held, set_text, subject
from qalxan.reports.annual_report.queries.build import build
from qalxan.reports.annual_report.queries.document import document
from qalxan.reports.annual_report.queries.editions import edition_of
from qalxan.reports.annual_report.queries.reading import texts_of
from qalxan.webkit.report import docx, docx_read
from qalxan.webkit.report.document import Document


def word_file(actor: Actor, kind: str, year: int, number: int, language: str) -> tuple[str, bytes]:
    """A frozen edition's text as a Word file to edit: its name and bytes. Raises Refused, or Absent."""
    edition = edition_of(actor, kind, year, number)
    require(actor, Permission.EDITION_PREPARE, subject(edition))
    return f"qalxan-{kind}-{year}-{number}-{language}.docx", docx.render(_as_sent(edition, language))


def _as_sent(edition: Edition, language: str) -> Document:
    """The draft as it goes out: what a returning file's headings are held against."""
    if edition.cut is None or language not in LANGUAGES:
        raise Absent(subject(edition))
    return document(
        edition.cut, edition.cut_sha256, build(edition.cut, edition.sections, texts_of(edition, language), language), sealed=False
    )


@transaction.atomic
def take_word(*, actor: Actor, now: dt.datetime, edition_id: int, language: str, data: bytes) -> int:
    """Take the sections of an edited file; gives how many changed. All or nothing.

    Raises Absent, Refused, or BadInput for a file that cannot be read or holds what prose cannot.
    """
    edition = held(actor, Permission.EDITION_PREPARE, edition_id)
    found = docx_read.read(data, {s.code: docx.full_title(s) for s in _as_sent(edition, language).sections})
    standing = texts_of(edition, language)
    changed = [code for code, text in found.items() if text != prose.tidy(standing.get(code, ""))]
    for code in changed:
        set_text(actor=actor, now=now, edition_id=edition_id, section=code, language=language, text=found[code])
    record(actor.user_id, AuditEvent.EDITION_DOCX_READ, subject(edition), language=language, changed=len(changed))
    return len(changed)
