"""People with real means of signing in, for tests of sessions and recovery."""

import datetime as dt
import itertools
import time

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, connections
from django.test import Client

from config.postgres import OWNER, server
from qalxan.foundation.accounts.models import Post, User

PASSWORD = "doğru at batareya ştapel"
METHODS, METHODS_USER = "account_authentication_methods", "_account_authentication_methods_user"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture(scope="module")
def _later(django_db_setup, django_db_blocker):
    """What only the owner of the tables can do, for tests: move a session's or a recovery's past further back."""
    where = server()
    with psycopg.connect(where.dsn(OWNER, connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute(
            """CREATE OR REPLACE FUNCTION test_age(session bigint, recovery bigint, by interval) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
            UPDATE access_session SET seen_at = seen_at - by, ends_at = ends_at - by WHERE id = session;
            UPDATE accounts_recovery SET asked_at = asked_at - by, ready_at = ready_at - by, ends_at = ends_at - by WHERE id = recovery $$"""
        )
        yield
        owner.execute("DROP FUNCTION test_age")


@pytest.fixture
def age(_later):
    def age(*, session=None, recovery=None, by):
        with connection.cursor() as cursor:
            cursor.execute("SELECT test_age(%s, %s, %s)", [session, recovery, by])

    return age


@pytest.fixture
def person():
    """A made-up person with real means of signing in: `person(role)` gives the account."""
    made = []

    def person(role, body=None):
        user = User.objects.create(
            email=f"p{len(made)}@sinaq.example", name=f"Sınaq Adam {len(made)}", password=make_password(PASSWORD), language="en"
        )
        made.append(user)
        Post.objects.create(user=user, role=role.value, body_id=body, starts_at=dt.datetime(2022, 7, 1, tzinfo=dt.UTC))
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
