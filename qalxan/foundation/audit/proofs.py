"""Heads and proofs for anyone: hashes and signatures only. Reads a few tiles of 256 hashes, never the whole log."""

from qalxan.foundation.audit.models import Head, Leaf, Node, VerifierKey
from qalxan.kernel.merkle import consistency, inclusion, node_hash

TILE = 8


class Tiles:
    """Hashes of ranges of leaves, read 256 at a time."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], dict[int, bytes]] = {}

    def _one(self, level: int, place: int) -> bytes | None:
        tile = (level, place >> TILE)
        if tile not in self._read:
            low = tile[1] << TILE
            span = (low, low + (1 << TILE) - 1)
            rows = (
                Node.objects.filter(level=level, place__range=span).values_list("place", "hash")
                if level
                else Leaf.objects.filter(seq__range=span).values_list("seq", "leaf_hash")
            )
            self._read[tile] = {at: bytes(found) for at, found in rows}
        return self._read[tile].get(place)

    def of(self, low: int, high: int) -> bytes:
        """The hash of the leaves from low to high. Raises LookupError when one is missing."""
        width = high - low
        height = width.bit_length() - 1
        if width == 1 << height and low % width == 0 and height % TILE == 0 and (found := self._one(height // TILE, low >> height)):
            return found
        if width <= 1:
            raise LookupError(f"leaf {low} is missing")
        middle = low + (1 << (width - 1).bit_length() - 1)
        return node_hash(self.of(low, middle), self.of(middle, high))


def key() -> str | None:
    """The public key of the newest heads, None before the first sequencer ran."""
    return VerifierKey.objects.order_by("-id").values_list("vkey", flat=True).first()


def head(size: int | None = None) -> str | None:
    """The signed note of the head of a size, or of the newest; None when there is none."""
    heads = Head.objects.order_by("-size")
    if size is not None:
        heads = heads.filter(size=size) if size < 2**62 else heads.none()
    return heads.values_list("note", flat=True).first()


def signed_size() -> int:
    """How many rows the newest signed head covers."""
    return Head.objects.order_by("-size").values_list("size", flat=True).first() or 0


def consistency_path(old: int, new: int) -> list[bytes] | None:
    """What shows that the log of `new` rows begins with the one of `old`; None when nothing that long was signed or old is longer."""
    if not 0 <= old <= new <= signed_size():
        return None
    return consistency(old, new, Tiles().of)


def inclusion_path(seq: int, size: int) -> tuple[bytes, list[bytes]] | None:
    """A leaf's hash and its path to the root of `size` rows; None when nothing that long was signed or it does not hold the leaf."""
    if not 0 <= seq < size <= signed_size():
        return None
    tiles = Tiles()
    return tiles.of(seq, seq + 1), inclusion(seq, size, tiles.of)


def seq_of(entry: int) -> int | None:
    """Where an entry stands in the log; None when it waits or does not exist."""
    return Leaf.objects.filter(entry_id=entry).values_list("seq", flat=True).first() if 0 < entry < 2**62 else None
