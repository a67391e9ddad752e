"""Recovery of an account: two people, two roles, two bodies, a day, a notice at each step; nobody alone can finish it."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.guard import Absent, Refused
from qalxan.foundation.access.permissions import GRANTS, Permission, Role
from qalxan.foundation.accounts import recovery as operations
from qalxan.foundation.accounts.models import Post, Recovery, User
from qalxan.foundation.accounts.queries import actor_of
from qalxan.foundation.accounts.sessions import bound_by
from qalxan.foundation.accounts.store import token_of
from qalxan.foundation.audit.models import Entry
from qalxan.kernel.errors import RuleBroken
from tests.people import PASSWORD, appoint, dismiss, key, prove, sign_in

pytestmark = pytest.mark.django_db
NEW = "tamam başqa uzun söz 9"


class Cast:
    """Who takes part: the person, the helpdesk, and four who may approve, each signed in."""

    def __init__(self, person) -> None:
        self.users = {
            "lost": person(Role.SOCIAL_WORKER, "RINN"), "office": person(Role.COORDINATOR_OFFICE, "MK"), "coordinator": person(Role.COORDINATOR, "MK"),
            "head": person(Role.HEAD_OF_BODY, "RINN"), "ombudsman": person(Role.OMBUDSPERSON, "OMB"), "auditor": person(Role.AUDITOR),
            "stranger": person(Role.HEAD_OF_BODY, "XIN"), "reader": person(Role.READER, "NK"), "insider": person(Role.AUDITOR, "MK"),
        }  # fmt: skip
        self.clients = {who: sign_in(user) for who, user in self.users.items()}

    def arguments(self, who):
        from django.utils import timezone

        now = timezone.now()
        return {"actor": actor_of(self.users[who].id, now), "now": now, "token": token_of(key(self.clients[who]))}

    def ask(self, who="office", why="both"):
        return operations.ask(**self.arguments(who), user_id=self.users["lost"].id, why=why)

    def approve(self, who, recovery):
        return operations.approve(**self.arguments(who), recovery_id=recovery)

    def close(self, who, recovery):
        return operations.close(**self.arguments(who), recovery_id=recovery)

    def finish(self, first, second, password=NEW, email=None):
        return operations.finish(email=email or self.users["lost"].email, halves=(first, second), password=password)


@pytest.fixture
def cast(person):
    return Cast(person)


@pytest.fixture
def approved(cast):
    """A recovery that two have approved: (id, first half, second half)."""
    made = cast.ask()
    return made, cast.approve("coordinator", made), cast.approve("head", made)


def anonymous() -> Client:
    """A visitor who reads English."""
    client = Client()
    client.cookies["qalxan_language"] = "en"
    return client


def test_two_people_bring_a_person_back_on_the_screens(cast, age):
    office, lost = cast.clients["office"], cast.users["lost"]
    assert office.get("/recoveries/new/").headers["Location"] == "/accounts/2fa/passkeys/add/"
    prove(office, cast.users["office"], method="mfa", type="webauthn")
    answer = office.post("/recoveries/new/", {"user": lost.id, "why": "both"})
    address = answer.headers["Location"]
    halves = []
    for who in ("coordinator", "ombudsman"):
        client = cast.clients[who]
        assert "/2fa/passkeys/add/" in client.post(f"{address}approve/").headers["Location"], "a password is not enough to let others in"
        prove(client, cast.users[who], method="mfa", type="webauthn")
        assert "Approve as one of two" in client.get(address).content.decode()
        page = client.post(f"{address}approve/")
        assert "no-store" in page.headers["Cache-Control"]
        halves.append(re.search(r"<code>([A-Z2-7-]{19})</code>", page.content.decode()).group(1))
        assert halves[-1] not in client.get(address).content.decode(), "shown once"
    data = {"email": lost.email.upper(), "first": halves[1].lower(), "second": halves[0].replace("-", " "), "password": NEW, "again": NEW}
    early = anonymous().post("/accounts/recovery/enter/", data)
    assert early.status_code == 422
    assert "These codes open nothing now" in early.content.decode()
    age(recovery=int(address.split("/")[-2]), by="24 hours")
    fresh = Client()
    assert fresh.post("/accounts/recovery/enter/", data).headers["Location"] == "/accounts/login/"
    assert cast.clients["lost"].get("/accounts/sessions/").status_code == 302, "sessions of before have ended"
    assert anonymous().post("/accounts/login/", {"login": lost.email, "password": PASSWORD}).status_code == 200
    assert fresh.post("/accounts/login/", {"login": lost.email, "password": NEW}).status_code == 302
    assert fresh.get("/").headers["Location"] == "/accounts/passkey/"
    assert anonymous().post("/accounts/recovery/enter/", data).status_code == 422, "codes work once"


def test_every_passkey_and_code_of_before_ends(cast, approved, age):
    from allauth.mfa.models import Authenticator

    made, first, second = approved
    with acting(cast.arguments("lost")["token"]):
        Authenticator.objects.create(user=cast.users["lost"], type="webauthn", data={"name": "Açar"})
    age(recovery=made, by="24 hours")
    assert bound_by(cast.arguments("lost")["token"])
    assert cast.finish(first, second) == cast.users["lost"].id
    assert bound_by(cast.arguments("lost")["token"]) is None, "the database's sessions of before end too"
    assert not Authenticator.objects.filter(user=cast.users["lost"]).exists()


def test_the_person_asks_alone_and_sees_it_on_every_page_and_stops_it(cast):
    client = cast.clients["lost"]
    assert "Ask" in client.get("/accounts/recovery/").content.decode()
    assert client.post("/accounts/recovery/", {"why": "passkey"}).status_code == 302
    recovery = Recovery.objects.get(user=cast.users["lost"])
    assert recovery.asked_by_id == cast.users["lost"].id
    assert "Your account is being recovered" in client.get("/accounts/sessions/").content.decode()
    assert client.post("/accounts/recovery/", {"stop": "yes"}).status_code == 302
    recovery.refresh_from_db()
    assert recovery.outcome == "stopped"
    assert "Your account is being recovered" not in client.get("/accounts/sessions/").content.decode()
    with pytest.raises(Absent):
        cast.approve("coordinator", recovery.id)


def test_who_asked_or_is_concerned_does_not_approve(cast, person):
    made = cast.ask()
    with pytest.raises(Refused):
        cast.approve("office", made)
    dismiss(cast.users["office"])
    appoint(cast.users["office"], Role.COORDINATOR, "MK")
    with pytest.raises(RuleBroken, match="Somebody else"):
        cast.approve("office", made)
    dismiss(cast.users["lost"])
    appoint(cast.users["lost"], Role.AUDITOR)
    with pytest.raises(RuleBroken, match="Somebody else"):
        cast.approve("lost", made)
    for who in ("office", "lost"):
        with acting(cast.arguments(who)["token"]):
            post = Post.objects.get(user=cast.users[who], ends_at=None)
            _says_no("SELECT accounts_recovery_approve(%s, %s, sha256('x'))", made, post.id)


@pytest.mark.parametrize(
    ("one", "two"),
    [("coordinator", "coordinator"), ("auditor", "insider"), ("coordinator", "insider"), ("coordinator", "stranger"), ("coordinator", "reader"), ("coordinator", "office")],
)  # fmt: skip
def test_no_person_no_role_and_no_body_is_both(cast, one, two):
    made = cast.ask()
    cast.approve(one, made)
    with pytest.raises((RuleBroken, Refused)):
        cast.approve(two, made)
    assert Recovery.objects.get(id=made).ready_at is None
    cast.approve("head", made)
    assert Recovery.objects.get(id=made).ready_at is not None


def test_a_third_yes_is_not_taken(cast, approved):
    with pytest.raises(RuleBroken, match="two others"):
        cast.approve("ombudsman", approved[0])


def test_one_half_twice_or_a_foreign_half_opens_nothing_and_five_wrong_pairs_close_it(cast, approved, age):
    made, first, second = approved
    age(recovery=made, by="24 hours")
    assert cast.finish(first, first) is None
    assert cast.finish(second, second) is None
    assert cast.finish(first, "AAAA-BBBB-CCCC-DDDD") is None
    assert cast.finish(first, second, email="koordinator@demo.example") is None
    assert Recovery.objects.get(id=made).tries == 3
    assert cast.finish("", "\0²") is None
    assert cast.finish("x'; --", first) is None
    assert Recovery.objects.get(id=made).outcome == "spent"
    assert cast.finish(first, second) is None


def test_the_day_is_measured_by_the_database_and_the_week_ends_it(cast, approved, age):
    made, first, second = approved
    age(recovery=made, by="23 hours 59 minutes")
    assert cast.finish(first, second) is None
    assert Recovery.objects.get(id=made).tries == 0, "too early is not wrong"
    age(recovery=made, by="6 days 1 hour")
    assert cast.finish(first, second) is None
    assert cast.ask(), "an expired one stands in nobody's way"


def test_an_approver_whose_post_has_ended_meanwhile_counts_no_more(cast, approved, age):
    made, first, second = approved
    age(recovery=made, by="24 hours")
    dismiss(cast.users["head"])
    assert cast.finish(first, second) is None


@pytest.mark.parametrize(("who", "outcome"), [("lost", "stopped"), ("office", "withdrawn"), ("auditor", "refused")])
def test_three_kinds_of_people_can_stop_it_even_after_both_have_approved(cast, approved, age, who, outcome):
    made, first, second = approved
    age(recovery=made, by="24 hours")
    with pytest.raises(Refused):
        cast.close("reader", made)
    assert cast.close(who, made) == outcome
    assert cast.finish(first, second) is None


def test_the_person_is_told_at_every_step_in_their_language(cast, age, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_HOST_SET = True
    User.objects.filter(id=cast.users["lost"].id).update(language="en")
    with django_capture_on_commit_callbacks(execute=True):
        made = cast.ask()
        halves = [cast.approve(who, made) for who in ("coordinator", "head")]
        age(recovery=made, by="24 hours")
        cast.finish(*halves)
    assert [m.to for m in mail.outbox] == [[cast.users["lost"].email]] * 4
    text = " ".join(m.body for m in mail.outbox)
    assert "sign in and stop it" in text
    assert not any(half[:4] in text for half in halves)
    assert not any(user.name in text for user in cast.users.values())


def test_asking_for_another_is_for_the_office_alone(cast):
    for who in ("reader", "coordinator", "auditor", "head"):
        with pytest.raises(Refused):
            cast.ask(who)
    cast.ask()
    with pytest.raises(RuleBroken, match="already"):
        cast.ask()
    with pytest.raises(RuleBroken):
        operations.ask(**cast.arguments("office"), user_id=10**15, why="both")
    with pytest.raises(RuleBroken):
        operations.ask(**cast.arguments("office"), user_id=cast.users["reader"].id, why="²")


def test_a_weak_password_is_not_taken_and_the_codes_still_work(cast, approved, age):
    made, first, second = approved
    age(recovery=made, by="24 hours")
    data = {"email": cast.users["lost"].email, "first": first, "second": second}
    for password, again in (("short", "short"), ("password1234", "password1234"), (NEW, NEW + "x")):
        answer = anonymous().post("/accounts/recovery/enter/", {**data, "password": password, "again": again})
        assert answer.status_code == 422
        assert "wrong" in answer.content.decode()
    assert cast.finish(first, second)


def test_the_answer_to_a_stranger_is_always_the_same(cast, approved):
    def page(email):
        text = (
            Client()
            .post("/accounts/recovery/enter/", {"email": email, "first": "A", "second": "B", "password": NEW, "again": NEW})
            .content.decode()
        )
        return re.sub(r'value="[^"]*"', "", text)

    assert page(cast.users["lost"].email) == page("nobody@sinaq.example") == page(cast.users["reader"].email)


# the database by itself, without the site's code


def _says_no(statement, *values):
    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_app_role_alone_asks_approves_and_closes_nothing(cast):
    made = cast.ask()
    post = Post.objects.get(user=cast.users["coordinator"])
    _says_no("SELECT accounts_recovery_ask(%s, 'both')", cast.users["reader"].id)
    _says_no("SELECT accounts_recovery_approve(%s, %s, sha256('x'))", made, post.id)
    _says_no("SELECT accounts_recovery_close(%s)", made)
    _says_no("UPDATE accounts_recovery SET ready_at = now() - interval '1 day'")
    _says_no("DELETE FROM accounts_approval")
    _says_no("INSERT INTO accounts_approval (recovery_id, by_id, post_id, role, body, at, half) VALUES (%s, %s, %s, 'auditor', '', now(), sha256('x'))",
             made, cast.users["auditor"].id, post.id)  # fmt: skip


@pytest.mark.parametrize("who", ["lost", "office", "reader", "stranger"])
def test_a_bound_person_cannot_approve_past_the_rules_by_sql(cast, who):
    made = cast.ask()
    with acting(cast.arguments(who)["token"]):
        for post in Post.objects.filter(user__in=list(cast.users.values())):
            _says_no("SELECT accounts_recovery_approve(%s, %s, sha256('x'))", made, post.id)


def test_by_sql_too_role_and_body_differ(cast):
    made = cast.ask()
    cast.approve("coordinator", made)
    with acting(cast.arguments("insider")["token"]):
        _says_no("SELECT accounts_recovery_approve(%s, %s, sha256('x'))", made, Post.objects.get(user=cast.users["insider"]).id)


def test_the_databases_list_of_roles_is_the_table_of_rights():
    source = next(iter(_definition("accounts_recovery_role")))
    said = {may: set(re.findall(r"'(\w+)'", part)) for may, part in re.findall(r"WHEN '(\w+)' THEN role IN \(([^)]*)\)", source)}
    right = {"ask": Permission.RECOVERY_ASK, "approve": Permission.RECOVERY_APPROVE}
    assert said == {may: {role.value for role in Role if permission in GRANTS[role]} for may, permission in right.items()}
    assert not any({Permission.RECOVERY_ASK, Permission.RECOVERY_APPROVE} <= GRANTS[role] for role in Role)


def _definition(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [name])
        return cursor.fetchone()


def test_each_step_stands_in_the_log_without_words(cast, approved, age):
    made, first, second = approved
    age(recovery=made, by="24 hours")
    cast.finish(first, second)
    rows = list(Entry.objects.filter(subject=f"user:{cast.users['lost'].id}", event__startswith="accounts.recovery").order_by("id"))
    assert [r.event.rpartition("_")[2] for r in rows] == ["asked", "approved", "approved", "finished"]
    assert not any(half in str([r.detail for r in rows]) for half in (first, second))


def test_what_the_site_reads_of_a_ready_recovery_finishes_nothing(cast, approved, age):
    """The app role reads the table of approvals: what stands there must not be what the database compares with."""
    age(recovery=approved[0], by="25 hours")
    with connection.cursor() as cursor:
        cursor.execute("SELECT half FROM accounts_approval WHERE recovery_id = %s ORDER BY id", [approved[0]])
        first, second = (bytes(row[0]) for row in cursor.fetchall())
        cursor.execute("SELECT accounts_recovery_finish(%s, %s, %s, 'argon2$mine')", [cast.users["lost"].email, first, second])
        assert cursor.fetchone() == (None,)
    assert cast.finish(*approved[1:]) == cast.users["lost"].id
