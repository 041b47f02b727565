from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "tenant_apps.changes"

    def ready(self) -> None:
        from shared_apps.outbox.listeners import LISTENERS
        from shared_apps.vault.places import PLACES, Column
        from tenant_apps.changes import following, leaving, replacing
        from tenant_apps.changes.operations import closing
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.families.leavers import LEAVERS
        from tenant_apps.registrations.giving_up import REPLACED

        FOLLOWERS.register("changes", Follower(following.participants, following.guardians))
        LEAVERS.register("changes", leaving.leave)
        REPLACED.register("changes", replacing.give_rest_back)
        LISTENERS.register(closing.EVENT, closing.next_ones)
        place = Column("changes.ChangeRequest.sealed")
        PLACES.register(place.name, place)
