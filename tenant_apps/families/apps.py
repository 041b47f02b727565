from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "tenant_apps.families"

    def ready(self) -> None:
        from shared_apps.vault.places import PLACES, Column

        for place in (Column("families.Guardian.sealed"), Column("families.Participant.sealed")):
            PLACES.register(place.name, place)
