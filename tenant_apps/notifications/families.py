"""What families are told of an order: that its registrations hold, and that it was paid."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from babel import Locale
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.catalog.models import Offering
from tenant_apps.families.queries import hidden_from
from tenant_apps.notifications import receipts, transfers
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.queries import detailed
from tenants import links


def order_settled(payload: dict[str, Any]) -> None:
    """Two messages (S1-46): the registration to the address of its form, the payment to who paid."""
    order = detailed().get(pk=payload["order"])
    profile = organisation.profile()
    with override(order.language):
        locale = formats.locale_for(order.language, profile.territory)
        hidden = set(hidden_from(order.guardian_id))
        lines = [line for line in order.lines.all() if line.registration.participant_id not in hidden]
        sold = [line for line in lines if str(line.id) in payload["lines"]]
        for address in sorted({line.registration.contact_email for line in sold}):
            mine = [line for line in sold if line.registration.contact_email == address]
            send(
                _registration_letter(order, mine, locale),
                key=f"order:{order.id}:registration:{address}",
                recipient=address,
                language=order.language,
                profile=profile,
            )
        if payload["payment"]:
            receipts.settling(UUID(payload["payment"]))


def _registration_letter(order: Order, lines: Iterable[OrderLine], locale: Locale) -> Letter:
    lines = list(lines)
    offerings = {str(line.registration.option.offering): line.registration.option.offering for line in lines}
    return Letter(
        subject=_("Inscription confirmée\u202f: %(offerings)s") % {"offerings": ", ".join(offerings)},
        paragraphs=[_("Bonjour,"), _("L’inscription est confirmée. Voici ce que vous avez choisi.")],
        facts=[
            (_("Référence"), order.reference),
            *((line.participant_name, _line_words(line, locale)) for line in lines),
            *transfers.still_due(order, locale),
        ],
        action=(_("Voir la confirmation"), links.absolute(reverse("confirmation", args=[order.token]))),
        notes=_refund_policies(offerings),
    )


def _refund_policies(offerings: Mapping[str, Offering]) -> list[str]:
    """Each with the activity that it is of, where there are several."""
    told = {title: policy for title, offering in offerings.items() if (policy := offering.shown("refund_policy"))}
    if len(offerings) == 1:
        return list(told.values())
    names = _("%(offering)s\u202f: %(words)s")
    return [names % {"offering": title, "words": policy} for title, policy in told.items()]


def _line_words(line: OrderLine, locale: Locale) -> str:
    """« Mercredis macaroni – 11 janvier 2023, 2 × 5,50 $ »; the whole amount where steps or taxes make it another."""
    currency = line.order.currency.upper()
    if line.amount_cents == line.quantity * line.unit_cents:
        amount = formats.money(line.unit_cents, currency, locale)
        return f"{line.label}\n{line.quantity} × {amount}" if line.unit_cents else line.label
    whole = formats.money(line.amount_cents, currency, locale)
    label = line.label if line.quantity == 1 else f"{line.quantity} × {line.label}"
    return f"{label}\n{whole}"


LISTENERS = {"orders.settled": order_settled}
