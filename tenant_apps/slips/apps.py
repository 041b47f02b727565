from django.apps import AppConfig


class SlipsConfig(AppConfig):
    name = "tenant_apps.slips"

    def ready(self) -> None:
        from shared_apps.vault.places import PLACES, Column
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.slips import following

        place = Column("slips.Slip.sealed")
        PLACES.register(place.name, place)
        FOLLOWERS.register("slips", Follower(following.participants, following.guardians))
