from django.apps import AppConfig


class SlipsConfig(AppConfig):
    name = "tenant_apps.slips"

    def ready(self) -> None:
        from shared_apps.vault.places import PLACES, Column

        place = Column("slips.Slip.sealed")
        PLACES.register(place.name, place)
