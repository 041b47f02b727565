from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "tenant_apps.forms"

    def ready(self) -> None:
        from shared_apps.vault.places import PLACES, Column, Files
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.forms import following, kinds, leaving, operations, restoring
        from tenant_apps.organisation.presets import files
        from tenants.leaving.registries import DOCUMENTS
        from tenants.restoring.rooms import FILES

        kinds.register()
        DOCUMENTS.register("consents", leaving.proofs)
        DOCUMENTS.register("attachments", leaving.attachments)
        FILES.register("forms", restoring.files)
        FOLLOWERS.register("forms", Follower(following.participants, following.guardians))
        files.READERS.register("forms", operations.publish_all)
        for place in (Column("forms.Sealed.content", row_id="submission_id"), Files("forms.Upload.content")):
            PLACES.register(place.name, place)
