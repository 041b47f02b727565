"""What becomes of requests for places once what they were offered is taken, refused or left unanswered."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenant_apps.registrations import serving, waiting_terms
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus, Status
from tenant_apps.registrations.states import PENDING, move, move_requests
from tenant_apps.registrations.waiting_terms import OnRefusal

_OPEN = (RequestStatus.WISHED, RequestStatus.WAITING)


def settle(moved: Collection[Registration], *, ended: RequestStatus, at: datetime) -> set[UUID]:
    """`moved` were confirmed, or given up; `ended` is REFUSED or LAPSED. Returns the requests that wait again.

    A request is taken once all that is left of it is confirmed.
    """
    again: set[UUID] = set()
    asked_by = {registration.request_id for registration in moved if registration.request_id is not None}
    live = (RequestStatus.OFFERED, RequestStatus.WAITING)
    for request in PlaceRequest.objects.filter(pk__in=asked_by, status__in=live).order_by("pk"):
        left = set(request.registrations.order_by().values_list("status", flat=True))
        if not left.isdisjoint((*PENDING, Status.REQUESTED)):
            continue
        same = PlaceRequest.objects.filter(pk=request.pk)
        if Status.CONFIRMED in left:
            if move_requests(same, RequestStatus.TAKEN, ended_at=at):
                _supersede(request, at)
        elif _end(request, [each for each in moved if each.request_id == request.pk], ended, at):
            again.add(request.pk)
    return again


def drop(requests: Iterable[PlaceRequest], to: RequestStatus, *, at: datetime) -> list[UUID]:
    """End what is wished or waited for, and let those behind advance. Returns what was ended."""
    found = [request for request in requests if request.status in _OPEN]
    asked = Registration.objects.filter(request__in=found, status=Status.REQUESTED)
    options = set(asked.order_by().values_list("option_id", flat=True))
    # The counters first, as where places are offered: an offer of this instant is seen, or sees this.
    serving.lock_counters(options)
    dropped = [
        request.pk
        for request in found
        if move_requests(PlaceRequest.objects.filter(pk=request.pk, status__in=_OPEN), to, ended_at=at)
    ]
    move(asked.filter(request__in=dropped), Status.RELEASED, ended_at=at)
    serving.serve(options, at=at)
    return dropped


def withdraw(registrations: QuerySet[Registration], *, at: datetime) -> None:
    """Some of what is wished or waited for, as of one of two children; a request with nothing left of it ends."""
    asked = registrations.filter(status=Status.REQUESTED)
    options = set(asked.order_by().values_list("option_id", flat=True))
    if not options:
        return
    serving.lock_counters(options)
    wanted = list(asked.values_list("pk", "request_id"))
    move(Registration.objects.filter(pk__in=[pk for pk, _ in wanted]), Status.RELEASED, ended_at=at)
    left = Registration.objects.filter(status=Status.REQUESTED).values("request_id")
    emptied = PlaceRequest.objects.filter(pk__in=[key for _, key in wanted], status__in=_OPEN).exclude(pk__in=left)
    move_requests(emptied, RequestStatus.LEFT, ended_at=at)
    serving.serve(options, at=at)


@operation
def leave_what_is_had(*, at: datetime) -> None:
    """Who found a place by themselves waits for it no more."""
    same = Registration.objects.filter(
        participant=OuterRef("participant"), option=OuterRef("option"), is_single=True, status=Status.CONFIRMED
    )
    withdraw(Registration.objects.filter(Exists(same), is_single=True), at=at)


def forget(*, guardian_ids: Iterable[UUID], participant_ids: Iterable[UUID], at: datetime) -> None:
    """Who is known no more waits for nothing."""
    of_guardians = Q(basket__guardian__in=list(guardian_ids))
    withdraw(Registration.objects.filter(of_guardians | Q(participant__in=list(participant_ids))), at=at)


def _supersede(request: PlaceRequest, at: datetime) -> None:
    others = PlaceRequest.objects.filter(group=request.group, status__in=_OPEN).exclude(pk=request.pk)
    if others:
        drop(others, RequestStatus.SUPERSEDED, at=at)


def _end(request: PlaceRequest, moved: Collection[Registration], ended: RequestStatus, at: datetime) -> bool:
    """By the rule of its offering. Returns whether it waits again, with what it has just given up."""
    same = PlaceRequest.objects.filter(pk=request.pk, status=RequestStatus.OFFERED)
    rule = _rule(moved)
    if ended == RequestStatus.LAPSED:
        outbox.tell(kind="registrations.offer_lapsed", payload={"request": str(request.pk)}, at=at)
    if rule is OnRefusal.LEAVE:
        move_requests(same, ended, ended_at=at)
        return False
    later = {"queued_at": at, "drawn": 0} if rule is OnRefusal.LOSE else {}
    if not move_requests(same, RequestStatus.WAITING, offered_until=None, **later):
        return False
    move(Registration.objects.filter(pk__in=[each.pk for each in moved]), Status.REQUESTED, ended_at=None)
    return True


def _rule(moved: Collection[Registration]) -> OnRefusal:
    rows = Registration.objects.filter(pk__in=[each.pk for each in moved]).select_related("option__offering")
    if not all(row.option.is_offered for row in rows):
        # The choice was cancelled, or taken off: what was offered of it is offered to nobody again.
        return OnRefusal.LEAVE
    usual = waiting_terms.usual()
    return waiting_terms.terms_together(usual, [row.option.offering for row in rows]).on_refusal
