"""What other storeys may use of the reports."""

from qalxan.reports.annual_report.queries.editions import sealed_list

__all__ = ["sealed_list"]
