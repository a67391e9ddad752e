"""The demonstration's sealed report for 2020."""

import datetime as dt

from qalxan.foundation.access.actor import Actor
from qalxan.reports.annual_report import public as reports
from qalxan.reports.statistics import public as statistics
from qalxan.shell.demo.returns import BAKU, DATA, PLAN, YEAR

FROZEN = dt.datetime(2021, 3, 15, 10, tzinfo=BAKU)


def load_report(actor: Actor) -> None:
    """Begin the report for 2020, give it its texts, freeze it, and seal it; nothing where it is there already."""
    if any(e.kind == "annual" and e.year == YEAR for e in reports.edition_list(actor)):
        return
    statistics.choose_source(
        actor=actor,
        now=FROZEN,
        slot=("victims-identified", "group=children", YEAR),
        source="report-2020",
        reason="Hesabat arifmetik olaraq bağlanır (89 + 3 + 2 = 94); mətbuat nüsxəsi bağlanmır.",
    )
    edition = reports.start(actor=actor, now=FROZEN, kind=reports.Kind.ANNUAL, year=YEAR, plan=PLAN)
    for language in ("az", "en", "ru"):
        for path in sorted((DATA / "report_2020" / language).glob("*.txt")):
            text = path.read_text(encoding="utf-8").partition("\n")[2]
            reports.set_text(
                actor=actor, now=FROZEN, edition_id=edition.id, section=path.stem.partition("-")[2], language=language, text=text
            )
    reports.freeze(actor=actor, now=FROZEN, edition_id=edition.id)
    asked = reports.ask(actor=actor, now=FROZEN, edition_id=edition.id, seals=True)
    reports.run(asked.id, FROZEN)
