"""The catalogue: a list or a month of what the visitor's filters leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import public
from tenant_apps.catalog import facets, filters
from tenant_apps.families import queries as families
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Establishment
from tenant_apps.organisation.rules import read
from tenant_apps.portal import freshness, listing, month, visitor
from tenant_apps.portal.forms.filters import PARAMETERS, FilterForm
from tenant_apps.portal.kept import kept_for_everybody
from tenant_apps.portal.listing import Listed, Visit

Query = Mapping[str, str]

_SHOWN_ON_A_PAGE = 24
_CALENDAR = "calendrier"
# Keywords and days are typed: there would be no end of pages to keep.
_KEPT = ("level", "establishment", "ecole", "category", "nature", "tag", "open", "vue", "mois", "page")


@dataclass(frozen=True)
class Advice:
    """What one filter less would leave."""

    label: str
    count: int
    address: str


@public
@require_safe
@kept_for_everybody(*_KEPT)
def catalogue(request: HttpRequest) -> HttpResponse:
    query = asked(request)
    narrowed = filters.read(query)
    at, profile, visit = clock.now(), profile_of(request), _visit(request)
    shelf = freshness.shelf(at=at)
    found = listing.listed(narrowed, visit, at=at, zone=profile.zone, shelf=shelf)
    child = str(visit.child.id) if visit.child else ""
    form = FilterForm(
        narrowed,
        found.choices,
        found.counts,
        rules=read(profile.rules),
        children=visit.children,
        child=child,
        shows_all=visit.shows_all,
        alike=found.alike,
    )
    context: dict[str, Any] = {
        "shelf": shelf,
        "canonical": request.build_absolute_uri(address_of({"establishment": narrowed.establishment})),
        "child": visit.child,
        "filter_form": form,
        "found": found,
        "count": len(found.counts.left),
        "hidden": found.counts.without.get(facets.FOR_OTHERS, len(found.counts.left)) - len(found.counts.left),
        "all_address": address_of(query, tous="on"),
        "advice": _advice(found, form, query) if not found.counts.left else [],
        "establishment": _establishment(found.choices.establishments, narrowed.establishment),
        "list_address": address_of(query, vue="", mois=""),
        "calendar_address": address_of(query, vue=_CALENDAR, page=""),
    }
    if query.get("vue") == _CALENDAR:
        ids = [entry.id for entry in found.counts.left]
        context["month"] = month.of(ids, said=query.get("mois", ""), today=clock.local_date(at, profile.zone))
    else:
        context["page"] = page = Paginator(found.counts.left, _SHOWN_ON_A_PAGE).get_page(query.get("page"))
        context["items"] = listing.items([each.id for each in page], visit, at=at, zone=profile.zone, shelf=shelf)
    return render(request, "portal/catalogue.html", context)


@public
@require_safe
def establishment(request: HttpRequest, slug: str) -> HttpResponse:
    """The short address that a school prints on its letters and links from its own site (S3-10)."""
    known = get_object_or_404(Establishment, code=slug)
    return redirect(f"{reverse('catalogue')}?{urlencode({'ecole': known.code})}")


def _visit(request: HttpRequest) -> Visit:
    guardian = visitor.account_holder(request)
    if guardian is None:
        return Visit()
    children = families.participants_of(guardian.id)
    child = next((each for each in children if str(each.id) == request.GET.get("enfant")), None)
    return Visit(guardian.id, children, child, shows_all=bool(request.GET.get("tous")))


def asked(request: HttpRequest) -> Query:
    """`?ecole=` is the short address of a school's own list."""
    said = {name: str(value) for name, value in request.GET.items()}
    return {**said, "establishment": said["ecole"]} if "ecole" in said else said


def address_of(query: Query, **changed: str) -> str:
    """The address of the same list with these parameters; an empty one is left out."""
    said = {**query, "page": "", **changed}
    said["ecole"] = said.pop("establishment", "")
    told = {name: value for name, value in said.items() if value}
    return reverse("catalogue") + (f"?{urlencode(told)}" if told else "")


def _advice(found: Listed, form: FilterForm, query: Query) -> list[Advice]:
    """What to change, where nothing is left: the filter that leaves the most out comes first."""
    told = sorted(found.counts.without.items(), key=lambda each: -each[1])
    return [Advice(_label(name, form), count, _without(name, query)) for name, count in told]


def _label(name: str, form: FilterForm) -> str:
    if name == facets.FOR_OTHERS:
        return str(form.fields["enfant"].label)
    return _("Dates") if name in ("from_on", "until_on") else form.label_of(name)


def _without(name: str, query: Query) -> str:
    if name == facets.FOR_OTHERS:
        return address_of(query, tous="on")
    if name in ("from_on", "until_on"):
        return address_of(query, **{"from": "", "until": ""})
    return address_of(query, **{PARAMETERS.get(name, name): ""})


def _establishment(establishments: list[Establishment], code: str) -> Establishment | None:
    return next((each for each in establishments if each.code == code), None)
