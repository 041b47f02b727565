"""What a family is told of what it still owes: at a registration that is paid later, and when staff remind it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.models import Instalment
from tenant_apps.payments.operations.instalments import OPEN
from tenants import links


def owed(payload: dict[str, Any]) -> None:
    """Nothing where it was paid in the meantime."""
    order = Order.objects.select_related("guardian", "payee").get(pk=payload["order"])
    balance = ledger.balance_of_order(order.id)
    if balance <= 0:
        return
    profile = organisation.profile()
    with override(order.language):
        locale = formats.locale_for(order.language, profile.territory)
        amount = formats.money(balance, order.currency.upper(), locale)
        facts = [(_("Référence"), order.reference), (_("Payé à"), order.payee.legal_name), (_("Reste à payer"), amount)]
        for due in Instalment.objects.filter(order=order, status__in=OPEN).order_by("position"):
            day = formats.date_words(due.due_on, locale)
            facts.append((day, formats.money(due.left_cents, order.currency.upper(), locale)))
        letter = Letter(
            subject=_("À payer\u202f: %(amount)s") % {"amount": amount},
            paragraphs=[
                _("Bonjour,"),
                _(
                    "Voici ce qui reste à payer pour cette inscription, et quand. "
                    "Vous pouvez payer en ligne dès à présent."
                ),
            ],
            facts=facts,
            action=(_("Voir et payer"), links.absolute(reverse("statement", args=[order.token]))),
            notes=[_("Si vous venez de payer, ne tenez pas compte de ce message.")],
        )
        send(
            letter,
            key=f"order:{order.id}:owed:{payload['key']}",
            recipient=order.guardian.email,
            language=order.language,
            profile=profile,
        )


LISTENERS = {"orders.owed": owed}
