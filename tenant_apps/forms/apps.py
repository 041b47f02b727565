from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "tenant_apps.forms"

    def ready(self) -> None:
        from tenant_apps.forms import kinds, operations
        from tenant_apps.organisation.presets import files

        kinds.register()
        files.READERS.register("forms", operations.publish_all)
