from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic


class OpeningsConfig(AppConfig):
    name = "tenant_apps.openings"

    def ready(self) -> None:
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.openings import following

        FOLLOWERS.register("openings", Follower(following.participants, following.guardians))
        PERIODIC.register("openings", Periodic(task="openings.move_on", every=timedelta(seconds=30)))
