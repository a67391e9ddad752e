"""Where the broker listens and where its keys lie."""

import os
from pathlib import Path

from config.env import home
from qalxan.kernel.errors import BadInput


def socket_path() -> Path:
    """Where the broker listens: QALXAN_BROKER_SOCKET, else `run/broker.sock` in the state folder. Raises BadInput for an address too long."""
    path = Path(os.environ.get("QALXAN_BROKER_SOCKET") or home() / "run" / "broker.sock")
    if len(os.fsencode(path)) > 100:
        raise BadInput("the broker's address is too long for a unix socket", str(path), "Name a shorter one in QALXAN_BROKER_SOCKET")
    return path


def key_folder() -> Path:
    """Where the keyring and the shred list lie."""
    return Path(os.environ.get("QALXAN_KEY_FOLDER") or home() / "keys")


def root_file() -> Path:
    """Where the root key lies: in a file of its own when QALXAN_ROOT_KEY_FILE names one."""
    return Path(os.environ.get("QALXAN_ROOT_KEY_FILE") or key_folder() / "root.key")
