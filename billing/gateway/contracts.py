"""Subscriptions to the platform at the processor: begun, looked at, changed, ended."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from billing.gateway.answer import named_id
from billing.gateway.client import speaking

if TYPE_CHECKING:
    import stripe

DAYS_TO_PAY = 30
_OVER = ("canceled", "incomplete_expired")
_LATE = ("past_due", "unpaid", "incomplete")


@dataclass(frozen=True, slots=True)
class Contract:
    """`plan`: its code, as we wrote it. `ends_at`: when it ends, or did."""

    id: str
    customer: str
    organisation: str
    plan: str
    is_over: bool
    is_late: bool
    period_start: datetime
    period_end: datetime
    ends_at: datetime | None


def begin(*, customer: str, organisation: str, plan: str, prices: list[str], by_card: bool, key: str) -> Contract:
    """From now on, each month. Raises ProcessorUnavailable or ProcessorRefused; the same key is the same contract."""
    params: Any = {
        "customer": customer,
        "items": [{"price": price} for price in prices],
        "automatic_tax": {"enabled": True},
        "metadata": {"organisation": organisation, "plan": plan},
        **_collected(by_card),
    }
    with speaking() as stripe_client:
        return _contract(stripe_client.v1.subscriptions.create(params, {"idempotency_key": key}))


def running(customer: str) -> Contract | None:
    """The one that a customer has."""
    with speaking() as stripe_client:
        found = stripe_client.v1.subscriptions.list({"customer": customer, "limit": 1}).data
    return _contract(found[0]) if found else None


def look_at(contract_id: str) -> Contract:
    with speaking() as stripe_client:
        return _contract(stripe_client.v1.subscriptions.retrieve(contract_id))


def change(contract_id: str, *, plan: str, prices: list[str]) -> Contract:
    """Other prices from the next invoice on; what was invoiced stays as it is."""
    with speaking() as stripe_client:
        known = stripe_client.v1.subscriptions.retrieve(contract_id)["items"].data
        wanted: Any = [{"price": price} for price in prices if price not in [item.price.id for item in known]]
        gone: Any = [{"id": item.id, "deleted": True} for item in known if item.price.id not in prices]
        changed = stripe_client.v1.subscriptions.update(
            contract_id,
            {"items": [*wanted, *gone], "proration_behavior": "none", "metadata": {"plan": plan}},
        )
        return _contract(changed)


def collect(contract_id: str, *, by_card: bool) -> None:
    """How invoices to come are paid."""
    with speaking() as stripe_client:
        stripe_client.v1.subscriptions.update(contract_id, _collected(by_card))


def end_with_period(contract_id: str, *, ends: bool) -> Contract:
    """Let it end with the month that was paid, or go on after all."""
    with speaking() as stripe_client:
        return _contract(stripe_client.v1.subscriptions.update(contract_id, {"cancel_at_period_end": ends}))


def _collected(by_card: bool) -> Any:
    if by_card:
        return {"collection_method": "charge_automatically"}
    return {"collection_method": "send_invoice", "days_until_due": DAYS_TO_PAY}


def _contract(said: "stripe.Subscription") -> Contract:
    items = said["items"].data
    metadata = said.metadata.to_dict() if said.metadata else {}
    ends = said.ended_at or said.cancel_at
    return Contract(
        id=said.id,
        customer=named_id(said.customer),
        organisation=metadata.get("organisation", ""),
        plan=metadata.get("plan", ""),
        is_over=said.status in _OVER,
        is_late=said.status in _LATE,
        period_start=_moment(min(item.current_period_start for item in items)),
        period_end=_moment(max(item.current_period_end for item in items)),
        ends_at=_moment(ends) if ends else None,
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
