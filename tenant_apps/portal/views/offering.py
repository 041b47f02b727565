"""The page of one offering: what it is, for whom, when, at what price, and the way to take it."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import public
from tenant_apps.catalog import cards, queries
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering, Selection
from tenant_apps.catalog.pricing.words import told
from tenant_apps.changes import wording
from tenant_apps.changes.models import Kind
from tenant_apps.changes.policy import policy_of
from tenant_apps.organisation.cards import names
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read
from tenant_apps.portal import choosing, options, structured_data, visitor
from tenant_apps.portal.conditions import Conditions
from tenant_apps.registrations import waiting_terms
from tenant_apps.registrations.queries import places_left


@public
@require_safe
def offering(request: HttpRequest, slug: str) -> HttpResponse:
    shown = offering_or_404(slug)
    context = context_of(request, shown, register_url=_register_url(request, slug))
    return render(request, "portal/offering.html", context)


def body(request: HttpRequest, shown: Offering) -> str:
    """The page without what surrounds it, for who is still writing it: nothing can be taken there."""
    return render_to_string("portal/parts/offering_body.html", context_of(request, shown, register_url="#"), request)


def context_of(request: HttpRequest, shown: Offering, *, register_url: str) -> dict[str, Any]:
    profile, at = profile_of(request), clock.now()
    guardian = visitor.account_holder(request)
    guardian_id = guardian.id if guardian else None
    known = Eligibility.of(
        [shown],
        choosing.children_of(guardian),
        guardian_id=guardian_id,
        at=at,
        zone=profile.zone,
    )
    people = choosing.people(shown, known.participants, known)
    person = next((each for each in people if str(each.participant.id) == request.GET.get("enfant")), None)
    child = person.participant if person else None
    left = places_left(option.id for option in shown.options.all())
    rows = options.of_offering(shown, left=left, known=known, participant=child)
    rows = options.priced(rows, guardian_id=guardian_id, participant=child, at=at)
    conditions = Conditions(at=at)
    card = cards.card(shown, places=left, at=at, zone=profile.zone)
    canonical = request.build_absolute_uri(reverse("offering", args=[shown.slug]))
    picture_url = request.build_absolute_uri(reverse("picture", args=[shown.picture])) if shown.picture else ""
    asks_money = any(row.option.price_cents or row.option.is_voluntary for row in rows)
    return {
        "offering": shown,
        "card": card,
        "options": options.Listed(shown, rows, conditions),
        "price_notes": told(shown) if asks_money else [],
        "withdrawal": _withdrawal(shown, rows, profile.rules),
        "conditions": conditions.of_offering(shown),
        "periods": conditions.periods(shown),
        "reasons": known.of_offering(shown, None),
        "has_list": waiting_terms.has_list_in(read(profile.rules).waiting, shown),
        "people": people,
        "chosen": person,
        "contacts": list(shown.establishments.all()),
        "card_brands": names(read(profile.rules).card_brands) if asks_money else "",
        "register_url": register_url,
        "canonical": canonical,
        "picture_url": picture_url,
        "shared_title": shown.shown("title"),
        "shared_text": shown.shown("summary"),
        "structured": structured_data.of_offering(
            card,
            url=canonical,
            organiser=profile.name,
            currency=profile.currency.upper(),
            picture_url=picture_url,
        ),
    }


def offering_or_404(slug: str) -> Offering:
    try:
        return queries.offering(slug, at=clock.now())
    except Offering.DoesNotExist:
        raise Http404 from None


def _register_url(request: HttpRequest, slug: str) -> str:
    """The form, for the child whom the visitor came for."""
    child = request.GET.get("enfant", "")
    return reverse("register", args=[slug]) + (f"?{urlencode({'enfant': child})}" if child else "")


def _withdrawal(shown: Offering, rows: Sequence[options.Shown], rules: Mapping[str, Any]) -> list[str]:
    """What giving it up oneself costs, as it will be counted; nothing where nothing is to be paid or given up."""
    is_priced = any(row.option.price_cents and not row.option.is_voluntary for row in rows)
    policy = policy_of(shown, Kind.WITHDRAWAL, rules)
    return wording.explain(policy) if is_priced and policy.allowed and shown.selection != Selection.QUANTITIES else []
