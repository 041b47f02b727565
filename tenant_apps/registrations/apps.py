from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "tenant_apps.registrations"

    def ready(self) -> None:
        from tenant_apps.catalog.places import KEEPERS, Keeper
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.registrations import capacities, following

        KEEPERS.register("registrations", Keeper(capacities.of, capacities.put))
        FOLLOWERS.register("registrations", Follower(following.participants, following.guardians))
