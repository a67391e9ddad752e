from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "qalxan.foundation.persons"
    label = "persons"
