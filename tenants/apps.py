from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        # Whoever sends a task must know the broker, in every kind of process.
        from kernel import checks  # noqa: F401
        from tenants import queue  # noqa: F401
        from tenants.operations import tasks  # noqa: F401
