from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "tenant_apps.registrations"

    def ready(self) -> None:
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.registrations import following

        FOLLOWERS.register("registrations", Follower(following.participants, following.guardians))
