"""How to pay an order at one's bank: the account, the structured communication, and the code a bank's app reads."""

import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from segno import helpers

from tenant_apps.orders.models import Order, Status
from tenant_apps.organisation import banking
from tenant_apps.payments import communication

# The code is a European one: of euros only, to an account that has an IBAN.
_CODED = "eur"


@dataclass(frozen=True, slots=True)
class ByTransfer:
    beneficiary: str
    iban: str
    bic: str
    cents: int
    communication: str
    picture: SafeString


def of(order: Order, cents: int) -> ByTransfer | None:
    """None where its payee takes no transfer, or nothing is to be paid."""
    payee = order.payee
    if not order.communication or not payee.iban or cents <= 0:
        return None
    words = communication.formatted(order.communication)
    return ByTransfer(
        beneficiary=payee.legal_name,
        iban=banking.grouped(payee.iban),
        bic=payee.bic,
        cents=cents,
        communication=words,
        picture=_picture(order, cents, words) if order.currency == _CODED else mark_safe(""),
    )


def awaited(order: Order) -> ByTransfer | None:
    """What would settle an order that waits; nothing of what a card has begun to pay."""
    return of(order, order.first_cents) if order.status == Status.OPEN else None


def must_come_before(order: Order) -> datetime:
    """Its places are kept until then. The order's lines have their registrations."""
    return min(line.registration.held_until for line in order.lines.all())


def _picture(order: Order, cents: int, words: str) -> SafeString:
    payee = order.payee
    code = helpers.make_epc_qr(
        name=payee.legal_name[:70], iban=payee.iban, amount=Decimal(cents) / 100, text=words, bic=payee.bic or None
    )
    code.save(out := io.BytesIO(), kind="svg", scale=4, light="#ffffff", xmldecl=False, svgclass=None, lineclass=None)
    return mark_safe(out.getvalue().decode())  # noqa: S308 - drawn by us, of digits and squares
