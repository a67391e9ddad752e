"""Reading what lies in clear: numbers, codes, dates, who may know what. No name is read here; row security stands under every query."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.choices import Because, Compartment, Ground, Purpose, Voice
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.models import Consent, Grant, GroundRow, Seal
from qalxan.foundation.access.permissions import Role
from qalxan.foundation.access.queries import Why, why
from qalxan.foundation.persons.choices import Kind
from qalxan.foundation.persons.models import Case, CasePerson, Item, Merge, Person

PAGE = 50


@dataclass(frozen=True, slots=True)
class Record:
    """A person as a list shows them: a code made from the id, the rooms one reaches, the cases one may know (id, number, state)."""

    id: UUID
    code: str
    rooms: tuple[Compartment, ...]
    cases: tuple[tuple[UUID, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list; `people` counts those one reaches; `closing` is the number of the paper that closed it."""

    id: UUID
    number: str
    opened: dt.date
    state: str
    lead: str
    people: int
    closed_on: dt.date | None
    closing: str
    closed_by: int | None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant with its ground: to which post, for what, from-until; `alive` as far as its own dates and its ground's tell."""

    id: int
    post: int
    room: Compartment
    purpose: Purpose
    ground: Ground
    ground_id: int
    reference: str
    since: dt.datetime
    until: dt.datetime
    ended: dt.datetime | None
    given_by: int
    alive: bool


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal on a case or a person: by whose decision, since when, and by which decision it was lifted."""

    id: int
    person: UUID | None
    case: UUID | None
    authority: str
    decision: str
    set_at: dt.datetime
    set_by: int
    lifted_at: dt.datetime | None
    lift_decision: str
    named: int


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift that runs: whose post, by which roster, from-until."""

    id: int
    post: int
    reference: str
    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case: who of it one reaches, what was given on it, which seals stand."""

    row: CaseRow
    made_by: int
    made_at: dt.datetime
    people: tuple[Record, ...]
    grants: tuple[GrantRow, ...]
    seals: tuple[SealRow, ...]


@dataclass(frozen=True, slots=True)
class MergeRow:
    """Two records joined, or parted again; `other` is the record that is not the page's, `kept` whether the page's one leads."""

    id: UUID
    other: UUID
    code: str
    kept: bool
    made_by: int
    made_at: dt.datetime
    undone_by: int | None
    undone_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person: the rooms one reaches, cases, joined records, what was given in those rooms, and the seals on the person alone."""

    record: Record
    made_by: int
    made_at: dt.datetime
    merges: tuple[MergeRow, ...]
    grants: tuple[GrantRow, ...]
    seals: tuple[SealRow, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a sealed thing: who sealed it, when."""

    id: UUID
    number: int
    made_by: int
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Thing:
    """A sealed thing as it stands, with its earlier versions, newest first."""

    id: UUID
    kind: Kind
    now: Version
    earlier: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class RoomPage:
    """A room of a person: its sealed things, and the living grants that let one in, each for a purpose."""

    record: Record
    room: Compartment
    things: tuple[Thing, ...]
    why: tuple[Why, ...]

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """What one may open the room for."""
        return tuple(dict.fromkeys(w.purpose for w in self.why))


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """What a person agreed to; `withheld` is (room or None, body or "", because)."""

    id: int
    purpose: Purpose
    recipients: tuple[str, ...]
    language: str
    given_at: dt.datetime
    expires_at: dt.datetime
    withdrawn_at: dt.datetime | None
    child: bool
    representative: Voice | None
    own_voice: Voice | None
    words: UUID | None
    recorded_by: int
    withheld: tuple[tuple[Compartment | None, str, Because], ...]

    def in_force(self, now: dt.datetime) -> bool:
        """Whether it was neither withdrawn nor has expired."""
        return self.withdrawn_at is None and now < self.expires_at


def code_of(person: UUID) -> str:
    """A record's code for lists: eight letters of its id, enough to tell one's own records apart."""
    text = person.hex.upper()
    return f"{text[:4]}-{text[4:8]}"


def my_cases(actor: Actor, *, before: str = "", number: str = "") -> tuple[list[CaseRow], str]:
    """The cases one works on or assigns, newest first, a page at a time, and the mark of the next page ("" at the end). Three queries."""
    with acting():
        rows = Case.objects.scope(actor).order_by("-made_at", "-id")
        if number.strip():
            rows = rows.filter(number__startswith=number.strip()[:40])
        mark = _mark(before)
        if mark is not None:
            rows = rows.filter(Q(made_at__lt=mark[0]) | Q(made_at=mark[0], id__lt=mark[1]))
        found = list(rows[: PAGE + 1])
        counts = _counts(actor, [row.id for row in found])
    more = f"{found[PAGE - 1].made_at.isoformat()}|{found[PAGE - 1].id}" if len(found) > PAGE else ""
    return [_case(row, counts.get(row.id, 0)) for row in found[:PAGE]], more


def my_records(actor: Actor, *, room: Compartment | None = None, limit: int = 200) -> list[Record]:
    """The persons one reaches (in a room), those entered last first. Three queries."""
    with acting():
        rooms = _rooms()
        wanted = [p for p, there in rooms.items() if room is None or room in there]
        ids = list(Person.objects.scope(actor).filter(id__in=wanted).order_by("-made_at", "id").values_list("id", flat=True)[:limit])
        return _records(actor, ids, rooms)


def waiting_for_consent(actor: Actor) -> list[tuple[UUID, str]]:
    """Records one would reach if the person agreed again: (id, code); one may ask them, and sees nothing else. Two queries."""
    with acting(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT g.person FROM access_grant g JOIN accounts_post p ON p.id = g.post WHERE p.user_id = access_actor()"
            " AND g.person IS NOT NULL AND g.ended_at IS NULL AND g.until_at > now() AND NOT g.person = ANY((SELECT access_known())::uuid[])"
            " AND access_asks(g.person) LIMIT 100"
        )
        return sorted((row[0], code_of(row[0])) for row in cursor.fetchall())


def case_page(actor: Actor, case: UUID, now: dt.datetime) -> CasePage:
    """A case one works on or assigns. Raises Absent. At most seven queries."""
    with acting():
        row = Case.objects.scope(actor).filter(id=case).first()
        if row is None:
            raise Absent
        rooms = _rooms()
        ids = list(
            CasePerson.objects.scope(actor).filter(case=case, removed_at=None).order_by("made_at").values_list("person_id", flat=True)
        )
        given = Grant.objects.filter(case_id=case)
        if Role.HEAD_OF_BODY not in actor.roles():  # who works on a case learns of no room they do not reach
            given = given.filter(compartment__in={room.value for person in ids for room in rooms.get(person, ())})
        grants = _grants(given, now)
        seals = _seals(Seal.objects.filter(case_id=case))
        return CasePage(_case(row, len(ids)), row.made_by, row.made_at, tuple(_records(actor, ids, rooms)), grants, seals)


def person_page(actor: Actor, person: UUID, now: dt.datetime) -> PersonPage:
    """A person one reaches; grants and joined records only as far as one reaches them too. Raises Absent. At most nine queries."""
    with acting():
        row, rooms = Person.objects.scope(actor).filter(id=person).first(), _rooms()
        if row is None:
            raise Absent
        told = _records(actor, [person], rooms)[0]
        grants = _grants(Grant.objects.filter(person=person, compartment__in=[r.value for r in told.rooms]), now)
        merges = Merge.objects.scope(actor).filter(Q(kept=person) | Q(gone=person)).order_by("-made_at")
        return PersonPage(
            told, row.made_by, row.made_at, tuple(_merge(m, person) for m in merges), grants, _seals(Seal.objects.filter(person=person))
        )


def room_page(actor: Actor, person: UUID, room: Compartment) -> RoomPage:
    """A room one reaches, with its things sealed. Raises Absent, for an empty room of a stranger as for a full one. Five queries."""
    with acting():
        rooms = _rooms()
        if room not in rooms.get(person, ()):
            raise Absent
        rows = list(
            Item.objects.scope(actor)
            .filter(person=person, compartment=room.value)
            .order_by("made_at", "id")
            .values_list("id", "kind", "version", "made_by", "made_at", "replaces")
        )
        return RoomPage(_records(actor, [person], rooms)[0], room, _things(rows), tuple(why(person, room)))


def my_seals(actor: Actor, *, only: int | None = None) -> tuple[SealRow, ...]:
    """The newest seals one records decisions about, or one of them: one's own body's, and those on cases one leads. Two queries."""
    with acting():
        return _seals(Seal.objects.all() if only is None else Seal.objects.filter(id=only))


def shifts(actor: Actor, now: dt.datetime) -> list[ShiftRow]:
    """The shifts that run now in bodies one heads, the last to end first. One query."""
    with acting():
        rows = GroundRow.objects.filter(kind=Ground.SHIFT.value, ended_at=None, from_at__lte=now, until_at__gt=now).order_by(
            "-until_at", "id"
        )
        return [ShiftRow(r.id, r.post, r.reference, r.from_at, r.until_at) for r in rows if r.until_at]


def known(actor: Actor, persons: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these one reaches in some room; the others may be strangers or nobody. One query."""
    with acting():
        return frozenset(Person.objects.scope(actor).filter(id__in=set(persons)).values_list("id", flat=True))


def rooms_of_grants(grants: Iterable[int]) -> dict[int, str]:
    """Grant → the code of its room, of the grants one may see. One query."""
    with acting():
        return dict(Grant.objects.filter(id__in=set(grants)).values_list("id", "compartment"))


def thing(actor: Actor, item: UUID) -> tuple[UUID, Compartment, Kind]:
    """Where a sealed thing one reaches lies: person, room, kind. Raises Absent."""
    with acting():
        row = Item.objects.scope(actor).filter(id=item).values_list("person_id", "compartment", "kind").first()
    if row is None:
        raise Absent
    return row[0], Compartment(row[1]), Kind(row[2])


def rooms_of(actor: Actor, person: UUID) -> tuple[Compartment, ...]:
    """The rooms of a person one reaches now; empty for a stranger. One query."""
    if actor.user_id is None:
        return ()
    with acting():
        return _rooms(person).get(person, ())


def may_ask(person: UUID) -> bool:
    """Whether one may ask this person for consent: one reaches them, or would with their consent. One query."""
    with acting(), connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY(access_known()) OR access_asks(%s)", [person, person])
        return bool(cursor.fetchone()[0])


def consents(person: UUID) -> list[ConsentRow]:
    """What a person one reaches agreed to, newest first. Two queries."""
    with acting():
        rows = list(Consent.objects.filter(person=person).prefetch_related("withholds").order_by("-id"))
        return [_consent(row) for row in rows]


def grant_home(grant: int) -> tuple[UUID | None, UUID | None]:
    """The person or case a grant one may see is over. Raises Absent."""
    with acting():
        row = Grant.objects.filter(id=grant).values_list("person", "case_id").first()
    if row is None:
        raise Absent
    return row[0], row[1]


def _rooms(person: UUID | None = None) -> dict[UUID, tuple[Compartment, ...]]:
    """Person → the rooms the bound actor reaches, in the order of the rooms."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, array_agg(DISTINCT compartment) FROM access_living_grants(NULL) WHERE %s::uuid IS NULL OR person = %s GROUP BY person",
            [person, person],
        )
        return {who: tuple(room for room in Compartment if room.value in there) for who, there in cursor.fetchall()}


def _records(actor: Actor, ids: list[UUID], rooms: dict[UUID, tuple[Compartment, ...]]) -> list[Record]:
    rows = Case.objects.scope(actor).filter(people__person_id__in=ids).values_list("id", "number", "state")
    told = {case: (case, number, state) for case, number, state in rows}
    cases: dict[UUID, list[tuple[UUID, str, str]]] = {}
    places = CasePerson.objects.scope(actor).filter(person_id__in=ids, removed_at=None).order_by("made_at")
    for person, case in places.values_list("person_id", "case_id"):
        if case in told:
            cases.setdefault(person, []).append(told[case])
    return [Record(one, code_of(one), rooms.get(one, ()), tuple(cases.get(one, ()))) for one in ids]


def _counts(actor: Actor, cases: list[UUID]) -> dict[UUID, int]:
    counts: dict[UUID, int] = {}
    for case in CasePerson.objects.scope(actor).filter(case__in=cases, removed_at=None).values_list("case_id", flat=True):
        counts[case] = counts.get(case, 0) + 1
    return counts


def _case(row: Case, people: int) -> CaseRow:
    return CaseRow(row.id, row.number, row.opened, row.state, row.lead_id, people, row.closed_on, row.closing, row.closed_by)


def _grants(rows: Iterable[Grant], now: dt.datetime) -> tuple[GrantRow, ...]:
    found = []
    for g in rows.select_related("ground").order_by("-given_at", "-id")[:200]:  # type: ignore[attr-defined]  # a scoped query set
        until = min(g.until_at, g.ground.until_at) if g.ground.until_at else g.until_at
        ended = min((at for at in (g.ended_at, g.ground.ended_at) if at), default=None)
        alive = ended is None and g.from_at <= now < until
        found.append(
            GrantRow(g.id, g.post, Compartment(g.compartment), Purpose(g.purpose), Ground(g.ground.kind), g.ground_id, g.ground.reference,
                     g.from_at, until, ended, g.given_by, alive)
        )  # fmt: skip
    return tuple(found)


def _seals(rows: QuerySet[Seal]) -> tuple[SealRow, ...]:
    return tuple(
        SealRow(s.id, s.person, s.case_id, s.authority, s.decision, s.set_at, s.set_by, s.lifted_at, s.lift_decision, len(s.named.all()))
        for s in rows.prefetch_related("named").order_by("-set_at", "-id")[:200]
    )


def _merge(row: Merge, person: UUID) -> MergeRow:
    other = row.gone_id if row.kept_id == person else row.kept_id
    return MergeRow(row.id, other, code_of(other), row.kept_id == person, row.made_by, row.made_at, row.undone_by, row.undone_at)


def _things(rows: list[tuple[UUID, str, int, int, dt.datetime, UUID | None]]) -> tuple[Thing, ...]:
    replaced = {row[5]: row for row in rows if row[5]}
    first = [row for row in rows if row[5] is None]
    found = []
    for row in first:
        chain = [row]
        while chain[-1][0] in replaced:
            chain.append(replaced[chain[-1][0]])
        versions = [Version(r[0], r[2], r[3], r[4]) for r in reversed(chain)]
        found.append(Thing(versions[0].id, Kind(row[1]), versions[0], tuple(versions[1:])))
    order = list(Kind)
    return tuple(sorted(found, key=lambda t: order.index(t.kind)))


def _consent(row: Consent) -> ConsentRow:
    withheld = tuple((Compartment(w.compartment) if w.compartment else None, w.body, Because(w.because)) for w in row.withholds.all())
    return ConsentRow(
        row.id, Purpose(row.purpose), tuple(row.recipients), row.language, row.given_at, row.expires_at, row.withdrawn_at, row.child,
        Voice(row.representative) if row.representative else None, Voice(row.own_voice) if row.own_voice else None, row.words,
        row.recorded_by, withheld,
    )  # fmt: skip


def _mark(before: str) -> tuple[dt.datetime, UUID] | None:
    """The place a page goes on from; None for anything else than what `my_cases` gave."""
    at, _, last = before[:80].partition("|")
    try:
        moment = dt.datetime.fromisoformat(at)
        return (moment, UUID(last)) if moment.tzinfo else None
    except ValueError:
        return None
