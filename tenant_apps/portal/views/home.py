"""The home page: what is open, what opens soon, and the ways into the catalogue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import public
from tenant_apps.catalog import queries
from tenant_apps.catalog.cards import Availability
from tenant_apps.catalog.filters import Filters
from tenant_apps.organisation.context import profile_of
from tenant_apps.portal import freshness
from tenant_apps.portal.kept import kept_for_everybody
from tenant_apps.registrations.queries import full_options, places_left

_SHOWN = 6


@public
@require_safe
@kept_for_everybody()
def home(request: HttpRequest) -> HttpResponse:
    at, zone = clock.now(), profile_of(request).zone
    shelf = freshness.shelf(at=at)
    entries = queries.listing(Filters(), at=at, zone=zone, full=full_options(at=at), shelf=shelf).entries
    now = [each.id for each in entries if each.availability is Availability.OPEN][:_SHOWN]
    later = [each for each in entries if each.availability is Availability.OPENS_LATER]
    soon = [each.id for each in sorted(later, key=lambda each: each.next_opening(at))][:_SHOWN]
    cards = queries.cards([*now, *soon], at=at, zone=zone, places_left=places_left, shelf=shelf)
    choices = queries.choices(at=at, shelf=shelf)
    context = {
        "shelf": shelf,
        "open_now": cards[: len(now)],
        "opening_soon": cards[len(now) :],
        "categories": choices.categories,
        "establishments": choices.establishments,
    }
    return render(request, "portal/home.html", context)
