"""A witness of the log: one file, no account. It keeps the last head it saw and refuses any that did not grow from it.

    python witness.py https://SITE --key 'NAME+ID+KEY' --keep FOLDER

Get the key (the page /log/key) from the body that runs the log, on paper. Run this every few minutes on a machine of your own. It
needs Python 3.11 and the package `cryptography`. Exit 0: the log only grew. Exit 1: it did not; keep the folder, it holds the two heads
that prove it. Exit 2: nothing could be checked. Your cosigned head lies in FOLDER/head: hand it to whoever asks.
"""

import argparse
import base64
import hashlib
import pathlib
import secrets
import sys
import time
import urllib.request

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DASH = "\u2014 "


def fetch(url: str) -> str:
    """A page of the log, at most 64 kB."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        return str(answer.read(65_536).decode())


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes that name a key in a note."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def read(note: str, vkey: str) -> tuple[int, bytes, str]:
    """Size, root and text of a head that the log's key signed. Raises ValueError, InvalidSignature."""
    name, _, key = vkey.strip().split("+", 2)
    public = base64.b64decode(key, validate=True)[1:]
    text, gap, lines = note.rpartition("\n\n")
    text += "\n"
    ours = [
        signature
        for line in lines.splitlines()
        if line.startswith(f"{DASH}{name} ") and (signature := base64.b64decode(line.split(" ")[2]))[:4] == key_id(name, 1, public)
    ]
    origin, size, root = text.split("\n")[:3]
    if not gap or not ours or origin != name:
        raise ValueError("the head is not signed by this log")
    for signature in ours:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], text.encode())
    return int(size), base64.b64decode(root, validate=True), text


def grew(old: int, new: int, path: list[bytes], before: bytes, after: bytes) -> bool:
    """Whether the path shows that the tree of `new` leaves begins with the one of `old` (RFC 9162, 2.1.4.2)."""
    node = lambda left, right: hashlib.sha256(b"\x01" + left + right).digest()  # noqa: E731 - shorter than a function in a file meant to be read whole
    if old == new:
        return before == after
    steps = [before, *path] if old & (old - 1) == 0 else path
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not 0 < old < new or not steps:
        return False
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node(step, first), node(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and (first, second) == (before, after)


def cosigned(text: str, keep: pathlib.Path) -> str:
    """Our own line over the head, with the time: what the format calls cosignature/v1."""
    file = keep / "witness.key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"witness.invalid/{secrets.token_hex(4)} {base64.b64encode(secrets.token_bytes(32)).decode()}\n")
    name, seed = file.read_text().split()
    private, now = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed)), int(time.time())
    public = private.public_key().public_bytes_raw()
    (keep / "witness.vkey").write_text(f"{name}+{key_id(name, 4, public).hex()}+{base64.b64encode(bytes([4]) + public).decode()}\n")
    signature = now.to_bytes(8, "big") + private.sign(f"cosignature/v1\ntime {now}\n{text}".encode())
    return f"{DASH}{name} {base64.b64encode(key_id(name, 4, public) + signature).decode()}\n"


def watch(site: str, vkey: str, keep: pathlib.Path) -> int:
    """One round: fetch the newest head, compare it with the one kept, keep and cosign it. Gives the exit code."""
    keep.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = keep / "head"
    note = fetch(f"{site}/log/head")
    new, after, text = read(note, vkey)
    if file.exists():
        old, before, _ = read(file.read_text(), vkey)
        path = [base64.b64decode(line) for line in fetch(f"{site}/log/consistency/{old}/{new}").split()] if 0 < old < new else []
        if not grew(old, new, path, before, after):
            (keep / f"bad-{new}-{int(time.time())}").write_text(note)
            print(f"THE LOG DID NOT GROW from {old} to {new}: both heads are kept in {keep}", file=sys.stderr)
            return 1
        print(f"grew from {old} to {new}")
    else:
        print(f"first head kept: {new}")
    fresh = keep / "head.new"
    fresh.write_text(note + cosigned(text, keep))
    fresh.replace(file)
    return 0


def main() -> int:
    """Read the call and watch once."""
    parser = argparse.ArgumentParser(description="Witness a log once; run it again and again.")
    parser.add_argument("site")
    parser.add_argument("--key", required=True, help="the log's public key, name+id+key")
    parser.add_argument("--keep", type=pathlib.Path, required=True, help="a folder of your own")
    arguments = parser.parse_args()
    try:
        return watch(arguments.site.rstrip("/"), arguments.key, arguments.keep)
    except (OSError, ValueError, IndexError, InvalidSignature) as fault:
        print(f"nothing could be checked: {fault or type(fault).__name__}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
