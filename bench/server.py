"""Granian or gunicorn: the same pages by both, in one run, on two workers, from eight connections."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from bench.tools import line

ROOT = Path(__file__).resolve().parents[1]
SERVERS = {
    "granian": ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "--workers", "2", "--no-ws", "--blocking-threads", "2", "--log-level", "error", "config.wsgi:application"],
    "gunicorn": ["-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--workers", "2", "--log-level", "error", "config.wsgi:application"],
}  # fmt: skip
REQUESTS, CONNECTIONS = 60, 8


def main() -> None:
    """Measure both servers twice, in turn, and print."""
    medians: dict[str, list[float]] = {}
    for name in ("granian", "gunicorn", "granian", "gunicorn"):
        for path in ("/healthz", "/accounts/login/"):
            measured, rate = _measure(name, path)
            print(f"{rate:8.0f} requests/s  ", end="")
            medians.setdefault(f"{name} {path}", []).append(line(f"{name} {path}", measured))
    for path in ("/healthz", "/accounts/login/"):
        ratio = min(medians[f"gunicorn {path}"]) / min(medians[f"granian {path}"])
        print(f"{path}: gunicorn takes {ratio:.2f} × the median of granian")


def _measure(name: str, path: str) -> tuple[list[float], float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, *(part.format(port=port) for part in SERVERS[name])]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.demo"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        measured: list[float] = []
        started = time.perf_counter()
        threads = [threading.Thread(target=_visit, args=(port, path, measured)) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return measured, len(measured) / (time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("bench: the server did not start")


def _visit(port: int, path: str, measured: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(REQUESTS):
        started = time.perf_counter()
        connection.request("GET", path)
        connection.getresponse().read()
        measured.append(1000 * (time.perf_counter() - started))
