from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "tenant_apps.families"

    def ready(self) -> None:
        from shared_apps.accounts.first_proof import PARTERS
        from shared_apps.accounts.providers.identity import TAKERS
        from shared_apps.vault.places import PLACES, Column
        from tenant_apps.families import figures
        from tenant_apps.families.operations import guardians, identity_source
        from tenants.watching.pulse import FIGURES

        TAKERS.register("families", identity_source.take_identity)
        FIGURES.register("families", figures.counted)
        PARTERS.register("families", guardians.part_from_account)
        for place in (Column("families.Guardian.sealed"), Column("families.Participant.sealed")):
            PLACES.register(place.name, place)
