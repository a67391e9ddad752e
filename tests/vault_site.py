"""A whole installation for the vault's tests: a cluster of its own, real migrations, a real broker process, two officers of two bodies."""

import contextlib
import datetime as dt
import hashlib
import hmac
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from unittest import mock

import psycopg

from config.postgres import APP, BROKER, Embedded, prepare
from qalxan.foundation.vault import client, crypto

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("identity", "whereabouts", "health", "support", "inquiry", "justice")


class Site:
    """`officer` and `other` work for two bodies and know nothing of each other's persons."""

    def __init__(self, name: str, database: str = "qalxan_vault", durable: bool = False) -> None:
        self.cluster, self.database = Embedded(f"{name}-{os.getpid()}"), database  # two at once never share one
        self.home = Path(tempfile.mkdtemp(prefix="qv-", dir="/tmp"))
        self.home.chmod(0o711)
        self.gate = secrets.token_urlsafe(30)
        self.broker: subprocess.Popen | None = None
        self.log = self.home / "broker.log"
        self.durable = durable
        self.where = self.cluster.start(durable=durable)
        self.people: dict[str, tuple[int, int]] = {}

    @property
    def environment(self) -> dict[str, str]:
        address = f"postgresql://{self.where.admin}@/{self.database}?host={self.where.host}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QALXAN_", "DATABASE_URL"))}
        return {**kept, "DATABASE_URL": address, "QALXAN_HOME": str(self.home), "QALXAN_GATE_SECRET": self.gate,
                "DJANGO_SETTINGS_MODULE": "config.settings.demo", "PYTHONWARNINGS": "ignore"}  # fmt: skip

    def run(self, *arguments: str, code: int = 0, **more: str) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [sys.executable, "-m", "qalxan", *arguments],
            check=False,
            cwd=ROOT,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stderr[-3000:]
        return done

    def connect(self, role: str | None = None, **given: object) -> psycopg.Connection:
        return psycopg.connect(self.where.dsn(role or self.where.admin, self.database), autocommit=True, **given)

    def build(self) -> "Site":
        """Migrate and fill an empty database; within one run of the suite the second site copies what the first has migrated."""
        kept = Path(folder, "cluster") if (folder := os.environ.get("QALXAN_TEST_BUILT")) else None
        if kept and kept.exists():
            self._take(kept)
        else:
            self._migrate()
            if kept:
                self._keep(kept)
        self.populate()
        return self

    def _take(self, kept: Path) -> None:
        self.cluster.stop()
        shutil.rmtree(self.cluster.data)
        subprocess.run(["cp", "-a", kept, self.cluster.data], check=True)
        self.where = self.cluster.start(durable=self.durable)
        with psycopg.connect(self.where.dsn(self.where.admin, "postgres"), autocommit=True) as connection:
            (before,) = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'qalxan%'").fetchone()
            if before != self.database:
                connection.execute(f"ALTER DATABASE {before} RENAME TO {self.database}")
        with self.connect() as db:
            db.execute("UPDATE access_secret SET value = %s WHERE name = 'gate'", [self.gate.encode()])

    def _keep(self, kept: Path) -> None:
        self.cluster.stop()
        own = kept.with_name(f"{kept.name}-{os.getpid()}")
        subprocess.run(["cp", "-a", self.cluster.data, own], check=True)
        self.where = self.cluster.start(durable=self.durable)
        try:
            own.rename(kept)
        except OSError:  # the other worker was first
            shutil.rmtree(own)

    def _migrate(self) -> None:
        with psycopg.connect(self.where.dsn(self.where.admin, "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        prepare(self.where, self.database)
        self.run("migrate")

    def populate(self) -> None:
        with self.connect() as db:
            body = db.execute("SELECT code FROM bodies_body WHERE kind = 'police_unit' LIMIT 1").fetchone()
            bodies = [
                body or db.execute("SELECT min(code) FROM bodies_body").fetchone(),
                db.execute("SELECT max(code) FROM bodies_body").fetchone(),
            ]
            for who, role, code in (
                ("officer", "police_officer", bodies[0][0]),
                ("other", "social_worker", bodies[1][0]),
                ("clerk", "statistician", bodies[1][0]),
            ):
                columns = {
                    row[0]: row[1]
                    for row in db.execute(
                        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'accounts_user'"
                    )
                }
                known = {"email": f"{who}@vault.example", "name": who, "password": "!", "is_active": True, "is_superuser": False, "is_staff": False, "language": "en",
                         "date_joined": dt.datetime.now(dt.UTC), "is_demo": False}  # fmt: skip
                given = {name: known[name] for name in columns if name in known}
                user = db.execute(
                    f"INSERT INTO accounts_user ({', '.join(given)}) VALUES ({', '.join(['%s'] * len(given))}) RETURNING id",
                    list(given.values()),
                ).fetchone()[0]
                post = db.execute(
                    "INSERT INTO accounts_post (user_id, role, body_id, starts_at, feed_key) VALUES (%s, %s, %s, now() - interval '1 day', gen_random_uuid()) RETURNING id",
                    [user, role, code],
                ).fetchone()[0]
                self.people[who] = (user, post)

    def token(self, who: str) -> str:
        token, ends = secrets.token_urlsafe(32), int(time.time()) + 3600
        digest = hashlib.sha256(token.encode()).digest()
        proof = hmac.new(self.gate.encode(), f"{self.people[who][0]}|{digest.hex()}|{ends}|1".encode(), "sha256").digest()
        with self.connect(APP) as db:
            db.execute("SELECT access_open_session(%s, %s, to_timestamp(%s), true, '', %s)", [self.people[who][0], digest, ends, proof])
        return token

    def acting(self, token: str) -> contextlib.AbstractContextManager[psycopg.Connection]:
        @contextlib.contextmanager
        def bound():
            with self.connect(APP) as db, db.transaction():
                assert db.execute("SELECT access_begin(%s)", [token]).fetchone()[0]
                yield db

        return bound()

    def person(self, token: str, who: str = "officer") -> uuid.UUID:
        with self.acting(token) as db:
            until = dt.datetime.now(dt.UTC) + dt.timedelta(days=20)
            return db.execute("SELECT access_register(%s, 'sheet-1', %s)", [self.people[who][1], until]).fetchone()[0]

    def start(self, **more: str) -> "Site":
        with self.log.open("ab") as out:
            self.broker = subprocess.Popen(
                [sys.executable, "-m", "qalxan", "broker"], cwd=ROOT, env={**self.environment, **more}, stderr=out
            )
        until = time.monotonic() + 30
        with self.here():
            while not client.ready():
                assert self.broker.poll() is None, self.log.read_text()[-3000:]
                assert time.monotonic() < until
                time.sleep(0.05)
        return self

    def kill(self, number: int = 9) -> None:
        if self.broker:
            self.broker.send_signal(number)
            self.broker.wait(10)
            self.broker = None

    @contextlib.contextmanager
    def here(self):
        with mock.patch.dict(os.environ, {"QALXAN_BROKER_SOCKET": str(self.home / "run" / "broker.sock")}):
            yield

    def entries(self, *, databases_own: bool = False, **columns: object) -> list[dict]:
        wanted = " AND ".join(f'"{name}" = %({name})s' for name in columns) or "true"
        wanted += "" if databases_own else " AND event <> 'access.changed'"
        with self.connect(row_factory=psycopg.rows.dict_row) as db:
            return db.execute(f"SELECT * FROM audit_entry WHERE {wanted} ORDER BY id", columns).fetchall()

    def forget_budgets(self) -> None:
        with self.connect() as db:
            db.execute("DELETE FROM vault_budget")

    def end(self) -> None:
        self.kill()
        self.cluster.stop()
        shutil.rmtree(self.cluster.data, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


__all__ = ["APP", "BROKER", "Site", "crypto"]
