from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _install(sender: Any, using: str = "default", **kwargs: Any) -> None:
    from django.db import connections, transaction

    from qalxan.foundation.vault.install import install

    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        install(cursor)


class VaultConfig(AppConfig):
    name = "qalxan.foundation.vault"
    label = "vault"

    def ready(self) -> None:
        post_migrate.connect(_install, sender=self, dispatch_uid="install_vault")
