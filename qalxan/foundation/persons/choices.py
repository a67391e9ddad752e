"""The words of the carrier: kinds of sealed things and the rooms they lie in, and reasons for opening one."""

from enum import StrEnum

from django.utils.translation import pgettext_lazy

from qalxan.foundation.access.choices import Compartment


class Kind(StrEnum):
    """What sort of thing a sealed thing is. A code in clear: it never says more than that there is one."""

    NAME = "name"
    BIRTH = "birth"
    DOCUMENT = "document"
    PHONE = "phone"
    RELATION = "relation"
    ADDRESS = "address"
    NEED = "need"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The kind in the reader's language."""
        return str(_KINDS[self])


_KINDS = {
    Kind.NAME: pgettext_lazy("thing", "Name"),
    Kind.BIRTH: pgettext_lazy("thing", "Date of birth"),
    Kind.DOCUMENT: pgettext_lazy("thing", "Document"),
    Kind.PHONE: pgettext_lazy("thing", "Phone or other contact"),
    Kind.RELATION: pgettext_lazy("thing", "Relation"),
    Kind.ADDRESS: pgettext_lazy("thing", "Where the person stays"),
    Kind.NEED: pgettext_lazy("thing", "Need"),
    Kind.NOTE: pgettext_lazy("thing", "Note"),
}
KINDS: dict[Compartment, tuple[Kind, ...]] = {
    Compartment.IDENTITY: (Kind.NAME, Kind.BIRTH, Kind.DOCUMENT, Kind.PHONE, Kind.RELATION, Kind.NOTE),
    Compartment.WHEREABOUTS: (Kind.ADDRESS, Kind.PHONE, Kind.NOTE),
    Compartment.HEALTH: (Kind.NEED, Kind.NOTE),
    Compartment.SUPPORT: (Kind.NEED, Kind.NOTE),
    Compartment.INQUIRY: (Kind.NOTE,),
    Compartment.JUSTICE: (Kind.DOCUMENT, Kind.NOTE),
}
"""Room → the kinds of things it takes."""
FINDABLE = frozenset({Kind.NAME, Kind.BIRTH, Kind.DOCUMENT, Kind.PHONE})
"""Kinds of identity by which a person is found."""


class Reason(StrEnum):
    """Why one thing is opened now; it stands in the log as a code."""

    CASE_WORK = "case_work"
    CONTACT = "contact"
    CHECK_DOCUMENT = "check_document"
    HAND_OVER = "hand_over"
    DANGER = "danger"
    PERSON_ASKED = "person_asked"
    COURT = "court"
    CORRECT = "correct"
    COMPARE = "compare"

    @property
    def label(self) -> str:
        """The reason in the reader's language."""
        return str(_REASONS[self])


_REASONS = {
    Reason.CASE_WORK: pgettext_lazy("reason", "I work on the case"),
    Reason.CONTACT: pgettext_lazy("reason", "I have to reach the person"),
    Reason.CHECK_DOCUMENT: pgettext_lazy("reason", "I check a document"),
    Reason.HAND_OVER: pgettext_lazy("reason", "I hand over or take over"),
    Reason.DANGER: pgettext_lazy("reason", "There is danger"),
    Reason.PERSON_ASKED: pgettext_lazy("reason", "The person asked for it"),
    Reason.COURT: pgettext_lazy("reason", "A court or prosecutor asked for it"),
    Reason.CORRECT: pgettext_lazy("reason", "I correct the record"),
    Reason.COMPARE: pgettext_lazy("reason", "I compare two records"),
}
REBUILD = "index_rebuild"
"""The log's reason for an opening inside a change: the index by which a person is found is made anew."""
