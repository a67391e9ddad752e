from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "qalxan.foundation.files"
    label = "files"
