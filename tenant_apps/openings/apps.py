from django.apps import AppConfig


class OpeningsConfig(AppConfig):
    name = "tenant_apps.openings"
