"""What other storeys may use of reporting."""

from qalxan.modules.reporting.operations.indicators import IndicatorWords, indicator_words, set_indicators

__all__ = ["IndicatorWords", "indicator_words", "set_indicators"]
