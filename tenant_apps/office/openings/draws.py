"""The draw of a lottery: what it will do, asked for in a second step, and what came of it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
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
from tenant_apps.registrations.lottery import asking, queries

# The largest draws take less: what lasts longer was stopped, and is begun again by itself.
_USUAL = timedelta(minutes=3)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    scope, at = of_request(request), clock.now()
    opening = get_object_or_404(known.openings(scope), pk=opening_id, mode=Mode.LOTTERY)
    if request.method == "POST":
        _ask(request, opening, at)
        return redirect("office:opening_draw", opening_id=opening.pk)
    since = opening.draw_asked_at if opening.drawn_at is None else None
    context = {
        "opening": opening,
        "terms": terms_of(opening),
        "figures": queries.figures(opening.pk),
        "board": board.of(opening, scope, at=at),
        "is_early": at < opening.opens_at,
        "under_way": since is not None,
        "is_long": since is not None and at - since > _USUAL,
        "at": at,
        "digest": _digest(opening),
    }
    return page(request, "office/openings/draw.html", context, section="openings")


def _ask(request: HttpRequest, opening: Opening, at: datetime) -> None:
    """What becomes of it is shown by the page itself, to everybody who looks."""
    try:
        asking.ask(opening_id=opening.pk, actor=actor_of(request), at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))


def _digest(opening: Opening) -> str:
    """Of the published file, as the trail keeps it."""
    drawn = Entry.objects.filter(subject="opening", subject_id=opening.pk, action="opening.drawn").first()
    return str(drawn.details.get("sha256", "")) if drawn else ""
