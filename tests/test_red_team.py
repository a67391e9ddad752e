"""Attacks by those who are inside, kept as tests: an inspector, the database's administrator, a thief of sessions, a taken-over web process.

The walls themselves are tested where they stand (need_to_know, vault, sessions, log); here somebody comes with all of one role's means at once.
"""

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import json
import os
import pwd
import re
import secrets
import socket
import subprocess
import time
import uuid
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from config.postgres import APP, program, server
from qalxan.foundation.access import sessions
from qalxan.foundation.access.binding import acting
from qalxan.foundation.vault import client, journal, wire
from qalxan.foundation.vault.budgets import LIMITS, Spend
from qalxan.foundation.vault.crypto import Place
from qalxan.kernel.errors import BadInput
from qalxan.kernel.matching import Birth, Features
from tests.vault_site import Site

NAME, STREET, DOCUMENT = "Kanareykazadə Gülüş Yellər qızı", "Kanareyka döngəsi 7714", "KNR7714001"
WHY = ("investigation", "case_work")
NOBODY = pwd.getpwnam("nobody")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="another user's process needs root to be started")


@pytest.fixture(scope="module")
def site():
    built = Site("red-postgres", "qalxan_red").build().start(QALXAN_BROKER_CALLERS="root,nobody")
    try:
        with built.here():
            yield built
    finally:
        built.end()


@pytest.fixture
def officer(site):
    site.forget_budgets()
    return site.token("officer")


@pytest.fixture
def victim(site, officer):
    """A person with a name, a street and a document, sealed, kept, made findable, opened once, asked after once."""
    person = site.person(officer)
    kept = [keep(site, officer, person, kind, text) for kind, text in (("name", NAME), ("place", STREET), ("document", DOCUMENT))]
    client.index(officer, person, Features((NAME,), Birth(1991, 7, 14), (DOCUMENT,), ("+994507714001",), STREET))
    assert json.loads(client.open(officer, person, "identity", kept, *WHY)[0]) == {"name": NAME}
    client.find(officer, "document", DOCUMENT, *WHY)
    client.match(site.token("other"), Features((NAME,), Birth(1991, 7, 14)), "support", "case_work")
    return person, kept


def keep(site, token, person, kind, text):
    row = uuid.uuid4()
    place = Place("persons_item", str(row), "sealed", 1)
    sealed = client.seal(token, person, "identity", *place, json.dumps({"name": text}).encode())
    with site.acting(token) as db:
        db.execute(
            "INSERT INTO persons_item (id, person_id, compartment, kind, sealed, version, made_by, made_at)"
            " VALUES (%s, %s, 'identity', %s, %s, 1, access_actor(), now())",
            [row, person, kind, sealed],
        )
    return place, sealed


def spellings(text: str) -> list[bytes]:
    """Ways in which a text could lie about: plain, upper, JSON's escapes, UTF-16, hex and base64 at each of three offsets."""
    raw = text.encode()
    coded = [base64.b64encode(raw[skip:])[:-4].rstrip(b"=") for skip in range(3)]
    return [raw, text.upper().encode(), json.dumps(text).strip('"').encode(), text.encode("utf-16-le"), raw.hex().encode(), *coded]


def traces(content: bytes) -> list[str]:
    return [word for text in (NAME, STREET, DOCUMENT, "Kanareyka") for word in [text] if any(form in content for form in spellings(text))]


# --- the administrator of the database, with the web process's environment ------------------------------------------------------


def dump(site, *arguments: str) -> bytes:
    done = subprocess.run(
        [program("pg_dump"), *arguments, site.where.dsn(site.where.admin, site.database)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_scan_itself_finds_what_is_hidden_in_each_spelling():
    for text in (NAME, STREET, DOCUMENT):
        for form in spellings(text):
            assert traces(b"..." + form + b"..."), form


def test_a_dump_and_the_web_processes_environment_give_no_name(site, victim):
    plain = dump(site, "--inserts")
    assert b"persons_item" in plain
    assert b"vault_key" in plain
    assert traces(plain) == []
    assert traces(dump(site, "--format=custom", "--compress=0")) == []
    assert traces(json.dumps(site.environment).encode()) == []


@as_root
def test_whoever_is_not_the_broker_reads_no_key_and_no_name_on_the_machine(site, victim):
    """Every file under the state folder, the database's own files and its log, as the web process's user sees them."""
    tops = [site.home, site.cluster.data, Path("/proc") / str(site.broker.pid)]

    def read() -> bytes:
        found = []
        for path in (path for top in tops for folder, _, names in os.walk(top) for path in (Path(folder, name) for name in names)):
            with contextlib.suppress(OSError), path.open("rb") as stream:
                found += [str(path).encode(), stream.read(1 << 24)]
        return b"\n".join(found)

    seen = as_nobody(read, group=NOBODY.pw_gid)
    ring = (site.home / "keys" / "root.key").read_bytes().strip()
    assert ring not in seen
    assert b"keyring.json" not in seen
    assert traces(seen) == []
    server_log = (site.cluster.data / "server.log").read_bytes()
    assert traces(server_log) == []


def test_no_secret_of_the_dump_or_the_environment_unwraps_a_key(site, victim):
    from qalxan.foundation.vault import crypto, store

    person, _ = victim
    with site.connect() as db:
        gate = db.execute("SELECT value FROM access_secret").fetchall()
        version, wrapped, key_version = db.execute(
            "SELECT version, wrapped, key_version FROM vault_key WHERE person = %s AND compartment = 'identity'", [person]
        ).fetchone()
    secrets = [bytes(value) for (value,) in gate] + [value.encode() for value in site.environment.values()]
    secrets += [path.read_bytes() for path in site.home.glob("*") if path.is_file()]
    for secret in secrets:
        for key in (hashlib.sha256(secret).digest(), secret[:32], hashlib.sha256(secret.strip()).digest()):
            if len(key) == 32:
                with pytest.raises(crypto.Tampered):
                    crypto.unseal(key, bytes(wrapped), store.bound(person, "identity", version))
    assert key_version


def test_a_row_an_administrator_copies_to_another_person_opens_for_nobody(site, officer, victim):
    person, kept = victim
    mine = site.person(officer)
    keep(site, officer, mine, "name", "Adi Ad")
    with site.connect() as db:
        db.execute("SET session_replication_role = replica")
        db.execute(
            "UPDATE vault_key k SET wrapped = v.wrapped FROM vault_key v WHERE k.person = %s AND v.person = %s AND k.compartment = v.compartment",
            [mine, person],
        )
    with pytest.raises(client.Tampered):
        client.open(officer, mine, "identity", [kept[0]], *WHY)


# --- a stolen session ------------------------------------------------------------------------------------------------------------


def test_what_the_database_keeps_of_a_session_is_no_token(site, officer, victim):
    person, kept = victim
    with site.connect() as db:
        digests = [bytes(row[0]) for row in db.execute("SELECT token_hash FROM access_session").fetchall()]
    assert sessions.hash_of(officer) in digests
    for digest in digests:
        for guess in (
            digest.hex(),
            base64.urlsafe_b64encode(digest).decode().rstrip("="),
            base64.b64encode(digest).decode(),
            f"\\x{digest.hex()}",
        ):
            with site.connect(APP) as db:
                assert db.execute("SELECT access_begin(%s)", [guess]).fetchone() == (None,)
            with pytest.raises(client.Closed):
                client.open(guess, person, "identity", kept, *WHY)


def test_a_killed_session_is_dead_in_the_next_call_of_every_kind(site, officer, victim):
    person, kept = victim
    second = site.token("officer")
    with site.acting(second) as db:
        mine = db.execute("SELECT id FROM access_my_sessions() WHERE NOT here").fetchall()
        assert mine
        for (one,) in mine:
            db.execute("SELECT access_end_session(%s::bigint)", [one])
    for attempt in (
        lambda: client.open(officer, person, "identity", kept, *WHY),
        lambda: client.seal(officer, person, "identity", "persons_item", "x", "sealed", 1, b"x"),
        lambda: client.find(officer, "document", DOCUMENT, *WHY),
        lambda: client.search(officer, "Gülüş", [(person, *kept[0])], *WHY),
        lambda: client.index(officer, person, Features((NAME,), Birth())),
        lambda: client.match(officer, Features((NAME,), Birth()), *WHY),
    ):
        with pytest.raises(client.Closed):
            attempt()
    with site.connect(APP) as db:
        assert db.execute("SELECT access_begin(%s), access_touch(%s)", [officer, officer]).fetchone() == (None, False)
    assert client.open(second, person, "identity", kept[:1], *WHY)


# --- a taken-over web process ----------------------------------------------------------------------------------------------------


def as_nobody(act, group: int = 0) -> bytes:
    """What the web process's user gets from an act: a child of ours becomes it, for it could not start our Python."""
    mine, theirs = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setgroups([])
            os.setgid(group)
            os.setuid(NOBODY.pw_uid)
            heard = act()
        except BaseException as error:
            heard = repr(error).encode()
        with os.fdopen(theirs, "wb") as stream:
            stream.write(heard)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(mine, "rb") as stream:
        heard = stream.read()
    os.waitpid(child, 0)
    return heard


def speak(site, *messages):
    """Speak to the broker as the web process's user, past the client."""

    def ask(message):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(site.home / "run" / "broker.sock"))
            wire.send(connection, message)
            return wire.receive(connection, 10)

    return json.loads(as_nobody(lambda: json.dumps([ask(message) for message in messages]).encode()))


def asking(token, person, kept, **more):
    items = [[*place, base64.b64encode(sealed).decode()] for place, sealed in kept]
    return {
        "do": "open",
        "token": token,
        "person": str(person),
        "compartment": "identity",
        "items": items,
        "purpose": WHY[0],
        "reason": WHY[1],
        **more,
    }


@as_root
def test_a_web_process_gives_the_broker_no_orders_of_the_operator(site, officer, victim):
    person, kept = victim
    told = speak(site, {"do": "ping"}, *({"do": order, "person": str(person), "reference": "x", "compartment": "identity", "after": str(uuid.UUID(int=0))}
                                         for order in ("erase", "rotate", "rotate_root", "export_keys")))  # fmt: skip
    assert told == [{"ok": {"ready": True}}, *[{"error": "forbidden"}] * 4]
    assert client.open(officer, person, "identity", kept[:1], *WHY)


@as_root
def test_a_web_process_names_no_other_actor_and_skips_no_intent(site, officer, victim):
    person, kept = victim
    stranger, officers = site.people["other"][0], site.people["officer"][0]
    before = len(site.entries(person=person, kind="intent"))
    told = speak(
        site,
        asking(officer, person, kept[:1], user=stranger, actor=stranger, user_id=stranger, intent=1, skip_intent=True, grant=1, units=0),
        asking(site.token("other"), person, kept[:1], user=officers, actor=officers, grant=1),
        asking("", person, kept[:1], user=officers),
        asking(str(officers), person, kept[:1]),
        {**asking(officer, person, kept[:1]), "items": [], "texts": []},
    )
    assert [next(iter(answer)) for answer in told] == ["ok", "error", "error", "error", "error"]
    made = site.entries(person=person, kind="intent")[before:]
    assert [(row["user"], row["detail"]["units"]) for row in made] == [(officers, 1)]


@as_root
def test_even_with_the_gates_secret_a_web_process_gets_a_trickle_and_all_of_it_is_logged(site, officer, victim):
    """Whoever runs code in the web process can mint sessions, for that is what it is for. What is left: budget, log, grants."""
    person, kept = victim
    minted = [site.token("officer") for _ in range(3)]
    hour = LIMITS[Spend.OPEN].hour - 1
    already = sum(row["detail"]["units"] for row in site.entries(person=person, kind="intent"))
    site.forget_budgets()
    opened = 0
    for token in minted * 3:
        told = speak(site, asking(token, person, [kept[0]] * 299))[0]
        opened += len(told["ok"]["texts"]) if "ok" in told else 0
    assert 0 < opened <= hour + 1
    assert sum(row["detail"]["units"] for row in site.entries(person=person, kind="intent")) - already == opened
    assert site.entries(subject="budget:open")
    clerk = site.token("clerk")
    assert speak(site, asking(clerk, person, kept[:1])) == [{"error": "closed"}]


# --- a corrupt inspector, with the site's addresses and with raw SQL as the app role ----------------------------------------------


def test_raw_sql_as_the_app_role_shows_no_trace_of_a_foreign_person(site, victim):
    person, kept = victim
    stranger = site.token("other")
    with site.connect(APP) as db:
        tables = [row[0] for row in db.execute("SELECT c.oid::regclass::text FROM pg_class c WHERE relkind IN ('r', 'v', 'm') AND relnamespace = 'public'::regnamespace"
                                               " AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1").fetchall()]  # fmt: skip
    assert len(tables) > 40
    for bound in (False, True):
        for table in tables:
            with site.connect(APP) as db, db.transaction():
                if bound:
                    assert db.execute("SELECT access_begin(%s)", [stranger]).fetchone()[0]
                found = "\n".join(row[0] for row in db.execute(f"SELECT t::text FROM {table} t").fetchall())
            assert traces(found.encode()) == [], table
            assert all(sealed.hex() not in found for _, sealed in kept), table
            assert str(person) not in found, table
            assert not any(place.row in found for place, _ in kept), table


@pytest.mark.django_db
def test_an_inspector_who_follows_every_link_sees_nothing_of_a_foreign_person(enter, token_of):
    from qalxan.foundation.accounts.models import Post, User
    from qalxan.foundation.accounts.queries import actor_of
    from qalxan.foundation.persons.operations import register

    now = dt.datetime.now(dt.UTC)
    who = User.objects.get(email="idare@demo.example").id
    with acting(token_of("idare")):
        person = register(
            actor=actor_of(who, now), post=Post.objects.get(user_id=who).id, reference="KNR-7714", until=now + dt.timedelta(days=5)
        )
    browser, seen, ahead, broken = (
        enter("mufettis"),
        set(),
        ["/", f"/persons/{person}/", f"/log/?person={person}", f"/log/?subject=person:{person}"],
        [],
    )
    while ahead and len(seen) < 120:
        address = ahead.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address)
        if answer.status_code >= 500:
            broken.append(address)
        page = b"".join(answer.streaming_content) if answer.streaming else answer.content
        page = page.replace(address.encode(), b"")
        assert b"KNR-7714" not in page, address
        assert str(person).encode() not in page or str(person) in address, address
        ahead += [
            link
            for link in re.findall(r'href="(/[^"#]*)"', page.decode(errors="replace"))
            if not link.startswith("/static") and "logout" not in link
        ]
    assert broken == []
    assert len(seen) > 10


# --- an injected statement -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_token_is_read_from_what_other_backends_run(token_of):
    token = token_of("idare")
    where = server()
    with psycopg.connect(where.dsn(APP, connections["default"].settings_dict["NAME"])) as other:
        for step in (lambda: sessions.touch(token), lambda: sessions.step_up(token, dt.datetime.now(dt.UTC))):
            step()
            assert token not in str(other.execute("SELECT query FROM pg_stat_activity").fetchall())
            other.rollback()
        with acting(token):
            seen = str(other.execute("SELECT query FROM pg_stat_activity WHERE usename = 'qalxan_app'").fetchall())
    assert "access_act(" in seen, "the statement itself must be seen, or this test proves nothing"
    assert token not in seen


INJECTED = {
    "another kind of body": "UPDATE bodies_body SET kind = 'court'",
    "an intent in another's name": "SELECT audit_append('intent', 1, 'vault.open', 'person:1', '{}', NULL, gen_random_uuid(), 'health', 1, 'support')",
    "the outcome of a foreign intent": "SELECT audit_outcome(1, '{}')",
    "a grant": "INSERT INTO access_grant (post) VALUES (1)",
    "a post": "INSERT INTO accounts_post (user_id) VALUES (1)",
    "a binding": "INSERT INTO access_binding VALUES (pg_backend_pid(), pg_current_xact_id(), 1, 1)",
    "a session": "INSERT INTO access_session (user_id) VALUES (1)",
    "the gate": "SELECT value FROM access_secret",
    "a file of the server": "SELECT pg_read_file('postgresql.conf')",
    "a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "another role": "SET ROLE qalxan_broker",
    "no row security": "ALTER TABLE persons_item DISABLE ROW LEVEL SECURITY",
    "a table of its own in the way": "CREATE TABLE public.access_binding2 (x int)",
    "a data key": "SELECT * FROM vault_key",
    "a budget": "DELETE FROM vault_budget",
    "a log entry changed": "UPDATE audit_entry SET event = 'x'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", INJECTED)
def test_an_injected_statement_cannot_take(what, token_of):
    from django.db import transaction

    with (
        acting(token_of("mufettis")),
        pytest.raises(DatabaseError, match=r"denied|must be|not allowed|permission|told by"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(INJECTED[what])


def test_a_temporary_table_does_not_stand_in_for_a_real_one(site, officer, victim):
    with site.acting(site.token("other")) as db:
        for table in (
            "access_grant",
            "access_ground",
            "accounts_post",
            "accounts_user",
            "persons_person",
            "access_binding",
            "access_session",
        ):
            try:
                with db.transaction():
                    db.execute(
                        f"CREATE TEMP TABLE {table} AS SELECT 1 AS id, %s::bigint AS user_id, pg_backend_pid() AS pid, pg_current_xact_id() AS xid",
                        [site.people["officer"][0]],
                    )
            except psycopg.Error:
                continue
        assert db.execute("SELECT access_actor()").fetchone() == (site.people["other"][0],)
        assert db.execute("SELECT access_reach('identity')").fetchone() == ([],)


def test_a_correction_cannot_replace_a_thing_of_another_person_or_room_nor_tell_whether_it_exists(site, officer, victim):
    _, kept = victim
    mine = site.person(officer)
    told = []
    for replaced in (kept[0][0].row, str(uuid.uuid4())):
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused, site.acting(officer) as db:
            db.execute(
                "INSERT INTO persons_item (id, person_id, compartment, kind, sealed, version, replaces_id, made_by, made_at)"
                " VALUES (gen_random_uuid(), %s, 'identity', 'name', 'x', 2, %s, access_actor(), now())",
                [mine, replaced],
            )
        told.append(str(refused.value).replace(replaced, ""))
    assert told[0] == told[1]
    place, _ = keep(site, officer, mine, "name", "Adi Ad")
    with site.acting(officer) as db:
        db.execute(
            "INSERT INTO persons_item (id, person_id, compartment, kind, sealed, version, replaces_id, made_by, made_at)"
            " VALUES (gen_random_uuid(), %s, 'identity', 'name', 'x', 2, %s, access_actor(), now())",
            [mine, place.row],
        )


def test_searching_for_one_purpose_does_not_use_a_grant_for_another(site, officer, victim):
    person, kept = victim
    with site.connect() as db:
        db.execute(
            "UPDATE access_grant SET ended_at = now() WHERE person = %s AND compartment = 'identity' AND purpose = 'investigation'",
            [person],
        )
    assert person not in client.find(officer, "document", DOCUMENT, "investigation", "case_work")
    assert person in client.find(officer, "document", DOCUMENT, "protection", "case_work")
    assert client.search(officer, NAME, [(person, *kept[0])], "investigation", "case_work") == []
    assert [hit.person for hit in client.search(officer, NAME, [(person, *kept[0])], "protection", "case_work")] == [person]


def test_a_transaction_kept_open_does_not_outlive_a_withdrawal(site, officer, victim):
    person, _ = victim
    with site.connect(APP) as db, db.transaction():
        assert db.execute("SELECT access_act(%s)", [officer]).fetchone()[0]
        mine = "SELECT count(*) FROM persons_item WHERE person_id = %s"
        assert db.execute(mine, [person]).fetchone() == (3,)
        with site.connect() as admin:
            admin.execute("UPDATE access_grant SET ended_at = now() WHERE person = %s", [person])
        time.sleep(1.1)
        assert db.execute(mine, [person]).fetchone() == (0,)
        assert db.execute("SELECT access_reach('identity')").fetchone()[0].count(person) == 0


# --- once open, now held or found


@pytest.mark.django_db
def test_an_injected_statement_adds_no_entry_in_anothers_name(token_of):
    said = "SELECT audit_append('entry', %s, 'export', 'plan:X', '{}', NULL, NULL, '', NULL, '')"
    with acting(token_of("mufettis")) as me, connection.cursor() as cursor:
        cursor.execute(said, [me])
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(said, [me + 1])


def test_access_changed_by_raw_sql_stands_in_the_log(site, officer):
    person = site.person(officer)
    noted = site.entries(subject=f"person:{person}", kind="entry", databases_own=True)
    assert {(row["event"], row["detail"]["table"]) for row in noted} >= {
        ("access.changed", "persons_person"),
        ("access.changed", "access_grant"),
    }


def test_an_administrator_who_keeps_intents_out_of_the_log_is_found_by_the_brokers_own_account(site, officer, victim, monkeypatch):
    person, kept = victim
    before = len(site.entries(person=person, kind="intent"))
    with site.connect() as db:
        real = [
            row[0]
            for row in db.execute(
                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname IN ('audit_append', 'audit_outcome')"
            ).fetchall()
        ]
        for arguments in ("audit_append(p_kind text, p_user bigint, p_event text, p_subject text, p_detail jsonb, p_intent bigint, p_person uuid, p_compartment text, p_grant bigint, p_purpose text)",
                          "audit_outcome(p_intent bigint, p_detail jsonb)"):  # fmt: skip
            db.execute(f"CREATE OR REPLACE FUNCTION {arguments} RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'")
        try:
            given = client.open(officer, person, "identity", kept[:1], *WHY)
        except client.BrokerAway:
            given = []
        finally:
            for function in real:
                db.execute(function)
    assert given, "a ruler of the database can do that"
    assert len(site.entries(person=person, kind="intent")) == before
    monkeypatch.setenv("QALXAN_KEY_FOLDER", str(site.home / "keys"))
    with site.connect() as db:
        assert [(number, what) for number, _user, what in journal.missing(db)] == [(1, "vault.open")]


def test_a_session_without_a_passkey_gets_nothing_at_all_from_the_broker(site, officer, victim):
    person, kept = victim
    weak, ends = secrets.token_urlsafe(32), int(time.time()) + 3600
    digest = hashlib.sha256(weak.encode()).digest()
    proof = hmac.new(site.gate.encode(), f"{site.people['officer'][0]}|{digest.hex()}|{ends}|0".encode(), "sha256").digest()
    with site.connect(APP) as db:
        db.execute("SELECT access_open_session(%s, %s, to_timestamp(%s), false, '', %s)", [site.people["officer"][0], digest, ends, proof])
    rows = [(person, *kept[0])]
    assert client.search(officer, "nobody", rows, *WHY) == []
    already = len(site.entries(kind="refusal", subject="session:passkey"))
    with pytest.raises(client.Closed):
        client.seal(weak, person, "identity", "persons_item", "a1", "sealed", 1, b"x")
    for ask in (
        lambda: client.open(weak, person, "identity", kept[:1], *WHY),
        lambda: client.search(weak, "nobody", rows, *WHY),
        lambda: client.find(weak, "document", "AZE1", *WHY),
        lambda: client.match(weak, Features(("Nobody",), Birth(1990, 1, 1)), *WHY),
    ):
        with pytest.raises(client.Closed):
            ask()
    assert len(site.entries(kind="refusal", subject="session:passkey")) - already == 5


def test_a_line_of_the_brokers_account_cut_off_by_a_crash_counts_for_nothing_and_a_damaged_one_is_named(tmp_path, monkeypatch, site):
    monkeypatch.setenv("QALXAN_KEY_FOLDER", str(tmp_path))
    with site.connect() as db:
        assert journal.missing(db) == []
        (tmp_path / "openings").write_text("0 1 vault.open\n0 1 va", encoding="ascii")
        assert journal.missing(db) == [(0, 1, "vault.open")]
        journal.note(0, 2, "vault.open")
        assert journal.missing(db) == [(0, 1, "vault.open"), (0, 2, "vault.open")]
        (tmp_path / "openings").write_text("0 1 vault.open\nnonsense\n0 1 vault.open\n", encoding="ascii")
        with pytest.raises(BadInput, match="line 2"):
            journal.missing(db)
