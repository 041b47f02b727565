from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "tenant_apps.families"

    def ready(self) -> None:
        from shared_apps.accounts.providers_identity import TAKERS
        from shared_apps.vault.places import PLACES, Column
        from tenant_apps.families.operations import identity_source

        TAKERS.register("families", identity_source.take_identity)
        for place in (Column("families.Guardian.sealed"), Column("families.Participant.sealed")):
            PLACES.register(place.name, place)
