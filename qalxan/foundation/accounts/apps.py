from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out


def _note(event: str, user: Any) -> None:
    from qalxan.foundation.audit.events import AuditEvent
    from qalxan.foundation.audit.operations import record

    if user is not None:
        record(user.pk, AuditEvent(event), f"user:{user.pk}")


def _signed_in(sender: Any, request: Any = None, user: Any = None, **kwargs: Any) -> None:
    from allauth.account.authentication import get_authentication_records

    from qalxan.foundation.accounts.proofs import label_of, used_passkey
    from qalxan.foundation.accounts.sessions import mint

    records = get_authentication_records(request, user)
    mint(request.session, user.pk, passkey=used_passkey(records), label=label_of(request.META.get("HTTP_USER_AGENT", "")))
    _note("accounts.signed_in", user)


def _signed_out(sender: Any, request: Any = None, user: Any = None, **kwargs: Any) -> None:
    from qalxan.foundation.access.sessions import end_session
    from qalxan.foundation.accounts.store import token_of

    if request is not None and request.session.session_key:
        end_session(token_of(request.session.session_key))
    _note("accounts.signed_out", user)


def _proved(sender: Any, request: Any = None, reauthenticated: bool = False, **kwargs: Any) -> None:
    from django.utils import timezone

    from qalxan.foundation.access.sessions import step_up

    if reauthenticated and request is not None and request.token:
        step_up(request.token, timezone.now())


def _told(event: str, step: str) -> Any:
    """A change of one's own means of signing in goes to the log and to the person (ASVS 5.0, 6.3.7)."""

    def told(sender: Any, user: Any = None, **kwargs: Any) -> None:
        from qalxan.foundation.accounts.notices import tell

        _note(event, user)
        tell(user, step)

    return told


class AccountsConfig(AppConfig):
    name = "qalxan.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import authentication_step_completed, password_changed
        from allauth.mfa.signals import authenticator_added, authenticator_removed

        user_logged_in.connect(_signed_in, dispatch_uid="note_sign_in")
        user_logged_out.connect(_signed_out, dispatch_uid="note_sign_out")
        authentication_step_completed.connect(_proved, dispatch_uid="note_step_up")
        for signal, event, step in (
            (password_changed, "accounts.password_changed", "password_changed"),
            (authenticator_added, "accounts.factor_added", "factor_added"),
            (authenticator_removed, "accounts.factor_removed", "factor_removed"),
        ):
            signal.connect(_told(event, step), dispatch_uid=event, weak=False)
