"""What the processor says of an organisation's subscription, asked again and written down, whatever made us ask.

Events only say whom to ask about, so that it does not matter whether one is lost, comes twice or out of order.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from billing import deadlines, fees, plans, telling
from billing.gateway import contracts, invoices
from billing.gateway.contracts import Contract
from billing.gateway.invoices import Bill
from billing.models import Invoice, InvoiceState, Plan, Subscription, SubscriptionState
from kernel import clock
from kernel.transactions import operation
from tenants.context import current, in_registry
from tenants.models import Organisation, State, SuspendedFor
from tenants.operations import suspend as moves

KINDS = (
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.finalized",
    "invoice.marked_uncollectible",
    "invoice.overdue",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.voided",
)


def heard(thing: dict[str, Any]) -> None:
    """Something happened to the organisation's subscription or invoices."""
    refresh(organisation_id=current().pk, at=clock.now())


def refresh(*, organisation_id: UUID, at: datetime) -> None:
    """Nothing for who was never invoiced. Raises ProcessorUnavailable or ProcessorRefused."""
    asked = clock.now()
    with in_registry():
        subscription = Subscription.objects.filter(organisation_id=organisation_id).exclude(processor_id="").first()
    if subscription is None:
        return
    contract = contracts.look_at(subscription.processor_id)
    bills = invoices.of_customer(subscription.customer_id)
    _write(organisation_id=organisation_id, contract=contract, bills=bills, asked=asked, at=at)


@operation
def _write(*, organisation_id: UUID, contract: Contract, bills: list[Bill], asked: datetime, at: datetime) -> None:
    with in_registry():
        mine = Subscription.objects.filter(organisation_id=organisation_id, processor_id=contract.id)
        # An answer that was asked for earlier is older: it must not undo a newer one. The update holds the row.
        if not mine.filter(Q(checked_at=None) | Q(checked_at__lte=asked)).update(checked_at=asked):
            return
        for bill in bills:
            _keep(organisation_id, bill)
        owed = overdue(organisation_id, at=at)
        is_late = owed is not None or (contract.is_late and _has_open(organisation_id))
        mine.update(
            period_start=contract.period_start,
            period_end=contract.period_end,
            ends_at=contract.ends_at,
            state=_state(contract, is_late=is_late),
        )
        begun = mine.values_list("past_due_since", flat=True).get()
        if not is_late:
            mine.update(past_due_since=None, reminders=[])
        elif begun is None or not _has_open(organisation_id, since=begun):
            # What was late is paid, and another invoice has come to be: it has its own reminders and days.
            mine.update(past_due_since=owed or at, reminders=[])
        if not is_late and not contract.is_over:
            mine.update(suspend_after=None)
        plan = Plan.objects.filter(pk=contract.plan).first()
        if plan is not None and mine.exclude(plan=plan).exists():
            mine.update(plan=plan, sold=plans.terms_of(plan, mine.values_list("currency", flat=True).get()))
            fees.write(organisation_id)
        must_pay_first = deadlines.has_come(mine.get(), at=at)
    if not contract.is_over and not must_pay_first:
        back_in_service(organisation_id)


def overdue(organisation_id: UUID, *, at: datetime) -> datetime | None:
    """Since when something is owed that should be paid."""
    late = Invoice.objects.filter(organisation_id=organisation_id, state=InvoiceState.OPEN, due_at__lte=at)
    return late.order_by("due_at").values_list("due_at", flat=True).first()


@operation
def back_in_service(organisation_id: UUID) -> None:
    """What paid a bill lifts what the bill laid, and nothing else."""
    with in_registry():
        organisation = Organisation.objects.get(pk=organisation_id)
        if organisation.state == State.SUSPENDED and SuspendedFor.UNPAID in moves.reasons(organisation):
            since = organisation.suspended_at or clock.now()
            moves.resume(organisation_id=organisation_id, reason=SuspendedFor.UNPAID)
            if Organisation.objects.filter(pk=organisation_id, state=State.READY).exists():
                telling.tell_suspension(organisation, since=since, is_back=True, at=clock.now())


def _has_open(organisation_id: UUID, *, since: datetime | None = None) -> bool:
    """`since`: one that was late by then, or that a card should have paid by then."""
    still_owed = Invoice.objects.filter(organisation_id=organisation_id, state=InvoiceState.OPEN)
    if since is not None:
        still_owed = still_owed.filter(Q(due_at__lte=since) | Q(due_at=None, issued_at__lte=since))
    return still_owed.exists()


def _state(contract: Contract, *, is_late: bool) -> SubscriptionState:
    if contract.is_over:
        return SubscriptionState.ENDED
    return SubscriptionState.PAST_DUE if is_late else SubscriptionState.ACTIVE


def _keep(organisation_id: UUID, bill: Bill) -> None:
    said = {
        "number": bill.number,
        "state": bill.state,
        "currency": bill.currency,
        "net_cents": bill.net_cents,
        "tax_cents": bill.tax_cents,
        "total_cents": bill.total_cents,
        "due_cents": bill.due_cents,
        "lines": bill.lines,
        "period_start": bill.period_start,
        "period_end": bill.period_end,
        "issued_at": bill.issued_at,
        "due_at": bill.due_at,
        "paid_at": bill.paid_at,
        "page_url": bill.page_url,
        "pdf_url": bill.pdf_url,
    }
    Invoice.objects.update_or_create(organisation_id=organisation_id, processor_id=bill.id, defaults=said)
