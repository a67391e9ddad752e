"""The program of the child that rebuilds one file: bytes in on its input, a line of JSON and the rebuilt bytes out."""

import json
import resource
import sys

from qalxan.foundation.files.kinds import Clean, Fault, Unsafe


def _limit(seconds: int, memory: int) -> None:
    """Bind this process: processor seconds, bytes of address space, no file written, no core left behind."""
    bounds = ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0))
    for what, bound in bounds:
        try:
            resource.setrlimit(what, (bound, bound))
        except (ValueError, OSError):
            continue  # some systems refuse to bind address space; the time limit of the parent holds there too


def main() -> None:
    """Read, rebuild, answer. The arguments are processor seconds, bytes of memory and whether a table is wanted ("1")."""
    seconds, memory, as_table = (int(argument) for argument in sys.argv[1:4])
    _limit(seconds, memory)
    head: dict[str, str]
    content = b""
    try:
        from qalxan.foundation.files.clean import rebuild

        clean: Clean = rebuild(sys.stdin.buffer.read(), as_table=bool(as_table))
        head, content = {"kind": clean.kind.value}, clean.data
    except Unsafe as unsafe:
        head = {"fault": unsafe.fault.value, "what": unsafe.what}
    except MemoryError:
        head = {"fault": Fault.BOMB.value, "what": ""}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
