"""Cases, shifts, seals of one person, relations and histories of persons: through the pages, over a real broker. Everybody is invented."""

import datetime as dt
import uuid

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from config.postgres import APP
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.choices import Ground
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.persons import giving, queries
from tests.persons_site import WHY, Worker, assigned, day, form, give, hidden, installed, registered, sees

PROSECUTOR = "kabinet"
OWN = "DEMX"
"""The responder's own body, which leads other cases than the special police unit does."""


@pytest.fixture(scope="module")
def site(django_db_blocker):
    with installed(django_db_blocker, "cases-postgres") as made:
        from qalxan.foundation.access.permissions import Role
        from qalxan.foundation.accounts.installation import NewPost, fill_posts

        fill_posts([NewPost(f"{PROSECUTOR}@demo.example", Role.HEAD_OF_BODY, "BP", dt.datetime.now(dt.UTC) - dt.timedelta(days=1))])
        yield made


@pytest.fixture
def person(site):
    site.forget_budgets()
    return registered()


@pytest.fixture
def case(person):
    return (*assigned(*person), person[1])


def numbered(number, **more):
    return {"number": number, "authority": "BP", "decision": "Q-7", **more}


def told(line, worker, statement, values):
    """What the database answers a person's own statement, in a transaction of theirs as the site's role."""
    with line.transaction():
        line.execute("SELECT access_begin(%s)", [worker.token])
        return line.execute(statement, values).fetchone()


def page(client, address):
    return client.get(address).content.decode()


# ---- a seal on one person ----


def test_a_prosecutors_head_seals_one_person_by_number_and_another_decision_lifts_it(case):
    who, number, _head, responder = case
    prosecutor, second = Worker(PROSECUTOR).client(), Worker("statistika").client()
    assert prosecutor.get(f"/persons/{who}/").status_code == prosecutor.get(f"/cases/{number}/").status_code == 404
    named = {"named": [Worker("statistika").post], "decision": "Q-70"}
    assert prosecutor.post("/seals/new/", numbered(who, **named)).status_code == 302
    assert not sees(responder, who)
    assert sees(second, who, purpose="investigation")
    assert "yours is one of them" in page(second, f"/persons/{who}/")
    assert prosecutor.get(f"/persons/{who}/").status_code == 404, "who seals does not see"
    listed = page(prosecutor, "/seals/")
    assert "Q-70" in listed
    seal = listed.split("Q-70")[1].split("/seals/")[1].split("/lift")[0]
    assert second.get(f"/seals/{seal}/lift/").status_code == 403
    for stranger in ("telimci", "din"):
        assert "Q-70" not in page(Worker(stranger).client(), "/seals/")
        assert Worker(stranger).client().get(f"/seals/{seal}/lift/").status_code in (403, 404)
    assert prosecutor.post(f"/seals/{seal}/lift/", {"authority": "BP", "decision": "Q-70"}).status_code == 422
    assert prosecutor.post(f"/seals/{seal}/lift/", {"authority": "BP", "decision": "Q-8"}).status_code == 302
    assert sees(responder, who)
    assert prosecutor.get(f"/seals/{seal}/lift/").status_code == 404


def test_a_prosecutors_head_seals_a_case_another_body_leads(case):
    who, _case, head, responder = case
    code = page(responder, f"/persons/{who}/").split("/cases/")[-1].split("</a>")[0].split(">")[-1]
    prosecutor = Worker(PROSECUTOR).client()
    assert prosecutor.post("/seals/new/", numbered(code)).status_code == 302
    assert not sees(responder, who)
    assert code not in page(prosecutor, "/seals/")
    assert "Q-7" in page(head, "/seals/"), "who leads the case sees what closed it"


def test_who_leads_a_case_seals_no_person_alone_not_even_one_in_it(case, site):
    who, _case, head, responder = case
    site.forget_budgets()
    other = responder.post("/persons/new/", form(name="Kanareyka Başqa", lead=OWN)).headers["Location"].split("/")[2]
    nobody = str(uuid.uuid4())
    head.get("/seals/")  # what the pages before said is told once
    answers = [head.post("/seals/new/", numbered(number)) for number in (other, nobody, "2026-999999x")]
    assert {answer.status_code for answer in answers} == {200}
    strip = lambda a, n: a.content.decode().split("<main")[1].replace(n, "").split("csrfmiddlewaretoken")[0]  # noqa: E731
    assert strip(answers[0], other) == strip(answers[1], nobody), "a foreign record and none are one answer"
    assert "not yours to record" in answers[1].content.decode()
    assert sees(responder, other)
    for wrong in ({"authority": "EESMN"}, {"decision": "Nərgiz"}, {"decision": ""}, {"named": ["²"]}, {"number": "\0"}):
        assert head.post("/seals/new/", {**numbered(who), **wrong}).status_code == 200
        assert sees(responder, who)
    assert head.post("/seals/new/", numbered(who)).status_code == 200
    assert sees(responder, who)
    assert Worker(PROSECUTOR).client().post("/seals/new/", numbered(f"/persons/{who.upper()}/")).status_code == 302
    assert not sees(responder, who)


def test_a_seal_that_a_prosecutors_own_head_set_is_not_lifted_by_who_leads_the_case(case):
    who, number, head, responder = case
    code = page(responder, f"/persons/{who}/").split("/cases/")[-1].split("</a>")[0].split(">")[-1]
    assert Worker(PROSECUTOR).client().post("/seals/new/", numbered(code, decision="Q-71")).status_code == 302
    seal = page(head, f"/cases/{number}/").split("/seals/")[1].split("/lift")[0]
    leader = Worker("telimci")
    for authority in ("BAS", "BP"):
        assert head.post(f"/seals/{seal}/lift/", {"authority": authority, "decision": "Q-72"}).status_code == 404
        with pytest.raises(Absent):
            leader.do(giving.lift_seal, actor=leader.actor, seal=int(seal), authority=authority, decision="Q-72")
    assert not sees(responder, who)


def test_who_does_not_lead_a_closed_case_learns_nothing_by_sealing_it(case, site):
    who, number, head, responder = case
    code = page(responder, f"/persons/{who}/").split("/cases/")[-1].split("</a>")[0].split(">")[-1]
    today = timezone.localdate().isoformat()
    assert head.post(f"/cases/{number}/close/", {"day": today, "reference": "Z-1"}).status_code == 302
    before = len(site.entries(kind="refusal", subject="seal:number"))
    answers = [Worker(PROSECUTOR).client().post("/seals/new/", numbered(n)) for n in (code, "1999-000000")]
    assert [a.status_code for a in answers] == [200, 200]
    assert (
        len(
            {
                a.content.decode().split("<main")[1].replace(n, "").split("csrfmiddlewaretoken")[0]
                for a, n in zip(answers, (code, "1999-000000"), strict=True)
            }
        )
        == 1
    )
    assert len(site.entries(kind="refusal", subject="seal:number")) == before + 2


def test_the_investigating_body_seals_nobody_outside_what_it_leads(case, site):
    _who, _case, head, responder = case
    site.forget_budgets()
    other = responder.post("/persons/new/", form(name="Kanareyka Başqa", lead=OWN)).headers["Location"].split("/")[2]
    assert "not yours to record" in head.post("/seals/new/", numbered(other, authority="BAS")).content.decode()
    assert sees(responder, other)
    assert head.post("/seals/new/", numbered(_who, authority="BAS")).status_code == 200
    assert sees(responder, _who)
    assert head.post(f"/cases/{_case}/seal/", {"authority": "BAS", "decision": "Q-9", "named": []}).status_code == 302
    assert Worker(PROSECUTOR).client().post("/seals/new/", numbered(other, authority="BAS")).status_code == 200
    assert sees(responder, other)


# ---- who is in a case, and its end ----


def test_a_second_person_is_put_into_a_case_and_taken_out_by_who_reaches_both(case, site):
    who, number, _head, responder = case
    site.forget_budgets()
    other = responder.post("/persons/new/", form(name="Kanareyka İkinci")).headers["Location"].split("/")[2]
    second = Worker("statistika").client()
    assert not sees(second, other, purpose="investigation")
    assert second.post(f"/cases/{number}/people/new/", {"other": other}).status_code == 404, "one reaches the case, not the person"
    assert Worker("konsul").client().get(f"/cases/{number}/people/new/").status_code == 404
    assert responder.post(f"/cases/{number}/people/new/", {"other": "x"}).status_code == 200
    assert responder.post(f"/cases/{number}/people/new/", {"other": other}).status_code == 302
    assert responder.post(f"/cases/{number}/people/new/", {"other": other}).status_code == 422
    assert sees(second, other, purpose="investigation")
    assert "put the person into a case" in page(responder, f"/persons/{other}/history/")
    assert Worker("konsul").client().post(f"/cases/{number}/people/{other}/out/").status_code == 404
    assert second.post(f"/cases/{number}/people/{other}/out/").status_code == 302
    assert not sees(second, other, purpose="investigation")
    assert sees(second, who, purpose="investigation")
    assert "took the person out of a case" in page(responder, f"/persons/{other}/history/")


def test_a_case_is_closed_by_who_leads_it_and_what_was_given_on_it_ends_at_once(case, site):
    who, number, head, responder = case
    second, address = Worker("statistika").client(), f"/cases/{number}/close/"
    today = timezone.localdate()
    good = {"day": today.isoformat(), "reference": "B-77"}
    assert [client.post(address, good).status_code for client in (second, responder)] == [403, 403]
    assert Worker(PROSECUTOR).client().post(address, good).status_code == 404
    for wrong in (
        {"day": "2020-01-01"},
        {"day": (today + dt.timedelta(days=9)).isoformat()},
        {"day": "²"},
        {"reference": "Nərgiz"},
        {"reference": ""},
    ):
        assert head.post(address, {**good, **wrong}).status_code == 200
    assert sees(second, who, purpose="investigation")
    assert head.post(address, good).status_code == 302
    assert not sees(second, who, purpose="investigation")
    assert second.get(f"/cases/{number}/").status_code == 404, "the case was all that bound them"
    assert sees(responder, who), "who registered the person keeps what stands on no case"
    for client in (head, responder):
        shown = page(client, f"/cases/{number}/")
        assert "This case is closed" in shown
        assert "B-77" in shown
        assert not [act for act in ("/assign/", "/seal/", "/close/", "/people/", "Take back") if act in shown.split("<main")[1]]
        assert "Vüsalə Guya" in shown
    assert "closed" in page(head, "/cases/")
    assert "Open a case" in page(responder, f"/persons/{who}/"), "who goes on opens a new case"
    told = site.entries(event="persons.case_closed", subject=f"case:{number}")
    assert [row["detail"] for row in told] == [{"day": today.isoformat(), "reference": "B-77"}]


def test_a_closed_case_takes_no_act_any_more_and_only_its_seal_can_be_lifted(case):
    who, number, head, responder = case
    assert head.post(f"/cases/{number}/seal/", {"authority": "BP", "decision": "Q-1"}).status_code == 302
    closing = {"day": timezone.localdate().isoformat(), "reference": "B-78"}
    assert head.post(f"/cases/{number}/close/", closing).status_code == 302
    assert not sees(responder, who), "closing lifts no seal"
    assignment = {
        "post": Worker("statistika").post,
        "ground": "assignment",
        "reference": "T-3",
        "rooms": ["identity:investigation"],
        "until": day(),
    }
    for act, sent in (("assign", assignment), ("seal", {"authority": "BP", "decision": "Q-3"}), ("close", closing)):
        assert head.get(f"/cases/{number}/{act}/").status_code == 302
        assert head.post(f"/cases/{number}/{act}/", sent).status_code == 302
    assert page(head, f"/cases/{number}/").count("B-78") == 1
    seal = page(head, f"/cases/{number}/").split("/seals/")[1].split("/lift")[0]
    assert head.post(f"/seals/{seal}/lift/", {"authority": "BP", "decision": "Q-2"}).status_code == 302
    assert sees(responder, who)
    assert responder.get(f"/cases/{number}/people/new/").status_code == 302
    assert responder.post(f"/cases/{number}/people/{who}/out/").status_code == 302
    assert number in page(responder, f"/persons/{who}/"), "nobody is taken out of a closed case"


def test_nothing_is_given_on_a_case_while_it_is_being_closed(case, site):
    _who, number, _head, _responder = case
    head, post = Worker("telimci"), Worker("idare").post
    stand = "SELECT access_stand('assignment', %s, NULL, %s, now() + interval '1 day', 'T-9')"
    close = "SELECT access_close_case(%s, current_date, 'B-79')"
    with site.connect(APP) as one, site.connect(APP, options="-c lock_timeout=300ms") as two:
        with one.transaction():
            one.execute("SELECT access_begin(%s)", [head.token])
            one.execute(stand, [post, number])
            with pytest.raises(psycopg.errors.LockNotAvailable):
                told(two, head, close, [number])
        assert told(two, head, close, [number]) == (True,)
        with pytest.raises(psycopg.DatabaseError, match="closed"):
            told(one, head, stand, [post, number])
    with site.connect() as db:
        alive = "SELECT count(*) FROM access_ground WHERE case_id = %s AND ended_at IS NULL"
        assert db.execute(alive, [number]).fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM access_grant WHERE case_id = %s AND ended_at IS NULL", [number]).fetchone() == (0,)


@pytest.mark.parametrize("stranger", ["idare", "kabinet", "siginacaq", "koordinator"])
def test_raw_sql_closes_seals_and_moves_nothing_for_who_may_not(case, site, stranger):
    who, number, _head, responder = case
    attacks = (
        "SELECT access_close_case(%(case)s, current_date, 'X-1')",
        "SELECT access_place(%(case)s, %(person)s)",
        "SELECT access_remove(%(case)s, %(person)s)",
        "SELECT access_stand('shift', %(post)s, NULL, NULL, now() + interval '1 hour', 'X-1')",
        "SELECT access_seal_set(%(person)s, NULL, 'BAS', 'X-1', '{}')",
        "SELECT access_seal_numbered(%(number)s, 'BAS', 'X-1', '{}')",
        "SELECT access_open_still(%(case)s)",
        "UPDATE persons_case SET state = 'closed', closed_on = opened",
    )
    code = page(responder, f"/persons/{who}/").split("/cases/")[-1].split("</a>")[0].split(">")[-1]
    values = {"case": number, "person": who, "post": Worker("statistika").post, "number": code}
    worker = Worker(stranger)
    with site.connect(APP) as line:
        for attack in attacks:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                told(line, worker, attack, values)
        assert told(line, worker, "SELECT access_on_shift(%(post)s)", values) == (None,)
    assert sees(responder, who)


# ---- shifts ----


def test_a_shift_carries_what_colleagues_give_on_it_and_ends_with_its_end(case, site):
    who, _number, head, responder = case
    site.forget_budgets()
    officer = Worker("idare").client()
    give(responder, who, "idare", "identity:protection")
    second = Worker("statistika")
    on_shift = {"post": second.post, "hours": "8", "reference": "N-4"}
    fresh = officer.post("/persons/new/", form(name="Kanareyka Növbə")).headers["Location"].split("/")[2]
    asked = {"ground": "shift", "reference": ""}
    assert give(officer, fresh, "statistika", "identity:protection", **asked).status_code == 422, "there is no shift yet"
    for wrong in ({"hours": "17"}, {"hours": "0"}, {"hours": "²"}, {"post": Worker("konsul").post}, {"reference": "Nərgiz"}):
        assert head.post("/shifts/", {**on_shift, **wrong}).status_code == 200
    assert officer.get("/shifts/").status_code == 403
    assert head.post("/shifts/", on_shift).status_code == 302
    assert "N-4" in page(head, "/shifts/")
    assert "N-4" not in page(Worker(PROSECUTOR).client(), "/shifts/")
    assert give(responder, who, "statistika", "identity:protection", **asked).status_code == 422, (
        "another body's shift is not one's own to give on"
    )
    assert give(officer, fresh, "statistika", "identity:protection", **asked).status_code == 302
    assert sees(second.client(), fresh)
    mine = {"actor": second.actor, "person": uuid.UUID(fresh)}
    with pytest.raises(Absent):  # a shift hands on nothing that outlives it
        second.do(
            giving.share,
            **mine,
            kind=Ground.REFERRAL,
            post=Worker("konsul").post,
            case=None,
            rooms=[],
            until=timezone.now() + dt.timedelta(days=9),
            reference="H-1",
        )
    with pytest.raises(Absent):
        second.do(giving.open_case, **mine, post=second.post, opened=timezone.localdate(), lead="BAS")
    outsider = Worker("mufettis")
    shift = next(s.id for s in Worker("telimci").do(queries.shifts, Worker("telimci").actor, timezone.now()) if s.post == second.post)
    with acting(outsider.token), connection.cursor() as cursor:
        statement = "SELECT access_give(%s, %s, NULL, 'identity', 'protection', now() + interval '1 hour')"
        with pytest.raises(ProgrammingError), transaction.atomic():  # not of the body whose shift it is
            cursor.execute(statement, [shift, who])
    ground = page(head, "/shifts/").split("/grounds/")[1].split("/end")[0]
    assert head.post(f"/grounds/{ground}/end/").status_code == 302
    assert not sees(second.client(), fresh)
    assert "N-4" not in page(head, "/shifts/")


# ---- a relation leads to a record only for who reaches that one too ----


def test_a_relation_is_a_link_for_who_reaches_the_other_record_and_words_for_others(person, site):
    who, responder = person
    other = responder.post("/persons/new/", form(name="Kanareyka Ana")).headers["Location"].split("/")[2]
    none = str(uuid.uuid4())
    for record in (f"/persons/{other.upper()}/", none):
        sent = {"relation": "mother", "name": "Kanareyka Ana", "record": record, "once": str(uuid.uuid4())}
        assert responder.post(f"/persons/{who}/rooms/identity/relation/new/", sent).status_code == 302
    bad = {"relation": "mother", "name": "Ana", "record": "Kanareyka", "once": str(uuid.uuid4())}
    assert "no record number" in responder.post(f"/persons/{who}/rooms/identity/relation/new/", bad).content.decode()
    assert other not in page(responder, f"/persons/{who}/rooms/identity/"), "the number is sealed with the words"
    shown = responder.post(f"/persons/{who}/rooms/identity/", WHY).content.decode()
    assert f'href="/persons/{other}/"' in shown
    assert none in shown
    assert f'href="/persons/{none}/"' not in shown
    assert give(responder, who, "idare", "identity:protection").status_code == 302
    officer = Worker("idare").client().post(f"/persons/{who}/rooms/identity/", WHY).content.decode()
    assert other in officer
    assert f'href="/persons/{other}/"' not in officer
    with site.connect() as db:
        assert (
            db.execute("SELECT count(*) FROM persons_item t WHERE t::text LIKE %s AND person_id <> %s", [f"%{other}%", other]).fetchone()[0]
            == 0
        )


# ---- history ----


def test_a_change_past_the_site_stands_in_the_history_and_one_through_it_stands_once(person):
    who, responder = person
    assert give(responder, who, "idare", "identity:protection").status_code == 302
    address = f"/persons/{who}/history/"
    assert "past the site" not in page(responder, address)
    assert page(responder, address).count("gave access: Identity") == 1
    worker = Worker("mufettis")
    with acting(worker.token), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM access_grant WHERE person = %s AND post = %s", [who, Worker("idare").post])
        grant = cursor.fetchone()[0]
        cursor.execute("SELECT access_withdraw(%s)", [grant])
        cursor.execute(
            "SELECT audit_append('entry', %s, 'access.grant_withdrawn', %s, '{}', NULL, NULL, '', NULL, '')", [worker.user, "grant:²"]
        )
        for event in ("access.changed", "log.restored"):  # the first is the database's own to write, the second belongs to a restore
            with pytest.raises(ProgrammingError, match="written by"), transaction.atomic():
                cursor.execute(
                    "SELECT audit_append('entry', %s, %s, %s, '{}', NULL, NULL, '', NULL, '')", [worker.user, event, f"person:{who}"]
                )
    told = page(responder, address)
    assert told.count("took access back") == 1
    assert "past the site" in told
    assert give(responder, who, "idare", "identity:protection").status_code == 302
    number = page(responder, f"/persons/{who}/").split('action="/grants/')[1].split("/")[0]
    assert responder.post(f"/grants/{number}/withdraw/").status_code == 302
    again = page(responder, address)
    assert again.count("took access back") == 2
    assert again.count("past the site") == told.count("past the site")
    assert give(responder, who, "idare", "identity:protection").status_code == 302
    number = page(responder, f"/persons/{who}/").split('action="/grants/')[1].split("/")[0]
    head = Worker("telimci")
    assert head.do(giving.withdraw, actor=head.actor, grant=int(number))
    last = page(responder, address)
    assert last.count("took access back") == 3, "the head of the holder's body ends it without knowing the person"
    assert last.count("past the site") == told.count("past the site")


def test_the_history_says_nothing_of_a_room_one_does_not_reach_also_when_the_database_tells(person):
    who, responder = person
    assert give(responder, who, "siginacaq", "identity:protection", "whereabouts:protection", ground="care").status_code == 302
    shelter = Worker("siginacaq")
    with acting(shelter.token), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM access_grant WHERE person = %s AND compartment = 'whereabouts'", [who])
        cursor.execute("SELECT access_withdraw(%s)", [cursor.fetchone()[0]])
    told = page(responder, f"/persons/{who}/history/")
    assert "took access back" not in told
    assert hidden(responder.get(f"/persons/{who}/history/"))


def test_nobody_is_put_into_a_sealed_case_and_hidden_with_it(case, site):
    who, number, head, responder = case
    site.forget_budgets()
    other = responder.post("/persons/new/", form(name="Kanareyka Möhürlü")).headers["Location"].split("/")[2]
    named = [Worker("mufettis").post]
    assert "This case is sealed" not in page(responder, f"/cases/{number}/people/new/")
    assert head.post(f"/cases/{number}/seal/", {"authority": "BP", "decision": "Q-4", "named": named}).status_code == 302
    give(responder, other, "idare", "identity:protection")
    assert "This case is sealed" in page(responder, f"/cases/{number}/people/new/")
    assert responder.post(f"/cases/{number}/people/new/", {"other": other}).status_code == 422
    assert sees(Worker("idare").client(), other)
    assert sees(responder, who)
