"""The one declaration of need-to-know: what a role may carry at most, and when a grant is alive.

Both are read three times: compiled to SQL (`install`), evaluated in Python (`policy`), enumerated by the check of the all-seeing body (`allseeing`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from qalxan.foundation.access.choices import CONSENTED, Compartment, Ground, Purpose, Voice
from qalxan.foundation.access.formula import All, Any_, Before, Col, Empty, Eq, Exists, Formula, In, Not, Nothing, Now, OneOf, Text, Yes
from qalxan.foundation.access.permissions import Role


class How(StrEnum):
    """Over whose record a role may carry a compartment. There is no word for "everybody's"."""

    CARE = "care"
    """Only a person in the post's own care: the ground is care, and it names that person."""
    CASE = "case"
    """Persons of a case, or persons, that a ground binds to the post."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The most a grant of one compartment to a role may carry: over whom, and for what."""

    how: How
    purposes: tuple[Purpose, ...]


_NOTICE = Bound(How.CASE, (Purpose.PROTECTION, Purpose.REFERRAL))
_SOCIAL = Bound(How.CASE, (Purpose.SUPPORT, Purpose.REFERRAL))
_POLICE = Bound(How.CASE, (Purpose.PROTECTION, Purpose.INVESTIGATION, Purpose.PROSECUTION))
_CARE = Bound(How.CARE, (Purpose.PROTECTION, Purpose.SUPPORT))
CEILING: dict[Role, dict[Compartment, Bound]] = {
    **{role: {} for role in Role},
    Role.HOTLINE_OPERATOR: {Compartment.IDENTITY: _NOTICE},
    Role.FIRST_RESPONDER: {Compartment.IDENTITY: _NOTICE},
    Role.CONSUL: {
        Compartment.IDENTITY: Bound(How.CASE, (Purpose.PROTECTION, Purpose.SUPPORT, Purpose.REFERRAL)),
        Compartment.SUPPORT: _SOCIAL,
    },
    Role.POLICE_OFFICER: {
        Compartment.IDENTITY: _POLICE,
        Compartment.INQUIRY: Bound(How.CASE, (Purpose.INVESTIGATION, Purpose.PROSECUTION)),
        Compartment.JUSTICE: Bound(How.CASE, (Purpose.INVESTIGATION, Purpose.PROSECUTION)),
        Compartment.WHEREABOUTS: Bound(How.CARE, (Purpose.PROTECTION,)),
    },
    Role.SHELTER_STAFF: {
        Compartment.IDENTITY: _CARE,
        Compartment.WHEREABOUTS: _CARE,
        Compartment.SUPPORT: _CARE,
        Compartment.HEALTH: Bound(How.CARE, (Purpose.HEALTH_CARE,)),
    },
    Role.SOCIAL_WORKER: {
        Compartment.IDENTITY: _SOCIAL,
        Compartment.SUPPORT: _SOCIAL,
        Compartment.HEALTH: Bound(How.CASE, (Purpose.HEALTH_CARE,)),
    },
}
"""Role → compartment → the most it may carry; what is not listed is never. Nothing is inherited from it: each opening needs a grant of its own."""

_SEEING = frozenset(role for role, rooms in CEILING.items() if rooms)
_WORKS_WITH_HEALTH = frozenset(role for role, rooms in CEILING.items() if Compartment.HEALTH in rooms)
APART: frozenset[frozenset[Role]] = frozenset(
    {
        # who appoints, assigns, seals or reviews holds no post that opens a room
        *(
            frozenset({watching, seeing})
            for watching in (Role.HEAD_OF_BODY, Role.COORDINATOR, Role.COORDINATOR_OFFICE, Role.OMBUDSPERSON, Role.AUDITOR, Role.EVALUATOR)
            for seeing in _SEEING
        ),
        # therapy and inquiry never meet in one person
        *(frozenset({Role.POLICE_OFFICER, carer}) for carer in _WORKS_WITH_HEALTH),
        # where a person is hidden is not known to those who work with the same person's case elsewhere
        *(frozenset({Role.SHELTER_STAFF, other}) for other in _SEEING - {Role.SHELTER_STAFF}),
    }
)
"""Pairs of roles that one person may not hold at the same time; the database refuses the second post."""


def _of(alias: str) -> Callable[[str], Col]:
    return lambda name: Col(f"{alias}.{name}")


_g, _p, _u, _r, _c, _w, _s, _n, _m = (_of(alias) for alias in "gpurcwsnm")
_PERSON = Col("x.person")


def _within(start: Col, end: Col) -> Formula:
    """Now is inside from-until; an open end lasts."""
    return All(Before(start, Now(), same=True), Any_(Empty(end), Before(Now(), end)))


def _ceiling() -> Formula:
    rooms: list[Formula] = []
    for role, bounds in CEILING.items():
        for compartment, bound in bounds.items():
            parts: list[Formula] = [
                Eq(_p("role"), Text(role.value)),
                Eq(_g("compartment"), Text(compartment.value)),
                OneOf(_g("purpose"), tuple(p.value for p in bound.purposes)),
            ]
            if bound.how is How.CARE:
                parts += [Eq(_r("kind"), Text(Ground.CARE.value)), Eq(_r("person"), _PERSON)]
            rooms.append(All(*parts))
    return Any_(*rooms)


_IN_FORCE = All(
    Eq(_c("person"), _PERSON),
    Before(_c("given_at"), Now(), same=True),
    Empty(_c("withdrawn_at")),
    Before(Now(), _c("expires_at")),
)
_SPOKEN = Any_(
    Not(Yes(_c("child"))),
    All(Eq(_c("representative"), Text(Voice.AGREES.value)), OneOf(_c("own_voice"), (Voice.AGREES.value, Voice.CANNOT.value))),
)
_AGREED = Exists("access_consent", "c", All(_IN_FORCE, Eq(_c("purpose"), _g("purpose")), _SPOKEN, In(_p("body_id"), _c("recipients"))))
_WITHHELD = Exists(
    "access_consent",
    "c",
    All(
        _IN_FORCE,
        Exists(
            "access_withhold",
            "w",
            All(
                Eq(_w("consent_id"), _c("id")),
                Any_(Eq(_w("compartment"), Nothing()), Eq(_w("compartment"), _g("compartment"))),
                Any_(Eq(_w("body"), Nothing()), Eq(_w("body"), _p("body_id"))),
            ),
        ),
    ),
)
_NAMED = Exists("access_seal_named", "n", All(Eq(_n("seal_id"), _s("id")), Eq(_n("post"), _g("post"))))
_STANDS = All(Empty(_s("lifted_at")), Not(_NAMED))

LIVE: dict[str, Formula] = {
    "post": All(Eq(_p("id"), _g("post")), _within(_p("starts_at"), _p("ends_at")), Yes(_u("is_active"))),
    "window": All(Before(_g("from_at"), Now(), same=True), Before(Now(), _g("until_at")), Empty(_g("ended_at"))),
    "ground": All(
        Eq(_r("post"), _g("post")),
        _within(_r("from_at"), _r("until_at")),
        Empty(_r("ended_at")),
        Any_(Empty(_r("person")), Eq(_r("person"), _PERSON)),
        Any_(
            Empty(_r("case_id")),
            Exists("persons_caseperson", "m", All(Eq(_m("case_id"), _r("case_id")), Eq(_m("person_id"), _PERSON), Empty(_m("removed_at")))),
        ),
    ),
    "ceiling": _ceiling(),
    "consent": Any_(Not(OneOf(_g("purpose"), tuple(p.value for p in CONSENTED))), All(_AGREED, Not(_WITHHELD))),
    "seal": All(
        Not(Exists("access_seal", "s", All(Eq(_s("person"), _PERSON), _STANDS))),
        # a person taken out of a sealed case stays under its seal
        Not(
            Exists(
                "persons_caseperson",
                "m",
                All(Eq(_m("person_id"), _PERSON), Exists("access_seal", "s", All(Eq(_s("case_id"), _m("case_id")), _STANDS))),
            )
        ),
    ),
}
"""Clause → when it holds, for a grant `g` with its post `p`, holder `u` and ground `r`, over a person `x.person`. A grant lives while all hold."""
ALIVE: Formula = All(*LIVE.values())
ALIVE_BUT_CONSENT: Formula = All(*(clause for name, clause in LIVE.items() if name != "consent"))
"""What those may see who ask a person for consent: that they may ask, nothing else."""
