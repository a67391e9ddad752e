from django.apps import AppConfig


class WebkitConfig(AppConfig):
    name = "qalxan.webkit"
    label = "webkit"
