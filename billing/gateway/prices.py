"""What a plan costs, as the processor knows it: a price by the month, and one for each participant that is metered."""

from collections.abc import Mapping

from billing.gateway.client import ProcessorRefused, speaking

METER = "preau_participants"


def product(code: str, name: str) -> str:
    """Made once; its id is ours."""
    identifier = f"preau_{code}"
    try:
        with speaking() as stripe_client:
            stripe_client.v1.products.create({"id": identifier, "name": name})
    except ProcessorRefused as refusal:
        if refusal.code != "resource_already_exists":
            raise
    return identifier


def meter(name: str) -> str:
    """The one meter of the platform, that counts participants."""
    with speaking() as stripe_client:
        for known in stripe_client.v1.billing.meters.list({"status": "active"}).auto_paging_iter():
            if known.event_name == METER:
                return known.id
        made = stripe_client.v1.billing.meters.create(
            {"display_name": name, "event_name": METER, "default_aggregation": {"formula": "sum"}},
            {"idempotency_key": METER},
        )
        return made.id


def by_the_month(product_id: str, *, currency: str, cents: int) -> str:
    with speaking() as stripe_client:
        made = stripe_client.v1.prices.create(
            {
                "product": product_id,
                "currency": currency,
                "unit_amount": cents,
                "tax_behavior": "exclusive",
                "recurring": {"interval": "month"},
            },
            {"idempotency_key": f"{product_id}:{currency}:{cents}"},
        )
        return made.id


def by_the_participant(product_id: str, *, currency: str, cents: int, included: int, meter_id: str) -> str:
    """Of each month's participants the first `included` cost nothing."""
    with speaking() as stripe_client:
        made = stripe_client.v1.prices.create(
            {
                "product": product_id,
                "currency": currency,
                "billing_scheme": "tiered",
                "tiers_mode": "graduated",
                "tiers": [{"up_to": included, "unit_amount": 0}, {"up_to": "inf", "unit_amount": cents}],
                "tax_behavior": "exclusive",
                "recurring": {"interval": "month", "usage_type": "metered", "meter": meter_id},
            },
            {"idempotency_key": f"{product_id}:{currency}:{cents}:{included}:{meter_id}"},
        )
        return made.id


def tell(*, customer: str, identifier: str, value: int, moment: int) -> None:
    """Say to the meter what a customer used; the same identifier counts once, however often it is said."""
    payload: Mapping[str, str] = {"stripe_customer_id": customer, "value": str(value)}
    try:
        with speaking() as stripe_client:
            stripe_client.v1.billing.meter_events.create(
                {"event_name": METER, "identifier": identifier, "payload": dict(payload), "timestamp": moment}
            )
    except ProcessorRefused as refusal:
        if refusal.code != "duplicate_meter_event":
            raise
