"""People with real means of signing in, for tests of sessions and recovery."""

import itertools
import time

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, connections
from django.test import Client

from config.postgres import OWNER, server
from qalxan.foundation.accounts.models import User

PASSWORD = "doğru at batareya ştapel"
METHODS, METHODS_USER = "account_authentication_methods", "_account_authentication_methods_user"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


_OWNERS = """
CREATE OR REPLACE FUNCTION test_age(session bigint, recovery bigint, by interval) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
  UPDATE access_session SET seen_at = seen_at - by, ends_at = ends_at - by WHERE id = session;
  UPDATE accounts_recovery SET asked_at = asked_at - by, ready_at = ready_at - by, ends_at = ends_at - by WHERE id = recovery $$;
CREATE OR REPLACE FUNCTION test_appoint(whom bigint, in_role text, of_body text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$
  INSERT INTO accounts_post (user_id, role, body_id, starts_at, feed_key)
    SELECT whom, in_role, of_body, coalesce(max(ends_at), '2022-07-01'), md5(random()::text) FROM accounts_post WHERE user_id = whom
    RETURNING id $$;
CREATE OR REPLACE FUNCTION test_dismiss(whom bigint) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
  UPDATE accounts_post SET ends_at = '2022-07-02' WHERE user_id = whom AND ends_at IS NULL $$;
"""


@pytest.fixture(scope="module")
def _owners(django_db_setup):
    """What only the owner of the tables can do, for tests, in the test's own transaction: fill and end posts, move a past further back."""
    with psycopg.connect(server().dsn(OWNER, connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute(_OWNERS)
        yield
        owner.execute("DROP FUNCTION test_age; DROP FUNCTION test_appoint; DROP FUNCTION test_dismiss")


def ask(statement, *values):
    """One value from the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


@pytest.fixture
def age(_owners):
    def age(*, session=None, recovery=None, by):
        ask("SELECT test_age(%s, %s, %s)", session, recovery, by)

    return age


def appoint(user, role, body=None):
    ask("SELECT test_appoint(%s, %s, %s)", user.id, role.value, body)


def dismiss(user):
    ask("SELECT test_dismiss(%s)", user.id)


@pytest.fixture
def person(_owners):
    """A made-up person with real means of signing in: `person(role)` gives the account."""
    made = []

    def person(role, body=None):
        user = User.objects.create(
            email=f"p{len(made)}@sinaq.example", name=f"Sınaq Adam {len(made)}", password=make_password(PASSWORD), language="en"
        )
        made.append(user)
        appoint(user, role, body)
        return user

    return person


_ADDRESSES = itertools.count(1)  # signing in is counted by address


def sign_in(user):
    client = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR=f"10.3.{next(_ADDRESSES) // 250}.{next(_ADDRESSES) % 250}")
    client.cookies["qalxan_language"] = "en"
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def prove(client, user, *, at=None, **record):
    """What the sign-in library writes when a means was used; the browser journeys use a real (virtual) passkey."""
    session = client.session
    session[METHODS] = [*session.get(METHODS, []), {"at": at or time.time(), **record}]
    session[METHODS_USER] = str(user.pk)
    session.save()


def key(client):
    return client.cookies["sessionid"].value
