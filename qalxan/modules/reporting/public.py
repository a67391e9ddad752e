"""What other storeys may use of reporting."""

from qalxan.modules.reporting.operations.answers import Words, save_answer
from qalxan.modules.reporting.operations.counters import declare_counter, link_measures
from qalxan.modules.reporting.operations.indicators import IndicatorWords, indicator_words, set_indicators
from qalxan.modules.reporting.operations.returns import approve, reopen, send_back, submit
from qalxan.modules.reporting.operations.windows import close_window, open_window
from qalxan.modules.reporting.queries.board import board, windows
from qalxan.modules.reporting.queries.returns import my_returns, return_page, slots_by_answer
from qalxan.modules.reporting.queries.words import key_words, value_words
from qalxan.modules.reporting.queries.years import Counted, Filing, SilenceRow, counted_figures, filings_for_measures, silence_table

__all__ = [
    "Counted",
    "Filing",
    "IndicatorWords",
    "SilenceRow",
    "Words",
    "approve",
    "board",
    "close_window",
    "counted_figures",
    "declare_counter",
    "filings_for_measures",
    "indicator_words",
    "key_words",
    "link_measures",
    "my_returns",
    "open_window",
    "reopen",
    "return_page",
    "save_answer",
    "send_back",
    "set_indicators",
    "silence_table",
    "slots_by_answer",
    "submit",
    "value_words",
    "windows",
]
