from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "qalxan.shell"
    label = "shell"
