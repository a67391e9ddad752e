"""Signing in and one's own account: the pages of allauth we use, and no others (no sign-up, no e-mail recovery)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from qalxan.foundation.access.binding import acting
from qalxan.shell.accounts.recovery import FinishRecovery, MyRecovery
from qalxan.shell.accounts.views import NeedPasskey, Sessions
from qalxan.webkit.request import QalxanRequest


def own(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page on one's own means of signing in: the database is bound to the person, since it lets nobody else change them."""

    @wraps(view)
    def bound(request: QalxanRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.token:
            return view(request, *args, **kwargs)
        with acting(request.token):
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    return bound


urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", own(account.reauthenticate), name="account_reauthenticate"),
    path("password/", own(account.password_change), name="account_change_password"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("2fa/", own(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/trust/", mfa.trust, name="mfa_trust"),
    path("2fa/totp/activate/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/codes/new/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/codes/file/", own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/passkeys/", own(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", own(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", own(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/passkeys/<int:pk>/edit/", own(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/passkeys/reauthenticate/", own(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("passkey/", NeedPasskey.as_view(), name="need_passkey"),
    path("sessions/", Sessions.as_view(), name="sessions"),
    path("recovery/", MyRecovery.as_view(), name="my_recovery"),
    path("recovery/enter/", FinishRecovery.as_view(), name="recovery_finish"),
]
