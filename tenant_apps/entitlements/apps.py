from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    name = "tenant_apps.entitlements"

    def ready(self) -> None:
        from shared_apps.vault.places import PLACES, Column
        from tenant_apps.entitlements import following
        from tenant_apps.families.followers import FOLLOWERS, Follower

        FOLLOWERS.register("entitlements", Follower(following.participants, following.guardians))
        place = Column("entitlements.Entitlement.sealed")
        PLACES.register(place.name, place)
