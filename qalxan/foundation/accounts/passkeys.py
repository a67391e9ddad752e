"""Who has a passkey."""

from allauth.mfa.models import Authenticator


def has_passkey(user_id: int) -> bool:
    """Whether the account has a passkey."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.WEBAUTHN).exists())
