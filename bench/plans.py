"""The numbers of plans: reading acts, hostile text, compiling duties, pages.

Acts are made here, so the numbers do not need the source documents; where those lie beside the project they are measured too.
"""

import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.tools import line, times

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT.parent / "shared" / "seeds"
HEAD = (
    "Sınaq Planının təsdiq edilməsi haqqında\n\nAZƏRBAYCAN RESPUBLİKASI PREZİDENTİNİN SƏRƏNCAMI\n\nBakı şəhəri, 3 mart 2031-ci il\n№ 77\n\n"
)
HEADER = "Sıra\tTədbirin adı\tİcraçı orqanlar\tİcra müddəti\n"
BODIES = (
    "Daxili İşlər Nazirliyi",
    "Səhiyyə Nazirliyi",
    "Əmək və Əhəlinin Sosial Müdafiəsi Nazirliyi",
    "Ədliyyə Nazirliyi yerli icra hakimiyyəti orqanları",
    "Dövlət Sərhəd Xidməti",
)


def act(measures: int) -> str:
    """A made act of so many measures, some damaged the way real printings are."""
    rows = [HEADER]
    for number in range(1, measures + 1):
        named = ", ".join(BODIES[(number + k) % len(BODIES)] for k in range(4))
        rows.append(
            f"{number}.\t{'Sınaq məqsədilə görülən işlərin davam etdirilməsi ' * 6}\t{named}\t{'mütəmadi' if number % 2 else '2031 2034'}\n"
        )
    return HEAD + "".join(rows)


def main() -> None:
    """Measure and print."""
    reading()
    hostile()
    compiling()
    pages()


def reading() -> None:
    """Reading acts of growing size: the ratio of time to size shows whether growth is linear."""
    from qalxan.kernel.acts import load, read_act
    from qalxan.kernel.acts.source import plain
    from qalxan.shell.cli.acts import registry

    known = registry()
    print("Reading an act (in process)")
    before = None
    for count in (125, 250, 500, 1000, 2000):
        text = act(count)
        median = line(f"  made act, {count} measures, {len(text.encode()) // 1000} kB", times(lambda t=text: read_act(plain(t), known), 3))  # type: ignore[misc]
        if before:
            print(f"    twice the size takes {median / before:.2f} × the time")
        before = median
    for path in sorted(SEEDS.glob("00[0-3]*.txt")):
        line(f"  {path.name}, {path.stat().st_size // 1000} kB", times(lambda p=path: read_act(load(p), known), 5), "reach: under 1 s")  # type: ignore[misc]


def hostile() -> None:
    """10 MB of hostile text through the command line: seconds, MiB, exit code; then half of it, for the growth."""
    print("Hostile text of 10 MB through `qalxan act read --json` (reach: 10 s, 512 MiB)")
    size = 10_000_000
    cases = {
        "no line ends": "insan alveri ",
        "a million tabs": "\tx        ",
        "nested tags": "<div><p>",
        "mixed scripts": "аəбΩ漢שaı ",
        "entities": "&amp;",
        "one endless table row": "\tNazirlər Kabinetu qqq, ",
    }
    for name, piece in cases.items():
        seconds = []
        for share in (0.5, 1.0):
            text = HEAD + HEADER + "1.\tİş" + piece * int(share * size / len(piece.encode()))
            seconds.append(_command(text))
        (half, _, _), (whole, memory, code) = seconds
        print(f"  {name:28} {whole:6.2f} s {memory:5} MiB   exit {code}   {whole / half:4.2f} × the time of half the size")


def _command(text: str) -> tuple[float, int, int]:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "qalxan", "act", "read", file.name, "--json"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        scale = 1024 if sys.platform != "darwin" else 1024 * 1024
        return time.perf_counter() - started, usage.ru_maxrss // scale, process.returncode


def compiling() -> None:
    """Compiling 69 measures × 100 bodies × 5 years in memory."""
    from qalxan.kernel.bodies import BodyRecord, Registry
    from qalxan.kernel.duties import CellFact, MeasureFacts, PlanFacts, compile_duties

    codes = [f"B{n}" for n in range(100)]
    registry = Registry(tuple(BodyRecord(code, "central_executive", code, code, code) for code in codes))
    known = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    start = dt.date(2020, 3, 1)
    entries = [{"body": code, "role": "executor", "as_written": code} for code in codes]
    cells = (CellFact("executors", entries, start, known, 1), CellFact("terms", [{"kind": "continuous"}], start, known, 2))
    plan = PlanFacts(2020, 2024, start, tuple(MeasureFacts(n, cells) for n in range(69)))
    print("Compiling duties (in memory)")
    line(
        f"  69 measures × 100 bodies × 5 years = {len(compile_duties(plan, registry))} duties",
        times(lambda: compile_duties(plan, registry), 7),
        "reach: under 1 s",
    )


def pages() -> None:
    """Pages of the demonstration site at 100 bodies × 69 measures × 5 years, through Django without a network; everything is rolled back."""
    from qalxan.shell.cli.site import setup

    setup()
    import logging

    from django.db import transaction
    from django.test import Client

    from qalxan.foundation.accounts.models import User

    logging.disable(logging.CRITICAL)
    user = User.objects.filter(email="koordinator@demo.example").first()
    if user is None:
        print("Pages: not measured, the demonstration is not loaded (`qalxan demo`)")
        return
    print("Pages at scale (in process; reach for the heat map: 150 ms)")
    with transaction.atomic():
        count = _swell()
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        for address in (
            "/plans/MFP-2020/heat/",
            "/plans/MFP-2020/heat/?year=2023",
            "/plans/MFP-2020/",
            "/bodies/DIN/duties/?year=2023",
            "/plans/",
        ):
            line(f"  {address} ({count} duties)", times(lambda a=address: client.get(a), 15))  # type: ignore[misc]
        transaction.set_rollback(True)


def _swell() -> int:
    """Give every measure of the plan to a hundred bodies in every year; gives the number of duties."""
    from qalxan.foundation.bodies.models import Body
    from qalxan.modules.plans.models import Duty, DutyRun, Plan

    plan = Plan.objects.get(code="MFP-2020")
    run = DutyRun.objects.filter(plan=plan).latest("id")
    bodies = list(Body.objects.exclude(kind__in=["group", "open_list", "cis"]).values_list("code", flat=True)[:100])
    rows = [
        Duty(plan=plan, measure_id=m, body_id=b, role="executor", term_kind="continuous", period_start=dt.date(y, 1, 1), period_end=dt.date(y, 12, 31), due_on=dt.date(y, 12, 31), made_by=run)
        for m in plan.measures.values_list("id", flat=True) for b in bodies for y in range(2020, 2025)
    ]  # fmt: skip
    Duty.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)
    return Duty.objects.filter(plan=plan).count()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
