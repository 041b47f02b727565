from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tenant_apps.orders"

    def ready(self) -> None:
        from tenant_apps.families.followers import FOLLOWERS, Follower
        from tenant_apps.orders import following

        FOLLOWERS.register("orders", Follower(following.participants, following.guardians))
