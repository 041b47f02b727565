"""Orders: placed from a basket, one per payee; settled or let go."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kernel.transactions import operation
from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.orders import ledger, states
from tenant_apps.orders.models import Account, Order, OrderLine, Status
from tenant_apps.orders.numbering import next_number
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.registrations.models import Basket, Registration


@operation
def place(*, basket_id: UUID, registrations: Sequence[Registration], language: str, at: datetime) -> list[Order]:
    """One order per payee for these registrations, all of it due at once.

    Needs their participant, option and offering loaded.
    """
    basket = Basket.objects.get(pk=basket_id)
    by_payee: dict[UUID, list[Registration]] = defaultdict(list)
    for registration in registrations:
        by_payee[registration.option.offering.payee_id].append(registration)
    profile = organisation.profile()
    takes_transfers = read_rules(profile.rules).paying.takes_transfers
    codes = organisation.transfer_codes() if takes_transfers else {}
    return [
        _place_one(
            basket,
            payee_id,
            by_payee[payee_id],
            code=codes.get(payee_id),
            currency=profile.currency,
            language=language,
            at=at,
        )
        for payee_id in sorted(by_payee)
    ]


@operation
def agree(*, order_id: UUID, plan: str, first_cents: int) -> None:
    """The terms that the family chose: what of the order is paid before it is settled."""
    Order.objects.filter(pk=order_id, status=Status.OPEN).update(plan=plan, first_cents=first_cents)


@operation
def keep_card(*, order_id: UUID, card: dict[str, str]) -> None:
    """The card that the processor keeps for what is due later (S2-19), in place of the one before."""
    Order.objects.filter(pk=order_id).update(card=card)


@operation
def keep_first_card(*, order_id: UUID, card: dict[str, str]) -> None:
    """The card of what settles the order, or of an order that has none: what is paid early replaces no card (S2-19)."""
    may = ~Q(status=Status.SETTLED) | Q(card={})
    Order.objects.filter(may, pk=order_id).update(card=card)


@operation
def cancel(*, order_id: UUID) -> bool:
    """Let an order go; False if it does not wait any more. Its number stays, so that the series has no gap."""
    return states.move(order_id, Status.CANCELLED)


@operation
def settle(*, order: Order, sold: Sequence[OrderLine], at: datetime, where: Q | None = None) -> bool:
    """Enter the sale of the lines that could be had. False if the order was settled before, or `where` fails."""
    if not states.move(order.id, Status.SETTLED, where, settled_at=at):
        return False
    for line in sold:
        _enter_sale(order, line, at)
    return True


def _enter_sale(order: Order, line: OrderLine, at: datetime) -> None:
    """What the organisation keeps, and apart from it each tax that it will hand over."""
    taxes = quotes.read(line.quote).sold_taxes_cents
    shares = [(Account.REVENUE, line.amount_cents - sum(taxes.values()), "sold")]
    shares += [(Account.TAXES, cents, f"tax:{code}") for code, cents in sorted(taxes.items())]
    for account, cents, what in shares:
        # A tax below zero is what a line of the same family scheme bore too much: it comes back with this one.
        debit, credit = (Account.RECEIVABLE, account) if cents > 0 else (account, Account.RECEIVABLE)
        ledger.enter(
            debit=debit,
            credit=credit,
            cents=abs(cents),
            order=order,
            offering_id=line.registration.option.offering_id,
            source=f"order_line:{line.id}:{what}",
            at=at,
        )


def _place_one(
    basket: Basket,
    payee_id: UUID,
    registrations: list[Registration],
    *,
    code: int | None,
    currency: str,
    language: str,
    at: datetime,
) -> Order:
    number, total_cents = (
        next_number(payee_id=payee_id, series="orders"),
        sum(each.amount_cents for each in registrations),
    )
    order = Order.objects.create(
        payee_id=payee_id,
        basket=basket,
        guardian_id=basket.guardian_id,
        number=number,
        currency=currency,
        total_cents=total_cents,
        first_cents=total_cents,
        communication=f"{code:03}{number:07}" if code and total_cents else "",
        language=language,
        placed_at=at,
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            registration=registration,
            label=_label(registration, language),
            participant_name=str(registration.participant),
            quantity=registration.quantity,
            unit_cents=registration.unit_cents,
            amount_cents=registration.amount_cents,
            quote=registration.quote,
            position=position,
        )
        for position, registration in enumerate(sorted(registrations, key=_as_on_the_page))
    )
    return order


def _as_on_the_page(registration: Registration) -> tuple[str, str, int]:
    """By child, by offering, then in the offering's own order of its options."""
    option = registration.option
    return str(registration.participant), option.offering.title, option.position


def _label(registration: Registration, language: str) -> str:
    """« Mercredis macaroni – 11 janvier 2023 », as the receipt, the messages and the list of staff name it.

    A code with which the name begins is said once.
    """
    option = registration.option
    title, name = option.offering.shown("title", language), option.shown("name", language)
    code = "" if option.code and name.startswith(option.code) else option.code
    names = [title, code, name if name != title else ""]
    return " – ".join(name for name in names if name)[:300]
