from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "tenant_apps.demonstration"
