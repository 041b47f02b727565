from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "tenant_apps.changes"

    def ready(self) -> None:
        from shared_apps.vault.places import PLACES, Column

        place = Column("changes.ChangeRequest.sealed")
        PLACES.register(place.name, place)
