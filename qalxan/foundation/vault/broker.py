"""The key broker: a process of its own that holds the keys, listens on a unix socket and answers one request per connection.

It loads no Django and no code of the site above the log's writer. As root it gives root up before it accepts anything: to the account
`qalxan-broker`, or else to a number that no account has.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import pwd
import resource
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from config.env import home
from config.postgres import BROKER, server
from qalxan.foundation.vault import crypto, wire
from qalxan.foundation.vault.addresses import key_folder, root_file, socket_path
from qalxan.foundation.vault.errors import Away, Broken, Busy, NotAllowed, Told, Unreadable
from qalxan.foundation.vault.keyring import Keyring
from qalxan.foundation.vault.matching import Matching
from qalxan.foundation.vault.operator import Operator
from qalxan.foundation.vault.service import Service
from qalxan.foundation.vault.store import Database, DatabaseAway
from qalxan.kernel.errors import BadInput

MOST_CALLERS = 48
"""Connections served at once; the next one hears `busy`."""
ACCOUNT = "qalxan-broker"
Commands = dict[str, Callable[[wire.Fields], wire.Reply]]


class Broker:
    """The listening side: who may call, how many at once, and what each request gets back."""

    def __init__(self, commands: Commands, operator: Commands, callers: frozenset[int], operators: frozenset[int]) -> None:
        self.commands, self.operator, self.callers, self.operators = commands, operator, callers, operators
        self.ready = threading.Event()
        self._room = threading.BoundedSemaphore(MOST_CALLERS)

    def serve(self, listening: socket.socket) -> None:
        """Accept until the socket is closed."""
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            if not self._room.acquire(blocking=False):
                self._tell(connection, {"error": Busy.code})
                connection.close()
                continue
            threading.Thread(target=self._call, args=(connection,), daemon=True).start()

    def _call(self, connection: socket.socket) -> None:
        try:
            with connection:
                uid = peer(connection)
                if uid not in self.callers | self.operators:
                    self._tell(connection, {"error": NotAllowed.code})
                    return
                self._tell(connection, self._answer(connection, uid))
        except OSError:
            pass  # the caller went away; what was done stands in the log
        finally:
            self._room.release()

    def _answer(self, connection: socket.socket, uid: int) -> wire.Reply:
        try:
            message = wire.receive(connection)
            return {"ok": self._run(message, uid)}
        except Told as told:
            return {"error": told.code}
        except wire.Malformed:
            return {"error": Unreadable.code}
        except DatabaseAway:
            return {"error": Away.code}
        except crypto.Tampered:
            return {"error": Broken.code}
        except (wire.Gone, TimeoutError):
            raise OSError from None
        except BadInput as error:
            say("refused", cause=error.what)
            return {"error": Told.code}
        except Exception as error:
            say("failed", cause=type(error).__name__)  # the text of an error could hold what was sealed
            return {"error": Told.code}

    def _run(self, message: wire.Reply, uid: int) -> wire.Reply:
        name = message.get("do")
        if name == "ping":
            return {"ready": self.ready.is_set()}
        if not isinstance(name, str) or name not in self.commands | self.operator:
            raise wire.Malformed("do")
        if not self.ready.is_set():
            raise Away
        if name in self.operator:
            if uid not in self.operators:
                raise NotAllowed
            return self.operator[name](wire.Fields(message))
        return self.commands[name](wire.Fields(message))

    @staticmethod
    def _tell(connection: socket.socket, reply: wire.Reply) -> None:
        try:
            wire.send(connection, reply)
        except wire.Malformed:
            wire.send(connection, {"error": Unreadable.code})


def peer(connection: socket.socket) -> int:
    """The user id of the process at the other end, as the kernel knows it."""
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return int(uid)


def run() -> int:
    """Be the broker until told to stop. Raises BadInput when the keys, the address or the database's name cannot be used."""
    path, started_as = socket_path(), os.geteuid()
    folder(path.parent, 0o711)
    lock = os.open(path.parent / "broker.lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise BadInput("a broker runs already", str(path), "Stop it first") from None
    where = server()
    uid = own_user()
    folder(key_folder(), 0o700)
    ring = Keyring.open(key_folder(), root_file())
    listening = listen(path)
    if uid is not None:
        give_up_root(uid, where.host)
    hide()
    database = Database(where.dsn(BROKER))
    service = Service(ring, database)
    operator = Operator(ring, database, root_file())
    broker = Broker(
        {**service.commands(), **Matching(service).commands()},
        operator.commands(),
        named_users(os.environ.get("QALXAN_BROKER_CALLERS", "")) or frozenset({started_as}),
        frozenset({0, os.geteuid(), started_as}),
    )
    database.open()
    threading.Thread(target=make_ready, args=(broker, operator), daemon=True).start()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    threading.Thread(target=broker.serve, args=(listening,), daemon=True).start()
    say("listening", socket=str(path), uid=os.geteuid())
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    listening.close()
    database.close()
    return 0


def make_ready(broker: Broker, operator: Operator) -> None:
    """Finish every erasure of the shred list before the first thing is opened: the database may be a restored one."""
    while not broker.ready.is_set():
        try:
            finished = operator.replay()
        except BadInput as error:
            say("not ready", cause=str(error))
            time.sleep(5)
        except Exception as error:
            say("not ready", cause=type(error).__name__)
            time.sleep(0.5)
        else:
            say("ready", erasures_finished=finished)
            broker.ready.set()


def listen(path: Path) -> socket.socket:
    """The listening socket (0660; its group is QALXAN_BROKER_GROUP where that is a number)."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o117)
    try:
        listening.bind(str(path))
    finally:
        os.umask(before)
    if (group := os.environ.get("QALXAN_BROKER_GROUP", "")).isdecimal():
        os.chown(path, -1, int(group))
    listening.listen(128)
    return listening


def own_user() -> int | None:
    """Whom to become as root: the account made for the broker, or a number of the range systemd keeps for such users. None otherwise."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT).pw_uid
    except KeyError:
        return 61184 + int.from_bytes(hashlib.sha256(str(home()).encode()).digest()[:4], "big") % 4000


def give_up_root(uid: int, host: str) -> None:
    """Hand the keys to the user and become it. The group of a database's private socket folder stays, to come in."""
    for path in (key_folder(), *key_folder().iterdir()):
        os.chown(path, uid, uid)
    private = Path(host).is_dir() and not Path(host).stat().st_mode & 0o001
    os.setgroups([Path(host).stat().st_gid] if private else [])
    os.setgid(uid)
    os.setuid(uid)


def hide() -> None:
    """No core dumps, and no other process of the same user may read this one's memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def folder(path: Path, mode: int) -> None:
    """A folder with this mode."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)


def named_users(written: str) -> frozenset[int]:
    """User ids of a comma-separated list of names and numbers. Raises BadInput for a name that no account has."""
    found = set()
    for word in filter(None, (part.strip() for part in written.split(","))):
        try:
            found.add(int(word) if word.isdecimal() else pwd.getpwnam(word).pw_uid)
        except KeyError:
            raise BadInput(f"there is no account {word}", "QALXAN_BROKER_CALLERS", "Name the account the site runs as") from None
    return frozenset(found)


def say(what: str, **details: object) -> None:
    """One line of JSON on stderr: codes and counts only."""
    print(json.dumps({"event": f"broker {what}", **details}), file=sys.stderr, flush=True)
