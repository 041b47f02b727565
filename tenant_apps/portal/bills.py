"""What a basket comes to on each of the terms that there are: now, later, and with the family's credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from kernel.words import in_language
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation.models import Payee, Profile
from tenant_apps.organisation.paying import Paying
from tenant_apps.organisation.rules import read
from tenant_apps.payments import agreement, credit
from tenant_apps.payments.agreement import Part, Terms
from tenant_apps.payments.models import Means, Payment
from tenant_apps.payments.models import Status as PaymentStatus
from tenant_apps.payments.terms import IN_FULL, LATER, Bought
from tenant_apps.portal.baskets import Content


@dataclass(frozen=True, slots=True)
class Later:
    payee: Payee
    on: date
    cents: int
    is_automatic: bool


@dataclass(frozen=True)
class Choice:
    """One of the terms, over all payees."""

    plan: str
    label: str
    parts: Sequence[Part]
    payees: Mapping[UUID, Payee]

    @property
    def now_cents(self) -> int:
        return sum(part.first_cents for part in self.parts)

    @property
    def credit_cents(self) -> int:
        return sum(part.credit_cents for part in self.parts)

    @property
    def later(self) -> list[Later]:
        found = [
            Later(self.payees[part.payee_id], due.on, due.cents, due.is_automatic)
            for part in self.parts
            for due in part.later
        ]
        return sorted(found, key=lambda each: (each.on, each.payee.name))

    @property
    def keeps_card(self) -> bool:
        return any(part.keeps_card for part in self.parts)

    @property
    def next(self) -> Part | None:
        """The first that is paid on a page of its own."""
        return next((part for part in self.parts if part.first_cents), None)

    @property
    def next_payee(self) -> Payee | None:
        return self.payees[self.next.payee_id] if self.next else None

    @property
    def firsts(self) -> list[tuple[Payee, int]]:
        """Who is paid now, and how much."""
        return [(self.payees[part.payee_id], part.first_cents) for part in self.parts if part.first_cents]

    @property
    def fingerprint(self) -> str:
        return agreement.fingerprint(self.parts)


class Bill:
    """Of a basket that has lines. `terms`: what is chosen so far."""

    def __init__(self, content: Content, profile: Profile, terms: Terms, *, at: datetime) -> None:
        self.rules: Paying = read(profile.rules).paying
        self.terms = terms
        self._bought: dict[UUID, list[Bought]] = agreement.bought_of(content.lines)
        self._payees = {due.payee.id: due.payee for due in content.dues}
        self._guardian_id = content.lines[0].basket.guardian_id
        self._on = at.astimezone(profile.zone).date()
        self._standing = standing_of(content)

    @cached_property
    def credits(self) -> dict[UUID, int]:
        """By payee, what the family has there for this basket: what an order of it reserves already is its own."""
        held = credit.by_payee(self._guardian_id)
        mine = {order.payee_id: order.id for order in self._standing}
        found = {
            payee_id: credit.available(self._guardian_id, payee_id)
            + (credit.reserved_for(mine[payee_id]) if payee_id in mine else 0)
            for payee_id in self._bought
            if payee_id in held
        }
        return {payee_id: cents for payee_id, cents in found.items() if cents > 0}

    @property
    def credit_cents(self) -> int:
        """What of it can be spent here."""
        totals = {payee_id: sum(each.cents for each in lines) for payee_id, lines in self._bought.items()}
        return sum(min(cents, totals[payee_id]) for payee_id, cents in self.credits.items())

    @cached_property
    def choices(self) -> list[Choice]:
        keys = agreement.choices(self._bought, self.rules, by_staff=False)
        return [Choice(key, self._label(key), self._parts(key), self._payees) for key in keys]

    @property
    def chosen(self) -> Choice:
        return next((each for each in self.choices if each.plan == self.terms.plan), self.choices[0])

    @property
    def takes_transfers(self) -> bool:
        """Only where all that is paid now can be: nobody pays a part on a page and the rest at the bank."""
        taking = all(payee.iban and payee.code for payee in self._payees.values())
        return self.rules.takes_transfers and taking and any(choice.now_cents for choice in self.choices[:1])

    def _parts(self, plan: str) -> list[Part]:
        return [
            agreement.part(
                payee_id,
                bought,
                plan,
                self.rules,
                credit_cents=self.credits.get(payee_id, 0) if self.terms.spends_credit else 0,
                on=self._on,
                by_staff=False,
            )
            for payee_id, bought in self._bought.items()
        ]

    def _label(self, key: str) -> str:
        plan = self.rules.plan(key)
        if plan is not None:
            return in_language(plan.label)
        return {IN_FULL: _("En entier, maintenant"), LATER: _("Plus tard")}[key]


def standing_of(content: Content) -> list[Order]:
    """The orders that were placed for it and wait for their payment."""
    if content.basket is None or not content.is_being_paid:
        return []
    return list(Order.objects.filter(basket=content.basket, status=OrderStatus.OPEN))


def terms_of(standing: Sequence[Order]) -> Terms:
    """What the family chose before it came back; by default all at once, with the credit it has (S4-44)."""
    if not standing:
        return Terms(spends_credit=True)
    plan = next((order.plan for order in standing if order.plan), IN_FULL)
    reserved = Payment.objects.filter(order__in=standing, means=Means.CREDIT, status=PaymentStatus.STARTED)
    return Terms(plan=plan, spends_credit=reserved.exists())
