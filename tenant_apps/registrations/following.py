"""Brings baskets and registrations to the record that is kept when two are merged."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenant_apps.registrations import requests
from tenant_apps.registrations.models import Basket, PlaceRequest, Registration, Status
from tenant_apps.registrations.states import TAKING


class BothRegistered(Refusal):
    code = "both_registered"
    message = _("Les deux dossiers gardent une place dans\u202f: {names}. Libérez-en une d’abord.")


class PaymentUnderWay(Refusal):
    code = "payment_under_way"
    message = _("Un paiement est en cours dans l’un de ces dossiers. Réessayez dans une heure.")


def participants(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """Raises BothRegistered."""
    single = Registration.objects.filter(is_single=True, status__in=TAKING)
    taken = single.filter(participant_id=gone_id).values("option_id")
    both = single.filter(participant_id=kept_id, option_id__in=taken)
    names = list(both.values_list("option__offering__title", flat=True).order_by("option__offering__title").distinct())
    if names:
        raise BothRegistered(names=", ".join(names))
    _leave_what_both_wait_for(kept_id, gone_id, at)
    try:
        with transaction.atomic():
            Registration.objects.filter(participant_id=gone_id).update(participant_id=kept_id)
    except IntegrityError:
        # Registered since they were counted.
        raise BothRegistered(names="…") from None


def guardians(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """What one was about to take joins what the other was. Raises PaymentUnderWay."""
    open_baskets = {}
    for guardian_id in sorted((kept_id, gone_id)):
        # A write takes the lock, as everywhere a basket changes.
        Basket.objects.filter(guardian_id=guardian_id, closed_at=None).update(closed_at=None)
        open_baskets[guardian_id] = Basket.objects.filter(guardian_id=guardian_id, closed_at=None).first()
    kept, gone = open_baskets[kept_id], open_baskets[gone_id]
    if gone is not None:
        if gone.registrations.filter(status=Status.AWAITING_PAYMENT).exists():
            raise PaymentUnderWay
        if kept is not None:
            gone.registrations.filter(status__in=(Status.HELD, Status.REQUESTED)).update(basket=kept)
            Basket.objects.filter(id=gone.id).update(closed_at=at)
    Basket.objects.filter(guardian_id=gone_id).update(guardian_id=kept_id)
    PlaceRequest.objects.filter(guardian_id=gone_id).update(guardian_id=kept_id)


def _leave_what_both_wait_for(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """One person waits once for a place, and the record that is kept has its rank already."""
    single = Registration.objects.filter(is_single=True, status=Status.REQUESTED)
    kept = single.filter(participant_id=kept_id).values("option_id")
    requests.withdraw(single.filter(participant_id=gone_id, option_id__in=kept), at=at)
