"""What the pulse says of orders (tenants.watching)."""

from tenant_apps.orders.models import Order, Status


def counted() -> dict[str, int]:
    return {"orders_unpaid": Order.objects.filter(status=Status.OPEN).count()}
