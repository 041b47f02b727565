"""Why an account cannot be erased yet: what is owed, held or still to come, each with the page that settles it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import clock
from tenant_apps.families.models import Guardian
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import MemberState, StaffMember
from tenant_apps.payments.models import Payment, Refund, RefundStatus
from tenant_apps.payments.states import LIVE
from tenant_apps.privacy import activity
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as Registered
from tenant_apps.registrations.states import PENDING


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`page` is the name of the address where it can be settled; nothing where only time or staff will."""

    code: str
    message: str | Promise
    page: str = ""


OWED = Obstacle("owed", _("Une commande n’est pas encore payée."), "invoices")
PAYING = Obstacle("paying", _("Un paiement est en cours."), "invoices")
REFUND = Obstacle("refund", _("Un remboursement est en route vers vous."), "invoices")
HELD = Obstacle("held", _("Des places sont gardées dans votre panier."), "basket")
STUDIED = Obstacle("studied", _("Une place est gardée pendant l’étude de votre demande de soutien."), "entitlements")
COMING = Obstacle("coming", _("Une inscription confirmée est encore à venir."), "bookings")
STAFF = Obstacle("staff", _("Ce compte est aussi celui d’un membre du personnel."))


def of_guardian(guardian: Guardian, *, at: datetime) -> list[Obstacle]:
    return list(_found(guardian, clock.local_date(at, organisation.profile().zone)))


def _found(guardian: Guardian, today: date) -> Iterator[Obstacle]:
    if guardian.user_id and StaffMember.objects.filter(user=guardian.user_id, state=MemberState.ACTIVE).exists():
        yield STAFF
    if Order.objects.filter(guardian=guardian, status=OrderStatus.OPEN).exists():
        yield OWED
    if Payment.objects.filter(order__guardian=guardian, status__in=LIVE).exists():
        yield PAYING
    going = [RefundStatus.DUE, RefundStatus.PENDING]
    if Refund.objects.filter(payment__order__guardian=guardian, status__in=going).exists():
        yield REFUND
    own = Registration.objects.filter(basket__guardian=guardian)
    pending = own.filter(status__in=PENDING)
    if pending.filter(basket__closed_at=None).exists():
        yield HELD
    # A basket that is closed and still keeps a place is that of a request (registrations.support).
    if pending.exclude(basket__closed_at=None).exists():
        yield STUDIED
    if activity.dated(own).filter(status=Registered.CONFIRMED, ended_at=None, last_on__gte=today).exists():
        yield COMING
