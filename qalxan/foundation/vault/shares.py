"""Shamir's secret sharing over GF(2^8), for the root key: 3 of 5 bodies must come together.

Written out here because the one maintained library (SLIP-39) is not among the locked packages and brings its own word lists and
passphrases; the arithmetic is forty lines and is tested against schoolbook multiplication and every subset of shares. A share is a line of
text a person can read out: `QALXAN-<set>-<need>-<number>-<body in base32 groups>-<check>`.
"""

import base64
import hashlib
import itertools
import os

from qalxan.kernel.errors import BadInput

NEED, OF = 3, 5


def _tables() -> tuple[list[int], list[int]]:
    powers, logs, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)  # times 3, a generator of AES's field
        value &= 0xFF
    return powers, logs


_POWERS, _LOGS = _tables()


def multiply(a: int, b: int) -> int:
    """The product in GF(2^8) modulo x^8+x^4+x^3+x+1."""
    return _POWERS[_LOGS[a] + _LOGS[b]] if a and b else 0


def divide(a: int, b: int) -> int:
    """The quotient; b is not zero."""
    return _POWERS[_LOGS[a] - _LOGS[b] + 255] if a else 0


def split(secret: bytes, need: int = NEED, of: int = OF) -> list[str]:
    """`of` shares as text, any `need` of which give the secret and fewer tell nothing of it."""
    name = base64.b32encode(os.urandom(5)).decode()
    polynomials = [bytes([byte]) + os.urandom(need - 1) for byte in secret]
    return [_text(name, need, x, bytes(_value(p, x) for p in polynomials), secret) for x in range(1, of + 1)]


def join(texts: list[str]) -> bytes:
    """The secret from shares of one set. Raises BadInput that names the share that is mistyped, doubled, foreign or missing."""
    shares: dict[int, bytes] = {}
    sets = set()
    digest = need = None
    for place, text in enumerate(texts, 1):
        name, need, number, body, digest = _parse(text, place)
        sets.add((name, need, digest))
        if number in shares:
            raise BadInput(f"share {number} is given twice", f"share {place}", "Give different shares")
        shares[number] = body
    if len(sets) != 1:
        raise BadInput("the shares are of different sets", "shares", "Give shares that were written in one ceremony")
    if need is None or len(shares) < need:
        raise BadInput(f"{len(shares)} of {need} shares are here", "shares", f"Bring {need} of them together")
    chosen = dict(itertools.islice(sorted(shares.items()), need))
    secret = bytes(_at_zero({x: body[i] for x, body in chosen.items()}) for i in range(len(next(iter(chosen.values())))))
    if _digest(secret) != digest:
        raise BadInput("the shares do not give the key they were made of", "shares", "One of them was changed; try another one")
    return secret


def _value(polynomial: bytes, x: int) -> int:
    total = 0
    for coefficient in reversed(polynomial):
        total = multiply(total, x) ^ coefficient
    return total


def _at_zero(points: dict[int, int]) -> int:
    total = 0
    for x, y in points.items():
        factor = y
        for other in points:
            if other != x:
                factor = multiply(factor, divide(other, other ^ x))
        total ^= factor
    return total


def _digest(secret: bytes) -> str:
    """Eight letters that tell a right key from a wrong one; 40 bits of a hash of 256 random bits help nobody to guess it."""
    return base64.b32encode(hashlib.sha256(b"qalxan share" + secret).digest()[:5]).decode()


def _check(line: str) -> str:
    return base64.b32encode(hashlib.sha256(line.encode()).digest()[:5]).decode()


def _text(name: str, need: int, number: int, body: bytes, secret: bytes) -> str:
    written = base64.b32encode(body).decode().rstrip("=")
    groups = " ".join(written[i : i + 4] for i in range(0, len(written), 4))
    line = f"QALXAN-{name}-{_digest(secret)}-{need}-{number}-{groups}"
    return f"{line}-{_check(line.replace(' ', ''))}"


def _parse(text: str, place: int) -> tuple[str, int, int, bytes, str]:
    line = "".join(text.split()).upper()
    head, _, check = line.rpartition("-")
    try:
        kind, name, digest, need, number, written = head.split("-")
        body = base64.b32decode(written + "=" * (-len(written) % 8))
        if kind != "QALXAN" or _check(head) != check or not 1 <= int(number) <= 255 or not 2 <= int(need) <= 255:
            raise ValueError
    except ValueError:
        raise BadInput("the share is mistyped", f"share {place}", "Compare it with the paper, letter by letter") from None
    return name, int(need), int(number), body, digest
