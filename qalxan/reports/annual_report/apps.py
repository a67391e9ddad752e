from django.apps import AppConfig


class AnnualReportConfig(AppConfig):
    name = "qalxan.reports.annual_report"
    label = "annual_report"
