from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "qalxan.foundation.access"
    label = "access"

    def ready(self) -> None:
        from qalxan.foundation.access import checks  # noqa: F401 - registers the start-up check
