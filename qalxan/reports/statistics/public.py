"""What other storeys may use of statistics."""

from qalxan.reports.statistics.choices import Kind
from qalxan.reports.statistics.operations.cells import BadCell, BadCells
from qalxan.reports.statistics.operations.facts import ReturnFigure, choose_source, record_from_returns
from qalxan.reports.statistics.operations.imports import Imported, import_all, import_facts
from qalxan.reports.statistics.queries.checks import CheckRow, checks
from qalxan.reports.statistics.queries.current import Candidate, FigureView, Point, facts_of_year, figure, figures, series
from qalxan.reports.statistics.queries.frozen import frozen

__all__ = [
    "BadCell",
    "BadCells",
    "Candidate",
    "CheckRow",
    "FigureView",
    "Imported",
    "Kind",
    "Point",
    "ReturnFigure",
    "checks",
    "choose_source",
    "facts_of_year",
    "figure",
    "figures",
    "frozen",
    "import_all",
    "import_facts",
    "record_from_returns",
    "series",
]
