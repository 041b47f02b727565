from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "tenant_apps.organisation"
