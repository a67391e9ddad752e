"""Rebuilding in a child process, so that a file made to exhaust or break a parser harms nobody else."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from qalxan.foundation.files.kinds import Clean, Fault, Kind, Unsafe

CPU_SECONDS = 30
WALL_SECONDS = 45
MEMORY = 1024 * 1024 * 1024
"""Bytes of address space, libraries included."""
_AT_ONCE = threading.BoundedSemaphore(2)
_ROOT = Path(__file__).resolve().parents[3]


def rebuild_bounded(data: bytes, *, as_table: bool = False) -> Clean:
    """As `clean.rebuild`, in a child with bounds on time and memory and none of this process's environment.

    Two files at once in this process; others wait their turn. Raises Unsafe: BUSY where the turn does not come in time; a child that is
    killed, out of time or out of memory means BOMB.
    """
    if not _AT_ONCE.acquire(timeout=WALL_SECONDS):
        raise Unsafe(Fault.BUSY)
    try:
        return _in_child(data, as_table=as_table)
    finally:
        _AT_ONCE.release()


def _in_child(data: bytes, *, as_table: bool) -> Clean:
    command = [sys.executable, "-B", "-m", "qalxan.foundation.files.worker", str(CPU_SECONDS), str(MEMORY), str(int(as_table))]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, input=data, capture_output=True, cwd=_ROOT, env={"LC_ALL": "C.UTF-8"}, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unsafe(Fault.BOMB) from None
    line, _, content = done.stdout.partition(b"\n")
    try:
        head = json.loads(line)
        if "fault" in head:
            raise Unsafe(Fault(head["fault"]), head["what"])
        return Clean(Kind(head["kind"]), content)
    except (ValueError, KeyError):
        raise Unsafe(Fault.BOMB) from None
