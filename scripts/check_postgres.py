"""The test suite against a plain PostgreSQL server of the system (15 or newer), started for this run only."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def binaries() -> Path:
    """The newest PostgreSQL the system has."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    sys.exit("check-postgres: no PostgreSQL server on this machine; install the package postgresql")


def main() -> None:
    """Start, test, stop, remove."""
    home = Path(tempfile.mkdtemp(prefix="qalxan-pg-", dir="/tmp"))
    home.chmod(0o755)
    as_user: list[str] = []
    if os.geteuid() == 0:
        user = next(name for name in ("postgres", "nobody") if any(entry.pw_name == name for entry in pwd.getpwall()))
        shutil.chown(home, user)
        as_user = ["setpriv", "--reuid", user, "--regid", str(pwd.getpwnam(user).pw_gid), "--clear-groups"]
    bin_ = binaries()
    data = home / "data"
    subprocess.run(
        [*as_user, bin_ / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
    subprocess.run(
        [*as_user, bin_ / "pg_ctl", "-D", data, "-w", "-o", options, "-l", home / "log", "start"], check=True, stdout=subprocess.DEVNULL
    )
    try:
        environment = {**os.environ, "DATABASE_URL": f"postgresql://postgres@/qalxan?host={home}"}
        done = subprocess.run(
            [ROOT / ".venv/bin/python", "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-m", "not browser and not drill"],
            cwd=ROOT,
            env=environment,
            check=False,
        )
    finally:
        subprocess.run([*as_user, bin_ / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
