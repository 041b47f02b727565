from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "tenant_apps.catalog"

    def ready(self) -> None:
        from tenant_apps.catalog import establishments, restoring
        from tenant_apps.catalog.operations import categories
        from tenant_apps.catalog.pricing.kinds import every
        from tenant_apps.catalog.rules import age, establishment, form, level
        from tenant_apps.catalog.rules.kind import KINDS
        from tenant_apps.organisation.establishments import USES
        from tenant_apps.organisation.presets import files
        from tenants.restoring.rooms import FILES

        USES.register("offerings", establishments.offerings_of)
        FILES.register("offerings", restoring.files)
        files.READERS.register("categories", categories.put_categories)
        for kind in (age.AgeKind(), level.LevelKind(), establishment.EstablishmentKind(), form.FormKind()):
            KINDS.register(kind.key, kind)
        every.register()
