"""The few settings that come from the environment, and where this checkout keeps its state."""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def home() -> Path:
    """The folder of local state: `QALXAN_HOME`, else `var/` in the checkout.

    As root, PostgreSQL runs as another user, who must be able to reach its data: a checkout in a private folder
    keeps its state under /var/tmp instead.
    """
    named = os.environ.get("QALXAN_HOME")
    path = Path(named) if named else ROOT / "var"
    if not named and os.geteuid() == 0 and not all(p.stat().st_mode & 0o001 for p in (ROOT, *ROOT.parents)):
        path = Path("/var/tmp") / f"qalxan-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"  # noqa: S108 - made 0711 below
    path.mkdir(mode=0o711, parents=True, exist_ok=True)
    return path


def flag(name: str) -> bool:
    """Whether a yes/no variable is set to yes."""
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def secret_key() -> str:
    """The signing key: from the environment, else made once and kept in the state folder (0600)."""
    return os.environ.get("QALXAN_SECRET_KEY") or _kept("secret_key")


def gate_secret() -> bytes:
    """What sessions are minted with: from the environment, else made once and kept in the state folder (0600).

    `qalxan migrate` writes it where the database's own functions read it and no role of the site can.
    """
    return (os.environ.get("QALXAN_GATE_SECRET") or _kept("gate_secret")).encode()


def _kept(name: str) -> str:
    """A secret of this installation, made whole before it gets its name: nobody ever reads half of one."""
    path = home() / name
    if not path.exists():
        fresh = path.with_name(f"{name}.{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(60))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()
