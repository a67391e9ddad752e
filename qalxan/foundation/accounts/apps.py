from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "qalxan.foundation.accounts"
    label = "accounts"
