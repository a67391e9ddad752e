"""The keyring: a root key in a file of its own, and under it one key for each compartment, with versions.

`root.key` (0600, or the file QALXAN_ROOT_KEY_FILE names) holds 32 bytes in hex and is never in a backup of data or of keys;
`keyring.json` holds the compartment keys wrapped by it. A data key (person × compartment) is wrapped by the newest key of its compartment.
"""

import json
import os
import tempfile
import threading
from pathlib import Path

from qalxan.foundation.vault import crypto
from qalxan.foundation.vault.shredding import ShredList, sync_folder
from qalxan.kernel.errors import BadInput

INDEX = "index"
"""The key of the blind indexes: no compartment, held by the broker alone."""


class Keyring:
    """Compartment keys in memory, unwrapped; every change is on disk before it is used."""

    def __init__(self, folder: Path, root: bytes, keys: dict[str, dict[int, bytes]]) -> None:
        self.folder, self._root, self._keys = folder, root, keys
        self.making = threading.RLock()
        self.shredded = ShredList(folder / "shredded.list")

    @classmethod
    def open(cls, folder: Path, root_file: Path | None = None) -> "Keyring":
        """The keyring of a folder, made with a new root key at the very first start.

        Raises BadInput when the root key is not here although the keyring is (a ceremony has to bring it), or is another one.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = root_file or folder / "root.key"
        ring = folder / "keyring.json"
        if not path.exists():
            if ring.exists() or path.parent != folder:
                raise BadInput("the root key is not here", str(path), "Bring its shares together: qalxan keys join")
            write_private(path, crypto.new_key().hex().encode() + b"\n")
        root = read_root(path)
        if not ring.exists():
            write_private(ring, _wrapped(root, {}))
            return cls(folder, root, {})
        following = path.with_suffix(".next")
        try:
            return cls(folder, root, _unwrapped(root, ring.read_bytes()))
        except BadInput:
            if not following.exists():
                raise
        root = read_root(following)  # a change of the root key was cut off between its two files
        opened = cls(folder, root, _unwrapped(root, ring.read_bytes()))
        os.replace(following, path)
        return opened

    def version(self, name: str) -> int:
        """The newest version of a key, made when there is none yet."""
        if versions := self._keys.get(name):
            return max(versions)
        with self.making:
            versions = self._keys.get(name)
            return max(versions) if versions else self.renew(name)

    def renew(self, name: str) -> int:
        """A new version of a key beside the old ones, on disk before it is given."""
        with self.making:
            versions = self._keys.get(name, {})
            version = max(versions, default=0) + 1
            self._keep({**self._keys, name: {**versions, version: crypto.new_key()}})
            return version

    def retire(self, name: str, below: int) -> int:
        """Destroy the versions below one; gives how many."""
        with self.making:
            versions = self._keys.get(name, {})
            kept = {version: key for version, key in versions.items() if version >= below}
            if len(kept) < len(versions):
                self._keep({**self._keys, name: kept})
            return len(versions) - len(kept)

    def key(self, name: str, version: int) -> bytes:
        """A key by version. Raises Tampered for one that does not exist: what names it was not written here."""
        try:
            return self._keys[name][version]
        except KeyError:
            raise crypto.Tampered from None

    def names(self) -> list[str]:
        """The names that have a key."""
        return sorted(self._keys)

    def wrapped(self) -> bytes:
        """The keyring as its file holds it: every key sealed under the root key."""
        return _wrapped(self._root, self._keys)

    def take(self, written: bytes) -> int:
        """Add the versions another copy of this keyring holds beyond this one, as after a restore; gives how many. Raises as `open`."""
        with self.making:
            other = _unwrapped(self._root, written)
            merged = {name: {**other.get(name, {}), **self._keys.get(name, {})} for name in {*other, *self._keys}}
            added = sum(map(len, merged.values())) - sum(map(len, self._keys.values()))
            if added:
                self._keep(merged)
            return added

    def change_root(self, path: Path) -> None:
        """A new root key under the same compartment keys; old shares and old backups of keys need the old one.

        The new key lies beside the old one until the keyring under it is on disk: a crash in between leaves a pair that fits.
        """
        with self.making:
            fresh = crypto.new_key()
            write_private(path.with_suffix(".next"), fresh.hex().encode() + b"\n")
            write_private(self.folder / "keyring.json", _wrapped(fresh, self._keys))
            self._root = fresh
            os.replace(path.with_suffix(".next"), path)
            sync_folder(path.parent)

    def _keep(self, keys: dict[str, dict[int, bytes]]) -> None:
        """These keys from now on; a disk that is full changes nothing in memory either."""
        write_private(self.folder / "keyring.json", _wrapped(self._root, keys))
        self._keys = keys


def read_root(path: Path) -> bytes:
    """The root key of a file: 64 hex digits. Raises BadInput for anything else, or for a file that others may read."""
    try:
        if path.stat().st_mode & 0o077:
            raise BadInput("others may read the root key", str(path), "chmod 600 the file")
        root = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise BadInput(
            f"the root key cannot be read ({type(error).__name__})", str(path), "It holds 64 hex digits, readable for its owner"
        ) from None
    if len(root) != crypto.KEY_BYTES:
        raise BadInput("the root key has another length", str(path), "It holds 64 hex digits")
    return root


def _bound(name: str, version: int) -> bytes:
    return crypto.context("keyring", name, version)


def _wrapped(root: bytes, keys: dict[str, dict[int, bytes]]) -> bytes:
    rows = [
        {"name": name, "version": version, "key": crypto.seal(root, key, _bound(name, version)).hex()}
        for name, versions in sorted(keys.items())
        for version, key in sorted(versions.items())
    ]
    return json.dumps({"format": 1, "keys": rows}, indent=1).encode()


def _unwrapped(root: bytes, written: bytes) -> dict[str, dict[int, bytes]]:
    keys: dict[str, dict[int, bytes]] = {}
    try:
        for row in json.loads(written)["keys"]:
            name, version = str(row["name"]), int(row["version"])
            keys.setdefault(name, {})[version] = crypto.unseal(root, bytes.fromhex(row["key"]), _bound(name, version))
    except crypto.Tampered:
        raise BadInput(
            "the root key does not fit the keyring", "keyring.json", "Bring the root key that was here when it was written"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise BadInput("the keyring cannot be read", "keyring.json", "Restore it from the backup of keys") from None
    return keys


def write_private(path: Path, content: bytes) -> None:
    """Write a file for its owner alone, whole or not at all, on disk before this returns."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600 by its nature
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
    os.replace(name, path)
    sync_folder(path.parent)
