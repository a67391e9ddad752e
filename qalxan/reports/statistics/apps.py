from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "qalxan.reports.statistics"
    label = "statistics"
