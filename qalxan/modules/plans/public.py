"""What other storeys and modules may use of plans."""

from qalxan.modules.plans.operations.acts import import_act
from qalxan.modules.plans.operations.duties import set_answered
from qalxan.modules.plans.operations.load import load_reading, load_treaty_titles
from qalxan.modules.plans.policy import may_see_body_duties
from qalxan.modules.plans.queries.acts import dated_acts, draft_list
from qalxan.modules.plans.queries.duties import of_body, of_year, open_count, owed_in, plan_years
from qalxan.modules.plans.queries.export import export
from qalxan.modules.plans.queries.measures import MeasureRef, measure_index
from qalxan.modules.plans.queries.plans import act_label, consolidation, measure_page, plan_list, plan_of
from qalxan.modules.plans.queries.words import day_words, measure_label, period_words

__all__ = [
    "MeasureRef",
    "act_label",
    "consolidation",
    "dated_acts",
    "day_words",
    "draft_list",
    "export",
    "import_act",
    "load_reading",
    "load_treaty_titles",
    "may_see_body_duties",
    "measure_index",
    "measure_label",
    "measure_page",
    "of_body",
    "of_year",
    "open_count",
    "owed_in",
    "period_words",
    "plan_list",
    "plan_of",
    "plan_years",
    "set_answered",
]
