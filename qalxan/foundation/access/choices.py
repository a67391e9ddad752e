"""The words of need-to-know: compartments, purposes, grounds."""

from enum import StrEnum

from django.utils.translation import pgettext_lazy


class Compartment(StrEnum):
    """A sealed room of a person's record; each has its own keys and its own grants."""

    IDENTITY = "identity"
    WHEREABOUTS = "whereabouts"
    HEALTH = "health"
    SUPPORT = "support"
    INQUIRY = "inquiry"
    JUSTICE = "justice"

    @property
    def label(self) -> str:
        """The room's name in the reader's language."""
        return str(_ROOMS[self])


_ROOMS = {
    Compartment.IDENTITY: pgettext_lazy("room", "Identity"),
    Compartment.WHEREABOUTS: pgettext_lazy("room", "Whereabouts"),
    Compartment.HEALTH: pgettext_lazy("room", "Health"),
    Compartment.SUPPORT: pgettext_lazy("room", "Support"),
    Compartment.INQUIRY: pgettext_lazy("room", "Inquiry"),
    Compartment.JUSTICE: pgettext_lazy("room", "Justice"),
}


class Purpose(StrEnum):
    """What a thing is opened for. OVERSIGHT is carried by no role yet: reviewers read the log, not the rooms."""

    PROTECTION = "protection"
    SUPPORT = "support"
    HEALTH_CARE = "health_care"
    INVESTIGATION = "investigation"
    PROSECUTION = "prosecution"
    REFERRAL = "referral"
    OVERSIGHT = "oversight"


CONSENTED = (Purpose.SUPPORT, Purpose.HEALTH_CARE, Purpose.REFERRAL)
"""Purposes that need the person's consent in force; protection and the criminal procedure rest on law."""


class Ground(StrEnum):
    """The fact a grant stands on; when it ends, every grant on it is dead."""

    CARE = "care"
    ASSIGNMENT = "assignment"
    REFERRAL = "referral"
    SHIFT = "shift"
    DECISION = "decision"


class Voice(StrEnum):
    """What the legal representative, or the child, said about a consent: two answers, kept apart."""

    AGREES = "agrees"
    REFUSES = "refuses"
    NOT_ASKED = "not_asked"
    CANNOT = "cannot"
    """Too young or too unwell to answer; for a representative, that there is none who may speak for the child."""


class Because(StrEnum):
    """Why something is withheld from somebody; the person's own words belong into a sealed thing."""

    FEAR = "fear"
    CONFLICT = "conflict"
    FAMILY = "family"
    WISH = "wish"
