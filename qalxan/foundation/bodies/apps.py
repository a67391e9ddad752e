from django.apps import AppConfig


class BodiesConfig(AppConfig):
    name = "qalxan.foundation.bodies"
    label = "bodies"
