from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tenant_apps.orders"

    def ready(self) -> None:
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.orders import figures, following, restoring
        from tenants.restoring.rooms import STEPS, Step
        from tenants.watching.pulse import FIGURES

        FIGURES.register("orders", figures.counted)
        STEPS.register("numbers", Step(10, restoring.numbers))
        FOLLOWERS.register("orders", Follower(following.participants, following.guardians))
