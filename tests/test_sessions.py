"""Sessions: hashed keys, the database's word, one's own list, passkeys where posts open sealed things, proof before dangerous acts."""

import base64
import datetime as dt
import importlib

import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.permissions import Role
from qalxan.foundation.access.rules import CEILING
from qalxan.foundation.accounts.models import User
from qalxan.foundation.accounts.proofs import PASSKEY_ROLES, fresh, label_of, used_passkey
from qalxan.foundation.accounts.sessions import bound_by, own_sessions
from qalxan.foundation.accounts.store import SessionStore, stored_key, token_of
from qalxan.foundation.audit.models import Entry
from tests.people import FIREFOX, METHODS, PASSWORD, key, prove, sign_in

pytestmark = pytest.mark.django_db

# the store


def test_the_database_keeps_no_key_that_a_browser_could_send(person):
    client = sign_in(person(Role.READER, "NK"))
    row = Session.objects.get(session_key=stored_key(key(client)))
    everything = f"{row.session_key} {row.session_data} {row.get_decoded()}"
    assert key(client) not in everything
    assert token_of(key(client)) not in everything
    assert key(client)[:6].encode() not in base64.urlsafe_b64decode(row.session_key), "a digest, not the key in another spelling"
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert thief.get("/").status_code == 302


def test_data_copied_into_another_row_are_void(person):
    """An injected statement that puts the coordinator's session data into one's own row gains nothing."""
    high, low = sign_in(person(Role.COORDINATOR, "MK")), sign_in(person(Role.READER, "NK"))
    data = Session.objects.get(session_key=stored_key(key(high))).session_data
    Session.objects.filter(session_key=stored_key(key(low))).update(session_data=data)
    answer = low.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/")


def test_signing_out_leaves_neither_row_nor_token(person):
    client = sign_in(person(Role.READER, "NK"))
    old = key(client)
    assert bound_by(token_of(old))
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert bound_by(token_of(old)) is None
    assert not Session.objects.filter(session_key=stored_key(old)).exists()
    again = Client()
    again.cookies["sessionid"] = old
    assert again.get("/").status_code == 302


def test_a_session_is_found_again_and_lost_keys_open_nothing():
    store = SessionStore()
    store["a"] = 1
    store.save()
    assert SessionStore(store.session_key)["a"] == 1
    assert SessionStore("x" * 32).get("a") is None
    assert store.exists(store.session_key)
    store.delete()
    assert not store.exists(store.session_key)


# the database's word


def test_a_session_whose_person_the_database_knows_otherwise_is_signed_out(person):
    """Even with the site's signing key, a forged session says nothing: the token behind the cookie binds somebody else."""
    low, high = person(Role.READER, "NK"), person(Role.COORDINATOR, "MK")
    client, other = sign_in(low), sign_in(high)
    session = client.session
    session.update({k: other.session[k] for k in ("_auth_user_id", "_auth_user_hash", "_auth_user_backend")})
    session.save()
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?ended=1")
    assert Entry.objects.filter(event="accounts.session_foreign", user=low.id, subject=f"user:{high.id}").exists()
    assert client.get("/").headers["Location"].startswith("/accounts/login/?next")


def test_a_session_made_without_signing_in_is_signed_out(person):
    """Rows written into the session table mint no token."""
    user = person(Role.READER, "NK")
    real = sign_in(user)
    forged = SessionStore()
    forged.update(dict(real.session.items()))
    forged.save()
    client = Client()
    client.cookies["sessionid"] = forged.session_key
    assert client.get("/").headers["Location"] == "/accounts/login/?ended=1"


def test_the_database_ends_a_session_after_fifteen_minutes_of_silence_and_at_its_day(person, age):
    for by, live in (("14 minutes", True), ("16 minutes", False), ("9 hours 1 minute", False)):
        client = sign_in(User.objects.filter(email="p0@sinaq.example").first() or person(Role.READER, "NK"))
        bound = bound_by(token_of(key(client)))
        age(session=bound.session_id, by=by)
        assert client.get("/").status_code == (200 if live else 302), by


def test_the_app_role_cannot_write_what_binds(person):
    user = person(Role.READER, "NK")
    for statement in (
        "SELECT * FROM access_session",
        "UPDATE access_session SET passkey = true",
        "SELECT access_open_session(%s, sha256('x'), now() + interval '1 hour', true, '', sha256('x'))",
        "SELECT value FROM access_secret",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [user.id] if "%s" in statement else [])


def test_a_changed_password_ends_all_other_sessions_and_gives_this_one_a_new_key(person):
    user = person(Role.READER, "NK")
    here, there = sign_in(user), sign_in(user)
    old, ends = key(here), bound_by(token_of(key(here))).ends_at
    data = {"oldpassword": PASSWORD, "password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    assert here.post("/accounts/password/", data).status_code == 302
    assert key(here) != old
    assert bound_by(token_of(old)) is None
    assert bound_by(token_of(key(here))).ends_at == ends, "a changed password makes the day no longer"
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


# one's own list


def test_a_person_sees_own_sessions_without_address_and_ends_the_others(person):
    user = person(Role.READER, "NK")
    here, there = sign_in(user), sign_in(user)
    stranger = sign_in(person(Role.READER, "NK"))
    page = here.get("/accounts/sessions/", REMOTE_ADDR="10.7.7.7").content.decode()
    assert page.count("Firefox · Linux") == 2
    assert "10.7.7.7" not in page
    other = next(s for s in own_sessions(token_of(key(here))) if not s.here)
    for wrong in ("²", "9" * 30, "-1", "x'; --", str(bound_by(token_of(key(stranger))).session_id)):
        here.post("/accounts/sessions/", {"session": wrong})
    assert stranger.get("/").status_code == there.get("/").status_code == 200
    assert here.post("/accounts/sessions/", {"session": other.id}).status_code == 302
    assert there.get("/").headers["Location"] == "/accounts/login/?ended=1"
    assert here.get("/").status_code == 200
    third = sign_in(user)
    here.post("/accounts/sessions/", {})
    assert third.get("/").status_code == 302
    assert here.get("/").status_code == stranger.get("/").status_code == 200
    assert Entry.objects.filter(event="accounts.session_ended", user=user.id).count() == 2


@pytest.mark.parametrize(
    ("agent", "label"),
    [(FIREFOX, "Firefox · Linux"), ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604", "Safari · iOS"), ("", ""),
     ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"), ("<script>", "")],
)  # fmt: skip
def test_a_label_names_families_only(agent, label):
    assert label_of(agent) == label


# passkeys


def test_the_roles_that_ask_for_a_passkey_are_those_that_may_open_something():
    assert {role for role in Role if CEILING[role]} == PASSKEY_ROLES
    assert {Role.SHELTER_STAFF, Role.POLICE_OFFICER} <= PASSKEY_ROLES
    assert Role.READER not in PASSKEY_ROLES


@pytest.mark.parametrize("role", sorted(PASSKEY_ROLES))
def test_a_post_that_opens_sealed_things_reaches_no_page_without_a_passkey(person, role):
    client = sign_in(person(role))
    for address in ("/", "/plans/", "/bodies/", "/rights/", "/accounts/password/", "/accounts/2fa/codes/"):
        assert client.get(address).headers.get("Location") == "/accounts/passkey/", address
    answer = client.get("/plans/", HTTP_HX_REQUEST="true")
    assert answer.headers["HX-Redirect"] == "/accounts/passkey/"
    assert "Add a passkey" in client.get("/accounts/passkey/").content.decode()
    assert client.get("/accounts/sessions/").status_code == 200
    assert client.get("/accounts/2fa/passkeys/add/").headers["Location"].startswith("/accounts/reauthenticate/")


def test_using_the_passkey_opens_the_site_under_a_new_key(person):
    user = person(Role.SOCIAL_WORKER)
    client = sign_in(user)
    old = key(client)
    prove(client, user, method="mfa", type="webauthn", reauthenticated=True)
    client.get("/accounts/passkey/")
    assert key(client) != old
    assert bound_by(token_of(old)) is None
    assert bound_by(token_of(key(client))).passkey
    assert client.get("/plans/").status_code == 200


def test_a_second_passkey_needs_the_first(person):
    """Password and a stolen code are no way round the two people of a recovery."""
    from allauth.mfa.models import Authenticator

    user = person(Role.SHELTER_STAFF)
    client = sign_in(user)
    with acting(token_of(key(client))):
        Authenticator.objects.create(user=user, type="webauthn", data={"name": "Açar"})
    assert client.get("/accounts/2fa/passkeys/add/").headers["Location"] == "/accounts/passkey/"
    assert "My passkey is lost" in client.get("/accounts/passkey/").content.decode()
    assert client.get("/accounts/reauthenticate/").headers["Location"].startswith("/accounts/2fa/passkeys/reauthenticate/")


def test_a_code_generator_does_not_count_as_a_passkey():
    assert not used_passkey([{"method": "password", "at": 1.0}, {"method": "mfa", "type": "totp", "at": 1.0}])
    assert used_passkey([{"method": "mfa", "type": "webauthn", "at": 1.0}])


def test_the_demonstrations_switcher_stands_for_a_passkey_and_only_there(enter, settings):
    client = enter("siginacaq")
    assert client.get("/plans/").status_code == 200
    assert bound_by(token_of(key(client))).passkey
    settings.DEMO = False
    assert client.get("/plans/").status_code == 403
    assert Client().post("/demo/switch/", {"email": "siginacaq@demo.example"}).status_code == 404


def test_switching_persons_ends_the_former_session(enter):
    client = enter("siginacaq")
    old = key(client)
    client.post("/demo/switch/", {"email": "rinn@demo.example"})
    assert bound_by(token_of(old)) is None
    assert client.get("/").status_code == 200


# proof before dangerous acts


def test_a_dangerous_act_asks_who_sits_there_unless_shown_within_five_minutes(person, monkeypatch):
    from qalxan.shell.accounts.recovery import AskRecovery

    monkeypatch.setattr(AskRecovery, "step_up_by_passkey", False)
    user, target = person(Role.COORDINATOR_OFFICE, "MK"), person(Role.READER, "NK")
    client = sign_in(user)
    assert client.get("/recoveries/new/").status_code == 200
    session = client.session
    session[METHODS] = [{**record, "at": record["at"] - 301} for record in session[METHODS]]
    session.save()
    asked = "/accounts/reauthenticate/?next=%2Frecoveries%2Fnew%2F"
    assert client.get("/recoveries/new/").headers["Location"] == asked
    assert client.get("/recoveries/new/", HTTP_HX_REQUEST="true").headers["HX-Redirect"] == asked
    assert client.post("/recoveries/new/", {"user": target.id, "why": "both"}).status_code == 302
    assert not Entry.objects.filter(event="accounts.recovery_asked", subject=f"user:{target.id}").exists()
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/recoveries/new/"})
    assert answer.headers["Location"] == "/recoveries/new/"
    assert client.get("/recoveries/new/").status_code == 200


def test_letting_others_in_again_asks_for_a_passkey_whatever_the_post(person):
    """Recovery is no weaker way round: who has a passkey proves with it alone, who has none adds one first."""
    from allauth.mfa.models import Authenticator

    user = person(Role.COORDINATOR_OFFICE, "MK")
    client = sign_in(user)
    assert client.get("/").status_code == 200
    assert client.get("/recoveries/new/").headers["Location"] == "/accounts/2fa/passkeys/add/"
    with acting(token_of(key(client))):
        Authenticator.objects.create(user=user, type="webauthn", data={"name": "Açar"})
    assert client.get("/recoveries/new/").headers["Location"].startswith("/accounts/2fa/passkeys/reauthenticate/")
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/"})
    assert answer.headers["Location"].startswith("/accounts/2fa/passkeys/reauthenticate/"), "the password proves nothing here any more"
    prove(client, user, method="mfa", type="webauthn", reauthenticated=True)
    assert client.get("/recoveries/new/").status_code == 200


def test_for_posts_that_open_sealed_things_a_password_is_no_fresh_proof():
    now = dt.datetime.now(dt.UTC)
    password, passkey = {"method": "password", "at": now.timestamp()}, {"method": "mfa", "type": "webauthn", "at": now.timestamp()}
    old = {**passkey, "at": now.timestamp() - 301}
    assert fresh([password], now, passkey=False)
    assert not fresh([password, old], now, passkey=True)
    assert fresh([password, passkey], now, passkey=True)
    assert not fresh([{"method": "mfa", "type": "webauthn", "at": now.timestamp() + 3600}], now, passkey=True), "no proof from the future"
    assert not fresh([], now, passkey=False)


def test_the_database_learns_of_a_fresh_proof(person):
    user = person(Role.READER, "NK")
    client = sign_in(user)
    token = token_of(key(client))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/"})
    with acting(token), connection.cursor() as cursor:
        cursor.execute("SELECT passkey, fresh FROM access_strength()")
        assert cursor.fetchone() == (False, True)


# the browser


def test_production_binds_its_cookies_to_the_host(monkeypatch):
    monkeypatch.setenv("QALXAN_HOSTS", "qalxan.example")
    prod = importlib.import_module("config.settings.prod")
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        assert getattr(prod, f"{kind}_COOKIE_NAME").startswith("__Host-")
        assert getattr(prod, f"{kind}_COOKIE_SECURE")
        assert getattr(prod, f"{kind}_COOKIE_DOMAIN", None) is None
        assert getattr(prod, f"{kind}_COOKIE_PATH", "/") == "/"
    assert not prod.DEMO
    assert "allauth.usersessions" not in prod.INSTALLED_APPS


def test_cookies_are_strict_and_closed_to_scripts_and_nothing_is_stored(person):
    client = sign_in(person(Role.READER, "NK"))
    cookie = client.cookies["sessionid"]
    assert (cookie["samesite"], bool(cookie["httponly"]), cookie["max-age"]) == ("Strict", True, "")
    for address in ("/", "/accounts/sessions/", "/accounts/recovery/", "/accounts/recovery/enter/", "/accounts/2fa/", "/nope/", "/healthz"):
        answer = client.get(address)
        assert "no-store" in answer.headers["Cache-Control"], address
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], address


def test_an_actor_without_posts_needs_no_passkey():
    from qalxan.foundation.accounts.proofs import needs_passkey

    assert not needs_passkey(Actor(None))
