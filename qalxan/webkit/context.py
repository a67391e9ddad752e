"""What every page's frame needs: navigation by right, languages, demonstration mark."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import NOBODY
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import demo_accounts

_NAVIGATION = (
    ("home", Permission.SELF),
    ("persons:cases", Permission.PERSON_WORK),
    ("plans:list", Permission.PLAN_VIEW),
    ("reporting:mine", Permission.RETURN_WRITE),
    ("reporting:windows", Permission.BOARD_VIEW),
    ("coordination:board", Permission.COORDINATION_VIEW),
    ("statistics:list", Permission.FACT_VIEW),
    ("annual_report:list", Permission.EDITION_READ),
    ("plans:acts", Permission.DRAFT_VIEW),
    ("bodies", Permission.BODY_VIEW),
    ("plans:treaties", Permission.PLAN_VIEW),
    ("recoveries", Permission.RECOVERY_VIEW),
    ("log", Permission.AUDIT_VIEW),
)


def _label(name: str) -> str:
    return {
        "home": _("Home"),
        "persons:cases": _("Cases"),
        "plans:list": _("Plans"),
        "reporting:mine": _("Our returns"),
        "reporting:windows": _("Returns"),
        "coordination:board": _("Coordination"),
        "statistics:list": _("Figures"),
        "annual_report:list": _("Reports"),
        "plans:acts": _("Acts and drafts"),
        "bodies": _("Bodies"),
        "plans:treaties": _("Treaties"),
        "recoveries": _("Recoveries"),
        "log": _("Log"),
    }[name]


def _demo_people(request: HttpRequest) -> list[dict[str, str]]:
    """The invented accounts of the role switcher: on the sign-in page of the demonstration only."""
    if not settings.DEMO or request.path != reverse("account_login"):
        return []
    return demo_accounts()


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame's context."""
    actor = getattr(request, "actor", NOBODY)
    navigation = []
    for name, permission in _NAVIGATION:
        if permission in actor.permissions:
            url = reverse(name)
            here = request.path == url if url == "/" else request.path.startswith(url)
            navigation.append({"label": _label(name), "url": url, "here": here})
    return {
        "actor": actor,
        "navigation": navigation,
        "languages": settings.LANGUAGES,
        "demo": settings.DEMO,
        "demo_people": _demo_people(request),
        "may": {p.name: True for p in actor.permissions},
    }
