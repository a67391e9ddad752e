"""The Merkle tree of RFC 6962: hashes, roots, proofs that a leaf is in a tree and that a tree only grew.

Leaves count from 0. A `Range` gives the hash of the leaves from `low` (inclusive) to `high` (exclusive), so that proofs can be
made from whatever holds the hashes: a list here, tiles of 256 in the database.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Range = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962, 2.1)."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf's bytes: SHA-256 of 0x00 and the bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees: SHA-256 of 0x01, left, right."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below `size` (size > 1): how many leaves the left subtree has."""
    return 1 << (size - 1).bit_length() - 1


@dataclass(slots=True)
class Frontier:
    """A tree that only grows, kept as the roots of its full subtrees: a root at any moment without the leaves."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf's hash; gives the roots of the subtrees it filled, by height: the leaf itself first."""
        size, filled = self.size, [leaf]
        while size & 1:
            filled.append(node_hash(self.peaks.pop(), filled[-1]))
            size >>= 1
        self.peaks.append(filled[-1])
        self.size += 1
        return filled

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return EMPTY
        *rest, root = self.peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of leaves."""
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def over(leaves: Sequence[bytes]) -> Range:
    """A range over hashes held in memory."""
    return lambda low, high: root_of(leaves[low:high])


def inclusion(index: int, size: int, of: Range) -> list[bytes]:
    """The path from leaf `index` to the root of the first `size` leaves (RFC 6962, 2.1.1). Raises ValueError when it is not in there."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            path.append(of(middle, high))
            high = middle
        else:
            path.append(of(low, middle))
            low = middle
    return path[::-1]


def consistency(old: int, new: int, of: Range) -> list[bytes]:
    """What shows that the first `new` leaves begin with the first `old` ones (RFC 6962, 2.1.2); empty when old is 0 or equal.

    Raises ValueError when old is negative or over new.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves did not grow from one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + split(high - low)
        if old <= middle:
            path.append(of(middle, high))
            high = middle
        else:
            path.append(of(low, middle))
            low, whole = middle, False
    return path[::-1] if whole else [of(low, high), *path[::-1]]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path leads from a leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether a path shows that the tree of `new` leaves grew from the one of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
