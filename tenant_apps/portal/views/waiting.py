"""« Mes listes d’attente »: the rank of each, what is offered and until when, and the ways to refuse and to leave."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts import detour
from shared_apps.accounts.access import actor_of, public
from shared_apps.accounts.limits import limited
from tenant_apps.families.models import Guardian
from tenant_apps.notifications import guest_links
from tenant_apps.portal import visitor, waiting_lists
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.portal.waiting_lists import Waited
from tenant_apps.registrations import waiting


@public
@require_safe
@personal
def waiting_lists_page(request: HttpRequest) -> HttpResponseBase:
    """A guest sees what this session, or the link of a mail, lets them see; whoever else signs in first."""
    guardian = visitor.waiting_owner(request)
    if guardian is None and not request.user.is_authenticated:
        return detour.by(request, "account_login", back=request.get_full_path())
    waited = waiting_lists.of_family(guardian) if guardian else []
    return render(request, "portal/waiting_lists.html", {"waited": waited, "now": clock.now()})


@public
@limited("form")
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def leave(request: HttpRequest, request_id: UUID) -> HttpResponse:
    guardian, found = _own(request, request_id)
    if found.is_offered:
        return SeeOther(reverse("waiting_refuse", args=[request_id]))
    if request.method != "POST":
        return render(request, "portal/waiting_leave.html", {"found": found})
    return _ended(request, found, guardian, waiting.leave, _("Vous avez quitté la liste d’attente."))


@public
@limited("form")
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def refuse(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What a refusal does to the rank is said before it is made."""
    guardian, found = _own(request, request_id)
    if not found.is_offered:
        return SeeOther(reverse("waiting_lists"))
    if request.method != "POST":
        return render(request, "portal/waiting_refuse.html", {"found": found})
    told = _("La place est refusée. Elle est libérée pour une autre famille.")
    return _ended(request, found, guardian, waiting.refuse, told)


@public
@limited("form")
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a guest's mail. Following it shows the offer; the button opens it in this browser."""
    guest = guest_links.guest_of(token)
    if guest is None:
        return render(request, "portal/waiting_gone.html", status=404)
    if request.method == "POST":
        visitor.open_linked(request, guest)
        return SeeOther(reverse("waiting_lists"))
    waited = [each for each in waiting_lists.of_family(guest) if each.is_offered]
    return render(request, "portal/waiting_offer.html", {"waited": waited})


def _ended(
    request: HttpRequest, found: Waited, guardian: Guardian, end: Callable[..., object], told: str
) -> HttpResponse:
    try:
        end(request_id=found.request.id, guardian_id=guardian.id, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return SeeOther(reverse("waiting_lists"))


def _own(request: HttpRequest, request_id: UUID) -> tuple[Guardian, Waited]:
    """Another family's request does not exist."""
    guardian = visitor.waiting_owner(request)
    waited = waiting_lists.of_family(guardian) if guardian else []
    found = next((each for each in waited if each.request.id == request_id), None)
    if guardian is None or found is None:
        raise Http404
    return guardian, found
