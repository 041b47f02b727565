from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "tenant_apps.catalog"

    def ready(self) -> None:
        from tenant_apps.catalog.operations import categories
        from tenant_apps.organisation.presets import files

        files.READERS.register("categories", categories.put_categories)
