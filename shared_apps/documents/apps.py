from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "shared_apps.documents"
