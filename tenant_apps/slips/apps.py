from django.apps import AppConfig


class SlipsConfig(AppConfig):
    name = "tenant_apps.slips"

    def ready(self) -> None:
        from shared_apps.vault.places import PLACES, Column
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.slips import following, leaving, restoring
        from tenants.leaving.registries import DOCUMENTS
        from tenants.restoring.rooms import STEPS, Step

        place = Column("slips.Slip.sealed")
        PLACES.register(place.name, place)
        DOCUMENTS.register("slips", leaving.papers)
        STEPS.register("numbers of slips", Step(11, restoring.numbers))
        FOLLOWERS.register("slips", Follower(following.participants, following.guardians))
