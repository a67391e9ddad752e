"""What other storeys and modules may use of plans."""

from qalxan.modules.plans.operations.acts import import_act
from qalxan.modules.plans.operations.load import load_reading, load_treaty_titles
from qalxan.modules.plans.policy import may_see_body_duties
from qalxan.modules.plans.queries.acts import draft_list
from qalxan.modules.plans.queries.duties import of_body, of_year, open_count
from qalxan.modules.plans.queries.export import export
from qalxan.modules.plans.queries.measures import MeasureRef, measure_index
from qalxan.modules.plans.queries.plans import consolidation, plan_list, plan_of

__all__ = [
    "MeasureRef",
    "consolidation",
    "draft_list",
    "export",
    "import_act",
    "load_reading",
    "load_treaty_titles",
    "may_see_body_duties",
    "measure_index",
    "of_body",
    "of_year",
    "open_count",
    "plan_list",
    "plan_of",
]
