"""The numbers of the log: appends a second, chaining, heads and proofs over many rows, verification. In a database of its own, dropped afterwards."""

import os
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from bench.tools import line, times

NAME = "qalxan_bench_log"
ROWS = int(os.environ.get("QALXAN_BENCH_ROWS", "100000"))
CALL = "SELECT audit_append('intent', 1, 'vault.open', 'item:1', '{\"reason\": \"care\"}', NULL, gen_random_uuid(), 'health', 1, 'health_care')"


def main() -> None:
    """Measure and print."""
    from config.postgres import OWNER, prepare, server

    where = server()
    prepare(where, NAME)
    try:
        with psycopg.connect(where.dsn(OWNER, NAME), autocommit=True) as owner:
            _tables(owner)
            _appends(where.dsn("qalxan_app", NAME))
            _fill(owner)
            _chain(where.dsn("qalxan_log", NAME), where.dsn("qalxan_audit", NAME))
    finally:
        with psycopg.connect(where.dsn(where.admin, "postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def _tables(owner: psycopg.Connection) -> None:
    """The log's own migrations, and nothing else of the site."""
    from qalxan.shell.cli.site import setup

    setup(owner=True)
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = NAME
    from django.core.management import call_command

    call_command("migrate", "audit", verbosity=0, interactive=False)


def _appends(dsn: str) -> None:
    """Committed rows a second, each in a transaction of its own."""
    for writers in (1, 4, 8):
        done, until = [0] * writers, time.perf_counter() + 4

        def write(who: int, done: list[int] = done, until: float = until) -> None:
            with psycopg.connect(dsn, autocommit=True) as connection:
                while time.perf_counter() < until:
                    connection.execute(CALL)
                    done[who] += 1

        threads = [threading.Thread(target=write, args=(who,)) for who in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"Appends, {writers} writers: {sum(done) / 4:,.0f} a second, each committed")
    from qalxan.foundation.audit.events import AuditEvent
    from qalxan.foundation.audit.intents import intent, outcome

    with psycopg.connect(dsn, autocommit=True) as connection:

        def pair() -> None:
            meant = intent(connection, actor=1, person=None, compartment="", purpose="support", grant=None, subject="item:1",
                           what=AuditEvent.THING_MATCHED, reason_code="care")  # fmt: skip
            outcome(connection, meant, "opened")

        line("Intent and outcome, both committed", times(pair, 300))


def _fill(owner: psycopg.Connection) -> None:
    (have,) = owner.execute("SELECT count(*) FROM audit_entry").fetchone() or (0,)
    owner.execute(
        f"SELECT count(made) FROM (SELECT {CALL.removeprefix('SELECT ')} AS made FROM generate_series(1, %s)) rows", [max(0, ROWS - have)]
    )


def _chain(dsn: str, reader: str) -> None:
    from qalxan.foundation.audit import proofs
    from qalxan.foundation.audit.aside import Aside
    from qalxan.foundation.audit.sequencer import Sequencer
    from qalxan.foundation.audit.verify import verify
    from qalxan.kernel.merkle import root_of

    with tempfile.TemporaryDirectory() as folder, psycopg.connect(dsn, autocommit=True) as connection:
        aside = Aside(Path(folder))
        sequencer = Sequencer(connection, aside.signer(), aside)
        sequencer.load()
        started = time.perf_counter()
        while sequencer.step():
            pass
        sequencer.step(float("inf"))
        took, size = time.perf_counter() - started, sequencer.tree.size
        print(f"Chaining and signing {size:,} rows: {took:.1f} s, {size / took:,.0f} rows a second")
        leaves = [leaf for (leaf,) in connection.execute("SELECT leaf_hash FROM audit_leaf ORDER BY seq")]
        line(f"Head over {size:,} leaves, from nothing", times(lambda: root_of(leaves), 5))
        line("Head, from the sequencer's frontier", times(sequencer.tree.root, 50))
        line("Restart: read and check the whole chain", times(lambda: Sequencer(connection, sequencer.signer, aside).load(), 3))
        line("Inclusion proof", times(lambda: proofs.inclusion_path(size // 3, size), 50))
        line("Consistency proof", times(lambda: proofs.consistency_path(size // 3, size), 50))
        with psycopg.connect(reader, autocommit=True) as auditor:
            started = time.perf_counter()
            found = verify(auditor, sequencer.signer.verifier(), notes=[aside.head() or ""], kept=aside.leaves())
            print(
                f"Verifying {found.size:,} rows: {time.perf_counter() - started:.1f} s, {len(found.faults)} faults, {found.signed:,} under a head"
            )
