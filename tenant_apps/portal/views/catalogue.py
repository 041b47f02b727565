"""What anybody may look at: the home page, the catalogue and the page of one offering."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import public
from tenant_apps.catalog import cards, filters, queries
from tenant_apps.catalog.cards import Availability
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Establishment
from tenant_apps.organisation.rules import read
from tenant_apps.portal import choosing, options, structured_data
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


@public
@require_safe
def offering(request: HttpRequest, slug: str) -> HttpResponse:
    shown = offering_or_404(slug)
    profile, at = profile_of(request), clock.now()
    left = places_left(option.id for option in shown.options.all())
    card = cards.card(shown, places=left, at=at, zone=profile.zone)
    url = request.build_absolute_uri(reverse("offering", args=[slug]))
    guardian = families.guardian_of(request.user) if request.user.is_authenticated else None
    child = next((each for each in _children(request) if str(each.id) == request.GET.get("enfant")), None)
    known = Eligibility.of(
        [shown], [child] if child else [], guardian_id=guardian.id if guardian else None, at=at, zone=profile.zone
    )
    rows = options.of_offering(shown, left=left, known=known, participant=child)
    context = {
        "offering": shown,
        "card": card,
        "options": rows,
        "shows_places": any(row.left is not None or row.reason for row in rows),
        "reasons": known.of_offering(shown, None),
        "locked": next((each for each in choosing.people(shown, known.participants, known) if each.is_locked), None),
        "contacts": list(shown.establishments.all()),
        "register_url": _register_url(request, slug),
        "structured": structured_data.of_offering(
            card, url=url, organiser=profile.name, currency=profile.currency.upper()
        ),
    }
    return render(request, "portal/offering.html", context)


def offering_or_404(slug: str) -> Offering:
    try:
        return queries.offering(slug, at=clock.now())
    except Offering.DoesNotExist:
        raise Http404 from None


def _register_url(request: HttpRequest, slug: str) -> str:
    """The form, for the child whom the visitor came for."""
    child = request.GET.get("enfant", "")
    return reverse("register", args=[slug]) + (f"?{urlencode({'enfant': child})}" if child else "")


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
