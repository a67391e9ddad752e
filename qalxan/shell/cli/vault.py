"""`qalxan broker | keys | erase | rotate | backup | restore`: what the person who runs the installation does with keys."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from qalxan.kernel.errors import BadInput


def broker(arguments: argparse.Namespace) -> int:
    """Be the key broker until told to stop."""
    from qalxan.foundation.vault.broker import run

    return run()


def split(arguments: argparse.Namespace) -> int:
    """Write the root key as five shares, any three of which bring it back; look that they do before saying so."""
    from qalxan.foundation.vault import shares
    from qalxan.foundation.vault.addresses import root_file
    from qalxan.foundation.vault.keyring import read_root, write_private

    root = read_root(root_file())
    lines = shares.split(root)
    if shares.join(lines[:3]) != root or shares.join(lines[2:]) != root:
        raise BadInput("the shares do not give the key", "keys split", "Nothing was written; try again")
    arguments.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number, line in enumerate(lines, 1):
        path = arguments.folder / f"share-{number}.txt"
        if path.exists():
            raise BadInput("there is a share already", str(path), "Give an empty folder")
        write_private(path, f"{line}\n".encode())
        print(path)
    print("Give each to another body, on paper. Any three bring the root key back: qalxan keys join", file=sys.stderr)
    if arguments.remove:
        root_file().unlink()
        print("The root key is removed: the broker starts again only when three shares were joined.", file=sys.stderr)
    return 0


def join(arguments: argparse.Namespace) -> int:
    """Bring the root key back from shares, given as files or typed in one to a line."""
    from qalxan.foundation.vault import shares
    from qalxan.foundation.vault.addresses import root_file
    from qalxan.foundation.vault.keyring import write_private

    out = arguments.out or root_file()
    if out.exists():
        raise BadInput("there is a key already", str(out), "Name another file with --out")
    lines = [_read(path) for path in arguments.shares] or [line for line in sys.stdin.read().splitlines() if line.strip()]
    secret = shares.join(lines)
    out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(out, secret.hex().encode() + b"\n")
    print(out)
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise BadInput("the share cannot be read", str(path), "Give the file that keys split wrote") from None


def rotate(arguments: argparse.Namespace) -> int:
    """New keys for compartments (or the root key); the data itself is not touched."""
    if arguments.root:
        ask("rotate_root")
        print("root: a new key; make new shares now, the old ones open old backups only")
        return 0
    from qalxan.foundation.vault.service import COMPARTMENTS

    for name in [arguments.compartment] if arguments.compartment else sorted(COMPARTMENTS):
        done = ask("rotate", compartment=name)
        print(f"{name}: version {done['version']}, {done['rewrapped']} data keys wrapped anew, {done['retired']} old keys destroyed")
        if done["unreadable"]:
            print(f"{name}: {done['unreadable']} data keys cannot be read; the old keys are kept for them", file=sys.stderr)
    return 0


def erase(arguments: argparse.Namespace) -> int:
    """Destroy a person's keys and print the certificate that stands in the log."""
    print(json.dumps(ask("erase", person=arguments.person, reference=arguments.reference)))
    return 0


def backup(arguments: argparse.Namespace) -> int:
    """Write data into one folder and keys into another."""
    from config.postgres import server
    from qalxan.foundation.vault.backup import backup as write

    keys = arguments.keys or arguments.folder.with_name(f"{arguments.folder.name}-keys")
    saved = write(server(), arguments.folder, keys, lambda after: ask("export_keys", after=after))
    print(f"{saved.data}\n{saved.keys}")
    print(f"{saved.rows} rows, {saved.data_keys} data keys; the root key is in neither file", file=sys.stderr)
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Bring a backup into an empty database and make it ready to serve."""
    from config.postgres import server
    from qalxan.foundation.vault.backup import restore as bring
    from qalxan.shell.cli.site import child

    done = bring(server(), arguments.data, arguments.keys, arguments.shredded)
    child("migrate")
    print(f"{done.rows} rows, {done.data_keys} data keys, {done.erased_again} persons erased again")
    return 0


def ask(command: str, **fields: Any) -> dict[str, Any]:
    """A command of the operator to the running broker. Raises BadInput for every way it can fail."""
    from qalxan.foundation.vault import client

    try:
        return client.call(command, **fields)
    except client.NotOperator:
        raise BadInput("this account may not give the broker orders", command, "Run it as the account the broker started from") from None
    except (client.BrokerAway, client.Closed):
        raise BadInput(
            "the broker does not answer, or could not do it", command, "Start it with: qalxan broker; look at its lines"
        ) from None
    except ValueError:
        raise BadInput("the broker cannot read this", command, "A person is an id, a reference is a code without spaces") from None
