"""The queue of an opening at the counter: the same one as at home, for who cannot race on a screen (trust §5.2)."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from tenant_apps.office.counter import standing
from tenant_apps.office.counter.finding import MOST_SHOWN, search
from tenant_apps.office.counter.forms import SearchForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES_CHANGE, of_request
from tenant_apps.openings import operations, queries
from tenant_apps.openings.models import Channel, Mode, Opening, Ticket
from tenant_apps.openings.queries import Turn, turn_of


@dataclass(frozen=True, slots=True)
class Line:
    """One family's turn as the counter reads it."""

    ticket: Ticket
    turn: Turn
    ahead: int

    @property
    def may_begin(self) -> bool:
        return self.turn in (Turn.CALLED, Turn.INSIDE)


@staff(*FAMILIES_CHANGE)
@require_safe
def queue(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Who took a number here, who is called, and the way to take one for a family that comes."""
    scope, opening, at = of_request(request), _open_or_404(opening_id), clock.now()
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    found = list(search(scope, wanted)[:MOST_SHOWN]) if wanted else []
    known = standing.families(scope)
    tickets = Ticket.objects.filter(opening=opening, channel=Channel.COUNTER, guardian__in=known.values("pk"))
    tickets = tickets.exclude(is_given_up=True, position=None)
    ordered = tickets.select_related("opening", "guardian").order_by(F("position").asc(nulls_last=True), "joined_at")
    context = {
        "opening": opening,
        "form": form,
        "wanted": wanted,
        "found": found,
        "lines": [Line(each, turn_of(each, at=at), queries.ahead_of(each)) for each in ordered],
        "now": at,
    }
    return page(request, "office/counter/queue.html", context, section="counter")


@staff(*FAMILIES_CHANGE)
@require_POST
def take_ticket(request: HttpRequest, opening_id: UUID, guardian_id: UUID) -> HttpResponse:
    """The turn that the family has already, at home or here, or a new one: never two."""
    opening = _open_or_404(opening_id)
    family = get_object_or_404(standing.families(of_request(request)), pk=guardian_id)
    try:
        operations.join(
            opening_id=opening.pk,
            guardian_id=family.pk,
            channel=Channel.COUNTER,
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(family)s a son tour dans la file.") % {"family": family})
    return redirect("office:counter_queue", opening_id=opening.pk)


def upcoming() -> list[Opening]:
    """For the counter's first page."""
    return list(queries.upcoming(at=clock.now()).filter(mode=Mode.QUEUE))


def _open_or_404(opening_id: UUID) -> Opening:
    return get_object_or_404(queries.upcoming(at=clock.now()), pk=opening_id, mode=Mode.QUEUE)
