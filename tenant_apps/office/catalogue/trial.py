"""« Tester comme une famille »: what a child, real or made up, would be told of an offering or of the catalogue."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from kernel import clock, folding
from shared_apps.accounts.access import staff
from tenant_apps.catalog import queries as catalog
from tenant_apps.catalog.models import Offering, Status
from tenant_apps.catalog.reasons import Code
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.office import acquaintance
from tenant_apps.office.catalogue import trial_people, trial_results
from tenant_apps.office.catalogue.trial_forms import MadeUpForm, SearchForm, WhenForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES, FAMILIES_CHANGE, Scope, of_request
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read

_PER_PAGE = 20
_MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is tried: `who` gives the child and the guardian for as long as it lasts."""

    who: AbstractContextManager[tuple[Participant, UUID]]
    assumed: frozenset[Code] = frozenset()
    title: str = ""


@staff(*FAMILIES)
def offering(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(of_request(request).offerings().select_related("payee"), slug=slug)
    is_shown = found.status == Status.PUBLISHED and found.publishes_at is None
    # Nothing is saved: it is judged as it will be once families see it.
    found.status, found.publishes_at = Status.PUBLISHED, None
    return _page(request, [found], offering=found, is_supposed=not is_shown)


@staff(*FAMILIES)
def catalogue(request: HttpRequest) -> HttpResponse:
    at = WhenForm(request.GET).moment(clock.now())
    scope = of_request(request)
    seen = catalog.published(at=at).filter(pk__in=scope.offerings().values("pk")).order_by("starts_on", "title", "pk")
    found = Paginator(seen.select_related("payee"), _PER_PAGE).get_page(request.GET.get("page"))
    return _page(request, list(found.object_list), found=found)


def _page(
    request: HttpRequest,
    offerings: Sequence[Offering],
    *,
    offering: Offering | None = None,
    found: Page[Offering] | None = None,
    is_supposed: bool = False,
) -> HttpResponse:
    profile, scope, query = profile_of(request), of_request(request), request.GET
    prices = read(profile.rules).prices
    search = SearchForm(query if "q" in query else None, auto_id="search_%s")
    made_up = MadeUpForm(query if "made_up" in query else None, prices=prices, is_catalogue=offering is None)
    at = WhenForm(query).moment(clock.now())
    context: dict[str, Any] = {
        "offering": offering,
        "is_supposed": is_supposed,
        "search": search,
        "made_up": made_up,
        "families": _families(scope, search),
        "at": at,
        "found": found,
        "sees_why": scope.role in FAMILIES_CHANGE,
    }
    if asked := _asked(request, made_up, offerings, at):
        with asked.who as (child, guardian_id):
            told = trial_results.tried(
                offerings, child, guardian_id=guardian_id, at=at, zone=profile.zone, assumed=asked.assumed
            )
        context |= {"tried": told, "child": asked.title or child}
    status = 422 if search.errors or made_up.errors else 200
    return page(request, "office/catalogue/trial.html", context, section="offerings", status=status)


def _asked(request: HttpRequest, form: MadeUpForm, offerings: Sequence[Offering], at: datetime) -> Asked | None:
    if "child" in request.GET:
        child, guardian_id = _known(of_request(request), request.GET)
        return Asked(nullcontext((child, guardian_id)))
    if not form.is_bound or not form.is_valid():
        return None
    told = form.described(at, profile_of(request).zone)
    who = trial_people.made_up(told, offerings, at=at)
    return Asked(who, frozenset(form.assumed), str(_("Un enfant imaginé")))


def _known(scope: Scope, query: Any) -> tuple[Participant, UUID]:
    """A child whom the member knows, and one of the adults whom they may name as who asks."""
    try:
        child_id, guardian_id = UUID(query.get("child", "")), UUID(query.get("guardian", ""))
    except ValueError:
        raise Http404 from None
    links = acquaintance.links(scope).select_related("participant__level", "participant__establishment")
    present = links.filter(is_blocked=False, participant__removed_at=None)
    link = get_object_or_404(present, participant_id=child_id, guardian_id=guardian_id)
    return link.participant, link.guardian_id


def _families(scope: Scope, search: SearchForm) -> list[Guardianship]:
    """Children found by name, once with each adult: prices are those of who asks."""
    if not search.is_bound or not search.is_valid():
        return []
    links = acquaintance.links(scope).filter(is_blocked=False, participant__removed_at=None)
    for word in folding.words(search.cleaned_data["q"]):
        links = links.filter(participant__search_text__contains=word)
    named = links.select_related("participant", "guardian")
    return list(named.order_by("participant__search_text", "participant_id", "guardian_id")[:_MOST_FOUND])
