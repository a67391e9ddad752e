"""What is stored of reporting."""

from qalxan.modules.reporting.models.indicators import Counter, Indicator

__all__ = ["Counter", "Indicator"]
