from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "shared_apps.vault"
