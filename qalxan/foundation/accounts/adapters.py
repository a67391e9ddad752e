"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: accounts are made by those who appoint."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Always closed."""
        return False
