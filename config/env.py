"""The few settings that come from the environment, and where this checkout keeps its state."""

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
    if key := os.environ.get("QALXAN_SECRET_KEY"):
        return key
    path = home() / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(60))
    return path.read_text(encoding="ascii").strip()
