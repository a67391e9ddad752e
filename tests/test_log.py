"""The log: written ahead, chained without a gap, readable by whom it concerns, provable to anyone."""

import base64
import datetime as dt
import importlib.util
import json
import threading
import uuid
from pathlib import Path

import psycopg
import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import escape

from config.postgres import APP, AUDIT, BROKER, LOG
from qalxan.foundation.access.binding import bearing
from qalxan.foundation.access.guard import Refused
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.models import User
from qalxan.foundation.audit import proofs
from qalxan.foundation.audit.aside import Aside
from qalxan.foundation.audit.canonical import COLUMNS, canonical, hash_of
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.intents import intent, outcome, refusal
from qalxan.foundation.audit.models import Entry
from qalxan.foundation.audit.operations import FreeWords, record, record_refusal
from qalxan.foundation.audit.queries import history, opened
from qalxan.foundation.audit.sequencer import Sequencer
from qalxan.foundation.audit.verify import verify
from qalxan.kernel.checkpoints import Signer, read_vkey
from qalxan.kernel.checkpoints import opened as opened_note
from qalxan.kernel.merkle import consistent, included
from tests.log_world import as_role, dsn

pytestmark = pytest.mark.django_db
SIGNER = Signer("qalxan.test/log", bytes(range(32)))
ASK = {"actor": 7, "compartment": "health", "purpose": "health_care", "grant": 12, "what": AuditEvent.THING_OPENED}


@pytest.fixture
def chained():
    """Chain and sign what waits in the test database; gives the sequencer."""
    connection = as_role(LOG)
    sequencer = Sequencer(connection, SIGNER)
    sequencer.load()

    def run():
        sequencer.head_at = float("-inf")
        while sequencer.step(1.0):
            sequencer.head_at = float("-inf")
        return sequencer

    yield run
    connection.close()


def somebody():
    return uuid.uuid4()


# --- written ahead ---------------------------------------------------------------------------------------------------------------


def test_an_intent_and_a_refusal_stand_although_the_request_is_rolled_back(overseeing):
    person = somebody()
    with transaction.atomic():
        meant = intent(dsn(BROKER), person=person, subject="item:1", reason_code="treatment", **ASK)
        record_refusal(7, "item:2", "persons.open")
        record(7, AuditEvent.EXPORTED, f"person:{person}")
        transaction.set_rollback(True)
    with overseeing():
        assert Entry.objects.get(id=meant).detail == {"reason": "treatment"}
        assert Entry.objects.filter(kind="refusal", subject="item:2", detail__permission="persons.open").exists()
        assert not Entry.objects.filter(subject=f"person:{person}").exists()


def test_an_intent_never_joins_a_transaction_that_could_take_it_back():
    with psycopg.connect(dsn(APP)) as connection:
        connection.execute("SELECT 1")
        with pytest.raises(ValueError, match="in a transaction"):
            intent(connection, person=somebody(), subject="item:1", reason_code="treatment", **ASK)


def test_an_intent_is_committed_on_a_connection_that_is_not_in_autocommit(overseeing):
    person = somebody()
    with psycopg.connect(dsn(BROKER)) as connection:
        intent(connection, person=person, subject="item:1", reason_code="treatment", **ASK)
        connection.rollback()
    with overseeing():
        assert len(opened(person)) == 1


def test_an_outcome_has_the_intents_words_and_there_is_one(overseeing):
    person = somebody()
    with as_role(BROKER) as connection, overseeing():
        meant = intent(connection, person=person, subject="item:1", reason_code="treatment", things=3, **ASK)
        assert opened(person)[0].result == ""
        outcome(connection, meant, "opened", things=3)
        with pytest.raises(psycopg.errors.UniqueViolation):
            outcome(connection, meant, "failed")
        with pytest.raises(psycopg.errors.CheckViolation):
            outcome(connection, 999_999_999, "opened")
    with overseeing():
        (row,) = opened(person)
        done = Entry.objects.get(kind="outcome", intent=meant)
    assert (row.user, row.compartment, row.purpose, row.grant, row.reason, row.result) == (
        7,
        "health",
        "health_care",
        12,
        "treatment",
        "opened",
    )
    assert (done.person, done.subject, done.grant) == (person, "item:1", 12)


def test_when_the_database_is_away_there_is_no_intent():
    with pytest.raises(psycopg.OperationalError):
        intent("host=/nowhere dbname=none", person=somebody(), subject="item:1", reason_code="treatment", **ASK)


def test_a_refusal_in_a_page_is_written_even_when_its_subject_is_no_code(overseeing):
    with overseeing():
        last = Entry.objects.latest("id").id
        record_refusal(7, "Söz və\nsətir", "plans.adopt")
        row = Entry.objects.get(id__gt=last, event="access.refused")
    assert (row.subject, row.kind) == ("plans.adopt", "refusal")
    assert str(Refused(Permission.ACT_ADOPT, "x")) == "plans.adopt"


# --- codes only ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Leyla Əliyeva", "she lives at Nizami 12", "Əliyeva", "a\nb", "a\0b", "x" * 201, "994 50 123", "²"])
def test_free_words_never_reach_the_log(words):
    before = Entry.objects.count()
    with pytest.raises(FreeWords):
        record(1, AuditEvent.EXPORTED, "plan:X", note=words)
    with pytest.raises(FreeWords):
        record(1, AuditEvent.EXPORTED, words)
    with pytest.raises(FreeWords):
        record(1, AuditEvent.EXPORTED, "plan:X", notes=["ok", words])
    with pytest.raises(FreeWords):
        intent(dsn(BROKER), person=somebody(), subject="item:1", reason_code=words, **ASK)
    with pytest.raises(FreeWords):
        refusal(dsn(APP), actor=1, subject=words)
    assert Entry.objects.count() == before


def test_only_whole_numbers_codes_and_lists_of_codes_are_details():
    for value in (1.5, {"a": 1}, b"x", dt.date(2020, 1, 1)):
        with pytest.raises(FreeWords):
            record(1, AuditEvent.EXPORTED, "plan:X", value=value)
    record(1, AuditEvent.EXPORTED, "plan:X", n=1, code="a.b:c/d|e", codes=["DIN", "RINN"], none=None)


def test_the_database_refuses_words_too():
    call = "SELECT audit_append('entry', 1, %s, %s, '{}', NULL, NULL, %s, NULL, %s)"
    with as_role(APP) as connection:
        for values in (("Öldü", "a:1", "", ""), ("a.b", "two words", "", ""), ("a.b", "a:1", "Health", ""), ("a.b", "a:1", "", "why not")):
            with pytest.raises(psycopg.errors.CheckViolation):
                connection.execute(call, values)


# --- append-only by rights -------------------------------------------------------------------------------------------------------

WRITES = {
    "audit_entry": "INSERT INTO audit_entry (event, subject, detail) VALUES ('x', 'y', '{}')",
    "audit_pending": "INSERT INTO audit_pending VALUES (1)",
    "audit_leaf": "INSERT INTO audit_leaf VALUES (-1, '', '', -1)",
    "audit_node": "INSERT INTO audit_node (level, place, hash) VALUES (1, -1, '')",
    "audit_head": "INSERT INTO audit_head VALUES (-1, '', '')",
    "audit_key": "INSERT INTO audit_key (vkey) VALUES ('x')",
}


@pytest.mark.parametrize("table", WRITES)
def test_the_site_writes_by_the_one_way_in_only(table):
    with as_role(APP) as connection:
        for statement in (
            WRITES[table],
            f"DELETE FROM {table}",
            f"UPDATE {table} SET {'entry' if table == 'audit_pending' else 'id'} = 1",
            f"TRUNCATE {table}",
        ):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn)):
                connection.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT setval('audit_entry_id_seq', 1)")


def test_the_auditor_reads_and_writes_nothing():
    with as_role(AUDIT) as connection:
        for table, write in WRITES.items():
            connection.execute(f"SELECT count(*) FROM {table}")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(write)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT audit_append('entry', 1, 'a.b', 'a:1', '{}', NULL, NULL, '', NULL, '')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM accounts_user")


def test_the_sequencer_chains_and_can_neither_write_nor_change_a_row():
    with as_role(LOG) as connection:
        for statement in (
            WRITES["audit_entry"], "UPDATE audit_entry SET event = 'x'", "DELETE FROM audit_entry", "UPDATE audit_leaf SET seq = 1", "DELETE FROM audit_head",
            "DELETE FROM audit_leaf", "SELECT audit_append('entry', 1, 'a.b', 'a:1', '{}', NULL, NULL, '', NULL, '')", "SELECT * FROM accounts_user",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize("table", ["audit_entry", "audit_leaf", "audit_node", "audit_head", "audit_key"])
def test_even_the_owner_meets_the_trigger(table, chained):
    chained()
    with as_role("qalxan_owner") as connection:
        for statement in (f"DELETE FROM {table} WHERE true", f"TRUNCATE {table}"):
            if table == "audit_node" and statement.startswith("DELETE"):
                continue  # a young log has no full tile, and a trigger for each row then sees none
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                connection.execute(statement)


def test_the_writer_chooses_neither_the_time_nor_the_salt():
    record(1, AuditEvent.EXPORTED, "plan:T1")
    first = Entry.objects.latest("id")
    record(1, AuditEvent.EXPORTED, "plan:T1")
    second = Entry.objects.latest("id")
    assert first.salt != second.salt
    assert first.at < second.at  # within one transaction too: the clock's time, not the transaction's


# --- chained without a gap -------------------------------------------------------------------------------------------------------


def test_rows_that_commit_out_of_order_are_all_chained_once(chained):
    chained()
    call = "SELECT audit_append('entry', %s, 'a.b', 'order:x', '{}', NULL, NULL, '', NULL, '')"
    slow, quick = psycopg.connect(dsn(APP)), as_role(APP)
    with slow, quick:
        late = slow.execute(call, [1]).fetchone()[0]
        early = quick.execute(call, [2]).fetchone()[0]
        chained()
        assert proofs.seq_of(late) is None
        before = proofs.seq_of(early)
        gone = psycopg.connect(dsn(APP))
        lost = gone.execute(call, [3]).fetchone()[0]
        gone.rollback()
        gone.close()
        slow.commit()
    sequencer = chained()
    assert late < early
    assert proofs.seq_of(late) > before
    assert proofs.seq_of(lost) is None
    assert verify(sequencer.connection, SIGNER.verifier()).faults == []


def test_many_writers_at_once_while_the_sequencer_runs_leave_no_gap(chained):
    chained()
    made, faults = [], []

    def write(who):
        with psycopg.connect(dsn(APP)) as connection:
            for n in range(40):
                try:
                    row = connection.execute(
                        "SELECT audit_append('entry', %s, 'a.b', 'many:x', '{}', NULL, NULL, '', NULL, ''), pg_sleep(%s)",
                        [who, 0.003 * (n % 3)],
                    ).fetchone()
                    if n % 5 == 4:
                        connection.rollback()
                    else:
                        connection.commit()
                        made.append(row[0])
                except psycopg.Error as fault:  # pragma: no cover
                    faults.append(fault)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        chained()
    sequencer = chained()
    assert faults == []
    assert len(made) == 6 * 32
    with as_role(LOG) as connection:
        seqs = dict(connection.execute("SELECT entry, seq FROM audit_leaf WHERE entry = ANY(%s)", [made]).fetchall())
        count, least, most = connection.execute("SELECT count(*), min(seq), max(seq) FROM audit_leaf").fetchone()
    assert set(seqs) == set(made)
    assert (least, most + 1) == (0, count)
    assert verify(sequencer.connection, SIGNER.verifier()).faults == []


def test_writers_do_not_wait_for_one_another():
    with psycopg.connect(dsn(APP)) as slow, as_role(APP) as quick:
        slow.execute("SELECT audit_append('entry', 1, 'a.b', 'wait:x', '{}', NULL, NULL, '', NULL, '')")
        quick.execute("SET lock_timeout = '200ms'")
        quick.execute("SELECT audit_append('entry', 2, 'a.b', 'wait:x', '{}', NULL, NULL, '', NULL, '')")
        slow.rollback()


def test_the_same_row_gives_the_same_bytes():
    row = (5, dt.datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=dt.timezone(dt.timedelta(hours=4))), None, "a.b", "plan:X", {"b": 1, "a": ["x"]}, "entry", None,
           uuid.UUID(int=1), "", None, "", uuid.UUID(int=2))  # fmt: skip
    told = canonical(row)
    assert told == canonical((row[0], row[1].astimezone(dt.UTC), *row[2:5], {"a": ["x"], "b": 1}, *row[6:]))
    assert json.loads(told)["at"] == "2026-01-01T23:04:05.000006Z"
    assert b" " not in told


# --- proofs for anyone -----------------------------------------------------------------------------------------------------------


def _lines(answer):
    return [base64.b64decode(line) for line in answer.content.split()]


def test_anyone_can_fetch_heads_and_proofs_and_check_them(chained):
    record_refusal(1, "item:9", "x.y")
    chained()
    stranger = Client()
    old = opened_note(stranger.get("/log/head").content.decode(), read_vkey(stranger.get("/log/key").content.decode()))
    for n in range(300):
        record_refusal(1, f"item:{n}", "x.y")
    chained()
    key = read_vkey(stranger.get("/log/key").content.decode())
    new = opened_note(stranger.get("/log/head").content.decode(), key)
    assert new.size >= old.size + 300
    assert opened_note(stranger.get(f"/log/head/{old.size}").content.decode(), key) == old
    assert consistent(old.size, new.size, _lines(stranger.get(f"/log/consistency/{old.size}/{new.size}")), old.root, new.root)
    with as_role(LOG) as connection:
        for seq in (0, 1, 255, 256, old.size - 1, old.size, new.size - 1):
            leaf, *path = _lines(stranger.get(f"/log/inclusion/{seq}/{new.size}"))
            assert included(leaf, seq, new.size, path, new.root), seq
            row = connection.execute(
                f"SELECT {COLUMNS} FROM audit_leaf l JOIN audit_entry e ON e.id = l.entry WHERE seq = %s", [seq]
            ).fetchone()
            assert hash_of(row) == leaf


@pytest.mark.parametrize(
    "address",
    ["/log/head/99999999999999999999999", "/log/head/4000000000", "/log/consistency/5/1", "/log/consistency/1/99999999999999999999", "/log/inclusion/7/7",
     "/log/inclusion/99999999999999999999999/1", "/log/inclusion/1/99999999999999999999999", "/log/head/²", "/log/consistency/-1/2", "/log/head/%00"],
)  # fmt: skip
def test_what_is_not_there_is_absent_and_no_fault(address, chained):
    chained()
    stranger = Client()
    stranger.raise_request_exception = False
    assert stranger.get(address).status_code in (400, 404)


def test_a_proof_costs_a_few_small_questions(chained, django_assert_max_num_queries):
    for n in range(600):
        record_refusal(1, f"item:{n}", "x.y")
    size = chained().tree.size
    with django_assert_max_num_queries(6):
        proofs.inclusion_path(3, size)
    with django_assert_max_num_queries(6):
        proofs.consistency_path(size - 601, size)


def test_nothing_public_can_be_posted_to_or_shows_a_row(chained):
    record_refusal(1, "item:kanareyka", "x.y")
    chained()
    stranger = Client()
    for address in ("/log/key", "/log/head", "/log/consistency/1/2", "/log/inclusion/0/2"):
        assert stranger.post(address).status_code == 405
        answer = stranger.get(address)
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert b"kanareyka" not in answer.content
        assert not answer.cookies


# --- the witness -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def witness(monkeypatch):
    """The script, reading the site through the test client."""
    path = Path(__file__).resolve().parents[1] / "scripts" / "witness.py"
    spec = importlib.util.spec_from_file_location("witness", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stranger = Client()

    def fetch(url):
        answer = stranger.get(url.removeprefix("http://log.test"))
        if answer.status_code != 200:
            raise OSError(answer.status_code)
        return answer.content.decode()

    monkeypatch.setattr(module, "fetch", fetch)
    return module


def test_a_witness_keeps_heads_that_grow_and_cosigns_them(witness, chained, tmp_path):
    record_refusal(1, "item:1", "x.y")
    chained()
    vkey = SIGNER.verifier().vkey()
    assert witness.watch("http://log.test", vkey, tmp_path) == 0
    assert witness.watch("http://log.test", vkey, tmp_path) == 0
    for n in range(20):
        record_refusal(1, f"item:{n}", "x.y")
    size = chained().tree.size
    assert witness.watch("http://log.test", vkey, tmp_path) == 0
    note = (tmp_path / "head").read_text()
    own = read_vkey((tmp_path / "witness.vkey").read_text())
    assert opened_note(note, own).size == opened_note(note, SIGNER.verifier()).size == size
    assert (tmp_path / "witness.key").stat().st_mode & 0o777 == 0o600


def test_a_witness_finds_a_log_that_was_rewritten_cut_or_signed_by_another(witness, chained, tmp_path, monkeypatch, capsys):
    from qalxan.kernel.checkpoints import Checkpoint, signed

    record_refusal(1, "item:1", "x.y")
    size = chained().tree.size
    vkey = SIGNER.verifier().vkey()
    assert witness.watch("http://log.test", vkey, tmp_path) == 0
    real = witness.fetch
    for forged in (Checkpoint(SIGNER.name, size, bytes(32)), Checkpoint(SIGNER.name, size - 1, bytes(32))):
        monkeypatch.setattr(witness, "fetch", lambda url, head=forged: signed(head, SIGNER) if url.endswith("head") else real(url))
        assert witness.watch("http://log.test", vkey, tmp_path) == 1
    assert "DID NOT GROW" in capsys.readouterr().err
    thief = Signer(SIGNER.name, bytes(32))
    monkeypatch.setattr(witness, "fetch", lambda url: signed(Checkpoint(thief.name, size + 1, bytes(32)), thief))
    with pytest.raises(ValueError, match="not signed by this log"):
        witness.watch("http://log.test", vkey, tmp_path)


def test_the_witness_agrees_with_the_kernel_on_every_small_tree(witness):
    from qalxan.kernel.merkle import EMPTY, consistency, over, root_of

    leaves = [bytes([n]) * 32 for n in range(40)]
    for new in range(1, 41):
        for old in range(1, new + 1):
            path, before, after = consistency(old, new, over(leaves)), root_of(leaves[:old]), root_of(leaves[:new])
            assert witness.grew(old, new, path, before, after)
            assert not witness.grew(old, new, path, EMPTY, after)
            assert not witness.grew(old, new, path, before, EMPTY)


# --- reading ---------------------------------------------------------------------------------------------------------------------


def test_a_record_shows_who_changed_it_and_who_opened_it(chained, overseeing):
    person, other = somebody(), somebody()
    record(3, AuditEvent.EXPORTED, f"person:{person}", fields=2)
    with as_role(BROKER) as connection:
        meant = intent(connection, person=person, subject="item:1", reason_code="treatment", **ASK)
        outcome(connection, meant, "opened")
        intent(connection, person=other, subject="item:2", reason_code="treatment", **ASK)
        refusal(connection, actor=8, subject="item:1", person=person, compartment="health", purpose="investigation")
    chained()
    with overseeing():
        told, things, first = history(person), opened(person, subject="item:1"), history(person, limit=1)
    assert [(row.user, row.subject) for row in told.changes] == [(3, f"person:{person}")]
    assert [(row.user, row.result, row.refused) for row in told.openings] == [(8, "refused", True), (7, "opened", False)]
    assert {row.proof for row in told.openings} == {"signed"}
    assert told.changes[0].proof == "waiting"  # its transaction is this test's, and is not committed
    assert [row.user for row in things] == [8, 7]
    assert not told.more
    assert first.more


def test_the_log_page_shows_place_and_proof(enter, chained):
    record_refusal(1, "item:page", "x.y")
    waits = enter("auditor").get("/log/?subject=item:page").content.decode()
    assert "Waiting" in waits
    sequencer = chained()
    page = enter("auditor").get("/log/?subject=item:page").content.decode()
    assert "Signed" in page
    assert f">{sequencer.tree.size - 1}<" in page


def test_the_log_page_tells_the_story_of_a_person_by_id_and_survives_any_other_word(enter):
    person = somebody()
    intent(dsn(BROKER), person=person, subject="item:story", reason_code="treatment", **ASK)
    client = enter("auditor")
    assert "item:story" in client.get(f"/log/?person={person}").content.decode()
    assert "item:story" not in client.get(f"/log/?person={somebody()}").content.decode()
    for odd in ("²", "'", "00000000-0000-0000-0000-00000000000g", "%FF", "1" * 400):
        assert client.get(f"/log/?person={odd}").status_code == 200
    assert enter("kabinet").get(f"/log/?person={person}").status_code == 403


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_the_person_concerned_reads_who_saw_what_and_why(language, chained, token_of):
    from django.template.loader import render_to_string
    from django.utils import translation

    from qalxan.shell.audit.seen import who_saw

    person = somebody()
    officer = User.objects.get(email="ofis@demo.example")
    with as_role(BROKER) as connection:
        ask = {**ASK, "actor": officer.id}
        outcome(connection, intent(connection, person=person, subject="item:1", reason_code="treatment", **ask), "opened")
        intent(connection, person=person, subject="item:1", reason_code="treatment", **ask)
        refusal(connection, actor=officer.id, subject="item:1", person=person, compartment="whereabouts", purpose="investigation")
    chained()
    now = dt.datetime.now(dt.UTC)
    with bearing(token_of("auditor")):
        sheet = who_saw(person, language=language, now=now)
    assert [row.saw for row in sheet.rows] == ["refused", "unknown", "seen"]
    assert all(row.by for row in sheet.rows)
    assert "@" not in str(sheet)
    assert officer.name not in str(sheet)  # offices answer for what was seen; the name is for whoever oversees
    assert opened_note(sheet.head, SIGNER.verifier()).size > sheet.rows[0].seq
    with translation.override(language):
        page = render_to_string("audit/who_saw.html", {"sheet": sheet})
    assert escape(sheet.rows[0].by) in page
    assert f"{sheet.rows[0].seq}" in page


# --- the command line ------------------------------------------------------------------------------------------------------------


def test_the_command_says_which_entry_and_ends_with_one(tmp_path, monkeypatch, capsys, chained, overseeing):
    from qalxan.shell.cli import audit, main

    record_refusal(1, "item:cli", "x.y")
    size = chained().tree.size
    monkeypatch.setattr(audit, "server", lambda: type("Here", (), {"dsn": staticmethod(dsn)}))
    monkeypatch.setenv("QALXAN_LOG_FOLDER", str(tmp_path))
    monkeypatch.setenv("QALXAN_KEY_FOLDER", str(tmp_path))  # this database has no broker, so no account of one
    assert main(["audit", "verify"]) == 0
    assert "the log is whole" in capsys.readouterr().out
    assert main(["audit", "head"]) == 0
    note = capsys.readouterr().out
    assert opened_note(note, SIGNER.verifier()).size == size
    with overseeing():
        entry = Entry.objects.filter(subject="item:cli").latest("id").id
    assert main(["audit", "proof", str(entry)]) == 0
    assert "item:cli" in capsys.readouterr().out
    Aside(tmp_path).keep_leaves([(1, bytes(32))])
    assert main(["audit", "verify"]) == 1
    assert "seq 0: entry" in capsys.readouterr().out
    (tmp_path / "leaves").unlink()
    (tmp_path / "later").write_text(note.replace("a", "b"))
    assert main(["audit", "verify", "--head", str(tmp_path / "later")]) == 1
    assert main(["audit", "verify", "--head", str(tmp_path / "none")]) == 2
    assert main(["audit", "verify", "--key", "nonsense"]) == 2
    assert main(["audit", "proof", "999999999"]) == 2
