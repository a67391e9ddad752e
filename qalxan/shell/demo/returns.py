"""The demonstration's year 2020: figures, who counts them, the window, the bodies' invented returns."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from qalxan.foundation.access.actor import SYSTEM, Actor, HeldPost
from qalxan.foundation.access.permissions import Role
from qalxan.modules.plans import public as plans
from qalxan.modules.reporting import public as reporting
from qalxan.reports.statistics import public as statistics

DATA = Path(__file__).parent / "data"
FIGURES = Path(statistics.__file__).parent / "data"
BAKU = ZoneInfo("Asia/Baku")
PLAN, YEAR = "MFP-2020", 2020
OPENED = dt.datetime(2021, 1, 4, 9, tzinfo=BAKU)
DUE = dt.date(2021, 1, 20)
SILENT = frozenset({"KM", "NRYTN"})
"""Bodies that, in the demonstration, never answered."""
NOTHING = frozenset({"MSK"})
"""Bodies that had nothing to report."""


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by heading."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def load_figures(actor: Actor, now: dt.datetime) -> None:
    """The figures of the report for 2020 and the yearly series, and who counts what; nothing where the year is loaded already."""
    if any(w.plan == PLAN and w.year == YEAR for w in reporting.windows(actor)):
        return
    statistics.import_all(actor=SYSTEM, now=now)
    links: dict[str, list[tuple[str, str]]] = {}
    for row in rows(FIGURES / "measures.csv"):
        links.setdefault(row["indicator"], []).append((row["plan"], row["measure"]))
    reporting.link_measures(actor=actor, now=now, links=links)
    for row in rows(FIGURES / "counters.csv"):
        reporting.declare_counter(actor=actor, now=now, indicator=row["indicator"], body=row["body"], key=row["key"], alone=False)


def load_returns(actor: Actor) -> None:
    """Open the window for 2020 and answer it in each body's name, unless it is there already."""
    if any(w.plan == PLAN and w.year == YEAR for w in reporting.windows(actor)):
        return
    plan = plans.plan_of(actor, PLAN)
    window = reporting.open_window(actor=actor, now=OPENED, plan=plan, year=YEAR, opens_on=OPENED.date(), due_on=DUE)
    told = {(row["body"], row["measure"]): row["text_az"] for row in rows(DATA / "narratives_2020.csv")}
    figures: dict[str, dict[tuple[str, str], tuple[str, Decimal | None]]] = {}
    for row in rows(DATA / "demo_returns_2020.csv"):
        value = Decimal(row["value"]) if row["value"] else None
        figures.setdefault(row["body"], {})[row["indicator"], row["key"]] = (row["qualifier"], value)
    for place, found in enumerate(reporting.board(actor, window.id, OPENED.date()).rows):
        body = found.row.body
        if body not in SILENT:
            _answer(actor, body, found.row.id, told, figures.get(body, {}), OPENED + dt.timedelta(days=3 + place % 18, hours=place % 8))
    reporting.close_window(actor=actor, now=dt.datetime(2021, 3, 1, 18, tzinfo=BAKU), window_id=window.id)


def _answer(
    office: Actor,
    body: str,
    return_id: int,
    told: dict[tuple[str, str], str],
    figures: dict[tuple[str, str], tuple[str, Decimal | None]],
    now: dt.datetime,
) -> None:
    """Answer every duty of a body's return, hand it in, approve it."""
    focal = Actor(None, (HeldPost(0, Role.FOCAL_POINT, body),))
    page = reporting.return_page(focal, return_id, now.date())
    homes = reporting.slots_by_answer(focal, return_id)
    for answer in page.answers:
        narrative = told.get((body, answer.number), "")
        values = {(s.indicator, s.key): figures[s.code, s.key] for s in homes.get(answer.id, ()) if (s.code, s.key) in figures}
        said = bool(narrative or values) and body not in NOTHING
        words = reporting.Words(
            "answered" if said else "nothing",
            narrative or ("Göstəricilər cədvəldə verilib." if said else ""),
            "substantial" if narrative else "",
            values,
        )
        reporting.save_answer(actor=focal, now=now, answer_id=answer.id, version=answer.version, words=words)
    reporting.submit(actor=focal, now=now + dt.timedelta(hours=1), return_id=return_id)
    reporting.approve(actor=office, now=now + dt.timedelta(days=5), return_id=return_id)
