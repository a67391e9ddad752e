"""Telling a person what happens to their account: by mail where a mail server is set, in their own language, without names or codes."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qalxan.foundation.accounts.models import User

log = logging.getLogger(__name__)


def tell(user: User, step: str) -> None:
    """Write to the person after the transaction has committed. `step`: asked, approved, closed, finished, factor_added, factor_removed or
    password_changed."""
    if settings.EMAIL_HOST_SET and not user.is_demo:
        transaction.on_commit(lambda: _mail(user.email, user.language, step))


def _mail(address: str, language: str, step: str) -> None:
    with translation.override(language):
        words = {
            "asked": _("Somebody asked that your Qalxan account be recovered. If it was not you, sign in and stop it."),
            "approved": _("The recovery of your Qalxan account was approved by one more person. If it was not you who asked, sign in and stop it."),
            "closed": _("The recovery of your Qalxan account was stopped."),
            "finished": _("Your Qalxan account was recovered: it has a new password, and its passkeys and sessions have ended. If it was not you, tell the coordinator's office at once."),
            "factor_added": _("A passkey or a code generator was added to your Qalxan account. If it was not you, tell the coordinator's office at once."),
            "factor_removed": _("A passkey or a code generator was removed from your Qalxan account. If it was not you, tell the coordinator's office at once."),
            "password_changed": _("The password of your Qalxan account was changed. If it was not you, tell the coordinator's office at once."),
        }[step]  # fmt: skip
        subject = _("Your Qalxan account")
    try:
        send_mail(subject, words, None, [address])
    except OSError as error:  # the mail server's trouble stops nobody's recovery; the page tells the person too
        log.warning("mail not sent", extra={"error": type(error).__name__})
