"""Letting go of what a basket keeps: a line, all that a child has, or everything."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from kernel import clock
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts.access import actor_of
from shared_apps.audit.actors import Actor
from tenant_apps.payments.operations.check_out import leave_check_out
from tenant_apps.portal.baskets import Content
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import waiting
from tenant_apps.registrations.models import Basket, PlaceRequest, Registration, RequestStatus


def let_go(request: HttpRequest, content: Content, lines: Sequence[Registration]) -> bool:
    """A payment under way is stopped first: what it would pay for must not change under it."""
    if content.basket is None:
        return False
    actor, at = actor_of(request), clock.now()
    try:
        if content.is_being_paid:
            leave_check_out(basket_id=content.basket.id, actor=actor, at=at)
        _release(basket=content.basket, lines=lines, actor=actor, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    return True


def offered(lines: Sequence[Registration]) -> set[UUID]:
    """The requests that were granted these places, and wait for the family's answer."""
    named = {line.request_id for line in lines if line.request_id}
    found = PlaceRequest.objects.filter(pk__in=named, status=RequestStatus.OFFERED) if named else ()
    return {request.id for request in found}


@operation
def _release(*, basket: Basket, lines: Sequence[Registration], actor: Actor, at: datetime) -> None:
    """What a waiting list offered is refused, which says what becomes of the rank; the rest is released."""
    refused = offered(lines)
    for request_id in sorted(refused):
        waiting.refuse(request_id=request_id, guardian_id=basket.guardian_id, actor=actor, at=at)
    ids = [line.id for line in lines if line.request_id not in refused]
    if ids:
        registrations.release(basket_id=basket.id, registration_ids=ids, actor=actor, at=at)
