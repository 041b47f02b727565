"""Money at the counter, in the words of a test."""

from datetime import date, datetime
from uuid import UUID

from kernel import clock, ids
from shared_apps.audit.actors import Actor
from tenant_apps.orders.models import Order
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation import queries
from tenant_apps.payments.models import Means, Payment
from tenant_apps.payments.operations import counter

CLERK = Actor(kind="staff", user_id=UUID(int=7), label="Clerk")
TODAY = date(2024, 8, 21)


def paying(**rules: object) -> None:
    """Change how the organisation is paid."""
    known = queries.profile().rules
    organisation.describe(rules={**known, "paying": {**known.get("paying", {}), **rules}})


def at_counter(
    order: Order,
    cents: int,
    means: str = Means.CASH,
    *,
    payment_id: UUID | None = None,
    reference: str = "",
    keeps_surplus: bool = False,
    at: datetime | None = None,
    on: date = TODAY,
) -> Payment:
    return counter.receive(
        order_id=order.id,
        payment_id=payment_id or ids.uuid7(),
        received=counter.Received(
            means=means, cents=cents, received_on=on, reference=reference, keeps_surplus=keeps_surplus
        ),
        actor=CLERK,
        at=at or clock.now(),
    )
