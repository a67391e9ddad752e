from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _install(sender: Any, using: str = "default", **kwargs: Any) -> None:
    from django.db import connections, transaction

    from qalxan.foundation.access.install import install

    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        install(cursor)


class AccessConfig(AppConfig):
    name = "qalxan.foundation.access"
    label = "access"

    def ready(self) -> None:
        from qalxan.foundation.access import checks  # noqa: F401 - registers the start-up check

        post_migrate.connect(_install, sender=self, dispatch_uid="install_access")
