from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out


def _note(event: str, user: Any) -> None:
    from qalxan.foundation.audit.events import AuditEvent
    from qalxan.foundation.audit.operations import record

    if user is not None:
        record(user.pk, AuditEvent(event), f"user:{user.pk}")


def _signed_in(sender: Any, user: Any = None, request: Any = None, **kwargs: Any) -> None:
    from qalxan.foundation.accounts.tokens import mint

    if user is not None and request is not None:
        mint(request.session, user.pk)
    _note("accounts.signed_in", user)


def _signed_out(sender: Any, user: Any = None, **kwargs: Any) -> None:
    _note("accounts.signed_out", user)


class AccountsConfig(AppConfig):
    name = "qalxan.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        user_logged_in.connect(_signed_in, dispatch_uid="note_sign_in")
        user_logged_out.connect(_signed_out, dispatch_uid="note_sign_out")
