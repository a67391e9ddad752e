"""The charts of an edition as pictures."""

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent
from qalxan.reports.annual_report.choices import LANGUAGES
from qalxan.reports.annual_report.queries.charts import chart, specs
from qalxan.reports.annual_report.queries.cut import Cut
from qalxan.reports.annual_report.queries.editions import edition_of
from qalxan.webkit.charts import svg


def picture(actor: Actor, kind: str, year: int, number: int, code: str, language: str) -> str:
    """A chart as SVG, drawn from the edition's cut. Raises Refused or Absent."""
    edition = edition_of(actor, kind, year, number)
    found = chart(Cut(edition.cut), code, language) if edition.cut and code in specs() and language in LANGUAGES else None
    if found is None:
        raise Absent(f"chart:{code}")
    return svg(found)
