"""Adds who is paid, and says for which places each is."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kernel.database import lock, lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation.models import Establishment, Payee
from tenant_apps.organisation.payment_practices import NameTaken

__all__ = ["NameTaken", "add", "assign"]


@operation
def add(*, name: str, legal_name: str, establishments: Iterable[Establishment], actor: Actor, at: datetime) -> Payee:
    """Raises NameTaken, of two who add the same name at the same instant to the second."""
    lock(Payee.objects.all())
    if Payee.objects.filter(name=name).exists():
        raise NameTaken
    payee = Payee.objects.create(name=name, legal_name=legal_name)
    _record("payees.added", payee, establishments, actor, at)
    Establishment.objects.filter(pk__in=[place.pk for place in establishments]).update(payee=payee)
    return payee


@operation
def assign(*, payee_id: UUID, establishments: Iterable[Establishment], actor: Actor, at: datetime) -> None:
    """It is paid for these places and no others; what they offer already is sold as before."""
    payee = lock_one(Payee.objects.filter(pk=payee_id))
    chosen = [place.pk for place in establishments]
    added = Establishment.objects.filter(pk__in=chosen).exclude(payee=payee).update(payee=payee)
    taken_away = Establishment.objects.filter(payee=payee).exclude(pk__in=chosen).update(payee=None)
    if added or taken_away:
        _record("payees.places", payee, establishments, actor, at)


def _record(action: str, payee: Payee, establishments: Iterable[Establishment], actor: Actor, at: datetime) -> None:
    details = {"name": payee.name, "establishments": sorted(place.name for place in establishments)}
    audit.record(action=action, subject="payee", subject_id=payee.id, actor=actor, at=at, details=details)
