"""The virus scanner: clamd over its socket, told to scan what it is sent (INSTREAM)."""

import re
import socket
import struct
import time

from qalxan.foundation.files.kinds import Fault, Unsafe

TIMEOUT = 10.0
"""Seconds for connecting and sending, and again for the answer."""
_CHUNK = 256 * 1024
_ANSWER = 4096
# in two pieces, so that a scanner does not take this file for the test file
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def refuse_eicar(data: bytes) -> None:
    """Raise Unsafe where the scanners' test string stands in the bytes, so that refusal can be proved where no scanner runs."""
    if _EICAR in data:
        raise Unsafe(Fault.INFECTED, "Eicar-Test-Signature")


def scan(data: bytes, address: str, timeout: float = TIMEOUT) -> None:
    """Have clamd scan the bytes. `address` is a path of a unix socket, or host:port; "" means that no scanner is configured.

    Raises Unsafe(INFECTED) with the signature's name, and Unsafe(SCANNER_DOWN) for every answer that is not a plain OK:
    without an answer nothing is taken for clean.
    """
    if not address:
        return
    try:
        answer = _ask(data, address, timeout)
    except (OSError, ValueError) as error:
        raise Unsafe(Fault.SCANNER_DOWN) from error
    if found := re.fullmatch(rb"stream: ([\x21-\x7e]{1,100}) FOUND", answer):
        raise Unsafe(Fault.INFECTED, found[1].decode("ascii"))
    if answer != b"stream: OK":
        raise Unsafe(Fault.SCANNER_DOWN)


def _connect(address: str, timeout: float) -> socket.socket:
    if "/" not in address:
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


def _ask(data: bytes, address: str, timeout: float) -> bytes:
    """The scanner's answer without its closing NUL. Raises OSError, also where time runs out or the answer is cut or endless."""
    ends = time.monotonic() + timeout
    with _connect(address, timeout) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            piece = data[start : start + _CHUNK]
            connection.settimeout(_left(ends))
            connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))
        ends = time.monotonic() + timeout
        answer = b""
        while not answer.endswith(b"\0"):
            connection.settimeout(_left(ends))
            piece = connection.recv(_ANSWER)
            if not piece or len(answer) > _ANSWER:
                raise ConnectionError("the answer is cut or endless")
            answer += piece
        return answer[:-1]


def _left(ends: float) -> float:
    """Seconds left; a scanner that drips its answer does not hold the page longer than one that is silent."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
