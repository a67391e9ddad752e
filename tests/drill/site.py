"""A real site of its own for the drill: database cluster, broker, web, sequencer and worker, each of which can be killed and comes back."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from qalxan.kernel.errors import BadInput
from qalxan.shell.cli.site import programs
from tests.browser.conftest import _free_port
from tests.vault_site import ROOT, Site


class Part:
    """One process group of the site, started again whenever it falls."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.process: subprocess.Popen | None = None
        self.starts, self.ending = 0, threading.Event()
        self.thread = threading.Thread(target=self._keep, daemon=True)
        self.thread.start()

    def _keep(self) -> None:
        while not self.ending.is_set():
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(
                    self.command, cwd=ROOT, env=self.environment, stdout=out, stderr=out, start_new_session=True
                )
            self.starts += 1
            self.process.wait()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)  # what is left of a server whose first process fell
            self.ending.wait(0.1)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def end(self) -> None:
        self.ending.set()
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            self.thread.join(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


class DrillSite(Site):
    """The site of the vault's tests with the other processes beside it, on a server that writes as a real one does."""

    def __init__(self, seed: int) -> None:
        super().__init__(f"drill-postgres-{os.getpid()}", "qalxan_drill", durable=True)
        self.port, self.seed, self.parts = _free_port(), seed, {}
        self.journal, self.load, self.reader = self.home / "journal", None, None

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "DJANGO_SETTINGS_MODULE": "tests.drill.settings", "PYTHONPATH": str(ROOT)}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def populate(self) -> None:
        self.python("tests.drill.prepare")

    def python(self, module: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def open(self) -> "DrillSite":
        for name, command in programs(self.port, 1).items():
            self.parts[name] = Part(name, command, self.environment, self.home / f"{name}.log")
        self.until(self.answers, "the site does not come up")
        with (self.home / "load.log").open("ab") as out:
            self.load = subprocess.Popen(
                [sys.executable, "-m", "tests.drill.load", str(self.journal), self.address, str(self.seed)],
                cwd=ROOT,
                env=self.environment,
                stderr=out,
            )
        return self

    def answers(self) -> bool:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
            return answer.status == 200
        return False

    def until(self, holds, what: str, seconds: float = 60) -> float:
        started = time.monotonic()
        while not holds():
            assert time.monotonic() - started < seconds, f"{what}\n{self.tails()}"
            time.sleep(0.04)
        return time.monotonic() - started

    def tails(self) -> str:
        return "\n".join(
            f"--- {path.name}\n" + path.read_text(errors="replace")[-1200:] for path in sorted([*self.home.glob("*.log"), self.journal])
        )

    def fell(self, part: str, one_only: bool) -> None:
        """Kill a part without a word. Of the database: the whole server, or one of its backends (then the server restarts itself)."""
        if part == "database":
            self._database(one_only)
        else:
            self.parts[part].kill()

    def _database(self, one_only: bool) -> None:
        first = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
        if one_only:
            with self.connect() as db:
                rows = db.execute(
                    "SELECT pid FROM pg_stat_activity WHERE usename IN ('qalxan_app', 'qalxan_broker') ORDER BY random() LIMIT 1"
                ).fetchall()
            if rows:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(rows[0][0], signal.SIGKILL)
                return
        family = [first, *children(first)]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.until(lambda: all(state(pid) == "Z" for pid in family), "the server does not die")
        for lock in (self.cluster.data / "postmaster.pid", *self.cluster.socket.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)  # where no init buries the dead at once, PostgreSQL would believe that the dead server lives
        self.until(self._started, "the server does not start")

    def _started(self) -> bool:
        """Start the server; not while a backend forked in the last moment still holds the shared memory."""
        try:
            self.cluster.start(durable=True)
        except BadInput:
            time.sleep(0.1)
            return False
        return True

    def ask(self, query: str, *values: object) -> list[tuple]:
        """Ask as the administrator; waits for a server that is on its way back."""
        until = time.monotonic() + 30
        while True:
            try:
                with self.connect() as db:
                    return db.execute(query, values or None).fetchall()
            except psycopg.OperationalError:
                assert time.monotonic() < until, self.tails()
                time.sleep(0.05)

    def end(self) -> None:
        if self.load and self.load.poll() is None:
            self.load.kill()
            self.load.wait()
        for part in self.parts.values():
            part.end()
        super().end()


def children(pid: int) -> list[int]:
    """Processes whose parent is this one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


def state(pid: int) -> str:
    """R, S, Z … as the kernel tells it; Z when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
