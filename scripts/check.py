"""Everything that must hold before a change lands, step by step; what cannot run here is said aloud at the end."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
sys.path.insert(0, str(ROOT))
LINT = (
    ("style", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("types", [str(BIN / "mypy")]),
    ("import rules", [str(BIN / "lint-imports"), "--no-cache"]),
)
left_out: list[str] = []


def step(name: str, command: list[str], **extra: str) -> None:
    """Run a step, tell how long it took, and stop at the first that fails."""
    started = time.monotonic()
    print(f"--- {name}", flush=True)
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **extra}, check=False)
    print(f"    {name}: {'passed' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    if done.returncode:
        sys.exit(done.returncode)


def chromium() -> str | None:
    """The browser for journeys: found, or installed where this machine allows it."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return shutil.which("chromium")


def main() -> None:
    """Lint, then tests, then the crash drill, then browser journeys."""
    for name, command in LINT:
        step(name, command)
    if "--lint" in sys.argv:
        return
    from qalxan.webkit.catalogs import compile_catalogs

    compile_catalogs()
    step("tests", [str(BIN / "python"), "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-m", "not browser and not drill"])
    if not (ROOT.parent / "shared" / "seeds").exists():
        left_out.append("the tests that read the five source documents (../shared/seeds is not here)")
    if "--fast" not in sys.argv:
        step("crash drill", [str(BIN / "python"), "-m", "pytest", "-m", "drill", "tests/drill"], QALXAN_DRILL_ROUNDS="40")
        if browser := chromium():
            step("browser journeys", [str(BIN / "python"), "-m", "pytest", "-m", "browser", "tests/browser"], QALXAN_CHROMIUM=browser)
        else:
            left_out.append("the browser journeys (no Chromium, and none could be installed)")
    for what in left_out:
        print(f"LEFT OUT: {what}")


if __name__ == "__main__":
    main()
