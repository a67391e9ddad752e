"""The data of plans: acts, plans as dated cells, duties, and what is recorded beside a measure."""

from qalxan.modules.plans.models.acts import Act, Correction
from qalxan.modules.plans.models.duties import Duty, DutyRun
from qalxan.modules.plans.models.plans import Cell, Measure, Plan, Section
from qalxan.modules.plans.models.records import Financing, ParticipationDecision, PrincipleCheck, Resolution, RosterEntry, Treaty

__all__ = [
    "Act",
    "Cell",
    "Correction",
    "Duty",
    "DutyRun",
    "Financing",
    "Measure",
    "ParticipationDecision",
    "Plan",
    "PrincipleCheck",
    "Resolution",
    "RosterEntry",
    "Section",
    "Treaty",
]
