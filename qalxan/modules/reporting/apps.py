from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "qalxan.modules.reporting"
    label = "reporting"
