"""What to write on a transfer: told to who chose to pay at the bank, and beside what is owed (S4-45)."""

from functools import partial
from typing import Any

from babel import Locale
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order, Status
from tenant_apps.organisation import banking
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import communication
from tenant_apps.payments.queries import detailed, to_come
from tenants import links


def awaited(payload: dict[str, Any]) -> None:
    """Nothing where it was paid, or let go, in the meantime."""
    order = detailed().get(pk=payload["order"])
    if order.status != Status.OPEN:
        return
    profile = organisation.profile()
    with override(order.language):
        locale = formats.locale_for(order.language, profile.territory)
        until = min(line.registration.held_until for line in order.lines.all()).astimezone(profile.zone)
        send(
            Letter(
                subject=_("Votre virement pour la commande %(reference)s") % {"reference": order.reference},
                paragraphs=[
                    _("Bonjour,"),
                    _("Vos places sont gardées jusqu’au %(moment)s\u202f: le virement doit être arrivé d’ici là.")
                    % {"moment": formats.datetime_words(until, locale)},
                ],
                facts=_on_the_transfer(order, order.first_cents, locale),
                action=(_("Voir la commande"), links.absolute(reverse("confirmation", args=[order.token]))),
            ),
            key=f"order:{order.id}:transfer",
            recipient=order.guardian.email,
            language=order.language,
            profile=profile,
        )


def still_due(order: Order, locale: Locale) -> list[tuple[str, str]]:
    """Of an order that is settled: each part that is to come and its day, and how to pay it at the bank (R-54)."""
    balance = max(ledger.balance_of_order(order.id), 0)
    if not balance:
        return []
    amount = partial(_amount, order=order, locale=locale)
    parts = [
        (
            _("À payer le %(day)s") % {"day": formats.date_words(due.due_on, locale)},
            amount(due.left_cents),
        )
        for due in to_come(order.id)
    ]
    card = []
    if parts and order.card.get("label"):
        said = _("%(card)s, débitée automatiquement à ces dates") % {"card": order.card["label"]}
        card = [(_("Carte gardée"), said)]
    return [
        *(parts or [(_("Reste à payer"), amount(balance))]),
        *card,
        *(_on_the_transfer(order, balance, locale) if order.communication and not card else []),
    ]


def _on_the_transfer(order: Order, cents: int, locale: Locale) -> list[tuple[str, str]]:
    payee = order.payee
    return [
        (_("Bénéficiaire"), payee.legal_name),
        (_("IBAN"), banking.grouped(payee.iban)),
        (_("Montant"), _amount(cents, order, locale)),
        (_("Communication structurée"), communication.formatted(order.communication)),
    ]


def _amount(cents: int, order: Order, locale: Locale) -> str:
    return formats.money(cents, order.currency.upper(), locale)


LISTENERS = {"orders.await_transfer": awaited}
