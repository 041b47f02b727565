from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    name = "tenant_apps.entitlements"

    def ready(self) -> None:
        from shared_apps.vault.places import PLACES, Column
        from tenant_apps.catalog.eligibility import EARLY
        from tenant_apps.catalog.rules.kind import KINDS
        from tenant_apps.entitlements import early, following, leaving
        from tenant_apps.entitlements.rules.asked import ApprovalKind, SupportKind
        from tenant_apps.entitlements.rules.residence import ResidenceKind
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.families.leavers import LEAVERS

        FOLLOWERS.register("entitlements", Follower(following.participants, following.guardians))
        LEAVERS.register("entitlements", leaving.leave)
        place = Column("entitlements.Entitlement.sealed")
        PLACES.register(place.name, place)
        for kind in (ResidenceKind(), ApprovalKind(), SupportKind()):
            KINDS.register(kind.key, kind)
        EARLY.register("support", early.supported)
