"""Need to know: nobody acts without a token, and nobody reaches what no living grant gives."""

import datetime as dt

import pytest
from django.db import connection

from qalxan.foundation.access import sessions
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.accounts.models import User

pytestmark = pytest.mark.django_db


def ask(statement: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def token_of(who: str, **given: object) -> str:
    token = sessions.new_token()
    user = User.objects.get(email=f"{who}@demo.example")
    sessions.open_session(user_id=user.id, token=token, ends_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=9), passkey=True, **given)
    return token


def test_a_token_binds_its_person_and_nobody_else():
    user = User.objects.get(email="idare@demo.example")
    token = token_of("idare")
    assert ask("SELECT access_actor()") is None
    with acting(token) as who:
        assert who == user.id == ask("SELECT access_actor()")
        assert ask("SELECT access_session_id()") is not None
        assert ask("SELECT access_reach('identity')") == []
    assert ask("SELECT access_actor()") is None
    assert sessions.end_session(token)
    with pytest.raises(Absent), acting(token):
        pass
