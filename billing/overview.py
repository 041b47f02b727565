"""A subscription as a page shows it, to the organisation or to an operator: what it is, costs, used and owes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from billing import deadlines, details, plans, usage
from billing.models import Invoice, InvoiceState, Plan, Subscription, SubscriptionState
from kernel import clock
from tenants.models import Organisation

_LAST_INVOICES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is to be known of a subscription before anything is looked up for it."""

    subscription: Subscription
    at: datetime

    @property
    def suspends_at(self) -> datetime | None:
        """When the organisation can only be read, if nothing is done."""
        is_at_risk = deadlines.is_at_risk(self.subscription, at=self.at)
        return deadlines.suspension_of(self.subscription) if is_at_risk else None

    @property
    def has_details(self) -> bool:
        return details.are_complete(self.subscription.billing)

    @property
    def is_on_trial(self) -> bool:
        return self.subscription.state == SubscriptionState.TRIAL

    @property
    def is_late(self) -> bool:
        return self.subscription.state == SubscriptionState.PAST_DUE

    @property
    def has_ended(self) -> bool:
        return self.subscription.state == SubscriptionState.ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(Situation):
    """Amounts in cents, before taxes. `terms`: those on which the plan was sold, or would be now."""

    plan: Plan
    terms: dict[str, int]
    month: list[usage.Day]
    months: list[usage.Day]
    invoices: list[Invoice]
    days_left: int

    @property
    def name(self) -> str:
        return plans.name_of(self.plan)

    @property
    def participants(self) -> int:
        return sum(day.participants for day in self.month)

    @property
    def beyond(self) -> int:
        return max(self.participants - self.terms["included"], 0)

    @property
    def next_cents(self) -> int:
        """What the invoice to come would be if nobody else came this month."""
        return self.terms["month"] + self.beyond * self.terms["participant"]

    @property
    def owed(self) -> list[Invoice]:
        return [invoice for invoice in self.invoices if invoice.state == InvoiceState.OPEN]

    @property
    def billing(self) -> dict[str, Any]:
        kept: dict[str, Any] = self.subscription.billing
        return kept


def situation_of(organisation: Organisation, *, at: datetime) -> Situation | None:
    """None for who has no subscription. Inside that organisation, or on the registry."""
    found = Subscription.objects.filter(organisation_id=organisation.pk).first()
    return Situation(subscription=found, at=at) if found else None


def of(organisation: Organisation, *, at: datetime) -> Overview | None:
    """As `situation_of`, with all that its page shows."""
    found = Subscription.objects.select_related("plan").filter(organisation_id=organisation.pk).first()
    if found is None:
        return None
    today = clock.local_date(at, ZoneInfo(organisation.time_zone))
    left = found.trial_until - at if found.trial_until and found.trial_until > at else None
    return Overview(
        subscription=found,
        at=at,
        plan=found.plan,
        terms=_terms(found),
        month=usage.month_of(organisation.pk, today),
        months=usage.months_of(organisation.pk),
        invoices=_invoices(organisation.pk),
        days_left=left.days + 1 if left else 0,
    )


def _terms(subscription: Subscription) -> dict[str, int]:
    """Who begins again does so on the terms of now."""
    kept: dict[str, int] = {} if subscription.state == SubscriptionState.ENDED else subscription.sold
    return kept or plans.terms_of(subscription.plan, subscription.currency)


def _invoices(organisation_id: UUID) -> list[Invoice]:
    return list(Invoice.objects.filter(organisation_id=organisation_id).order_by("-issued_at")[:_LAST_INVOICES])
