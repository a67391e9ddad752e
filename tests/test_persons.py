"""The carrier of persons: whole journeys through the pages, over a real broker and committed rows. Everybody is invented."""

import datetime as dt
import json
import uuid

import pytest

from qalxan.foundation.access.choices import Compartment, Purpose
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.persons import opening, queries, records
from qalxan.foundation.persons.choices import Kind, Reason
from qalxan.foundation.persons.records import New
from qalxan.kernel.errors import RuleBroken
from tests.persons_site import Worker, installed

ROOM = Compartment.IDENTITY
NAME = {"given": "Kanareyka", "family": "Gizlinova", "father": "Sınaq", "suffix": "qızı", "name": "Kanareyka Gizlinova Sınaq qızı"}


def now():
    return dt.datetime.now(dt.UTC)


def soon():
    return now() + dt.timedelta(days=10)


@pytest.fixture(scope="module")
def site(django_db_blocker):
    with installed(django_db_blocker) as made:
        yield made


@pytest.fixture
def cast(site):
    site.forget_budgets()
    return {name: Worker(who) for name, who in {"responder": "mufettis", "officer": "idare", "second": "statistika", "head": "telimci", "worker": "sosial",
                                                "shelter": "siginacaq", "consul": "konsul", "office": "koordinator", "auditor": "auditor"}.items()}  # fmt: skip


def register(worker, things=None, **given):
    things = [New(ROOM, Kind.NAME, NAME), New(ROOM, Kind.PHONE, {"number": "+994 50 123 45 67"})] if things is None else things
    return worker.do(
        records.register_person, actor=worker.actor, now=now(), post=worker.post, reference="B-1", until=soon(), things=things, **given
    )


def opened(worker, person, room=ROOM, purpose=Purpose.PROTECTION, **given):
    return [
        o.content for o in worker.do(opening.open_things, actor=worker.actor, person=person, room=room, purpose=purpose, reason=Reason.CASE_WORK, **given)
    ]  # fmt: skip


def test_who_registers_opens_it_under_a_purpose_and_a_stranger_finds_nothing(cast, site):
    made = register(cast["responder"], lead="BAS")
    assert made.findable
    assert [c["name"] for c in opened(cast["responder"], made.person) if "name" in c] == [NAME["name"]]
    for name in ("officer", "worker", "head", "auditor"):
        with pytest.raises(Absent):
            opened(cast[name], made.person)
        with pytest.raises(Absent):
            cast[name].do(queries.person_page, cast[name].actor, made.person, now())
    with pytest.raises(Absent):  # a grant for protection is none for referral without consent
        opened(cast["responder"], made.person, purpose=Purpose.REFERRAL)
    told = [(row["kind"], row["event"]) for row in site.entries(person=made.person)]
    assert told[:2] == [("intent", "vault.open"), ("outcome", "vault.open")]
