"""`qalxan audit verify | head | proof` and `qalxan sequencer`."""

import argparse
import base64
import hashlib
import signal
import sys
from pathlib import Path
from typing import Any

import psycopg

from config.postgres import AUDIT, LOG, server
from qalxan.foundation.audit.aside import Aside
from qalxan.kernel.checkpoints import BadNote, Verifier, opened, read_vkey
from qalxan.kernel.errors import BadInput


def sequence(arguments: argparse.Namespace) -> int:
    """Chain and sign the log until stopped; a second one waits for the first to end."""
    from qalxan.foundation.audit.sequencer import run

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    aside = Aside()
    run(server().dsn(LOG), aside.signer(), aside)
    return 0


def _ask(query: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(server().dsn(AUDIT), autocommit=True) as connection:
        return connection.execute(query, values).fetchall()


def _key(given: str | None) -> Verifier:
    """The key to trust: the one given, else the one in the sequencer's folder, else the one the database names."""
    if not given and (Aside().folder / "key").exists():
        return Aside().signer().verifier()
    written = given or next((vkey for (vkey,) in _ask("SELECT vkey FROM audit_key ORDER BY id DESC LIMIT 1")), None)
    if written is None:
        raise BadInput("the log has no key yet", "audit", "Start `qalxan up` or `qalxan sequencer` first")
    try:
        return read_vkey(written)
    except BadNote as fault:
        raise BadInput(str(fault), "--key", "Give it as name+id+key, as /log/key shows it") from None


def _notes(files: list[Path]) -> list[str]:
    try:
        return [file.read_text(encoding="utf-8") for file in files]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"a head cannot be read ({error})", "--head", "Give files that hold one signed note each") from None


def verify(arguments: argparse.Namespace) -> int:
    """Check the log, against heads from outside too; says which entry is not as it was. Exit 1 when something is found.

    Entries lost in a restore are something, unless `--lost` gives their mark: how many, and a digest of which.
    """
    from qalxan.foundation.audit.sequencer import restored
    from qalxan.foundation.audit.verify import verify as check
    from qalxan.foundation.vault.journal import missing

    key, aside, notes = _key(arguments.key), Aside(), _notes(arguments.head)
    if last := aside.head():
        notes.append(last)
    with psycopg.connect(server().dsn(AUDIT), autocommit=True) as connection:
        found = check(connection, key, notes=notes, kept=aside.leaves())
        spans, openings = restored(connection), missing(connection)
    lost = found.lost | {number for number, _, _ in openings if any(number in span for span in spans)}
    unlogged = [opening for opening in openings if opening[0] not in lost]
    for fault in found.faults:
        print(f"{fault.kind:10} {'' if fault.seq is None else f'seq {fault.seq}: '}{fault.what}")
    for number, user, what in unlogged:
        print(f"unlogged   the broker did {what} for account {user} under intent {number}, which the log does not hold")
    root = base64.b64encode(found.root).decode()
    print(f"{found.size} rows chained, {found.signed} under a signed head, {found.waiting} waiting; root {root}", file=sys.stderr)
    mark = f"{len(lost)}-{hashlib.sha256(','.join(map(str, sorted(lost))).encode()).hexdigest()[:16]}" if lost else ""
    if mark != arguments.lost:
        print(
            f"lost       {len(lost)} entries were lost in a restore: whoever knows of just these says --lost {mark}"
            if lost
            else "lost       nothing was lost in a restore, and --lost names something"
        )
    if found.faults or unlogged or mark != arguments.lost:
        return 1
    print("the log is whole" if not lost else f"the log is whole but for {len(lost)} entries known to be lost in a restore")
    return 0


def regrow(arguments: argparse.Namespace) -> int:
    """After a restore: put back the hashes of the rows that were chained since the backup, so that the same log goes on."""
    from qalxan.foundation.audit.sequencer import Sequencer

    aside = Aside()
    with psycopg.connect(server().dsn(LOG), autocommit=True) as connection:
        (free,) = connection.execute("SELECT pg_try_advisory_lock(hashtext('qalxan sequencer'))").fetchone() or (False,)
        if not free:
            raise BadInput("the sequencer is at work", "audit regrow", "Stop it first")
        print(f"{Sequencer(connection, aside.signer(), aside).regrow()} rows put back as hashes")
    return 0


def head(arguments: argparse.Namespace) -> int:
    """Print the newest signed head, or that of a size, as a note."""
    rows = _ask(
        "SELECT note FROM audit_head WHERE %s::bigint IS NULL OR size = %s ORDER BY size DESC LIMIT 1", arguments.size, arguments.size
    )
    if not rows:
        raise BadInput("there is no such head", "audit head", "The sequencer signs one every minute while rows come in")
    sys.stdout.write(rows[0][0])
    return 0


def proof(arguments: argparse.Namespace) -> int:
    """Print that an entry stands in the log: its bytes, its place, the path to the root, and the signed head."""
    from qalxan.shell.cli.site import setup

    setup()
    from qalxan.foundation.audit import proofs
    from qalxan.foundation.audit.canonical import COLUMNS, canonical, hash_of
    from qalxan.kernel.merkle import included

    seq, note = proofs.seq_of(arguments.entry), proofs.head()
    if seq is None or note is None:
        raise BadInput("this entry is not in the chain yet, or does not exist", f"entry {arguments.entry}", "Wait a minute and ask again")
    size = opened(note, _key(arguments.key)).size
    if (found := proofs.inclusion_path(seq, size)) is None:
        raise BadInput("no signed head covers this entry yet", f"entry {arguments.entry}", "Wait a minute and ask again")
    row = _ask(f"SELECT {COLUMNS} FROM audit_entry e WHERE e.id = %s", arguments.entry)[0]  # noqa: S608 - our own columns
    leaf, path = found
    root = opened(note, _key(arguments.key)).root
    holds = hash_of(row) == leaf and included(leaf, seq, size, path, root)
    print(canonical(row).decode())
    print(f"seq {seq} of {size}")
    for step in path:
        print(base64.b64encode(step).decode())
    print(f"\n{note}", end="")
    print("the proof holds" if holds else "THE PROOF DOES NOT HOLD", file=sys.stderr)
    return 0 if holds else 1
