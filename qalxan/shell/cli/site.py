"""`qalxan up | migrate | demo | duties ...`: commands that need the site."""

import argparse
import contextlib
import datetime as dt
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from qalxan.kernel.errors import BadInput

UNUSED_ASSETS = [
    "*italic*",
    "*wdth*",
    "*standard*",
    "*greek*",
    "*devanagari*",
    "*vietnamese*",
    "*cyrillic-ext*",
    "*.d.ts",
    "*.esm.*",
    "*.cjs.*",
    "*.amd.*",
    "ext",
]
ROOT = Path(__file__).resolve().parents[3]


def setup(settings: str = "config.settings.demo", *, owner: bool = False) -> None:
    """Start Django, as the database's owner for migrations and as the app role for everything else."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    import django
    from django.conf import settings as configured

    if owner:
        from config.postgres import OWNER

        configured.DATABASES["default"]["USER"] = OWNER
        configured.DATABASES["default"]["OPTIONS"] = {}
    django.setup()


def migrate(arguments: argparse.Namespace) -> int:
    """Roles, database, tables, cache, the registry of bodies."""
    from config.postgres import prepare, server

    where = server()
    prepare(where)
    setup(owner=True)
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    from qalxan.foundation.bodies.operations import load_bodies

    print(f"{load_bodies()} bodies in the registry", file=sys.stderr)
    connection.close()
    return 0


def demo(arguments: argparse.Namespace, persons: bool = True) -> int:
    """Fill the demonstration country and print its accounts; the invented persons only where a key broker runs."""
    setup()
    from django.conf import settings
    from django.utils import timezone, translation

    if not settings.DEMO:
        raise BadInput("these settings are not the demonstration's", "demo", "Accounts with a published password are made there only")
    from qalxan.shell.demo.load import PASSWORD, load_demo

    with translation.override("en"):
        accounts = load_demo(timezone.now())
    for email, role in accounts:
        print(f"  {email:32} {role}")
    print(f"  password for all of them: {PASSWORD}")
    if persons:
        _demo_persons()
    return 0


def _demo_persons() -> None:
    """The invented persons, where a key broker can seal them."""
    from django.utils import timezone

    from qalxan.shell.demo.persons import load_persons

    made = load_persons(timezone.now())
    told = {
        -1: "no invented persons: no key broker answers (`qalxan broker`); start it and run this again",
        0: "the invented persons are there",
    }
    print(f"  {told.get(made, f'{made} invented persons registered, sealed by the key broker')}", file=sys.stderr)


def child(*arguments: str) -> None:
    """Run one of our own commands in a process of its own: Django is set up once per process and role."""
    done = subprocess.run([sys.executable, "-m", "qalxan", *arguments], check=False, cwd=ROOT)  # noqa: S603 - our own program
    if done.returncode:
        raise BadInput(f"`qalxan {' '.join(arguments)}` failed", "start", "Read the lines above")


def up(arguments: argparse.Namespace) -> int:
    """Prepare everything, then serve until interrupted: key broker, site, worker and sequencer, restarted should one fall."""
    child("migrate")
    setup()
    from django.core.management import call_command

    from qalxan.webkit.catalogs import compile_catalogs

    compile_catalogs()
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNUSED_ASSETS)
    demo(arguments, persons=False)
    address = f"http://127.0.0.1:{arguments.port}"
    run = programs(arguments.port, arguments.workers)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    with _supervised(run["broker"], environment), _supervised(run["web"], environment), _supervised(run["sequencer"], environment):
        _wait_ready(address)
        _wait_broker()
        _demo_persons()
        print(f"Qalxan: {address}  (demonstration; Ctrl+C stops it)", flush=True)
        if not arguments.once:
            with _supervised(run["worker"], environment), contextlib.suppress(KeyboardInterrupt):
                signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


def programs(port: int, workers: int) -> dict[str, list[str]]:
    """The command of each process that makes up a running site, beside the database."""
    own = [sys.executable, "-m", "qalxan"]
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers),
           "--no-ws", "--blocking-threads", "2", "--log-level", "warning", "config.wsgi:application"]  # fmt: skip
    worker = [sys.executable, str(ROOT / "manage.py"), "procrastinate", "worker", "--concurrency", "1"]
    return {"broker": [*own, "broker"], "web": web, "sequencer": [*own, "sequencer"], "worker": worker}


@contextlib.contextmanager
def _supervised(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    """Keep a process running until the block ends; should it fall, it is started again after a second."""
    ending = threading.Event()
    running: list[subprocess.Popen[bytes]] = []
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})

    def keep() -> None:
        while not ending.is_set():
            running[:] = [subprocess.Popen(command, env=environment, cwd=ROOT, preexec_fn=_unblock)]  # noqa: S603, PLW1509 - our own programs
            running[0].wait()
            ending.wait(1)

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        for process in running:
            process.terminate()
        thread.join(timeout=15)


def _unblock() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})


def _wait_ready(address: str, seconds: float = 30) -> None:
    import time
    import urllib.error
    import urllib.request

    for _ in range(int(seconds * 10)):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310 - our own loopback address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise BadInput("the site did not come up", address, "Look whether the port is in use, or choose another with --port")


def _wait_broker(seconds: float = 20) -> None:
    """Until the key broker has finished every erasure it knows of and answers."""
    import time

    from qalxan.foundation.vault import client

    until = time.monotonic() + seconds
    while not client.ready():
        if time.monotonic() > until:
            raise BadInput("the key broker did not come up", "broker", "Read the lines above; look whether another one runs")
        time.sleep(0.1)


def duties(arguments: argparse.Namespace) -> int:
    """Print a plan's duties in a year."""
    setup()
    from django.utils import timezone, translation

    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.foundation.access.guard import Absent
    from qalxan.modules.plans import public as plans

    with translation.override(arguments.language):
        try:
            rows = plans.of_year(SYSTEM, arguments.plan, arguments.year, timezone.now().date())
        except Absent:
            raise BadInput(f"there is no plan {arguments.plan}", "duties", f"Plans here: {_plan_codes()}") from None
    if arguments.body:
        rows = [row for row in rows if row.body == arguments.body]
    if arguments.json:
        print(json.dumps([_as_dict(row) for row in rows], ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row.body:10} {row.label:9} {row.role_label:14} {row.period:14} {row.due:20} {row.clause:16} {row.title}")
    print(f"{len(rows)} duties", file=sys.stderr)
    return 0


def _as_dict(row: Any) -> dict[str, Any]:
    return {
        name: getattr(row, name)
        for name in (
            "body",
            "plan",
            "number",
            "occurrence",
            "label",
            "role",
            "period",
            "year",
            "due",
            "state",
            "named_as",
            "via",
            "clause",
            "title",
        )
    }


def _plan_codes() -> str:
    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.modules.plans import public as plans

    return ", ".join(row.code for row in plans.plan_list(SYSTEM)) or "none yet"


def import_act(arguments: argparse.Namespace) -> int:
    """Read a file into a draft of the site; a person reviews and adopts it there."""
    setup()
    from django.utils import timezone

    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.kernel.acts.source import MAX_BYTES
    from qalxan.modules.plans import public as plans

    try:
        if arguments.file.stat().st_size > MAX_BYTES:
            raise BadInput("the file is over 64 MB", arguments.file.name, "Save the act alone, without pictures")
        data = arguments.file.read_bytes()
    except OSError as error:
        raise BadInput(f"the file cannot be read ({error.strerror})", arguments.file.name, "Check the path and its rights") from None
    act = plans.import_act(actor=SYSTEM, now=timezone.now(), name=arguments.file.name, data=data)
    print(f"draft {act.id}: {len(act.reading['measures'])} measures; review it at /acts/{act.id}/")
    return 0


def export_plan(arguments: argparse.Namespace) -> int:
    """Write a consolidation of a plan to a file or stdout."""
    setup()
    from django.utils import translation

    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.foundation.access.guard import Absent
    from qalxan.modules.plans import public as plans

    day = arguments.day or dt.datetime.now(dt.UTC).date()
    with translation.override(arguments.language):
        try:
            view = plans.consolidation(SYSTEM, arguments.plan, day)
        except Absent:
            raise BadInput(f"there is no plan {arguments.plan}", "act export", f"Plans here: {_plan_codes()}") from None
        body = plans.export(view, arguments.form, day)
    if arguments.out:
        arguments.out.write_bytes(body)
    else:
        sys.stdout.buffer.write(body)
    return 0


def bench(arguments: argparse.Namespace) -> int:
    """Run a benchmark: medians and ratios, never a test."""
    sys.path.insert(0, str(ROOT))
    run: Callable[[str], int] = importlib.import_module("bench").run
    return run(arguments.name)
