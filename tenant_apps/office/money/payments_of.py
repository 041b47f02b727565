"""What an order's page says of money: what is owed, what is due when, what came and how."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.gateway.intents import NEEDS_PAYER
from tenant_apps.orders.models import Order
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment, Status
from tenant_apps.payments.operations import askable, counter

_REFUSED = _("La banque a refusé le prélèvement.")
_FAILURES: dict[str, str | Promise] = {
    "insufficient_funds": _("Provision insuffisante sur la carte."),
    "expired_card": _("La carte est expirée."),
    NEEDS_PAYER: _("La banque demande à la famille de confirmer."),
    "lost_card": _("La carte a été déclarée perdue."),
    "stolen_card": _("La carte a été déclarée volée."),
}


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment, why the card was refused for it, whether staff may move its day, or ask the card again."""

    instalment: Instalment
    failure: str
    may_move: bool
    may_ask: bool


@dataclass(frozen=True, slots=True)
class Money:
    dues: list[Due]
    payments: list[Payment]
    due_cents: int

    @property
    def is_paid(self) -> bool:
        """Whether something came that could go back."""
        return any(each.status == Status.SUCCEEDED for each in self.payments)


def of_order(order: Order) -> Money:
    refused = set(askable.refused().filter(order=order).values_list("id", flat=True))
    dues = [
        Due(
            instalment=each,
            failure=failure_words(each.failure) if each.status == InstalmentStatus.FAILED else "",
            may_move=each.status in (InstalmentStatus.DUE, InstalmentStatus.FAILED) and each.left_cents > 0,
            may_ask=each.id in refused,
        )
        for each in Instalment.objects.filter(order=order).order_by("position")
    ]
    return Money(dues=dues, payments=list(order.payments.all()), due_cents=counter.due(order))


def failure_words(code: str) -> str:
    """Why a card was refused, as staff tell it to the family; empty where none was."""
    return str(_FAILURES.get(code, _REFUSED)) if code else ""
