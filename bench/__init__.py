"""Measurements, run by `qalxan bench NAME`: medians, p95 and ratios of one run on this machine. Never a test."""

import importlib


def run(name: str) -> int:
    """Run one benchmark and print what it measured."""
    importlib.import_module(f"bench.{name}").main()
    return 0
