"""Backup and restore: data and keys apart, into an empty cluster, and whoever was erased stays erased. And the ceremony of the root key."""

import json
import shutil
import subprocess
import sys
import time

import psycopg
import pytest

from qalxan.foundation.vault import client
from qalxan.foundation.vault.crypto import Place
from qalxan.kernel.matching import Features
from tests.vault_site import APP, ROOT, Site

NAME = {"name": "Nərgiz Əliyeva"}
WHY = ("investigation", "case_work")


@pytest.fixture(scope="module")
def site():
    built = Site("vault-postgres").build().start()
    try:
        yield built
    finally:
        built.end()


@pytest.fixture(scope="module")
def empty():
    """Another machine: its own cluster and folders, nothing in them."""
    made = Site("vault-restored")
    try:
        yield made
    finally:
        made.end()


def keep(site, token, person):
    """A sealed thing in its row."""
    with site.acting(token) as db:
        row = db.execute("SELECT gen_random_uuid()").fetchone()[0]
        place = Place("persons_item", str(row), "sealed", 1)
        sealed = client.seal(token, person, "identity", *place, json.dumps(NAME).encode())
        db.execute(
            "INSERT INTO persons_item (id, person_id, compartment, kind, sealed, version, made_by, made_at) VALUES (%s, %s, 'identity', 'name', %s, 1, access_actor(), now())",
            [row, person, sealed],
        )
    return place, sealed


def bring_root(site, empty):
    (empty.home / "keys").mkdir(exist_ok=True)
    shutil.copy(site.home / "keys" / "root.key", empty.home / "keys" / "root.key")
    (empty.home / "keys" / "root.key").chmod(0o600)


def chain(site):
    """Let the sequencer chain and sign what the log holds so far."""
    sequencer = subprocess.Popen([sys.executable, "-m", "qalxan", "sequencer"], cwd=ROOT, env=site.environment)
    try:
        until = time.monotonic() + 30
        with site.connect() as db:
            while not db.execute("SELECT NOT EXISTS (SELECT 1 FROM audit_pending) AND EXISTS (SELECT 1 FROM audit_head)").fetchone()[0]:
                assert time.monotonic() < until
                time.sleep(0.1)
    finally:
        sequencer.terminate()
        sequencer.wait(10)


def test_the_restore_drill(site, empty, tmp_path):
    with site.here():
        token = site.token("officer")
        kept, early, late = (site.person(token) for _ in range(3))
        things = {person: keep(site, token, person) for person in (kept, early, late)}
        client.index(token, late, Features(("Nərgiz Əliyeva",), documents=("AZE1234567",)))
        site.run("erase", str(early), "--reference", "decision:1")
        chain(site)
        data, keys = site.run("backup", str(tmp_path / "data")).stdout.split()
        shred = tmp_path / "shredded-elsewhere.list"
        site.run("erase", str(late), "--reference", "decision:2")  # after the backup
        shutil.copy(site.home / "keys" / "shredded.list", shred)
    for path in (tmp_path / "data").iterdir():
        assert oct(path.stat().st_mode & 0o777) == "0o600"
        for secret in (site.gate.encode(), site.gate.encode().hex().encode(), (site.home / "keys" / "root.key").read_bytes().strip()):
            assert secret not in path.read_bytes()
    assert "root key is not here" in empty.run("restore", data, "--keys", keys, code=2).stderr
    bring_root(site, empty)
    (tmp_path / "torn.keys").write_bytes((tmp_path / "data-keys" / keys.rsplit("/", 1)[1]).read_bytes()[:-200])
    assert "no whole backup" in empty.run("restore", data, "--keys", str(tmp_path / "torn.keys"), code=2).stderr

    told = empty.run("restore", data, "--keys", keys, "--shredded", str(shred))
    assert "1 persons erased again" in told.stdout
    assert "not empty" in empty.run("restore", data, "--keys", keys, code=2).stderr
    with site.connect() as db:
        empty.people = site.people
        rows = {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("persons_item", "persons_person", "access_grant", "accounts_user", "bodies_body")
        }
    with empty.connect() as db:
        assert {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in rows} == rows
        assert [row[0] for row in db.execute("SELECT DISTINCT person FROM vault_key WHERE person = ANY(%s)", [[kept, early, late]])] == [
            kept
        ]
        assert db.execute("SELECT count(*) FROM access_session").fetchone()[0] == 0
        assert [db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("vault_face", "vault_token", "vault_blind")] == [0, 0, 0]
    assert empty.run("audit", "verify").returncode == 0
    empty.start()
    with empty.here():
        again = empty.token("officer")  # the gate's secret is this machine's own
        place, sealed = things[kept]
        assert json.loads(client.open(again, kept, "identity", [(place, sealed)], *WHY)[0]) == NAME
        for gone in (early, late):
            with pytest.raises(client.Erased):
                client.open(again, gone, "identity", [things[gone]], *WHY)
    assert empty.entries(event="vault.erased", person=late)
    with empty.connect(APP) as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.execute("SELECT * FROM vault_key")


def test_after_a_restore_that_lost_rows_the_same_log_goes_on_and_says_what_is_lost(site, tmp_path):
    with site.here():
        token = site.token("officer")
        person = site.person(token)
        place, sealed = keep(site, token, person)
        chain(site)
        data, keys = site.run("backup", str(tmp_path / "data")).stdout.split()
        for _ in range(3):
            client.open(token, person, "identity", [(place, sealed)], *WHY)
        chain(site)
    with site.connect() as db:
        size = db.execute("SELECT max(size) FROM audit_head").fetchone()[0]
    other = Site("vault-lost")
    try:
        bring_root(site, other)
        shutil.copytree(site.home / "log", other.home / "log")  # what the sequencer keeps lies apart from the database and outlives it
        shutil.copy(site.home / "keys" / "openings", other.home / "keys" / "openings")
        assert "no restore lost" not in other.run("restore", data, "--keys", keys).stderr
        assert "was cut off the end" in other.run("audit", "verify", code=1).stdout
        assert "qalxan audit regrow" in other.run("sequencer", code=2).stderr
        told = other.run("audit", "regrow").stdout
        lost = int(told.split()[0])
        assert lost >= 6  # three openings and their outcomes
        assert other.run("audit", "regrow").stdout.startswith("0 rows")
        chain(other)
        with other.connect() as db:
            assert db.execute("SELECT max(size) FROM audit_head").fetchone()[0] > size
            assert db.execute("SELECT min(id) > 1000000 FROM audit_entry WHERE event = 'log.restored'").fetchone()[0]
        mark = other.run("audit", "verify", code=1).stdout.split("--lost ")[1].split()[0]
        assert mark.startswith(f"{lost}-")
        assert f"whole but for {lost}" in other.run("audit", "verify", "--lost", mark).stdout
        assert mark in other.run("audit", "verify", "--lost", f"{lost}-0", code=1).stdout
        with other.connect() as db:
            db.execute("SET session_replication_role = replica")
            db.execute("DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry WHERE id < 1000000)")
        assert "was deleted" in other.run("audit", "verify", "--lost", mark, code=1).stdout
    finally:
        other.end()


def test_what_no_restore_lost_is_not_put_back(site):
    chain(site)
    with site.connect() as db:
        db.execute("SET session_replication_role = replica")
        cut = db.execute("SELECT entry FROM audit_leaf ORDER BY seq DESC LIMIT 1").fetchone()
        for table, column in (("audit_leaf", "entry"), ("audit_entry", "id")):
            db.execute(f"CREATE TEMPORARY TABLE cut_{table} AS SELECT * FROM {table} WHERE {column} = {cut[0]}")
            db.execute(f"DELETE FROM {table} WHERE {column} = {cut[0]}")
        try:
            assert f"no restore lost entry {cut[0]}" in site.run("audit", "regrow", code=2).stderr
        finally:
            for table in ("audit_entry", "audit_leaf"):
                db.execute(f"INSERT INTO {table} SELECT * FROM cut_{table}")


def test_data_and_keys_in_one_place_are_refused(site, tmp_path):
    for keys in (tmp_path / "a", tmp_path / "a" / "keys", tmp_path):
        assert "in one place" in site.run("backup", str(tmp_path / "a"), "--keys", str(keys), code=2).stderr


def test_a_dump_that_was_changed_is_not_restored(site, empty, tmp_path):
    with site.here():
        data, keys = site.run("backup", str(tmp_path / "d")).stdout.split()
    with open(data, "r+b") as stream:
        stream.seek(-1, 2)
        stream.write(b"\0\1")
    assert "not the one that was written" in empty.run("restore", data, "--keys", keys, code=2).stderr


def test_the_ceremony_brings_the_root_key_back_with_any_three_shares(site, tmp_path):
    with site.here():
        token = site.token("officer")
        person = site.person(token)
        thing = keep(site, token, person)
        site.run("keys", "split", str(tmp_path / "shares"), "--remove")
        site.kill()
        assert "the root key is not here" in site.run("broker", code=2).stderr
        files = [str(tmp_path / "shares" / f"share-{n}.txt") for n in (5, 2, 4)]
        assert "2 of 3 shares" in site.run("keys", "join", *files[:2], code=2).stderr
        site.run("keys", "join", *files)
        site.start()
        assert json.loads(client.open(token, person, "identity", [thing], *WHY)[0]) == NAME
        site.run("keys", "rotate", "--root")
        site.kill()
        site.start()
        assert json.loads(client.open(token, person, "identity", [thing], *WHY)[0]) == NAME
    assert "runs already" in site.run("broker", code=2).stderr
