"""Timing and printing."""

import statistics
import time
from collections.abc import Callable


def times(work: Callable[[], object], rounds: int = 20) -> list[float]:
    """Milliseconds of each round, after one that is not counted."""
    work()
    out = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        out.append(1000 * (time.perf_counter() - started))
    return out


def line(name: str, measured: list[float], reach: str = "") -> float:
    """Print a median with its p95; gives the median."""
    median = statistics.median(measured)
    p95 = sorted(measured)[max(0, round(0.95 * len(measured)) - 1)]
    print(f"{name:58} median {median:9.1f} ms   p95 {p95:9.1f} ms   n {len(measured):3}   {reach}")
    return median
