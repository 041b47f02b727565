from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "tenant_apps.registrations"

    def ready(self) -> None:
        from billing.usage import COUNTS
        from shared_apps.outbox.listeners import LISTENERS
        from tenant_apps.catalog.places import KEEPERS, Keeper
        from tenant_apps.catalog.rules.kind import IMPLIED, KINDS
        from tenant_apps.entitlements.changes import CHANGED
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.families.leavers import LEAVERS
        from tenant_apps.registrations import capacities, figures, following, leaving, queries, quotas, repricing, using
        from tenant_apps.registrations.lottery import asking
        from tenant_apps.registrations.rules import clash, earlier, limits, membership, one_choice
        from tenants.watching.pulse import FIGURES

        FIGURES.register("registrations", figures.counted)
        COUNTS.register("registrations", using.counted)
        places = Keeper(capacities.of, capacities.put, queries.pending_options, quotas.shared, quotas.set_shared)
        KEEPERS.register("registrations", places)
        LISTENERS.register(asking.EVENT, asking.draw_now)
        CHANGED.register("registrations", repricing.reprice_household)
        FOLLOWERS.register("registrations", Follower(following.participants, following.guardians))
        LEAVERS.register("registrations", leaving.leave)
        counting = (limits.ChildLimit(), limits.FamilyLimit(), clash.NoClash())
        for kind in (earlier.Earlier(), membership.Membership(), *counting):
            KINDS.register(kind.key, kind)
        for implied in (one_choice.OneChoice(), one_choice.OnePerWeek()):
            IMPLIED.register(implied.key, implied)
