from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "tenant_apps.organisation"

    def ready(self) -> None:
        from shared_apps.accounts import codes
        from shared_apps.accounts.access import STAFF
        from shared_apps.accounts.language import OFFERED
        from shared_apps.accounts.providers.rules import RULES
        from shared_apps.accounts.providers.rules import STAFF as WORKERS
        from tenant_apps.organisation import (
            context,
            door,
            establishments,
            leaving,
            operations,
            provisioning,
            queries,
            restoring,
        )
        from tenant_apps.organisation.presets import files
        from tenants.leaving.registries import OWNERS
        from tenants.provisioning import CHECKS, FACTS, STEPS
        from tenants.restoring.rooms import FILES

        establishments.USES.register("staff", establishments.members_of)
        FILES.register("logo", restoring.files)
        files.READERS.register("levels", operations.put_levels)
        FACTS.register("organisation", files.facts)
        CHECKS.register("organisation", files.check)
        OWNERS.register("organisation", leaving.owners)
        STEPS.register("organisation", provisioning.start)
        STAFF.register("organisation", lambda request: queries.staff_member_of(request.user))
        WORKERS.register("organisation", door.works_here)
        RULES.register("organisation", door.rules)
        codes.RULES.register("organisation", door.takes_codes)
        OFFERED.register("organisation", lambda request: context.profile_of(request).languages)
