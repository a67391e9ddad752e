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


def form(**more):
    return {"name": NAME["name"], "given": NAME["given"], "family": NAME["family"], "father": NAME["father"], "suffix": "qızı", "day": "7", "month": "3", "year": "1999",
            "kind": "passport", "number": "AZE7714771", "phone": "+994 50 771 47 71", "safe": "no", "lead": "BAS", "reference": "V-17", "once": str(uuid.uuid4()), **more}  # fmt: skip


WHY = {"purpose": "protection", "reason": "case_work"}
SECRETS = ("Kanareyka", "Gizlinova", "7714771", "771 47 71")


def hidden(answer):
    text = answer.content.decode()
    return not any(secret in text for secret in SECRETS)


@pytest.fixture(scope="module")
def world(site):
    """A person registered through the page by a responder; `id` and the responder's client."""
    site.forget_budgets()
    worker = Worker("mufettis")
    client = worker.client()
    answer = client.post("/persons/new/", form())
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return {"id": answer.headers["Location"].split("/")[2], "responder": client}


def clients(*names):
    return [(name, Worker(name).client()) for name in names]


def test_a_page_shows_a_name_only_in_the_answer_to_its_opening(world):
    client, room = world["responder"], f"/persons/{world['id']}/rooms/identity/"
    for address in ("/cases/", f"/persons/{world['id']}/", room, f"/persons/{world['id']}/history/", f"/persons/{world['id']}/consent/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert hidden(answer), address
        assert answer.headers["Cache-Control"] == "no-store"
    shown = client.post(room, {**WHY, "only": ""})
    assert shown.status_code == 200
    assert "Kanareyka Gizlinova" in shown.content.decode()
    assert "7 March 1999" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert hidden(client.get(room))
    assert hidden(client.get("/cases/"))


def test_opening_asks_what_for_and_why_and_a_purpose_one_does_not_have_opens_nothing(world):
    client, room = world["responder"], f"/persons/{world['id']}/rooms/identity/"
    for said in ({}, {"purpose": "protection"}, {"reason": "case_work"}, {**WHY, "purpose": "investigation"}, {**WHY, "purpose": "referral"}, {**WHY, "reason": "²"}):
        assert hidden(client.post(room, said)), said
    assert client.post(room, {**WHY, "only": "x"}).status_code == 404
    assert client.post(room, {**WHY, "only": str(uuid.uuid4())}).status_code == 404


def test_one_thing_opened_by_itself_leaves_the_others_sealed_and_stands_in_the_history(world):
    client, room = world["responder"], f"/persons/{world['id']}/rooms/identity/"
    page = client.get(room).content.decode()
    assert page.count("Why can I see this?") == 4
    assert "The case is assigned to this post" in page
    only = [part.split('"')[0] for part in page.split('name="only" value="')[1:] if part[0] != '"']
    answer = client.post(room, {**WHY, "only": only[0]}).content.decode()
    assert "Kanareyka" in answer
    assert "771 47 71" not in answer
    assert "Opened by itself 1 time" in answer
    story = client.get(f"/persons/{world['id']}/history/").content.decode()
    assert "I work on the case" in story
    assert "Kamran" in story


def test_others_learn_nothing_not_even_that_there_is_something(world):
    none = uuid.uuid4()
    for name, client in clients("sosial", "idare", "telimci", "siginacaq", "qaynarxett"):
        for path in ("/persons/{}/", "/persons/{}/rooms/identity/", "/persons/{}/rooms/health/", "/persons/{}/history/", "/persons/{}/consent/"):
            there, absent = client.get(path.format(world["id"])), client.get(path.format(none))
            strip = lambda a, i: a.content.decode().replace(str(i), "").split("csrfmiddlewaretoken")[0]  # noqa: E731
            assert (there.status_code, strip(there, world["id"])) == (404, strip(absent, none)), (name, path)
            assert client.post(path.format(world["id"]), WHY).status_code in (404, 405)
        assert hidden(client.get("/cases/"))
    for name, client in clients("koordinator", "auditor", "din", "statistika"):
        assert client.get(f"/persons/{world['id']}/").status_code == (404 if name == "statistika" else 403)
        assert client.get("/cases/").status_code == (200 if name == "statistika" else 403)


def test_a_form_sent_twice_registers_one_person(world):
    sent = form(name="Kanareyka İkinci")
    assert world["responder"].post("/persons/new/", sent).status_code == 302
    again = world["responder"].post("/persons/new/", sent)
    assert again.status_code == 422
    assert "saved already" in again.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"day": "31", "month": "2"}, {"year": "²"}, {"month": ""}, {"year": "2190"}, {"name": ""}, {"reference": "Nərgiz"}, {"kind": ""}, {"lead": "DIN"}, {"once": "x"},
              {"year": "9" * 40}, {"number": "x" * 41}],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_registered(world, wrong, site):
    before = len(site.entries(event="persons.registered"))
    assert world["responder"].post("/persons/new/", form(**wrong)).status_code == 200
    assert len(site.entries(event="persons.registered")) == before
