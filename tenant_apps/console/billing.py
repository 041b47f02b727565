"""What operators do about an organisation's subscription, each thing told in the trail."""

from datetime import datetime
from uuid import UUID

from billing import changing
from billing.models import Plan, Subscription, SubscriptionState
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.console import trails
from tenants.context import in_registry


def change_plan(*, organisation_id: UUID, code: str, actor: Actor, at: datetime) -> None:
    """Raises PlanNotSold, ProcessorUnavailable or ProcessorRefused."""
    changing.choose_plan(organisation_id=organisation_id, code=code, at=at)
    trails.record("billing.plan_changed", organisation_id, actor, at, plan=code)


def record_payment(*, organisation_id: UUID, invoice_id: UUID, words: str, actor: Actor, at: datetime) -> None:
    """A cheque or a transfer came. Raises NoSuchInvoice, ProcessorUnavailable or ProcessorRefused."""
    invoice = changing.paid_elsewhere(organisation_id=organisation_id, invoice_id=invoice_id, at=at)
    trails.record("billing.paid_elsewhere", organisation_id, actor, at, invoice=invoice.number, words=words)


@operation
def give_time(*, organisation_id: UUID, until: datetime, words: str, actor: Actor, at: datetime) -> None:
    """Nothing is suspended for money before then, and what was is back."""
    changing.give_time(organisation_id=organisation_id, until=until)
    trails.record("billing.time_given", organisation_id, actor, at, until=until.isoformat(), words=words)


def counted_plans() -> list[tuple[Plan, int]]:
    """Each plan, with how many have it now. In two queries."""
    with in_registry():
        living = Subscription.objects.exclude(state=SubscriptionState.ENDED).values_list("plan_id", flat=True)
        taken = list(living)
        return [(plan, taken.count(plan.code)) for plan in Plan.objects.all()]
