"""What a family is told of what it still owes: at a registration that is paid later, and when staff remind it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.notifications import about_orders
from tenant_apps.notifications.letters import Letter
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.payments.models import Instalment
from tenant_apps.payments.operations.instalments import OPEN


def owed(payload: dict[str, Any]) -> None:
    """Nothing where it was paid in the meantime."""
    order = Order.objects.select_related("guardian", "payee").get(pk=payload["order"])
    balance = ledger.balance_of_order(order.id)
    if balance <= 0:
        return
    with override(order.language):
        amount = about_orders.money(balance, order)
        facts = [(_("Référence"), order.reference), (_("Payé à"), order.payee.legal_name), (_("Reste à payer"), amount)]
        for due in Instalment.objects.filter(order=order, status__in=OPEN).order_by("position"):
            day = formats.date_words(due.due_on, about_orders.locale())
            facts.append((day, about_orders.money(due.left_cents, order)))
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
            action=about_orders.page(order, _("Voir et payer")),
            notes=[_("Si vous venez de payer, ne tenez pas compte de ce message.")],
        )
        about_orders.to_family(letter, order, key=f"order:{order.id}:owed:{payload['key']}")


LISTENERS = {"orders.owed": owed}
