"""A plan's prices at the processor: made when the first organisation needs them, kept in the plan's row."""

from billing import plans
from billing.gateway import prices
from billing.models import Plan
from tenants.context import in_registry


def prices_of(plan: Plan, currency: str) -> list[str]:
    """What a contract is made of: by the month, then by the participant.

    Raises ProcessorUnavailable or ProcessorRefused. Prices that changed since are made anew.
    """
    price = plans.price_of(plan, currency)
    sold = plans.terms_of(plan, currency)
    known = plan.processor.get(currency) or {}
    if known.get("sold") != sold:
        known = {"sold": sold, **_made(plan, currency, price)}
        with in_registry():
            fresh = Plan.objects.get(pk=plan.pk)
            Plan.objects.filter(pk=plan.pk).update(processor={**fresh.processor, currency: known})
    return [known["month"], known["participant"]]


def _made(plan: Plan, currency: str, price: dict[str, int]) -> dict[str, str]:
    name = f"Préau {plan.names.get('fr', plan.code)}"
    product = prices.product(plan.code, name)
    people = prices.product(f"{plan.code}_participants", f"{name} – participants")
    meter = prices.meter("Participants")
    return {
        "month": prices.by_the_month(product, currency=currency, cents=price["month"]),
        "participant": prices.by_the_participant(
            people, currency=currency, cents=price["participant"], included=plan.participants, meter_id=meter
        ),
    }
