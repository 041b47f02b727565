"""What the platform's billing does when an organisation leaves: its subscription ends, and its accounts are let go."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from billing import changing, operations
from billing.models import ConnectedAccount, Invoice, InvoiceState, ProcessorEvent, Subscription, SubscriptionState
from tenants.context import current, in_registry
from tenants.leaving.registries import Matter


def end(organisation_id: UUID, at: datetime) -> None:
    """Raises ProcessorUnavailable or ProcessorRefused."""
    going_on = Subscription.objects.filter(organisation_id=organisation_id).exclude(state=SubscriptionState.ENDED)
    if going_on.exists():
        changing.end(organisation_id=organisation_id, at=at)


def go_on(organisation_id: UUID, at: datetime) -> None:
    """Raises DetailsMissing, ProcessorUnavailable or ProcessorRefused."""
    if Subscription.objects.filter(organisation_id=organisation_id).exists():
        changing.go_on_after_all(organisation_id=organisation_id, at=at)


def names(organisation_id: UUID) -> list[str]:
    """What the processor calls it; its customer too, whose invoices stay there for the platform's books."""
    accounts = ConnectedAccount.objects.filter(organisation_id=organisation_id)
    customers = Subscription.objects.filter(organisation_id=organisation_id).exclude(customer_id="")
    return [*accounts.values_list("processor_id", flat=True), *customers.values_list("customer_id", flat=True)]


def let_go(organisation_id: UUID, at: datetime) -> None:
    """Accounts take nothing any more, and what the processor told of them is deleted. Safe to repeat."""
    for name in names(organisation_id):
        operations.disconnect(processor_id=name, at=at)
        events = ProcessorEvent.objects.annotate(said=Cast("payload", TextField()))
        events.filter(Q(account=name) | Q(said__contains=name)).delete()


def matters(at: datetime) -> Iterator[Matter]:
    organisation_id = current().pk
    with in_registry():
        open_ones = Invoice.objects.filter(organisation_id=organisation_id, state=InvoiceState.OPEN).count()
    if open_ones:
        yield Matter("invoices", _("Factures de la plateforme à payer"), open_ones)
