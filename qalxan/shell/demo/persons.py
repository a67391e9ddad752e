"""Three invented persons of the demonstration, registered by invented posts through the ordinary operations and a running key broker."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from qalxan.foundation.access import sessions
from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.binding import acting, bearing
from qalxan.foundation.access.choices import Compartment, Ground, Purpose, Voice
from qalxan.foundation.access.models import GroundRow
from qalxan.foundation.access.operations import Agreement
from qalxan.foundation.accounts.models import User
from qalxan.foundation.accounts.queries import actor_of
from qalxan.foundation.persons import giving, opening, records
from qalxan.foundation.persons.choices import Kind, Reason
from qalxan.foundation.persons.records import New
from qalxan.foundation.vault import client
from qalxan.kernel.matching import Birth, Features

MARK = "NUMUNE-1"
"""The reference of the first registration: by it a second loading knows that the persons are there."""
DAYS = dt.timedelta(days=29)
IDENTITY = Compartment.IDENTITY


def load_persons(now: dt.datetime) -> int:
    """Make the invented persons unless they are there; gives how many were made, -1 where no key broker answers and nothing can be sealed."""
    if not client.ready():
        return -1
    with _as("mufettis", now) as responder:
        with acting():
            if GroundRow.objects.filter(reference=MARK).exists():
                return 0
        first = _aytac(responder, now)
    with _as("basidare", now) as head:
        rooms = [(IDENTITY, Purpose.INVESTIGATION), (IDENTITY, Purpose.PROTECTION), (Compartment.INQUIRY, Purpose.INVESTIGATION)]
        assert first.case is not None
        giving.share(
            actor=head,
            kind=Ground.ASSIGNMENT,
            post=_post("idare", now),
            person=None,
            case=first.case,
            rooms=rooms,
            until=now + DAYS,
            reference="NUMUNE-T1",
        )
    with _as("idare", now) as officer:
        note = {"words": "Nümunə: ilkin söhbət aparılıb. Bu qeyd uydurmadır."}
        records.add_thing(actor=officer, now=now, person=first.person, new=New(Compartment.INQUIRY, Kind.NOTE, note))
    with _as("mufettis", now) as responder:
        rooms = [(IDENTITY, Purpose.PROTECTION), (Compartment.WHEREABOUTS, Purpose.PROTECTION)]
        giving.share(
            actor=responder,
            kind=Ground.CARE,
            post=_post("siginacaq", now),
            person=first.person,
            case=None,
            rooms=rooms,
            until=now + DAYS,
            reference="NUMUNE-A1",
        )
    with _as("siginacaq", now) as shelter:
        where = {"place": "Uydurma sığınacaq, 3-cü otaq", "words": "Nümunə ünvan; belə yer yoxdur."}
        records.add_thing(actor=shelter, now=now, person=first.person, new=New(Compartment.WHEREABOUTS, Kind.ADDRESS, where))
    _kenan(now)
    _sevinc(now)
    return 3


def _aytac(responder: Actor, now: dt.datetime) -> records.Registered:
    """A young woman whom a labour inspector met; the special police unit leads the case."""
    name = {"name": "Nümunəvi Aytac Vaqif qızı", "family": "Nümunəvi", "given": "Aytac", "father": "Vaqif", "suffix": "qızı"}
    things = [
        New(IDENTITY, Kind.NAME, name), New(IDENTITY, Kind.BIRTH, {"day": 14, "month": 2, "year": 2001}),
        New(IDENTITY, Kind.DOCUMENT, {"kind": "passport", "number": "AZE0000001", "country": "Uydurma"}),
        New(IDENTITY, Kind.PHONE, {"number": "+994 00 000 00 01", "safe": "no"}),
    ]  # fmt: skip
    return _register(responder, now, MARK, things, "BAS")


def _kenan(now: dt.datetime) -> None:
    """A boy whom a social worker came to know, with his representative's and his own word."""
    with _as("sosial", now) as worker:
        said = Agreement(Purpose.SUPPORT, ("YM",), "az", now + dt.timedelta(days=180), (), Voice.AGREES, Voice.AGREES)
        things = [
            New(IDENTITY, Kind.NAME, {"name": "Uydurmazadə Kənan Sınaq oğlu", "family": "Uydurmazadə", "given": "Kənan", "father": "Sınaq", "suffix": "oğlu"}),
            New(IDENTITY, Kind.BIRTH, {"year": 2012, "about": 1}),
            New(IDENTITY, Kind.RELATION, {"relation": "representative", "name": "Uydurmazadə Nümunə"}),
            New(Compartment.SUPPORT, Kind.NEED, {"words": "Nümunə: məktəbə qayıtmaq üçün sənəd lazımdır."}),
        ]  # fmt: skip
        _register(worker, now, "NUMUNE-2", things, "YM", said)


def _sevinc(now: dt.datetime) -> None:
    """A woman a consul came to know; the consul also asks whether anybody has met the first one, under another spelling."""
    with _as("konsul", now) as consul:
        things = [New(IDENTITY, Kind.NAME, {"name": "Сынаглы Севиндж"}), New(IDENTITY, Kind.BIRTH, {"month": 6, "year": 1995})]
        _register(consul, now, "NUMUNE-3", things, "BAS")
        asked = Features(("Айтадж Нумунэви",), Birth(2001, 2, 14), ("AZE0000001",))
        opening.met(features=asked, purpose=Purpose.PROTECTION, reason=Reason.CASE_WORK)


def _register(
    actor: Actor, now: dt.datetime, reference: str, things: list[New], lead: str, agreed: Agreement | None = None
) -> records.Registered:
    return records.register_person(
        actor=actor, now=now, post=actor.posts[0].id, reference=reference, until=now + DAYS, things=things, lead=lead, agreed=agreed, once=uuid.uuid4()
    )  # fmt: skip


@contextmanager
def _as(who: str, now: dt.datetime) -> Iterator[Actor]:
    """Act as an invented person, in a session of theirs that ends with the block."""
    user = User.objects.get(email=f"{who}@demo.example", is_demo=True)
    token = sessions.new_token()
    sessions.open_session(user_id=user.id, token=token, ends_at=now + dt.timedelta(minutes=10), passkey=True)
    try:
        with bearing(token):
            yield actor_of(user.id, now)
    finally:
        sessions.end_session(token)


def _post(who: str, now: dt.datetime) -> int:
    return actor_of(User.objects.get(email=f"{who}@demo.example").id, now).posts[0].id
