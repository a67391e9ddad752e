"""What other storeys may use of the reports."""

from qalxan.reports.annual_report.choices import Kind
from qalxan.reports.annual_report.operations.editions import set_text, start
from qalxan.reports.annual_report.operations.files import ask, rebuilt, run
from qalxan.reports.annual_report.operations.freeze import freeze
from qalxan.reports.annual_report.queries.editions import edition_list, edition_of, sealed_list
from qalxan.reports.annual_report.queries.reading import file_of

__all__ = ["Kind", "ask", "edition_list", "edition_of", "file_of", "freeze", "rebuilt", "run", "sealed_list", "set_text", "start"]
