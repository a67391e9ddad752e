"""Signed heads of a log in the open format of transparency logs, so that any standard witness can check and cosign them.

A *note* is a text and signature lines (c2sp.org/signed-note); a *checkpoint* is a note whose text is origin, size and root
(c2sp.org/tlog-checkpoint); a *cosignature* is a witness's timestamped signature over it (c2sp.org/tlog-cosignature, Ed25519).
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 0x01, 0x04
_MOST = 64 * 1024
_DASH = "\u2014 "


class BadNote(ValueError):
    """A note, key or checkpoint that does not follow the format or whose signature does not hold."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a tree: whose log, how many leaves, which root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text: three lines, each with its newline."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under its name: `kind` is LOG (plain signature) or WITNESS (cosignature)."""

    name: str
    public: bytes
    kind: int = LOG

    @property
    def id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def vkey(self) -> str:
        """The key as people hand it on: name+id+key."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def holds(self, text: str, signature: bytes) -> bool:
        """Whether signature bytes (without the key id) are this key's over a text."""
        message = text.encode()
        if self.kind == WITNESS:
            if len(signature) != 72:
                return False
            message, signature = _stamped(text, int.from_bytes(signature[:8], "big")), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key (32 bytes) under its name."""

    name: str
    seed: bytes
    kind: int = LOG

    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(_name(self.name), Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw(), self.kind)

    def sign(self, text: str, at: int = 0) -> str:
        """The signature line over a text; `at` (seconds since 1970) is what a witness signs with it."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        own = at.to_bytes(8, "big") + key.sign(_stamped(text, at)) if self.kind == WITNESS else key.sign(text.encode())
        return f"{_DASH}{self.name} {base64.b64encode(self.verifier().id + own).decode()}\n"

    def skey(self) -> str:
        """The key as its file holds it. A secret."""
        key = base64.b64encode(bytes([self.kind]) + self.seed).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier().id.hex()}+{key}"


def _stamped(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _name(name: str) -> str:
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise BadNote("a key's name is not empty and has no space and no plus")
    return name


def _bytes(written: str, what: str) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote(f"{what} is no base64") from None


def read_vkey(written: str) -> Verifier:
    """A public key from its written form. Raises BadNote."""
    parts = written.strip().split("+", 2)
    if len(parts) != 3:
        raise BadNote("a verifier key has three parts: name+id+key")
    key = _bytes(parts[2], "the key")
    if len(key) != 33 or key[0] not in (LOG, WITNESS):
        raise BadNote("the key is no Ed25519 key of a log or witness")
    found = Verifier(_name(parts[0]), key[1:], key[0])
    if found.id.hex() != parts[1]:
        raise BadNote("the key's id does not fit the key")
    return found


def read_skey(written: str) -> Signer:
    """A private key from its written form. Raises BadNote."""
    parts = written.strip().split("+", 4)
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
        raise BadNote("this is no private key of a log")
    key = _bytes(parts[4], "the key")
    if len(key) != 33 or key[0] not in (LOG, WITNESS):
        raise BadNote("the key is no Ed25519 key of a log or witness")
    found = Signer(_name(parts[2]), key[1:], key[0])
    if found.verifier().id.hex() != parts[3]:
        raise BadNote("the key's id does not fit the key")
    return found


def signed(head: Checkpoint, signer: Signer) -> str:
    """The head as a note with the signer's line."""
    return head.text() + "\n" + signer.sign(head.text())


def parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A note's text and its signatures: name, and bytes with the key id in front. Raises BadNote."""
    text, gap, lines = note.rpartition("\n\n")
    if len(note) > _MOST or not gap or not lines.endswith("\n") or any(ord(letter) < 32 and letter != "\n" for letter in note):
        raise BadNote("this is no signed note")
    found = []
    for line in lines[:-1].split("\n"):
        name, space, signature = line.removeprefix(_DASH).partition(" ")
        bytes_ = _bytes(signature, "a signature")
        if not line.startswith(_DASH) or not space or len(bytes_) < 5:
            raise BadNote("a signature line is broken")
        found.append((_name(name), bytes_))
    return text + "\n", found


def checkpoint(text: str) -> Checkpoint:
    """A head from a note's text. Raises BadNote."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise BadNote("this note is no head of a log")
    size, root = lines[1], _bytes(lines[2], "the root")
    if not (size.isascii() and size.isdecimal() and len(size) < 19 and str(int(size)) == size) or len(root) != 32:
        raise BadNote("the head's size or root is broken")
    return Checkpoint(lines[0], int(size), root)


def opened(note: str, key: Verifier) -> Checkpoint:
    """The head of a note that this key signed. Raises BadNote when it did not, or when one of its signatures does not hold."""
    text, signatures = parts(note)
    own = [signature[4:] for name, signature in signatures if (name, signature[:4]) == (key.name, key.id)]
    if not own or not all(key.holds(text, signature) for signature in own):
        raise BadNote(f"the note is not signed by {key.name}")
    head = checkpoint(text)
    if key.kind == LOG and head.origin != key.name:
        raise BadNote(f"the note is of another log: {head.origin}")
    return head
