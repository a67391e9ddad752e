"""Three answers to one question, over random worlds: the declaration in Python, the database as the app role, and a reference written from the prose."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings

from qalxan.foundation.access import policy, sessions
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.guard import Absent
from tests import reference
from tests.worlds import PEOPLE, PERSONS, PURPOSES, ROOMS, Builder, worlds

pytestmark = pytest.mark.django_db
SEEN: dict[str, int] = {"reached": 0, "dead": 0}


@pytest.fixture(scope="module")
def builder(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        made = Builder()
        made.add("accounts_user", [{"id": i, "is_active": True} for i in PEOPLE])
    yield made
    made.clear(people=True)
    made.admin.close()


@pytest.fixture
def tokens(builder, db):
    builder.add("accounts_user", [{"id": i, "is_active": True} for i in PEOPLE])
    made = {i: sessions.new_token() for i in PEOPLE}
    for user, token in made.items():
        sessions.open_session(user_id=user, token=token, ends_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=9), passkey=True)
    return made


def rows(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_policy_database_and_reference_give_one_answer(builder, tokens, world):
    builder.build(world)
    now = dt.datetime.now(dt.UTC)
    for user, token in tokens.items():
        said = {room: {p for p in PERSONS if reference.grants_over(world, user, p, room, now)} for room in ROOMS}
        opened = {
            (p, room, purpose): min(
                (g["id"] for g in reference.grants_over(world, user, p, room, now) if g["purpose"] == purpose), default=None
            )
            for p in PERSONS
            for room in ROOMS
            for purpose in PURPOSES
        }
        assert said == {room: policy.reach(world, user, room, now) for room in ROOMS}
        assert opened == {key: policy.may_open(world, user, *key, now) for key in opened}
        SEEN["reached"] += sum(map(len, said.values()))
        SEEN["dead"] += len(ROOMS) * len(PERSONS) - sum(map(len, said.values()))
        if not next(u for u in world["accounts_user"] if u["id"] == user)["is_active"]:
            with pytest.raises(Absent), acting(token):
                pass
            assert not any(said.values())
            continue
        with acting(token):
            assert said == {room: set(rows("SELECT access_reach(%s)", room)[0][0]) for room in ROOMS}
            raw = rows("SELECT compartment, person_id FROM persons_item")  # an injected statement: no predicate of ours
            assert {(room, p) for room, who in said.items() for p in who} == set(raw)
            keys = list(opened)
            found = rows("SELECT access_may_open(k.p, k.c, k.w) FROM unnest(%s::uuid[], %s::text[], %s::text[]) WITH ORDINALITY k(p, c, w, n) ORDER BY n",
                         [k[0] for k in keys], [k[1] for k in keys], [k[2] for k in keys])  # fmt: skip
            assert list(opened.values()) == [row[0] for row in found]
            known = {p for who in said.values() for p in who}
            assert {row[0] for row in rows("SELECT id FROM persons_person")} == known
            assert {row[0] for row in rows("SELECT person_id FROM persons_caseperson")} <= known


def test_the_worlds_hold_both_living_and_dead_grants():
    if not SEEN["dead"]:
        pytest.skip("the worlds were not visited in this run")
    assert SEEN["reached"] > 0, "worlds in which nobody reaches anybody prove nothing"
