"""Backup and restore, with data and keys apart, and nobody who was erased coming back.

`<name>.dump` is PostgreSQL's own archive without the data keys, the gate's secret and sessions; `<name>.json` tells what is in it;
`<name>.keys`, in another folder, holds the data keys as the table holds them (wrapped), the wrapped keyring and the shred list. The root
key is in neither: it is kept by its shares. Data and keys together, without the root key, open nothing.
"""

import base64
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from config.postgres import BROKER, Server, prepare, program
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.sequencer import LEAP
from qalxan.foundation.vault.addresses import key_folder, root_file
from qalxan.foundation.vault.keyring import Keyring
from qalxan.foundation.vault.operator import Operator
from qalxan.foundation.vault.shredding import parse
from qalxan.foundation.vault.store import Database
from qalxan.kernel.errors import BadInput

LEFT_OUT = ("vault_key", "access_secret", "access_session", "access_binding", "access_prepared", "access_changed", "django_session")
"""Tables whose rows are in no dump: keys go apart, secrets are made anew, nobody stays signed in through a restore."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The files of a backup, how many rows the data has and how many data keys went apart."""

    data: Path
    manifest: Path
    keys: Path
    rows: int
    data_keys: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: rows as the manifest says, data keys, and how many persons were erased again."""

    rows: int
    data_keys: int
    erased_again: int


def backup(where: Server, folder: Path, keys_folder: Path, export: Callable[[str], dict[str, Any]]) -> Saved:
    """Write a backup. `export(after)` is the broker's page of keys. Raises BadInput for folders that are one, or a failing pg_dump.

    The data is taken first, then the keys: whatever is in the data has its key, unless the person was erased in between.
    """
    _apart(folder, keys_folder)
    name = f"qalxan-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    data, manifest = folder / f"{name}.dump", folder / f"{name}.json"
    with psycopg.connect(where.dsn(where.admin)) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        leave = [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
        _program(
            "pg_dump", where, "--format=custom", "--no-sync", f"--snapshot={snapshot}", *leave, f"--file={data}", where.dsn(where.admin)
        )
        counted = counts(connection)
    with data.open("rb+") as stream:
        os.fsync(stream.fileno())
    _write(manifest, json.dumps({"format": 1, "sha256": _digest(data), "counts": counted}, indent=1).encode())
    keys = keys_folder / f"{name}.keys"
    count = _save_keys(keys, export)
    return Saved(data, manifest, keys, sum(counted.values()), count)


def restore(where: Server, data: Path, keys: Path, shredded: Path | None = None) -> Restored:
    """Bring a backup into an empty database, made here if need be. Raises BadInput before anything is changed where it cannot succeed.

    Erasures known to this machine's shred list, to the backup of keys, to the data, or to `shredded` (a newer list from elsewhere) are
    all carried out again. The caller runs the migrations afterwards: they write the gate's secret anew.
    """
    manifest = _manifest(data)
    if not root_file().exists():
        raise BadInput("the root key is not here", str(root_file()), "Bring its shares together: qalxan keys join")
    saved = _read_keys(keys)
    if shredded and not shredded.exists():
        raise BadInput("this shred list is not here", str(shredded), "Look where it was kept")
    prepare(where)
    with psycopg.connect(where.dsn(where.admin)) as connection:
        if _one(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"):
            raise BadInput("the database is not empty", where.database, "Restore into a new one; nothing was changed")
    ring = Keyring.open(key_folder(), root_file())
    ring.take(saved["keyring"])
    ring.shredded.join(saved["shredded"])
    if shredded:
        ring.shredded.join(parse(shredded.read_bytes(), shredded.name))
    _program("pg_restore", where, "--exit-on-error", "--single-transaction", f"--dbname={where.dsn(where.admin)}", str(data))
    with psycopg.connect(where.dsn(where.admin)) as connection:
        found = counts(connection)
        if found != manifest["counts"]:
            wrong = sorted(name for name in {*found, *manifest["counts"]} if found.get(name) != manifest["counts"].get(name))
            raise BadInput(f"rows are missing in {', '.join(wrong)}", data.name, "Use another backup")
        _leap(connection)
        gone = {*ring.shredded.read(), *(row[0] for row in connection.execute("SELECT person FROM vault_shredded"))}
        kept = [row for row in saved["rows"] if row[0] not in gone]
        with connection.cursor().copy("COPY vault_key (person, compartment, version, wrapped, key_version) FROM STDIN") as copy:
            for row in kept:
                copy.write_row(row)
    database = Database(where.dsn(BROKER))
    database.open()
    try:
        again = Operator(ring, database, root_file()).replay()
    finally:
        database.close()
    return Restored(sum(found.values()), len(kept), again)


def _leap(connection: psycopg.Connection) -> None:
    """Say in the log that it was restored, and give no id again that a row lost since the backup may have had."""
    last = _one(connection, "SELECT coalesce(max(id), 0) FROM audit_entry")
    connection.execute("SELECT setval('audit_entry_id_seq', %s)", [last + LEAP])
    values = [AuditEvent.LOG_RESTORED.value, Jsonb({"last": last})]
    connection.execute("SELECT audit_append('entry', NULL, %s, 'log', %s, NULL, NULL, '', NULL, '')", values)


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """Rows of every table that a dump carries."""
    tables = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relpersistence = 'p' ORDER BY 1"
    ).fetchall()
    return {
        table: int(_one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))))
        for (table,) in tables
        if table not in LEFT_OUT
    }


def _apart(folder: Path, keys_folder: Path) -> None:
    for each in (folder, keys_folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    one, other = folder.resolve(), keys_folder.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise BadInput("data and keys would lie in one place", str(keys_folder), "Name another folder with --keys, best on another medium")


def _save_keys(path: Path, export: Any) -> int:
    after, count, lines, page = str(UUID(int=0)), 0, [], {}
    while True:
        page = export(after)
        if not page["rows"]:
            break
        lines += [json.dumps(row) for row in page["rows"]]
        count, after = count + len(page["rows"]), page["rows"][-1][0]
    head = json.dumps({"format": 1, "keyring": page["keyring"], "shredded": page["shredded"]})
    body = "\n".join([head, *lines, ""]).encode()
    _write(path, body + hashlib.sha256(body).hexdigest().encode() + b"\n")
    return count


def _read_keys(path: Path) -> dict[str, Any]:
    try:
        body, _, digest = path.read_bytes().rstrip(b"\n").rpartition(b"\n")
        if hashlib.sha256(body + b"\n").hexdigest().encode() != digest:
            raise ValueError
        head, *lines = body.decode().splitlines()
        told = json.loads(head)
        rows = [(UUID(p), str(c), int(v), base64.b64decode(w), int(k)) for p, c, v, w, k in map(json.loads, lines)]
        return {
            "rows": rows,
            "keyring": base64.b64decode(told["keyring"]),
            "shredded": parse(base64.b64decode(told["shredded"]), path.name),
        }
    except OSError as error:
        raise BadInput(f"the backup of keys cannot be read ({error.strerror})", str(path), "Name it with --keys") from None
    except (ValueError, KeyError, TypeError):
        raise BadInput("this is no whole backup of keys", path.name, "Use another copy") from None


def _manifest(data: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(data.with_suffix(".json").read_bytes())
        if told["sha256"] != _digest(data):
            raise BadInput("the dump is not the one that was written", data.name, "Use another copy")
        told["counts"].items()
    except OSError as error:
        raise BadInput(
            f"the backup cannot be read ({error.strerror})", str(error.filename or data), "Give the .dump file; its .json lies beside it"
        ) from None
    except (ValueError, KeyError, AttributeError, TypeError):
        raise BadInput("the backup's list of contents cannot be read", f"{data.stem}.json", "Use another copy") from None
    return told


def _program(name: str, where: Server, *arguments: str) -> None:
    path = _of_the_server(name, where)
    done = subprocess.run([path, *arguments], check=False, capture_output=True, text=True, umask=0o077)  # noqa: S603 - PostgreSQL's own program
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BadInput(f"{name} failed: {last}", where.database, "Nothing is usable of this run; mend the cause and run it again")


def _of_the_server(name: str, where: Server) -> str:
    """The machine's own program where it has the server's major version (one newer writes settings an older server refuses), else the wheel's."""
    with psycopg.connect(where.dsn(where.admin, "postgres")) as connection:
        major = connection.info.server_version // 10000
    found = shutil.which(name)
    if found:
        told = subprocess.run([found, "--version"], check=False, capture_output=True, text=True)  # noqa: S603 - our own program
        if f" {major}." in told.stdout:
            return found
    return program(name)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _one(connection: psycopg.Connection, query: Any) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
