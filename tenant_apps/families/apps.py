from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "tenant_apps.families"
