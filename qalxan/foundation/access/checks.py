"""Start-up refuses a URL that nobody guards."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC_URLS = frozenset(
    {
        "healthz",
        "set_language",
        "demo_switch",  # exists in demonstration mode only; refuses otherwise
        "plans:calendar_feed",  # carries its own secret, which ends with the post
        "log_key",  # the log's heads and proofs: hashes and signatures, so that anyone can be its witness
        "log_head",
        "log_head_of",
        "log_consistency",
        "log_inclusion",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_trust",
        "mfa_login_webauthn",
        "account_inactive",
    }
)
"""URLs open without a right, each reviewed."""
SIGNED_IN_URLS = frozenset({"mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
    "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "usersessions_list", "account_change_password"})  # fmt: skip
"""Pages of allauth about one's own account; LoginRequiredMiddleware guards them."""


def named_patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern with its name, nested ones included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_patterns(pattern, space)
        else:
            yield f"{prefix}{pattern.name or ''}", pattern


@register("security")
def every_url_is_guarded(**kwargs: Any) -> list[CheckMessage]:
    """A URL is public by review, guarded by allauth, or its view declares a permission."""
    errors: list[CheckMessage] = []
    for name, pattern in named_patterns():
        view = getattr(pattern.callback, "view_class", pattern.callback)
        if name in PUBLIC_URLS | SIGNED_IN_URLS or getattr(view, "permission", None) is not None:
            continue
        errors.append(Error(f"The URL {pattern.pattern} ({name or 'unnamed'}) declares no permission.", id="access.E001"))
    return errors
