from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "qalxan.foundation.audit"
    label = "audit"
