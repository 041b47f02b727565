"""What anybody may look at: the home page and the catalogue."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import public
from tenant_apps.catalog import filters, queries
from tenant_apps.catalog.cards import Availability
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Establishment
from tenant_apps.organisation.rules import read
from tenant_apps.portal import choosing
from tenant_apps.portal.forms.filters import FilterForm
from tenant_apps.registrations.queries import places_left

_SHOWN_AT_HOME = 6
_SHOWN_ON_A_PAGE = 24


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at, zone = clock.now(), profile_of(request).zone
    found = queries.catalogue(filters.Filters(), at, zone, places_left)
    facets = queries.facets(at=at)
    context = {
        "open_now": [card for card in found if card.is_open][:_SHOWN_AT_HOME],
        "opening_soon": sorted(
            (card for card in found if card.availability is Availability.OPENS_LATER),
            key=lambda card: card.offering.opens_at or at,
        )[:_SHOWN_AT_HOME],
        "categories": facets.categories,
        "establishments": facets.establishments,
    }
    return render(request, "portal/home.html", context)


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    narrowed = filters.read(_with_school(request.GET))
    at, profile = clock.now(), profile_of(request)
    facets = queries.facets(at=at)
    children = _children(request)
    child = next((each for each in children if str(each.id) == request.GET.get("enfant")), None)
    found = queries.catalogue(narrowed, at, profile.zone, places_left)
    child_id = str(child.id) if child else ""
    shown = choosing.for_child(found, child, at=at, zone=profile.zone) if child else found
    context = {
        "page": Paginator(shown, _SHOWN_ON_A_PAGE).get_page(request.GET.get("page")),
        "child": child_id,
        "filter_form": FilterForm(narrowed, facets, rules=read(profile.rules), children=children, child=child_id),
        "establishment": _establishment(facets.establishments, narrowed.establishment),
    }
    return render(request, "portal/catalogue.html", context)


def _children(request: HttpRequest) -> list[Participant]:
    guardian = families.guardian_of(request.user) if request.user.is_authenticated else None
    return families.participants_of(guardian.id) if guardian else []


def _with_school(query: QueryDict) -> dict[str, str]:
    """`?ecole=` is the short address that a school prints on its letters."""
    said = query.dict()
    if "ecole" in said:
        said["establishment"] = said["ecole"]
    return {name: str(value) for name, value in said.items()}


def _establishment(establishments: list[Establishment], code: str) -> Establishment | None:
    return next((each for each in establishments if each.code == code), None)
