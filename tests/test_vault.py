"""The broker as a process: what it opens, what it refuses, and what stands in the log when something breaks."""

import contextlib
import json
import os
import socket
import struct
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.vault import client, service, wire
from qalxan.foundation.vault.budgets import LIMITS, Spend
from qalxan.foundation.vault.crypto import Place
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.matching import Birth, Features
from tests.vault_site import APP, BROKER, Site

NAME = {"name": "Nərgiz Əliyeva İlqar qızı"}
WHY = ("investigation", "case_work")


@pytest.fixture(scope="module")
def site():
    built = Site("vault-postgres").build().start()
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
def person(site, officer):
    return site.person(officer)


def item(token, person, text=NAME, row="a1", version=1):
    place = Place("persons_item", row, "sealed", version)
    return place, client.seal(token, person, "identity", *place, json.dumps(text).encode())


def opened(token, person, *items, compartment="identity", why=WHY):
    return [json.loads(text) for text in client.open(token, person, compartment, items, *why)]


def last(site, person, count=2):
    return [(row["kind"], row["detail"].get("result")) for row in site.entries(person=person)][-count:]


def test_the_broker_knows_the_same_compartments():
    assert frozenset(c.value for c in Compartment) == service.COMPARTMENTS


def test_who_has_a_grant_opens_and_the_log_has_the_intent_before_the_outcome(site, officer, person):
    sealed = item(officer, person)
    assert NAME["name"].encode() not in sealed[1]
    assert opened(officer, person, sealed) == [NAME]
    intent, outcome = site.entries(person=person)
    assert (intent["kind"], intent["event"], intent["compartment"], intent["purpose"], intent["detail"]["reason"]) == (
        "intent",
        "vault.open",
        "identity",
        *WHY,
    )
    assert intent["user"] == site.people["officer"][0]
    assert intent["grant"]
    assert (outcome["kind"], outcome["intent"], outcome["detail"]["result"]) == ("outcome", intent["id"], "opened")


def test_without_a_grant_all_is_closed_alike_and_the_refusal_stands(site, officer, person):
    sealed = item(officer, person)
    stranger = site.token("other")
    for token, whose, compartment, why in (
        (stranger, person, "identity", ("support", "case_work")),
        (officer, uuid.uuid4(), "identity", WHY),
        (officer, person, "health", WHY),
        (officer, person, "identity", ("support", "case_work")),
        (officer, person, "cellar", WHY),
        ("guessed", person, "identity", WHY),
    ):
        with pytest.raises(client.Closed):
            client.open(token, whose, compartment, [sealed], *why)
    assert [row["kind"] for row in site.entries(person=person)] == ["refusal"] * 3


def test_a_session_that_ended_opens_nothing(site, officer, person):
    sealed = item(officer, person)
    with site.connect(APP) as db:
        db.execute("SELECT access_end_session(%s::text)", [officer])
    with pytest.raises(client.Closed):
        opened(officer, person, sealed)


def test_a_ciphertext_moved_to_another_row_version_or_person_does_not_open_and_the_log_says_so(site, officer, person):
    place, sealed = item(officer, person)
    second = site.person(officer)
    item(officer, second)
    for whose, moved in (
        (person, place._replace(row="a2")),
        (person, place._replace(version=2)),
        (person, place._replace(table="persons_note")),
        (second, place),
    ):
        with pytest.raises(client.Tampered):
            client.open(officer, whose, "identity", [(moved, sealed)], *WHY)
        assert last(site, whose) == [("intent", None), ("outcome", "tampered")]
    with pytest.raises(client.Tampered):  # one bad thing and nothing of the call is given
        client.open(officer, person, "identity", [(place, sealed), (place, sealed[:-1] + bytes([sealed[-1] ^ 1]))], *WHY)


def test_a_data_key_moved_to_another_person_opens_nothing(site, officer, person):
    sealed = item(officer, person)
    second = site.person(officer)
    item(officer, second)
    with site.connect() as db:
        db.execute(
            "UPDATE vault_key SET wrapped = (SELECT wrapped FROM vault_key WHERE person = %s AND compartment = 'identity') WHERE person = %s",
            [person, second],
        )
    with pytest.raises(client.Tampered):
        opened(officer, second, sealed)
    assert "1 data keys cannot be read" in site.run("keys", "rotate", "--compartment", "identity").stderr
    assert opened(officer, person, sealed) == [NAME]
    with site.connect() as db:
        db.execute("DELETE FROM vault_key WHERE person = %s", [second])


@pytest.mark.parametrize("span", ["hour", "day"])
def test_a_spent_budget_opens_nothing_and_is_logged(site, officer, person, span):
    sealed = item(officer, person)
    with site.connect() as db:
        most = getattr(LIMITS[Spend.OPEN], span)
        db.execute(
            "INSERT INTO vault_budget VALUES (%s, 'open', %s, date_trunc(%s, now(), 'UTC'), %s)",
            [site.people["officer"][0], span, span, most - 1],
        )
    with pytest.raises(client.OverBudget):
        opened(officer, person, sealed, sealed)
    assert opened(officer, person, sealed) == [NAME]
    with pytest.raises(client.OverBudget):
        opened(officer, person, sealed)
    assert site.entries(subject="budget:open")[-1]["detail"]["span"] == span
    assert len(site.entries(person=person, kind="intent")) == 1


def test_yesterdays_budget_does_not_count(site, officer, person):
    sealed = item(officer, person)
    with site.connect() as db:
        db.execute(
            "INSERT INTO vault_budget SELECT %s, 'open', s, now() - interval '2 days', 100000 FROM unnest(ARRAY['hour','day']) s",
            [site.people["officer"][0]],
        )
    assert opened(officer, person, sealed) == [NAME]


@pytest.mark.parametrize(
    "right", ["audit_append(text, bigint, text, text, jsonb, bigint, uuid, text, bigint, text)", "audit_outcome(bigint, jsonb)"]
)
def test_no_plaintext_when_intent_or_outcome_cannot_be_written(site, officer, person, right):
    sealed = item(officer, person)
    with site.connect() as db:
        db.execute(f"REVOKE EXECUTE ON FUNCTION {right} FROM {BROKER}")
        try:
            with pytest.raises(client.BrokerAway):
                opened(officer, person, sealed)
        finally:
            db.execute(f"GRANT EXECUTE ON FUNCTION {right} TO {BROKER}")
    assert opened(officer, person, sealed) == [NAME]


def wait_for(what, seconds=10):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_broker_killed_in_the_middle_leaves_the_intent_and_gives_nothing(site, officer, person):
    sealed = item(officer, person)
    got = []

    def call():
        try:
            got.append(opened(officer, person, sealed))
        except RuleBroken as error:
            got.append(type(error))

    with site.connect() as db, db.transaction():
        db.execute("SELECT 1 FROM vault_key WHERE person = %s FOR UPDATE", [person])
        thread = threading.Thread(target=call)
        thread.start()
        wait_for(lambda: site.entries(person=person))
        site.kill()
        thread.join(15)
    assert got == [client.BrokerAway]
    assert last(site, person) == [("intent", None)]
    site.start()
    assert opened(officer, person, sealed) == [NAME]


def test_with_the_database_down_nothing_is_opened_and_it_comes_back_by_itself(site, officer, person):
    sealed = item(officer, person)
    site.cluster.stop()
    try:
        with pytest.raises(client.BrokerAway):
            opened(officer, person, sealed)
        with pytest.raises(client.BrokerAway):
            item(officer, person)
    finally:
        site.cluster.start(durable=False)
    wait_for(lambda: not isinstance(tried(officer, person, sealed), Exception), 20)
    assert opened(officer, person, sealed) == [NAME]


def tried(*arguments):
    try:
        return opened(*arguments)
    except client.BrokerAway as away:
        return away


def raw(site, sent, finish=True):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(8)
        connection.connect(str(site.home / "run" / "broker.sock"))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(sent)
            if finish:
                connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError, wire.Gone):
            return wire.receive(connection, 8)


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.sampled_from(["identity", "\0", "'; DROP TABLE vault_key; --"]),
                      lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6)  # fmt: skip
FIELDS = ("token", "person", "compartment", "items", "purpose", "reason", "features", "name", "field", "value")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    command=st.sampled_from(["open", "seal", "find", "search", "match", "index", "ping", "erase", "", None, 7]),
    fields=st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8),
)
def test_no_request_at_all_opens_anything_or_hurts_the_broker(site, command, fields):
    body = json.dumps({**fields, "do": command}).encode()
    answer = raw(site, struct.pack(">I", len(body)) + body)
    assert answer is None or set(answer) == {"error"} or answer == {"ok": {"ready": True}}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=st.binary(max_size=60))
def test_no_bytes_at_all_hurt_the_broker(site, sent):
    assert raw(site, sent) in (None, {"error": "malformed"})


def test_callers_that_say_nothing_do_not_keep_others_out_for_good(site, officer, person):
    sealed = item(officer, person)
    silent = [socket.socket(socket.AF_UNIX) for _ in range(60)]
    try:
        for each in silent:
            each.connect(str(site.home / "run" / "broker.sock"))
        assert isinstance(tried(officer, person, sealed), client.BrokerAway)
        wait_for(lambda: not isinstance(tried(officer, person, sealed), Exception), 8)
    finally:
        for each in silent:
            each.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
def test_another_account_is_turned_away_even_where_the_socket_lets_it_in(site):
    path = site.home / "run" / "broker.sock"

    def as_nobody():
        """What another account hears: a child of ours becomes it, for it could not start our Python."""
        mine, theirs = os.pipe()
        if (child := os.fork()) == 0:
            try:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
                with socket.socket(socket.AF_UNIX) as connection:
                    connection.connect(str(path))
                    heard = connection.recv(200)
            except BaseException as error:
                heard = type(error).__name__.encode()
            os.write(theirs, heard)
            os._exit(0)
        os.close(theirs)
        os.waitpid(child, 0)
        with os.fdopen(mine, "rb") as stream:
            return stream.read()

    assert as_nobody() == b"PermissionError"
    path.chmod(0o666)
    try:
        assert b'{"error":"forbidden"}' in as_nobody()
    finally:
        path.chmod(0o660)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give root up")
def test_the_broker_is_not_root_and_its_keys_are_its_own(site):
    status = dict(line.split(":\t", 1) for line in Path(f"/proc/{site.broker.pid}/status").read_text().splitlines() if ":\t" in line)
    uids = set(status["Uid"].split())
    assert len(uids) == 1
    assert "0" not in uids
    assert {(str(p.stat().st_uid), oct(p.stat().st_mode & 0o777)) for p in (site.home / "keys").iterdir()} == {(*uids, "0o600")}
    assert int(status["CapEff"], 16) == 0


def test_the_site_and_the_audit_reader_touch_no_table_of_the_vault_and_the_broker_no_other(site):
    with site.connect() as db:
        tables = [row[0] for row in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]

        def allowed(role, table):
            rights = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            return [p for p in rights if db.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, p]).fetchone()[0]]

        vault = {t for t in tables if t.startswith("vault_")}
        assert {t: allowed(APP, t) for t in vault if allowed(APP, t)} == {"vault_notice": ["SELECT"]}
        assert [t for t in vault if allowed("qalxan_audit", t) or allowed("qalxan_log", t)] == []
        assert [t for t in set(tables) - vault if allowed(BROKER, t)] == []
        assert allowed(BROKER, "vault_shredded") == ["SELECT", "INSERT"]


def test_many_at_once_all_get_their_own(site, officer):
    people = [site.person(officer) for _ in range(8)]
    sealed = {p: item(officer, p, {"name": str(p)}) for p in people}
    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(lambda p: opened(officer, p, sealed[p])[0]["name"], people * 10))
    assert got == [str(p) for p in people] * 10
    fresh = site.person(officer)
    with ThreadPoolExecutor(8) as pool:  # the first seals of a person race for the data key
        made = list(pool.map(lambda n: item(officer, fresh, n, row=f"r{n}"), range(8)))
    assert opened(officer, fresh, *made) == list(range(8))


def key_row(site, person):
    with site.connect() as db:
        return db.execute("SELECT version, key_version, wrapped FROM vault_key WHERE person = %s", [person]).fetchone()


def test_rotation_wraps_anew_and_touches_no_data(site, officer, person):
    sealed = item(officer, person)
    before = key_row(site, person)
    assert "identity: version" in site.run("keys", "rotate").stdout
    after = key_row(site, person)
    assert (after[0], after[1]) == (before[0], before[1] + 1)
    assert opened(officer, person, sealed) == [NAME]
    with site.connect() as db:  # a wrapped key from before the rotation is worth nothing now
        db.execute("UPDATE vault_key SET wrapped = %s, key_version = %s WHERE person = %s", [before[2], before[1], person])
    with pytest.raises(client.Tampered):
        opened(officer, person, sealed)
    with site.connect() as db:
        db.execute("DELETE FROM vault_key WHERE person = %s", [person])


def test_sealing_goes_on_while_keys_are_rotated(site, officer):
    people = [site.person(officer) for _ in range(12)]
    done = []
    turning = threading.Thread(target=lambda: [site.run("keys", "rotate", "--compartment", "identity") for _ in range(2)])
    turning.start()
    while turning.is_alive() or len(done) < 12:
        target = people[len(done) % 12]
        with contextlib.suppress(client.OverBudget):
            done.append((target, item(officer, target, row=f"x{len(done)}")))
        time.sleep(0.02)
    turning.join()
    for target in people:
        mine = [sealed for who, sealed in done if who == target]
        assert opened(officer, target, *mine) == [NAME] * len(mine)


def test_an_erased_person_is_gone_for_good_with_a_certificate(site, officer, person):
    sealed = item(officer, person)
    client.index(officer, person, Features((NAME["name"],), Birth(1991, 3, 8), ("AZE4411223",)))
    told = json.loads(site.run("erase", str(person), "--reference", "decision:12-2022").stdout)
    assert (told["person"], told["keys"], told["reference"]) == (str(person), 1, "decision:12-2022")
    entry = site.entries(id=told["entry"])[0]
    assert (entry["event"], entry["person"], entry["detail"]) == ("vault.erased", person, {"keys": 1, "reference": "decision:12-2022"})
    with pytest.raises(client.Erased):
        opened(officer, person, sealed)
    with pytest.raises(client.Erased):
        item(officer, person)
    with pytest.raises(client.Erased):
        client.index(officer, person, Features(("Somebody Else",)))
    assert client.find(officer, "document", "AZE 4411223", *WHY) == []
    with site.connect() as db:
        assert [
            db.execute(f"SELECT count(*) FROM {t} WHERE person = %s", [person]).fetchone()[0]
            for t in ("vault_key", "vault_face", "vault_blind")
        ] == [0, 0, 0]
        assert (
            db.execute("SELECT count(*) FROM vault_token t WHERE NOT EXISTS (SELECT 1 FROM vault_face f WHERE f.slot = t.slot)").fetchone()[
                0
            ]
            == 0
        )
    assert json.loads(site.run("erase", str(person), "--reference", "again").stdout)["keys"] == 0


def test_an_erasure_cut_off_after_the_list_is_finished_at_the_next_start(site, officer, person):
    sealed = item(officer, person)
    site.kill()
    (site.home / "keys" / "shredded.list").touch(0o600)
    with (site.home / "keys" / "shredded.list").open("a") as out:
        out.write(f"{person} 2022-01-02T00:00:00+00:00 decision:13-2022\n")
    site.start()
    with pytest.raises(client.Erased):
        opened(officer, person, sealed)
    assert site.entries(event="vault.erased", person=person)


def test_a_bad_order_of_the_operator_is_one_line(site):
    for arguments in (
        ("erase", "nobody", "--reference", "x"),
        ("erase", str(uuid.uuid4()), "--reference", "two words"),
        ("keys", "rotate", "--compartment", "cellar"),
    ):
        assert site.run(*arguments, code=2).stderr.startswith("qalxan: ")


def test_a_document_is_found_by_its_holder_however_it_is_written_and_by_nobody_else(site, officer, person):
    item(officer, person)
    client.index(officer, person, Features(("Aysel Quliyeva",), documents=("AZE 77-88-99",), phones=("+994 50 123 45 67",)))
    assert client.find(officer, "document", "aze778899", *WHY) == [person]
    assert client.find(officer, "phone", "050 1234567", *WHY) == [person]
    assert client.find(officer, "phone", "050 1234568", *WHY) == []
    assert client.find(site.token("other"), "document", "aze778899", "support", "case_work") == []
    with pytest.raises(client.Closed):
        client.find(site.token("clerk"), "document", "aze778899", *WHY)
    with pytest.raises(client.Closed):
        client.index(site.token("other"), person, Features(("Planted",)))


def test_names_are_searched_in_what_the_caller_reaches(site, officer):
    people = [site.person(officer) for _ in range(3)]
    names = ("Nərgiz Əliyeva", "Алиева Наргиз", "Rəşad Məmmədov")
    rows = [(p, *item(officer, p, {"name": name}, row=f"n{n}")) for n, (p, name) in enumerate(zip(people, names, strict=True))]
    hits = client.search(officer, "Aliyeva Nargiz", rows, *WHY)
    assert {hit.person for hit in hits} == set(people[:2])
    assert [hit.person for hit in client.search(officer, "Məmmədov", rows, *WHY)] == [people[2]]
    assert client.search(site.token("other"), "Aliyeva Nargiz", rows, "support", "case_work") == []
    assert site.entries(event="vault.search", kind="outcome")[-2]["detail"]["opened"] == 3


MET = Features(("Leyla Hüseynova Kamran qızı",), Birth(1994, 5, 17), ("AZE5551234",), place="Gəncə")


def notices(site, token):
    with site.acting(token) as db:
        return db.execute("SELECT person, asker, purpose, strength, agrees, id, sealed FROM vault_notice ORDER BY at").fetchall()


def test_a_match_is_told_to_the_holder_and_to_nobody_else(site, officer, person):
    item(officer, person)
    client.index(officer, person, MET)
    asker = site.token("other")
    before = len(notices(site, officer))
    asked = Features(("Гусейнова Лейла",), Birth(1994, 5, 17))
    assert client.match(asker, asked, "support", "intake") is None
    told = [row for row in notices(site, officer)[before:] if row[0] == person]  # others here may be alike, and are told too
    assert [(row[0], row[1], row[2]) for row in told] == [(person, site.people["other"][0], "support")]
    assert "birth:same" in told[0][4]
    text = client.open(officer, person, "identity", [(Place("vault_notice", str(told[0][5]), "sealed", 1), told[0][6])], *WHY)[0]
    assert Features.unpack(text) == asked
    assert notices(site, asker) == []
    with site.connect(APP) as db:
        assert db.execute("SELECT count(*) FROM vault_notice").fetchone()[0] == 0
    before = len(notices(site, officer))
    client.match(asker, Features(("Zibeydə Qasımzadə",), Birth(1950, 1, 2)), "support", "intake")
    assert len(notices(site, officer)) == before
    with pytest.raises(client.Closed):
        client.match(site.token("clerk"), asked, "support", "intake")


def test_a_hit_and_a_miss_have_one_answer_and_one_beat(site, officer, person):
    item(officer, person)
    client.index(officer, person, MET)
    asker, took = site.token("other"), {}
    for kind, features in (
        ("hit", Features(("Leyla Huseynova",), Birth(1994, 5, 17), ("AZE5551234",))),
        ("miss", Features(("Leyla Huseynova",), Birth(1961, 2, 3), ("AZE0009999",))),
    ):
        took[kind] = []
        for _ in range(20):
            started = time.perf_counter()
            assert client.call("match", token=asker, features=client._plain(features), purpose="support", reason="intake") == {}
            took[kind].append(time.perf_counter() - started)
        site.forget_budgets()
    middle = {kind: sorted(times)[10] for kind, times in took.items()}
    assert abs(middle["hit"] - middle["miss"]) < 0.016, middle


def test_one_match_is_one_intent_and_one_unit(site, officer, person):
    asker = site.token("other")
    with site.connect() as db:
        before = len(site.entries(event="vault.match", kind="intent"))
        client.match(asker, MET, "support", "intake")
        assert len(site.entries(event="vault.match", kind="intent")) == before + 1
        assert db.execute(
            "SELECT spent FROM vault_budget WHERE user_id = %s AND kind = 'match' AND span = 'hour'", [site.people["other"][0]]
        ).fetchone() == (1,)


def test_no_word_of_a_person_stands_in_the_log_the_tables_or_the_brokers_lines(site, officer, person):
    item(officer, person)
    client.index(officer, person, MET)
    client.match(site.token("other"), MET, "support", "intake")
    everything = site.log.read_text().encode()
    with site.connect() as db:
        for (table,) in db.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND (tablename LIKE 'vault%' OR tablename LIKE 'audit%')"
        ).fetchall():
            with db.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                everything += b"".join(bytes(part) for part in copy)
    for word in ("Leyla", "Hüseynova", "Nərgiz", "Əliyeva", "AZE5551234", "5551234"):
        assert word.encode() not in everything
        assert word.encode().hex().encode() not in everything


def test_what_is_no_features_is_refused_before_anything_is_written(site, officer):
    before = len(site.entries())
    for features in (
        {"names": "x"},
        {"names": ["\0"]},
        {"names": ["x"] * 7},
        {"names": [], "year": 10**30},
        {"names": [], "month": "²"},
        [],
    ):
        with pytest.raises(ValueError):
            client.call("match", token=officer, features=features, purpose="support", reason="x")
    with pytest.raises(ValueError):
        client.open(
            officer, uuid.uuid4(), "identity", [(Place("persons_item", "a", "sealed", 1), b"x")], "investigation", "words of a person"
        )
    assert len(site.entries()) == before


def test_away_is_said_in_a_sentence(site):
    from unittest import mock

    with (
        mock.patch.dict(os.environ, {"QALXAN_BROKER_SOCKET": "/nowhere/at.all"}),
        pytest.raises(client.BrokerAway, match="try again in a minute"),
    ):
        client.call("open")
