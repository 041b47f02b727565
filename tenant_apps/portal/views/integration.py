"""The list of activities on somebody else's page: a script to put there, and what it reads."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import public
from shared_apps.design import bundle, formats
from tenant_apps.catalog import facets, filters, queries
from tenant_apps.catalog.cards import Availability, OfferingCard
from tenant_apps.catalog.models import Nature
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Profile
from tenant_apps.portal.templatetags.portal import period
from tenant_apps.portal.views.catalogue import address_of, asked
from tenant_apps.registrations.queries import full_options, places_left
from tenants.context import current

_MOST = 50
_USUAL = 12
_MINUTE = 60
_HOUR = 3600
_SCRIPT = Path(bundle.__file__).parent / "static" / "design" / "js" / "integration.js"


@public
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """At an address that never changes, for it is written in pages that are not ours."""
    answer = HttpResponse(_SCRIPT.read_text(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(answer, public=True, max_age=_HOUR)
    return answer


@public
@require_safe
def activities(request: HttpRequest) -> JsonResponse:
    """What anybody may read, from any page; nobody's session is looked at, and no cookie is set."""
    profile = profile_of(request)
    wanted = request.GET.get("lang", "").split("-")[0]
    # The address alone says which: the answer is kept for everybody, whatever language one of them chose.
    language = wanted if wanted in profile.languages else current().language
    with translation.override(language):
        answer = JsonResponse(_told(request, profile), json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Language"] = language
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(answer, public=True, max_age=_MINUTE)
    return answer


def _told(request: HttpRequest, profile: Profile) -> dict[str, Any]:
    at, query = clock.now(), asked(request)
    narrowed = filters.read(query)
    found = queries.listing(narrowed, at=at, zone=profile.zone, full=full_options(at=at))
    left = facets.count(found.entries, narrowed).left
    most = _number(query.get("nombre", ""))
    cards = queries.cards([each.id for each in left[:most]], at=at, zone=profile.zone, places_left=places_left)
    return {
        "title": profile.name,
        "lang": translation.get_language(),
        "all": {
            "label": _("Voir toutes les activités"),
            "url": request.build_absolute_uri(address_of(query, nombre="", lang="")),
        },
        "none": _("Aucune activité en ce moment."),
        "activities": [_activity(request, card, profile) for card in cards],
    }


def _activity(request: HttpRequest, card: OfferingCard, profile: Profile) -> dict[str, Any]:
    offering, country = card.offering, current().country
    return {
        "title": offering.shown("title"),
        "lang": offering.language_of("title"),
        "url": request.build_absolute_uri(reverse("offering", args=[offering.slug])),
        "when": period(offering.starts_on, offering.ends_on, country=country),
        "state": _state(card),
        "price": _price(card, profile),
    }


def _price(card: OfferingCard, profile: Profile) -> str:
    """As the card of the list says it."""
    if card.offering.nature in (Nature.CONSENT, Nature.CONTRIBUTION):
        return ""
    if card.is_free:
        return _("Gratuit")
    locale = formats.locale_for(translation.get_language() or "fr", current().country)
    amount = formats.money(card.price_from_cents, profile.currency.upper(), locale)
    return _("À partir de %(amount)s") % {"amount": amount} if card.has_several_prices else amount


def _state(card: OfferingCard) -> str:
    if card.availability is Availability.FULL:
        return _("Complet")
    return card.reason.message if card.reason else ""


def _number(said: str) -> int:
    return min(int(said), _MOST) if said.isdecimal() and len(said) < len(str(_MOST)) + 1 else _USUAL
