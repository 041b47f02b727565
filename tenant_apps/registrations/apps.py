from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "tenant_apps.registrations"
