from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "qalxan.modules.plans"
    label = "plans"
