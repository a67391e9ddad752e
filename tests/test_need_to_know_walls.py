"""The walls: forged actors, raw SQL as the app role, the owner's console, absent against forbidden, the all-seeing body."""

import datetime as dt
import re
import statistics
import time
import uuid
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from config.postgres import APP, OWNER, server
from qalxan.foundation.access import allseeing, sessions
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.choices import Compartment, Purpose
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.install import CALLABLE, SEEN
from qalxan.foundation.access.permissions import Role
from qalxan.foundation.access.rules import APART, CEILING, Bound, How
from qalxan.foundation.accounts.models import User
from tests.worlds import CASES, NOW, PEOPLE, PERSONS, Builder

pytestmark = pytest.mark.django_db
FULL = {
    "accounts_user": [{"id": i, "is_active": True} for i in PEOPLE],
    "accounts_post": [{"id": 9_000_001, "user_id": PEOPLE[0], "role": "police_officer", "body_id": "BAS", "starts_at": NOW - dt.timedelta(days=3), "ends_at": None}],
    "persons_person": [{"id": p} for p in PERSONS],
    "persons_case": [{"id": c} for c in CASES],
    "persons_caseperson": [{"case_id": CASES[0], "person_id": PERSONS[0], "removed_at": None}],
    "access_ground": [{"id": 9_000_001, "kind": "assignment", "post": 9_000_001, "person": None, "case_id": CASES[0], "from_at": NOW - dt.timedelta(days=1), "until_at": None, "ended_at": None}],
    "access_grant": [{"id": 9_000_001, "post": 9_000_001, "ground_id": 9_000_001, "person": None, "case_id": CASES[0], "compartment": "identity", "purpose": "investigation", "from_at": NOW - dt.timedelta(days=1), "until_at": NOW + dt.timedelta(days=1), "ended_at": None}],
}  # fmt: skip
"""One officer on one case of one person; three persons more whom nobody reaches."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        made = Builder()
        made.build(FULL)
    yield made
    made.admin.execute("DELETE FROM access_session WHERE user_id >= 9000001")
    made.clear(people=True)
    made.admin.close()


@pytest.fixture
def officer(world, db):
    token = sessions.new_token()
    sessions.open_session(user_id=PEOPLE[0], token=token, ends_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=9), passkey=True)
    return token


def raw(statement: str, *values: object) -> list[tuple]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()


@pytest.fixture
def lines(world):
    """Two committed connections of the app role, with a session minted on the first."""
    where = server()
    opened = [psycopg.connect(where.dsn(APP, connection.settings_dict["NAME"])) for _ in range(2)]
    token = sessions.new_token()
    ends = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).replace(microsecond=0)
    told = f"{PEOPLE[0]}|{sessions.hash_of(token).hex()}|{int(ends.timestamp())}|0"
    values = [PEOPLE[0], sessions.hash_of(token), ends, False, "line", sessions._proof(told)]
    opened[0].execute("SELECT access_open_session(%s, %s, %s, %s, %s, %s)", values)
    opened[0].commit()
    yield (*opened, token)
    for line in opened:
        line.close()


def one(line, statement: str, *values: object) -> object:
    return line.execute(statement, values).fetchone()[0]


def test_a_binding_lasts_one_transaction_of_one_backend(lines):
    first, second, token = lines
    assert one(first, "SELECT access_begin(%s)", token) == PEOPLE[0] == one(first, "SELECT access_actor()")
    assert one(first, "SELECT count(*) FROM persons_item") == 1
    assert one(second, "SELECT access_actor()") is None
    first.commit()
    assert one(first, "SELECT access_actor()") is None
    assert one(first, "SELECT count(*) FROM persons_item") == 0


def test_a_session_over_idle_ended_or_of_a_closed_account_binds_nobody(lines, world):
    first, _second, token = lines
    for change, back in (
        ("UPDATE access_session SET seen_at = now() - interval '16 minutes'", "UPDATE access_session SET seen_at = now()"),
        (
            "UPDATE access_session SET ends_at = now() - interval '1 second'",
            "UPDATE access_session SET ends_at = now() + interval '1 hour'",
        ),
        ("UPDATE access_session SET ended_at = now()", "UPDATE access_session SET ended_at = NULL"),
        ("UPDATE accounts_user SET is_active = false", "UPDATE accounts_user SET is_active = true"),
    ):
        which = f" WHERE {'id' if 'accounts' in change else 'user_id'} = {PEOPLE[0]}"
        assert one(first, "SELECT access_begin(%s)", token) == PEOPLE[0]
        first.commit()
        world.alter(change + which)
        assert one(first, "SELECT access_begin(%s)", token) is None, change
        assert one(first, "SELECT access_actor()") is None
        first.commit()
        world.alter(back + which)


def test_a_withdrawal_bites_in_a_transaction_that_began_before_it(lines, world):
    first, _second, token = lines
    one(first, "SELECT access_begin(%s)", token)
    assert one(first, "SELECT count(*) FROM persons_item") == 1
    world.alter("UPDATE access_grant SET ended_at = now()")
    assert one(first, "SELECT count(*) FROM persons_item") == 0
    world.alter("UPDATE access_grant SET ended_at = NULL")


def test_no_session_without_the_gates_proof(world, db):
    user, token, ends = PEOPLE[0], sessions.new_token(), dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=1)
    good = sessions._proof(f"{user}|{sessions.hash_of(token).hex()}|{int(ends.timestamp())}|0")
    for changed in (
        {"proof": b"x" * 32},
        {"proof": b""},
        {"proof": None},
        {"user": PEOPLE[1]},
        {"passkey": True},
        {"ends": ends + dt.timedelta(seconds=1)},
    ):
        values = {"user": user, "hash": sessions.hash_of(token), "ends": ends, "passkey": False, "proof": good, **changed}
        with pytest.raises(DatabaseError):
            raw("SELECT access_open_session(%s, %s, %s, %s, '', %s)", *values.values())
    with pytest.raises(DatabaseError), transaction.atomic():
        sessions.open_session(user_id=user, token=token, ends_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=30), passkey=False)
    assert raw("SELECT access_open_session(%s, %s, %s, false, '', %s)", user, sessions.hash_of(token), ends, good)


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM access_secret",
        "SELECT * FROM access_session",
        "SELECT * FROM access_binding",
        "INSERT INTO access_binding VALUES (pg_backend_pid(), pg_current_xact_id(), 1, 1)",
        "SELECT * FROM access_prepared",
        "UPDATE access_prepared SET known = known",
        "SELECT access_prepare()",
        "UPDATE access_epoch SET n = 0",
        "DELETE FROM access_changed",
        "UPDATE access_session SET user_id = 1",
        "INSERT INTO access_grant (post) VALUES (1)",
        "UPDATE access_grant SET until_at = now() + interval '9 years'",
        "UPDATE access_seal SET lifted_at = now()",
        "DELETE FROM access_withhold",
        "INSERT INTO accounts_post (user_id, role, starts_at, feed_key) VALUES (1, 'police_officer', now(), 'x')",
        "UPDATE accounts_post SET user_id = 1",
        "INSERT INTO persons_caseperson SELECT gen_random_uuid()",
        "ALTER TABLE persons_item DISABLE ROW LEVEL SECURITY",
        "SET ROLE qalxan_owner",
        "SET SESSION AUTHORIZATION qalxan_owner",
        "SELECT access_hmac('x', 'y')",
        "SELECT access_living('x')",
        "SELECT access_refuse('x')",
        "CREATE FUNCTION access_actor() RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
        "SELECT access_appoint(1, 'police_officer', 'BAS', now(), 'x')",
        "SELECT access_give(1, NULL, NULL, 'identity', 'protection', now())",
        "COPY persons_item TO PROGRAM 'cat'",
    ],
)
def test_the_app_role_forges_nothing(officer, attack):
    with pytest.raises(DatabaseError):
        raw(attack)
    with acting(officer), pytest.raises(DatabaseError):
        raw(attack)


@pytest.mark.parametrize(
    "setting", ["SET LOCAL access.actor = '9000001'", "SET LOCAL app.actor = '9000001'", "SET LOCAL row_security = off"]
)
def test_a_setting_makes_nobody_an_actor(officer, setting):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(setting)
        cursor.execute("SELECT access_actor()")
        assert cursor.fetchone() == (None,)
        with pytest.raises(DatabaseError) if "off" in setting else transaction.atomic(), transaction.atomic():
            cursor.execute("SELECT count(*) FROM persons_item")
            assert cursor.fetchone() == (0,)


def test_without_an_actor_no_protected_table_has_a_row_for_the_app_or_the_owner(world, db):
    with psycopg.connect(server().dsn(OWNER, connection.settings_dict["NAME"])) as console:
        for table in SEEN:
            assert raw(f"SELECT count(*) FROM {table}") == [(0,)], table
            assert one(console, f"SELECT count(*) FROM {table}") == 0, table
            assert world.admin.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = %s", [table]).fetchone() == (True,)


@pytest.mark.parametrize("guess", ["", "x", "\0", "²", "' OR true --", "a" * 100_000, "00000000-0000-0000-0000-000000000001"])
def test_a_guessed_token_binds_nobody(officer, guess):
    with pytest.raises(Absent), acting(guess):
        pass
    assert raw("SELECT access_actor()") == [(None,)]


def test_only_the_listed_functions_answer_the_app_role(world, db):
    found = raw("SELECT DISTINCT proname::text FROM pg_proc WHERE proname LIKE 'access\\_%' AND has_function_privilege(oid, 'EXECUTE')")
    may = {name for (name,) in found}
    trigger_functions = {"access_own_password", "access_own_factor", "access_lawful_posts"}
    assert may - trigger_functions == set(CALLABLE[APP])


def switched_to(client, person: int) -> None:
    """Signed in as an invented person, as if with a passkey."""
    assert client.post("/demo/switch/", {"email": User.objects.get(id=person).email}).status_code == 302


def test_an_injectable_page_gives_no_foreign_row(officer, world, db, client, settings):
    switched_to(client, PEOPLE[0])
    settings.ROOT_URLCONF = "tests.leaky_urls"
    own = {
        str(row[0])
        for row in world.admin.execute("SELECT id FROM persons_item WHERE person_id = %s AND compartment = 'identity'", [PERSONS[0]])
    }
    foreign = [str(row[0]) for row in world.admin.execute("SELECT id FROM persons_item WHERE person_id <> %s", [PERSONS[0]])]
    for injected in (
        "note",
        "x' OR true --",
        "x' UNION SELECT id::text FROM persons_item --",
        "x' UNION SELECT person_id::text FROM persons_item WHERE compartment = 'whereabouts' --",
        "x' UNION SELECT set_config('access.actor', '9000002', false) UNION SELECT id::text FROM persons_item --",
        "x'; SELECT access_begin('guess'); SELECT id::text FROM persons_item --",
        "x' UNION SELECT unnest(access_reach('health'))::text --",
    ):
        body = client.get("/leak/", {"kind": injected}).content.decode()
        assert not any(f in body for f in foreign), injected
        assert not any(str(p) in body for p in PERSONS[1:]), injected
    assert {line for line in client.get("/leak/", {"kind": "x' OR true --"}).content.decode().split("\n") if line} == own
    for stolen in ("access_session", "access_secret", "access_binding"):
        with pytest.raises(DatabaseError):
            client.get("/leak/", {"kind": f"x' UNION SELECT t::text FROM {stolen} t --"})


def test_absent_and_forbidden_are_one_answer_in_body_headers_length_and_time(officer, world, db, client, settings):
    switched_to(client, PEOPLE[0])
    settings.ROOT_URLCONF = "tests.leaky_urls"
    assert client.get(f"/shown/{PERSONS[0]}/").content == b"1"
    clean = lambda a: re.sub(rb'value="/shown/[^"]+"|csrfmiddlewaretoken" value="[^"]+"', b"", a.content)  # noqa: E731
    took: dict[uuid.UUID, list[float]] = {PERSONS[1]: [], uuid.UUID(int=77): []}
    seen = []
    for _ in range(40):
        for person, times in took.items():
            started = time.perf_counter()
            answer = client.get(f"/shown/{person}/")
            times.append(time.perf_counter() - started)
            seen.append((answer.status_code, clean(answer), len(answer.content), sorted(answer.headers.items())))
    assert all(one_ == seen[0] for one_ in seen)
    assert seen[0][0] == 404
    forbidden, absent = (statistics.median(times) for times in took.values())
    assert 0.67 < forbidden / absent < 1.5


def test_a_password_and_a_second_factor_are_changed_by_their_owner_alone(officer, world, db):
    from allauth.mfa.models import Authenticator

    other = User.objects.get(email="auditor@demo.example")
    factor = {"user_id": other.id, "type": "totp", "data": "{}", "created_at": NOW}
    with acting(officer):
        for attack, values in (
            ("UPDATE accounts_user SET password = 'md5$x$y' WHERE id = %s", [other.id]),
            ("UPDATE accounts_user SET email = 'x@demo.example' WHERE id = %s", [other.id]),
            ("INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, %s, %s, %s)", list(factor.values())),
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack, values)
    with pytest.raises(DatabaseError), transaction.atomic():
        Authenticator.objects.create(user=other, type="totp", data={"secret": "x"})
    token = sessions.new_token()
    sessions.open_session(user_id=other.id, token=token, ends_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), passkey=False)
    with acting(token):
        made = Authenticator.objects.create(user=other, type="recovery_codes", data={"seed": "x", "used_mask": 1})
        other.set_password("yeni-nümunə-parol")
        other.save(update_fields=["password"])
    made.record_usage()  # at sign-in nobody is bound yet
    made.data = {"seed": "x", "used_mask": 3}
    made.save()
    for data in ({"seed": "x", "used_mask": 2}, {"seed": "mine", "used_mask": 3}):
        made.data = data
        with pytest.raises(DatabaseError), transaction.atomic():
            made.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()


def test_two_posts_that_must_stay_apart_are_refused_even_to_the_installation(filled):
    for who, role in (("idare", Role.SOCIAL_WORKER), ("idare", Role.HEAD_OF_BODY), ("siginacaq", Role.CONSUL)):
        with pytest.raises(psycopg.DatabaseError):
            filled(who, role, "BAS")


def test_the_databases_ceiling_is_the_declared_one(world, db):
    asked = [(r, c, p) for r in Role for c in Compartment for p in Purpose]
    for role, room, purpose in asked:
        bound = CEILING[role].get(room)
        said = bound.how.value if bound and purpose in bound.purposes else None
        assert world.admin.execute("SELECT access_ceiling(%s, %s, %s)", [role.value, room.value, purpose.value]).fetchone() == (said,)


def test_no_lawful_combination_of_posts_sees_all():
    assert allseeing.faults() == []
    assert allseeing.counted() == sum(1 for _ in allseeing.combinations()) > 1000


@pytest.mark.parametrize(
    ("role", "room", "how", "code"),
    [
        (Role.HOTLINE_OPERATOR, Compartment.WHEREABOUTS, How.CASE, "whereabouts"),
        (Role.POLICE_OFFICER, Compartment.WHEREABOUTS, How.CASE, "whereabouts"),
        (Role.SHELTER_STAFF, Compartment.INQUIRY, How.CARE, "therapy"),
        (Role.FIRST_RESPONDER, Compartment.HEALTH, How.CASE, "therapy"),
        (Role.COORDINATOR, Compartment.IDENTITY, How.CASE, "ruler"),
        (Role.HEAD_OF_BODY, Compartment.SUPPORT, How.CARE, "ruler"),
    ],
)
def test_a_role_change_that_breaks_the_rule_is_found(role, room, how, code):
    widened = {**CEILING, role: {**CEILING[role], room: Bound(how, (Purpose.PROTECTION,))}}
    assert code in {found for found, _roles in allseeing.faults(widened)}


def test_letting_posts_meet_that_stay_apart_is_found():
    therapy = frozenset({Role.POLICE_OFFICER, Role.SOCIAL_WORKER})
    assert ("therapy", tuple(sorted(therapy))) in allseeing.faults(apart=APART - {therapy})
    ruler = frozenset({Role.HEAD_OF_BODY, Role.POLICE_OFFICER})
    assert ("ruler", tuple(sorted(ruler))) in allseeing.faults(apart=APART - {ruler})


def test_the_document_says_what_the_code_says():
    written = Path(__file__).resolve().parents[1] / "docs" / "dev" / "need-to-know.md"
    assert written.read_text(encoding="utf-8") == allseeing.document(), "run `python manage.py need_to_know`"


def test_what_was_worked_out_falls_with_the_first_change_and_at_its_own_hour(world, db, officer):
    def known():
        with acting(officer):
            return {row[0] for row in raw("SELECT access_reached(NULL)")}

    first = known()
    assert first
    rows = world.admin.execute(
        "SELECT id, until_at FROM access_grant WHERE post IN (SELECT id FROM accounts_post WHERE user_id = %s)", [PEOPLE[0]]
    ).fetchall()
    grants = [row[0] for row in rows]
    world.admin.execute("SET session_replication_role = origin")
    try:
        before = world.admin.execute("SELECT n FROM access_epoch").fetchone()[0]
        world.admin.execute("UPDATE access_grant SET ended_at = now() WHERE id = ANY(%s)", [grants])
        assert world.admin.execute("SELECT n FROM access_epoch").fetchone()[0] > before
        assert known() == set()
        world.admin.execute("UPDATE access_grant SET ended_at = NULL, until_at = now() + interval '2 seconds' WHERE id = ANY(%s)", [grants])
        assert known() == first
        time.sleep(2.1)
        assert known() == set()
    finally:
        for grant, until in rows:
            world.admin.execute("UPDATE access_grant SET ended_at = NULL, until_at = %s WHERE id = %s", [until, grant])
        world.admin.execute("SET session_replication_role = replica")


def test_a_new_declaration_makes_what_was_worked_out_before_void(world):
    from qalxan.foundation.access.install import install

    with psycopg.connect(server().dsn(OWNER, connection.settings_dict["NAME"])) as owner, owner.cursor() as cursor:
        cursor.execute("SELECT n FROM access_epoch")
        before = cursor.fetchone()[0]
        assert install(cursor)
        cursor.execute("SELECT n FROM access_epoch")
        assert cursor.fetchone()[0] == before + 1
        owner.rollback()
