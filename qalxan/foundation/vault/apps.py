from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "qalxan.foundation.vault"
    label = "vault"
