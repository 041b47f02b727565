"""Of which part a kept card may be asked, and of which it may not be asked again."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.disputed import UNDECIDED
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment
from tenant_apps.payments.operations.retrying import NEVER_AGAIN

# A bank that contests a payment of the order would contest the next one too: its parts wait for the end of it.
CONTESTED = Q(Exists(Payment.objects.filter(order=OuterRef("order"), dispute__status__in=UNDECIDED)))
# Of which something may be asked for, whatever the day.
WAITING = Q(status__in=(InstalmentStatus.DUE, InstalmentStatus.FAILED)) & ~CONTESTED


def parts() -> QuerySet[Instalment]:
    """Those that the card may be asked for at once, at somebody's wish, whatever their day."""
    found = Instalment.objects.filter(WAITING, left_cents__gt=0, order__status=OrderStatus.SETTLED)
    found = found.exclude(status=InstalmentStatus.FAILED, failure__in=NEVER_AGAIN, try_at=None)
    return found.exclude(order__card={})


def refused() -> QuerySet[Instalment]:
    """Those of them that the card has refused."""
    return parts().filter(status=InstalmentStatus.FAILED)
