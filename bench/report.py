"""The numbers of a full edition: fifteen pages, ten charts, PDF and DOCX, in a process of its own as a task would make it."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench.tools import line, times

ROOT = Path(__file__).resolve().parents[1]
ALONE = "from bench.report import edition; edition()"


def edition() -> None:
    """One edition from nothing, each part timed once; printed with the process's peak memory."""
    started = time.perf_counter()

    def told(name: str) -> None:
        nonlocal started
        print(f"  {name:56} {1000 * (time.perf_counter() - started):9.0f} ms")
        started = time.perf_counter()

    from qalxan.webkit.report import docx, docx_read, pdf
    from tests.report_sample import sample

    told("imports")
    made = sample("az")
    told("prose read, facts placed, 10 charts drawn")
    sealed = pdf.render(made)
    told(f"sealed PDF, {len(sealed) // 1024} kB")
    draft = docx.render(made)
    told(f"draft DOCX with 10 pictures, {len(draft) // 1024} kB")
    docx_read.read(draft, {section.code: docx.full_title(section) for section in made.sections})
    told("draft read back")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def main() -> None:
    """A cold process first, then each part again and again in this one."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", ALONE], cwd=ROOT, check=True, env={**os.environ, "TZ": "UTC"})
    print(f"  whole process {time.perf_counter() - started:.1f} s   reach 15 s")
    from qalxan.kernel.bare import bare_numbers
    from qalxan.webkit import charts
    from qalxan.webkit.report import docx, pdf
    from qalxan.webkit.report.fonts import folder
    from tests import report_sample as given

    made, drawn = given.sample("az"), given.charts("az")
    pictures = [charts.svg(chart) for chart in drawn.values()]
    line("10 charts as SVG", times(lambda: [charts.svg(chart) for chart in drawn.values()]))
    line("10 pictures as PNG, 150 dpi", times(lambda: [charts.png(picture, folder()) for picture in pictures], 5))
    line("sealed PDF", times(lambda: pdf.render(made), 5))
    line("draft DOCX", times(lambda: docx.render(made), 5))
    text = "\n\n".join(given.text("az", place) for place in range(8))
    line(f"bare numbers in {len(text) // 1000} kB of prose", times(lambda: bare_numbers(text, "az")))


if __name__ == "__main__":
    main()
