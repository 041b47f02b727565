"""The waiting room of an opening: take a turn, see honestly where one is, and enter when called."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts import detour
from shared_apps.accounts.access import actor_of, public
from tenant_apps.families.on_behalf import acting_for
from tenant_apps.openings import operations, progress, publication
from tenant_apps.openings.models import Channel, Mode, Opening, Ticket
from tenant_apps.organisation.context import profile_of
from tenant_apps.portal import visitor
from tenant_apps.portal import waiting_room as rooms
from tenant_apps.portal.answers import SeeOther

Act = Callable[[HttpRequest, UUID, UUID, datetime], None]


@public
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_room(request: HttpRequest, opening_id: UUID) -> HttpResponseBase:
    opening, at = _opening(opening_id), clock.now()
    if request.method == "POST":
        return _acted(request, opening, at)
    opening = _moved_on(opening, at)
    room = rooms.of(opening, visitor.account_holder(request), at=at, profile=profile_of(request))
    return render(request, "portal/waiting_room.html", {"room": room, "opening": opening, "now": at})


@public
@require_safe
@never_cache
def turn(request: HttpRequest, opening_id: UUID, ticket_id: UUID) -> HttpResponse:
    """Where one ticket is, for its page; who knows its address learns a number and nobody's name.

    Most are answered before they come here, from the memory of the process (config.door).
    """
    room = progress.remember(request.META.get("HTTP_HOST", ""), _moved_on(_opening(opening_id), clock.now()))
    ticket = Ticket.objects.filter(pk=ticket_id, opening_id=opening_id).first()
    if ticket is None:
        return JsonResponse({"state": "gone"})
    room.positions[ticket.id] = ticket.position
    return JsonResponse(progress.told(room, ticket.position, at=clock.now()))


@public
@require_safe
@cache_control(public=True, max_age=60)
def order(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """The order as it was drawn, with what it takes to make it again; nothing before the draw."""
    opening = _opening(opening_id)
    if opening.drawn_at is None:
        raise Http404
    return JsonResponse(publication.document(opening), json_dumps_params={"indent": 1})


def _acted(request: HttpRequest, opening: Opening, at: datetime) -> HttpResponseBase:
    page = reverse("waiting_room", args=[opening.id])
    act = _ACTS.get(request.POST.get("do", ""))
    if not request.user.is_authenticated:
        return detour.by(request, "account_login", back=page)
    if act is None:
        raise Http404
    guardian = visitor.signed_in_guardian(request, at=at)
    try:
        act(request, opening.id, guardian.id, at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return SeeOther(page)


def _join(request: HttpRequest, opening_id: UUID, guardian_id: UUID, at: datetime) -> None:
    channel = Channel.COUNTER if acting_for(request) else Channel.WEB
    operations.join(opening_id=opening_id, guardian_id=guardian_id, channel=channel, actor=actor_of(request), at=at)


def _enter(request: HttpRequest, opening_id: UUID, guardian_id: UUID, at: datetime) -> None:
    operations.enter(opening_id=opening_id, guardian_id=guardian_id, at=at)


def _leave(request: HttpRequest, opening_id: UUID, guardian_id: UUID, at: datetime) -> None:
    operations.leave(opening_id=opening_id, guardian_id=guardian_id, actor=actor_of(request), at=at)
    messages.success(request, _("Vous avez quitté la file."))


def _finish(request: HttpRequest, opening_id: UUID, guardian_id: UUID, at: datetime) -> None:
    operations.finish(guardian_id=guardian_id, opening_id=opening_id, at=at)
    messages.success(request, _("Merci\u202f: une autre famille prend votre tour."))


_ACTS: Mapping[str, Act] = {"join": _join, "enter": _enter, "leave": _leave, "finish": _finish}


def _moved_on(opening: Opening, at: datetime) -> Opening:
    """Whoever looks draws what is due and calls who is next, so that a queue moves on without any worker."""
    if opening.opens_at <= at:
        operations.admit(opening_id=opening.id, at=at)
        opening.refresh_from_db()
    return opening


def _opening(opening_id: UUID) -> Opening:
    try:
        return Opening.objects.get(pk=opening_id, mode=Mode.QUEUE)
    except Opening.DoesNotExist:
        raise Http404 from None
