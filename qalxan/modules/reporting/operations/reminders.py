"""Reminders of silence: focal point, then deputy, then head of the body. They name a plan, a year and a day, and nothing else."""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Role
from qalxan.foundation.accounts.queries import addresses
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.silence import ears
from qalxan.modules.reporting.choices import WRITABLE, WindowState
from qalxan.modules.reporting.models import Reminder, Return

log = logging.getLogger(__name__)


def remind_late(now: dt.datetime) -> int:
    """Remind everyone who should have heard by now and has not; gives the number of reminders. Run every night by the worker.

    Each ear hears once a return; an extension starts anew. Mail goes out only where a mail server is set, and carries no figure,
    no name and no case.
    """
    told = 0
    for found in Return.objects.filter(window__state=WindowState.OPEN, state__in=WRITABLE, due_on__lt=now.date()).order_by("id"):
        for ear in ears(found.due_on, now.date()):
            told += _remind(found.id, ear.value, now)
    return told


@transaction.atomic
def _remind(return_id: int, ear: str, now: dt.datetime) -> bool:
    found = Return.objects.select_for_update(of=("self",)).select_related("window__plan").get(id=return_id)
    if found.state not in WRITABLE or Reminder.objects.filter(of=found, ear=ear).exists():
        return False
    to = addresses(found.body_id, Role(ear), now)
    mailed = bool(to and settings.EMAIL_HOST_SET and _mail(to, found.window.plan.code, found.window.year))
    Reminder.objects.create(of=found, ear=ear, at=now, by_mail=mailed)
    record(None, AuditEvent.REMINDED, f"return:{found.id}", ear=ear, body=found.body_id, mail=int(mailed))
    return True


def _mail(to: list[str], plan: str, year: int) -> bool:
    with translation.override("az"):
        subject = _("A return is awaited: %(plan)s, %(year)s") % {"plan": plan, "year": year}
        words = _("Your body's return for this year has not been handed in. Please sign in to Qalxan and answer.")
    try:
        return bool(send_mail(subject, words, None, to))
    except OSError as error:  # the mail server's trouble must not stop the round
        log.warning("mail not sent", extra={"error": type(error).__name__})
        return False
