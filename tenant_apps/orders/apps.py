from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tenant_apps.orders"

    def ready(self) -> None:
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.orders import figures, following
        from tenants.watching.pulse import FIGURES

        FIGURES.register("orders", figures.counted)
        FOLLOWERS.register("orders", Follower(following.participants, following.guardians))
