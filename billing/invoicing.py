"""From a trial to invoices: the organisation as a customer of the platform, and its contract at the processor."""

import hashlib
import json
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing import details, following, plans, selling, usage
from billing.gateway import contracts, customers
from billing.gateway.contracts import Contract
from billing.models import Collection, Subscription, SubscriptionState
from kernel.errors import Refusal
from kernel.transactions import operation
from tenants.context import in_registry


class DetailsMissing(Refusal):
    code = "details_missing"
    message = _("Dites d’abord à qui nous facturons\u202f: nom, courriel et adresse.")


def begin(*, organisation_id: UUID, at: datetime) -> None:
    """Invoice the organisation each month from now on. Twice is once, at the same moment too.

    Raises DetailsMissing, ProcessorUnavailable or ProcessorRefused.
    """
    with in_registry():
        subscription = Subscription.objects.select_related("plan", "organisation").get(organisation_id=organisation_id)
    if subscription.processor_id and subscription.state != SubscriptionState.ENDED:
        return
    customer = customer_of(subscription)
    contract = contracts.running(customer) or contracts.begin(
        customer=customer,
        organisation=subscription.organisation.schema_name,
        plan=subscription.plan_id,
        prices=selling.prices_of(subscription.plan, subscription.currency),
        by_card=subscription.collection == Collection.CARD,
        # One that ended may be followed by another on the same day.
        key=f"{subscription.organisation.schema_name}:contract:{subscription.plan_id}:{subscription.collection}:"
        f"{subscription.processor_id}",
    )
    _begun(subscription=subscription, contract=contract, at=at)
    following.refresh(organisation_id=organisation_id, at=at)


def customer_of(subscription: Subscription) -> str:
    """Its name at the processor, made when it is first needed. Raises DetailsMissing."""
    if subscription.customer_id:
        return subscription.customer_id
    if not details.are_complete(subscription.billing):
        raise DetailsMissing
    facts = details.facts_of(subscription.organisation, subscription)
    made = customers.make(facts, key=f"{facts.organisation}:customer:{_print_of(subscription)}")
    with in_registry():
        mine = Subscription.objects.filter(pk=subscription.pk)
        # Whoever came first keeps its own: nothing was invoiced to the other.
        mine.filter(customer_id="").update(customer_id=made)
        kept: str = mine.values_list("customer_id", flat=True).get()
    customers.write(kept, facts)
    return kept


def say_details(*, organisation_id: UUID) -> None:
    """Tell the processor who is invoiced, if it knows the organisation. Raises ProcessorUnavailable or -Refused."""
    with in_registry():
        subscription = Subscription.objects.select_related("organisation").get(organisation_id=organisation_id)
    if subscription.customer_id:
        customers.write(subscription.customer_id, details.facts_of(subscription.organisation, subscription))


@operation
def _begun(*, subscription: Subscription, contract: Contract, at: datetime) -> None:
    with in_registry():
        mine = Subscription.objects.filter(pk=subscription.pk).exclude(processor_id=contract.id)
        moved = mine.update(
            processor_id=contract.id,
            state=SubscriptionState.ACTIVE,
            sold=plans.terms_of(subscription.plan, subscription.currency),
            period_start=contract.period_start,
            period_end=contract.period_end,
            ends_at=None,
            past_due_since=None,
            suspend_after=None,
            reminders=[],
        )
        if moved:
            usage.forget_before(subscription_id=subscription.pk, at=at)


def _print_of(subscription: Subscription) -> str:
    """A key names one request: other details are another."""
    return hashlib.sha256(json.dumps(subscription.billing, sort_keys=True).encode()).hexdigest()[:16]
