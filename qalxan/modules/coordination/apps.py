from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "qalxan.modules.coordination"
    label = "coordination"
