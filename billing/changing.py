"""What an organisation, or an operator for it, decides about its subscription."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing import fees, following, invoicing, plans, selling
from billing.gateway import contracts, customers, invoices, own_cards
from billing.models import Collection, Invoice, InvoiceState, Plan, Subscription, SubscriptionState
from kernel import clock
from kernel.errors import Refusal
from kernel.transactions import operation
from tenants.context import current, in_registry


class PlanNotSold(Refusal):
    code = "plan_not_sold"
    message = _("Ce forfait n’est pas proposé à votre organisation.")


class NoSuchInvoice(Refusal):
    code = "no_such_invoice"
    message = _("Cette facture n’est pas à payer.")


def write_details(*, organisation_id: UUID, billing: dict[str, Any], at: datetime) -> None:
    """Whom to invoice; a trial that is over goes on as a subscription at once.

    Raises ProcessorUnavailable or ProcessorRefused once it is written here: it is said to the processor again when the
    trial ends, or when the details change.
    """
    _write_details(organisation_id=organisation_id, billing=billing)
    invoicing.say_details(organisation_id=organisation_id)
    _go_on(organisation_id, at)


def choose_plan(*, organisation_id: UUID, code: str, at: datetime) -> None:
    """Limits and fee are those of the plan from now on, the price from the next invoice on.

    Raises PlanNotSold, ProcessorUnavailable or ProcessorRefused.
    """
    with in_registry():
        subscription = Subscription.objects.get(organisation_id=organisation_id)
        plan = Plan.objects.filter(code=code, is_offered=True).first()
    if plan is None or subscription.currency not in plan.prices:
        raise PlanNotSold
    is_sold = bool(subscription.processor_id) and subscription.state != SubscriptionState.ENDED
    if is_sold:
        prices = selling.prices_of(plan, subscription.currency)
        contracts.change(subscription.processor_id, plan=plan.code, prices=prices)
    _write_plan(organisation_id=organisation_id, plan=plan, is_sold=is_sold)


def page_for_card(*, organisation_id: UUID, language: str, back: str) -> str:
    """Where the organisation gives a card. Raises DetailsMissing, ProcessorUnavailable or ProcessorRefused."""
    with in_registry():
        subscription = Subscription.objects.select_related("organisation").get(organisation_id=organisation_id)
    return own_cards.open_page(
        customer=invoicing.customer_of(subscription),
        currency=subscription.currency,
        organisation=subscription.organisation.schema_name,
        language=language,
        back=back,
    )


def take_card(*, organisation_id: UUID, given: own_cards.Given, at: datetime) -> bool:
    """It pays what is open and what falls due. False for a page that nobody finished, or of somebody else."""
    with in_registry():
        mine = Subscription.objects.filter(organisation_id=organisation_id).exclude(customer_id="")
        subscription = mine.filter(customer_id=given.customer).first()
    if subscription is None or not given.method:
        return False
    customers.pay_with(given.customer, given.method)
    if subscription.processor_id:
        contracts.collect(subscription.processor_id, by_card=True)
    _write_collection(organisation_id=organisation_id, collection=Collection.CARD, card=given.label)
    _pay_open(organisation_id, at)
    return True


def card_given(thing: dict[str, Any]) -> None:
    """The processor tells of a card that was given, whoever came back from its page."""
    if (thing.get("metadata") or {}).get("purpose") == own_cards.PURPOSE:
        take_card(organisation_id=current().pk, given=own_cards.of_intent(thing["id"]), at=clock.now())


def pay_on_invoice(*, organisation_id: UUID) -> None:
    """Invoices are sent from now on, and no card is charged. Raises ProcessorUnavailable or ProcessorRefused."""
    with in_registry():
        subscription = Subscription.objects.get(organisation_id=organisation_id)
    if subscription.processor_id and subscription.state != SubscriptionState.ENDED:
        contracts.collect(subscription.processor_id, by_card=False)
    _write_collection(organisation_id=organisation_id, collection=Collection.INVOICE, card="")


def end(*, organisation_id: UUID, at: datetime) -> None:
    """With the month that was paid, or with the trial. Raises ProcessorUnavailable or ProcessorRefused."""
    _ends(organisation_id, at, ends=True)


def go_on_after_all(*, organisation_id: UUID, at: datetime) -> None:
    """An end that has not come is taken back; a subscription that ended begins again.

    Raises DetailsMissing, ProcessorUnavailable or ProcessorRefused.
    """
    with in_registry():
        subscription = Subscription.objects.get(organisation_id=organisation_id)
    if subscription.state == SubscriptionState.ENDED:
        invoicing.begin(organisation_id=organisation_id, at=at)
        following.back_in_service(organisation_id)
    else:
        _ends(organisation_id, at, ends=False)


def paid_elsewhere(*, organisation_id: UUID, invoice_id: UUID, at: datetime) -> Invoice:
    """A cheque or a transfer came. Raises NoSuchInvoice, ProcessorUnavailable or ProcessorRefused."""
    with in_registry():
        open_ones = Invoice.objects.filter(organisation_id=organisation_id, state=InvoiceState.OPEN)
        invoice = open_ones.filter(pk=invoice_id).first()
    if invoice is None:
        raise NoSuchInvoice
    invoices.paid_elsewhere(invoice.processor_id)
    following.refresh(organisation_id=organisation_id, at=at)
    return invoice


@operation
def give_time(*, organisation_id: UUID, until: datetime) -> None:
    """Nothing is suspended for money before then; what was is back in service."""
    with in_registry():
        Subscription.objects.filter(organisation_id=organisation_id).update(suspend_after=until)
        following.back_in_service(organisation_id)


def _go_on(organisation_id: UUID, at: datetime) -> None:
    with in_registry():
        subscription = Subscription.objects.get(organisation_id=organisation_id)
    over = subscription.trial_until is not None and subscription.trial_until <= at
    if subscription.state == SubscriptionState.TRIAL and over and subscription.ends_at is None:
        invoicing.begin(organisation_id=organisation_id, at=at)


def _ends(organisation_id: UUID, at: datetime, *, ends: bool) -> None:
    with in_registry():
        mine = Subscription.objects.filter(organisation_id=organisation_id)
        subscription = mine.get()
        if not subscription.processor_id:
            mine.update(ends_at=subscription.trial_until if ends else None)
    if subscription.processor_id and subscription.state != SubscriptionState.ENDED:
        contracts.end_with_period(subscription.processor_id, ends=ends)
        following.refresh(organisation_id=organisation_id, at=at)


def _pay_open(organisation_id: UUID, at: datetime) -> None:
    with in_registry():
        owed = Invoice.objects.filter(organisation_id=organisation_id, state=InvoiceState.OPEN)
        names = list(owed.order_by("issued_at").values_list("processor_id", flat=True))
    for name in names:
        invoices.pay_by_card(name)
    following.refresh(organisation_id=organisation_id, at=at)


@operation
def _write_details(*, organisation_id: UUID, billing: dict[str, Any]) -> None:
    with in_registry():
        Subscription.objects.filter(organisation_id=organisation_id).update(billing=billing)


@operation
def _write_plan(*, organisation_id: UUID, plan: Plan, is_sold: bool) -> None:
    with in_registry():
        mine = Subscription.objects.filter(organisation_id=organisation_id)
        currency = mine.values_list("currency", flat=True).get()
        mine.update(plan=plan, sold=plans.terms_of(plan, currency) if is_sold else {})
        fees.write(organisation_id)


@operation
def _write_collection(*, organisation_id: UUID, collection: Collection, card: str) -> None:
    with in_registry():
        Subscription.objects.filter(organisation_id=organisation_id).update(collection=collection, card=card)
