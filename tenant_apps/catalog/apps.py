from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "tenant_apps.catalog"

    def ready(self) -> None:
        from tenant_apps.catalog import operations
        from tenant_apps.organisation.presets import files

        files.READERS.register("categories", operations.put_categories)
