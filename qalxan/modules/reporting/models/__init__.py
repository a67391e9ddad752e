"""What is stored of reporting."""

from qalxan.modules.reporting.models.evidence import Evidence
from qalxan.modules.reporting.models.indicators import Counter, Indicator
from qalxan.modules.reporting.models.returns import Answer, AnswerVersion, Parked, Return, StateChange, Value
from qalxan.modules.reporting.models.voices import Rating, Reminder, Verifiability
from qalxan.modules.reporting.models.windows import Extension, Window
from qalxan.modules.reporting.models.workbook import Upload

__all__ = [
    "Answer",
    "AnswerVersion",
    "Counter",
    "Evidence",
    "Extension",
    "Indicator",
    "Parked",
    "Rating",
    "Reminder",
    "Return",
    "StateChange",
    "Upload",
    "Value",
    "Verifiability",
    "Window",
]
