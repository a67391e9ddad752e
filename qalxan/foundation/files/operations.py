"""Storing a file: scanned as it came, rebuilt, and kept as rebuilt."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.files.bounded import rebuild_bounded
from qalxan.foundation.files.kinds import MAX_BYTES, Fault, Kind, Unsafe
from qalxan.foundation.files.models import StoredContent, StoredFile
from qalxan.foundation.files.names import clean_name
from qalxan.foundation.files.scan import refuse_eicar, scan
from qalxan.kernel.errors import RuleBroken


class FileRefused(RuleBroken):
    """A file that may not be stored; the message says what is wrong and what to do, `fault` is the code for the log."""

    def __init__(self, sentence: str, fault: Fault) -> None:
        super().__init__(sentence)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that passed: its cleaned name, true kind and rebuilt bytes, ready to be kept."""

    name: str
    kind: Kind
    data: bytes


def inspect(*, name: str, data: bytes) -> Inspected:
    """Scan and rebuild an upload. It takes seconds and touches no database: call it before a transaction locks anything.

    Raises FileRefused. With a scanner configured (`settings.CLAMD_SOCKET`) that does not answer, every file is refused.
    """
    try:
        if not data:
            raise Unsafe(Fault.EMPTY)
        if len(data) > MAX_BYTES:
            raise Unsafe(Fault.TOO_LARGE)
        scan(data, getattr(settings, "CLAMD_SOCKET", ""))
        refuse_eicar(data)
        clean = rebuild_bounded(data, as_table=name.lower().endswith(".csv"))
    except Unsafe as unsafe:
        raise FileRefused(_sentence(unsafe), unsafe.fault) from unsafe
    return Inspected(clean_name(name, clean.kind), clean.kind, clean.data)


@transaction.atomic
def keep(*, actor: Actor, now: dt.datetime, inspected: Inspected) -> StoredFile:
    """Store what `inspect` passed. Needs no right of its own: the module that calls it decides, and writes the log."""
    stored = StoredFile.objects.create(
        name=inspected.name,
        kind=inspected.kind.value,
        media_type=inspected.kind.media_type,
        size=len(inspected.data),
        sha256=hashlib.sha256(inspected.data).hexdigest(),
        stored_at=now,
        stored_by_id=actor.user_id,
    )
    StoredContent.objects.create(file=stored, data=inspected.data)
    return stored


def store(*, actor: Actor, now: dt.datetime, name: str, data: bytes) -> StoredFile:
    """Inspect and keep in one step. Raises FileRefused, which is a RuleBroken.

    Needs no right of its own: the module that calls it decides who may store, and writes EVIDENCE_ADDED or EVIDENCE_REFUSED.
    """
    return keep(actor=actor, now=now, inspected=inspect(name=name, data=data))


def _sentence(unsafe: Unsafe) -> str:
    """What is wrong with the file and what to do, in the reader's language."""
    what = {"what": unsafe.what}
    if unsafe.fault is Fault.PICTURE:
        return (
            _("The document holds a picture (%(what)s) in a format that cannot be checked. Save the document as PDF and attach that.")
            % what
        )
    if unsafe.fault is Fault.ACTIVE and unsafe.what:
        return _("The file holds a macro, an embedded file or a link to another file (%(what)s). Save it as PDF and attach that.") % what
    if unsafe.fault is Fault.INFECTED:
        return _("The scanner found malware in the file (%(what)s). Do not open it; tell your information security office.") % what
    return {
        Fault.EMPTY: _("The file is empty. Choose the file again."),
        Fault.TOO_LARGE: _("The file is over 25 MB. Split it, or save its pictures at a lower resolution."),
        Fault.NOT_ALLOWED: _("Files of this kind are not taken. Attach PDF, JPEG, PNG, DOCX, XLSX, plain text or CSV."),
        Fault.OLD_OFFICE: _("This is an old Word or Excel file, or one locked by a password. Save it as DOCX or XLSX without a password."),
        Fault.NOT_UTF8: _("The letters of this text are not in UTF-8. Save the text as UTF-8 and attach it again."),
        Fault.DAMAGED: _("The file is damaged or not what its beginning says. Open it, save it as PDF and attach that."),
        Fault.ENCRYPTED: _("The file is locked by a password. Save it without the password and attach it again."),
        Fault.ACTIVE: _("The file holds a macro, an embedded file or a link to another file. Save it as PDF and attach that."),
        Fault.FORM: _("The form in this PDF shows its answers only in the program that filled it in. Print it to PDF and attach that."),
        Fault.BOMB: _("Opening this file would take too much memory or time. Split it, or save it with fewer and smaller pictures."),
        Fault.SCANNER_DOWN: _("The virus scanner does not answer, so no file is taken now. Try again later; nothing was stored."),
        Fault.BUSY: _("Many files are being checked now. Try again in a minute; nothing was stored."),
    }[unsafe.fault]
