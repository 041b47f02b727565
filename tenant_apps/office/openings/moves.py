"""What staff do while an opening runs: slow it down, stop it, go on, and open to everybody."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from tenant_apps.office.openings import board, known
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES, of_request
from tenant_apps.openings import operations, preparing
from tenant_apps.openings.models import Opening
from tenant_apps.openings.terms import terms_of

_SLOWEST, _FASTEST = 0.5, 200.0


@staff(*CHANGES)
@require_POST
def pace(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    opening = _found(request, opening_id)
    most, actor, at = terms_of(opening).most_per_second, actor_of(request), clock.now()
    match request.POST.get("move"):
        case "slower":
            preparing.set_pace(opening_id=opening.pk, most_per_second=max(most / 2, _SLOWEST), actor=actor, at=at)
            said = _("Les familles sont appelées deux fois moins vite.")
        case "faster":
            preparing.set_pace(opening_id=opening.pk, most_per_second=min(most * 2, _FASTEST), actor=actor, at=at)
            said = _("Les familles peuvent être appelées deux fois plus vite.")
        case "pause":
            preparing.pause(opening_id=opening.pk, actor=actor, at=at)
            said = _("Plus personne n’est appelé. Chacun garde son rang.")
        case "resume":
            preparing.resume(opening_id=opening.pk, actor=actor, at=at)
            said = _("Les appels reprennent, dans le même ordre.")
        case _other:
            raise Http404
    messages.success(request, said)
    return redirect("office:opening", opening_id=opening.pk)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """In two steps: who still waits is said first."""
    opening, at = _found(request, opening_id), clock.now()
    if request.method == "POST":
        try:
            operations.end(opening_id=opening.pk, actor=actor_of(request), at=at)
            messages.success(request, _("C’est ouvert à tous\u202f: plus personne n’attend son tour."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("office:opening", opening_id=opening.pk)
    context = {"opening": opening, "turns": board.turns(opening, at=at)}
    return page(request, "office/openings/end.html", context, section="openings")


def _found(request: HttpRequest, opening_id: UUID) -> Opening:
    return get_object_or_404(known.openings(of_request(request)), pk=opening_id)
