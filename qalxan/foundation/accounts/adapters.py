"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import timezone

from qalxan.foundation.accounts.passkeys import has_passkey
from qalxan.foundation.accounts.proofs import guards
from qalxan.foundation.accounts.queries import actor_of


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: accounts are made by those who appoint."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Always closed."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How one shows again that it is oneself: by passkey alone, where a post is held to it and one was added."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if guards(actor_of(user.pk, timezone.now())) and has_passkey(user.pk):
            return [method for method in methods if method["id"] == "mfa_reauthenticate:webauthn"]
        return methods
