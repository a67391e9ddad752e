"""Who saw my data and why: what the person concerned is given on paper, in their language, with what proves it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qalxan.foundation.access.binding import acting
from qalxan.foundation.accounts.queries import posts_at
from qalxan.foundation.audit import proofs
from qalxan.foundation.audit.queries import MOST, opened
from qalxan.foundation.bodies.queries import names


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One time somebody opened, or wanted to open, something of the person.

    `by` is role and body, never a name; `saw` is seen, refused or unknown (it was asked for, and no outcome stands); `seq` is the
    row's place in the log (None: not chained yet).
    """

    at: dt.datetime
    by: str
    what: str
    why: str
    saw: str
    saw_label: str
    entry: int
    seq: int | None


@dataclass(frozen=True, slots=True)
class SeenSheet:
    """The whole answer, newest first; `head` is the newest signed head, which the person can keep as proof. `more`: not all is shown."""

    person: uuid.UUID
    language: str
    made_at: dt.datetime
    rows: list[SeenRow]
    more: bool
    head: str


def who_saw(person: uuid.UUID, *, language: str, now: dt.datetime) -> SeenSheet:
    """All openings and refusals of a person's sealed things, told in a language (az, en, ru).

    The caller holds the right to give it to that person. Staff are told by role and body at that moment; their names stand in nobody's
    hand: whoever oversees finds them by the entry's number. Print it with the template audit/who_saw.html, which takes `sheet`.
    """
    with translation.override(language):
        with acting():
            found = opened(person, limit=MOST + 1)
        bodies = names(language)
        offices = {
            moment: "; ".join(f"{role.label}, {bodies.get(body, body)}" if body else role.label for role, body in held)
            for moment, held in posts_at([(row.user, row.at) for row in found]).items()
        }
        rows = []
        for row in found[:MOST]:
            saw = "refused" if row.refused else "seen" if row.result == "opened" else "unknown"
            by = offices.get((row.user, row.at)) or _("an account without a post")
            rows.append(SeenRow(row.at, by, _what(row.compartment), _why(row.purpose), saw, _saw_label(saw, row.result), row.id, row.seq))
        return SeenSheet(person, language, now, rows, len(found) > MOST, proofs.head() or "")


def _what(compartment: str) -> str:
    return {
        "identity": pgettext("compartment", "Identity"),
        "whereabouts": pgettext("compartment", "Whereabouts"),
        "health": pgettext("compartment", "Health"),
        "support": pgettext("compartment", "Support"),
        "inquiry": pgettext("compartment", "Inquiry"),
        "justice": pgettext("compartment", "Justice"),
        "": _("a comparison over many records"),
    }.get(compartment, compartment)


def _why(purpose: str) -> str:
    return {
        "protection": pgettext("purpose", "Protection"),
        "support": pgettext("purpose", "Support"),
        "health_care": pgettext("purpose", "Health care"),
        "investigation": pgettext("purpose", "Investigation"),
        "prosecution": pgettext("purpose", "Prosecution"),
        "referral": pgettext("purpose", "Referral"),
        "oversight": pgettext("purpose", "Oversight"),
        "": _("no purpose was given"),
    }.get(purpose, purpose)


def _saw_label(saw: str, result: str) -> str:
    if saw == "seen":
        return _("Seen")
    if saw == "refused":
        return _("Refused")
    return _("Asked for; whether it was seen is not known") if not result else _("Asked for, not opened")
