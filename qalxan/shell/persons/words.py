"""Codes of persons' records as words for the reader."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.choices import Because, Compartment, Ground, Purpose, Voice
from qalxan.foundation.accounts.queries import Office
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.queries import opened
from qalxan.foundation.persons.choices import REBUILD, Kind, Reason
from qalxan.foundation.persons.queries import Thing
from qalxan.kernel.names import How, Verdict
from qalxan.webkit.words import reader

PURPOSES = {
    Purpose.PROTECTION: pgettext_lazy("purpose", "Protection"),
    Purpose.SUPPORT: pgettext_lazy("purpose", "Support"),
    Purpose.HEALTH_CARE: pgettext_lazy("purpose", "Health care"),
    Purpose.INVESTIGATION: pgettext_lazy("purpose", "Investigation"),
    Purpose.PROSECUTION: pgettext_lazy("purpose", "Prosecution"),
    Purpose.REFERRAL: pgettext_lazy("purpose", "Referral"),
    Purpose.OVERSIGHT: pgettext_lazy("purpose", "Oversight"),
}
GROUNDS = {
    Ground.CARE: pgettext_lazy("ground", "The person is in this post's care"),
    Ground.ASSIGNMENT: pgettext_lazy("ground", "The record or case is assigned to this post"),
    Ground.REFERRAL: pgettext_lazy("ground", "The person was referred to this post"),
    Ground.SHIFT: pgettext_lazy("ground", "This post has the shift"),
    Ground.DECISION: pgettext_lazy("ground", "A decision names this post"),
}
VOICES = {
    Voice.AGREES: pgettext_lazy("voice", "agrees"),
    Voice.REFUSES: pgettext_lazy("voice", "refuses"),
    Voice.NOT_ASKED: pgettext_lazy("voice", "was not asked"),
    Voice.CANNOT: pgettext_lazy("voice", "cannot answer, or there is nobody who may"),
}
BECAUSE = {
    Because.FEAR: pgettext_lazy("because", "the person is afraid of them"),
    Because.CONFLICT: pgettext_lazy("because", "they have a part in the matter"),
    Because.FAMILY: pgettext_lazy("because", "the family could learn of it"),
    Because.WISH: pgettext_lazy("because", "the person wishes it so"),
}
SUFFIXES = {"oğlu": "oğlu", "qızı": "qızı"}
DOCUMENTS = {
    "passport": pgettext_lazy("document", "Passport"),
    "id_card": pgettext_lazy("document", "Identity card"),
    "birth_certificate": pgettext_lazy("document", "Birth certificate"),
    "return_certificate": pgettext_lazy("document", "Return certificate"),
    "permit": pgettext_lazy("document", "Residence permit"),
    "decision": pgettext_lazy("document", "Decision or case paper"),
    "other": pgettext_lazy("document", "Other"),
}
RELATIONS = {
    "mother": pgettext_lazy("relation", "Mother"),
    "father": pgettext_lazy("relation", "Father"),
    "child": pgettext_lazy("relation", "Child"),
    "spouse": pgettext_lazy("relation", "Husband or wife"),
    "sibling": pgettext_lazy("relation", "Brother or sister"),
    "representative": pgettext_lazy("relation", "Legal representative"),
    "trusted": pgettext_lazy("relation", "Somebody the person trusts"),
    "danger": pgettext_lazy("relation", "Somebody the person fears"),
    "other": pgettext_lazy("relation", "Other"),
}
YES_NO = {"yes": pgettext_lazy("safe", "yes"), "no": pgettext_lazy("safe", "no"), "unknown": pgettext_lazy("safe", "not known")}
HOW = {
    How.SAME: gettext_lazy("written alike"),
    How.SPELLING: gettext_lazy("one name in two spellings or two scripts"),
    How.SOUND: gettext_lazy("sounds alike"),
    How.ENDING: gettext_lazy("the same stem with another family ending"),
    How.VOWELS: gettext_lazy("the same consonants, other vowels"),
    How.SLIP: gettext_lazy("a letter or two apart, like a slip of the pen"),
    How.INITIAL: gettext_lazy("one side gives the first letter only"),
    How.JOINED: gettext_lazy("two words here are one word there"),
    How.ROLE: gettext_lazy("the father's name stands unmarked on the other side"),
    How.DIFFERENT: gettext_lazy("different words"),
    How.MISSING: gettext_lazy("only one side gives it"),
}
VERDICTS = {
    Verdict.LIKE: gettext_lazy("The words speak for one name."),
    Verdict.POSSIBLE: gettext_lazy("It may be one name; the words alone do not say."),
    Verdict.DIFFERENT: gettext_lazy("The words speak for two names."),
}
ABOUT = {
    "name": pgettext_lazy("thing", "Name"),
    "father": gettext_lazy("Father's name"),
    "birth": gettext_lazy("Date of birth"),
    "document": gettext_lazy("Document"),
    "phone": gettext_lazy("Phone"),
    "place": gettext_lazy("Place"),
}
_DATES = {
    "swapped": gettext_lazy("day and month changed places"),
    "year_near": gettext_lazy("day and month agree, the year is one off"),
    "year_slip": gettext_lazy("day and month agree, the year looks like a slip"),
    "year_only": gettext_lazy("the year agrees, no more is known on one side"),
    "part": gettext_lazy("two of day, month and year agree"),
    "near": gettext_lazy("only years are known, one apart"),
}
_FIELDS = {
    "name": gettext_lazy("As written"),
    "kind": gettext_lazy("Kind"),
    "number": pgettext_lazy("document", "Number"),
    "country": gettext_lazy("Country"),
    "whose": gettext_lazy("Whose it is"),
    "safe": gettext_lazy("Safe to call"),
    "relation": gettext_lazy("Relation"),
    "record": gettext_lazy("Their own record"),
    "contact": gettext_lazy("Contact"),
    "place": gettext_lazy("Place"),
    "words": gettext_lazy("In words"),
}
_EVENTS = {
    AuditEvent.PERSON_REGISTERED: gettext_lazy("registered the person"),
    AuditEvent.CASE_OPENED: gettext_lazy("opened a case"),
    AuditEvent.THING_ADDED: gettext_lazy("added"),
    AuditEvent.THING_CORRECTED: gettext_lazy("corrected"),
    AuditEvent.GROUND_MADE: gettext_lazy("made the ground for access"),
    AuditEvent.GRANT_GIVEN: gettext_lazy("gave access"),
    AuditEvent.CONSENT_GIVEN: gettext_lazy("recorded a consent"),
    AuditEvent.SEAL_SET: gettext_lazy("recorded a decision that seals"),
    AuditEvent.PERSONS_MERGED: gettext_lazy("joined two records"),
    AuditEvent.GROUND_ENDED: gettext_lazy("ended the ground for access"),
    AuditEvent.GRANT_WITHDRAWN: gettext_lazy("took access back"),
    AuditEvent.CONSENT_WITHDRAWN: gettext_lazy("recorded that the person takes a consent back"),
    AuditEvent.SEAL_LIFTED: gettext_lazy("recorded a decision that lifts a seal"),
    AuditEvent.PERSON_PLACED: gettext_lazy("put the person into a case"),
    AuditEvent.PERSON_REMOVED: gettext_lazy("took the person out of a case"),
    AuditEvent.PERSONS_UNMERGED: gettext_lazy("parted two records"),
    AuditEvent.PERSON_ERASED: gettext_lazy("erased the person"),
}
_PAST = {
    ("access_ground", "insert"): AuditEvent.GROUND_MADE,
    ("access_ground", "update"): AuditEvent.GROUND_ENDED,
    ("access_grant", "insert"): AuditEvent.GRANT_GIVEN,
    ("access_grant", "update"): AuditEvent.GRANT_WITHDRAWN,
    ("access_consent", "insert"): AuditEvent.CONSENT_GIVEN,
    ("access_consent", "update"): AuditEvent.CONSENT_WITHDRAWN,
    ("access_seal", "insert"): AuditEvent.SEAL_SET,
    ("access_seal", "update"): AuditEvent.SEAL_LIFTED,
    ("persons_person", "insert"): AuditEvent.PERSON_REGISTERED,
    ("persons_caseperson", "insert"): AuditEvent.PERSON_PLACED,
    ("persons_caseperson", "update"): AuditEvent.PERSON_REMOVED,
    ("persons_merge", "insert"): AuditEvent.PERSONS_MERGED,
    ("persons_merge", "update"): AuditEvent.PERSONS_UNMERGED,
}
"""What the database wrote of (table, act), said as the site would have said it."""
LANGUAGES = ("az", "ru", "en", "tr", "fa", "ar", "ka", "uk", "uz", "tk", "ky", "kk", "ur", "bn", "hi", "zh", "vi", "tl", "fr", "es")


def languages() -> list[tuple[str, str]]:
    """Languages a thing may have been explained in, by the reader's names of them."""
    names = Locale(reader()).languages
    return [(code, names.get(code, code)) for code in LANGUAGES]


def how(code: str) -> str:
    """How two words or dates met."""
    return str(_DATES[code] if code in _DATES else HOW[How(code)] if code in list(How) else code)


def evidence(code: str) -> str:
    """One reason of a notice ("birth:swapped") in words."""
    about, _sep, met = code.partition(":")
    return f"{ABOUT.get(about, about)}: {how(met)}"


def told_once(codes: Iterable[str]) -> list[str]:
    """Reasons of a notice in words: two names that meet in one way are one reason."""
    return list(dict.fromkeys(evidence(code) for code in codes))


def post(office: Office | None, bodies: dict[str, str]) -> str:
    """A post as colleagues are told of it."""
    if office is None:
        return _("a post of before")
    place = f", {bodies.get(office.body, office.body)}" if office.body else ""
    return f"{office.name} ({office.role.label}{place})"


def event(code: str, detail: dict[str, Any]) -> str:
    """A change in words: what was done, in which room. The database's own row says it in the same words."""
    if code == AuditEvent.CHANGED:
        at = (str(detail.get("table", "")), str(detail.get("act", "")))
        code = _PAST[at] if at in _PAST else f"{at[0]} {at[1]}"
    said = str(_EVENTS[AuditEvent(code)]) if code in list(_EVENTS) else code
    kind, room = str(detail.get("kind", "")), str(detail.get("compartment", ""))
    more = [Kind(kind).label] if kind in list(Kind) else []
    more += [Compartment(room).label] if room in list(Compartment) else []
    return f"{said}: {', '.join(more)}" if more else said


Line = tuple[str, str, UUID | None]
"""A field, what it says, and the record it leads to if it does."""


def lines(kind: Kind, content: dict[str, Any], known: frozenset[UUID] = frozenset()) -> list[Line]:
    """What an opened thing says, for one answer; `known` are the records a relation may lead to."""
    if kind is Kind.BIRTH:
        return [(_("Date"), birth(content), None)]
    if kind is Kind.NAME:
        parts = [content.get(f) for f in ("family", "given", "father", "suffix")]
        whole = " ".join(str(p) for p in parts if p)
        said = str(content.get("name", ""))
        return [
            (str(_FIELDS["name"]), said, None),
            *([(_("Family name, name, father's name"), whole, None)] if whole and whole != said else []),
        ]
    words = {"kind": DOCUMENTS, "relation": RELATIONS, "safe": YES_NO}
    found: list[Line] = []
    for field, label in _FIELDS.items():
        if content.get(field):
            value = str(content[field])
            record = next((one for one in known if str(one) == value), None) if field == "record" else None
            found.append((str(label), str(words[field].get(value, value)) if field in words else value, record))
    return found


def birth(content: dict[str, Any]) -> str:
    """A date of birth as exactly as it is known."""
    year, month, day = (content.get(name) for name in ("year", "month", "day"))
    months = Locale(reader()).months["format"]["wide"] if day else Locale(reader()).months["stand-alone"]["wide"]
    known = [str(part) for part in (day, months.get(month, month) if month else None, year) if part]
    if not known:
        return _("not known")
    said = " ".join(known)
    return pgettext("date", "about %(date)s") % {"date": said} if content.get("about") else said


def last_openings(person: UUID, things: Iterable[Thing]) -> dict[UUID, int]:
    """How often each thing as it stands was opened by itself; openings of a whole room stand in the record's history."""
    found: dict[UUID, int] = {}
    ids = {f"persons_item:{thing.id}": thing.id for thing in things}
    with acting():
        openings = opened(person)
    for row in openings:
        if row.subject in ids and row.result == "opened":
            found[ids[row.subject]] = found.get(ids[row.subject], 0) + 1
    return found


def reason(code: str) -> str:
    """Why something was opened, in words."""
    if code == REBUILD:
        return _("filed anew for searching; nothing was shown")
    return Reason(code).label if code in list(Reason) else code


def purpose(code: str) -> str:
    """What something was opened for, in words."""
    return str(PURPOSES[Purpose(code)]) if code in list(Purpose) else code
