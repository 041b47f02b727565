"""The draw of a lottery: what it will do, done in a second step, and what came of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.audit.models import Entry
from tenant_apps.office.openings import board, known
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES, of_request
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.openings.terms import terms_of
from tenant_apps.registrations.lottery import draw as lottery
from tenant_apps.registrations.lottery import queries


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    scope, at = of_request(request), clock.now()
    opening = get_object_or_404(known.openings(scope), pk=opening_id, mode=Mode.LOTTERY)
    if request.method == "POST":
        _run(request, opening)
        return redirect("office:opening_draw", opening_id=opening.pk)
    context = {
        "opening": opening,
        "terms": terms_of(opening),
        "figures": queries.figures(opening.pk),
        "board": board.of(opening, scope, at=at),
        "is_early": at < opening.opens_at,
        "digest": _digest(opening),
    }
    return page(request, "office/openings/draw.html", context, section="openings")


def _run(request: HttpRequest, opening: Opening) -> None:
    try:
        result = lottery.run(opening_id=opening.pk, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return
    told = ngettext(
        "Le tirage est fait\u202f: %(count)s souhait est exaucé, et les familles sont prévenues.",
        "Le tirage est fait\u202f: %(count)s souhaits sont exaucés, et les familles sont prévenues.",
        result.granted,
    )
    messages.success(request, told % {"count": result.granted})


def _digest(opening: Opening) -> str:
    """Of the published file, as the trail keeps it."""
    drawn = Entry.objects.filter(subject="opening", subject_id=opening.pk, action="opening.drawn").first()
    return str(drawn.details.get("sha256", "")) if drawn else ""
