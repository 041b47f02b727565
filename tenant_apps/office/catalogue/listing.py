"""How the list of offerings is narrowed and ordered. What the address says wrongly is told at the field."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import folding
from tenant_apps.catalog.models import Category, Nature, Offering, Season, Status
from tenant_apps.office import enrolment
from tenant_apps.office.scope import Scope

PER_PAGE = 50
SORTS = {
    "title": ("title",),
    "nature": ("nature", "title"),
    "season": ("season__starts_on", "title"),
    "starts": ("starts_on", "title"),
    "deadline": ("deadline_on", "title"),
    "status": ("status", "title"),
}
DEFAULT_SORT = "-starts"
SCHEDULED, ALL = "scheduled", "all"
STATUSES = [
    ("", _("Toutes, sauf archivées")),
    (Status.DRAFT, Status.DRAFT.label),
    (Status.PUBLISHED, _("Visible des familles")),
    (SCHEDULED, _("Publication prévue")),
    (Status.ARCHIVED, Status.ARCHIVED.label),
    (ALL, _("Toutes")),
]


class OfferingFilters(forms.Form):
    q = forms.CharField(label=_("Mots-clés"), required=False, max_length=100, strip=True)
    status = forms.ChoiceField(label=_("État"), required=False, choices=STATUSES)
    season = forms.ModelChoiceField(
        Season.objects.order_by("-starts_on", "name"), label=_("Saison"), required=False, empty_label=_("Toutes")
    )
    category = forms.ModelChoiceField(
        Category.objects.all(),
        label=_("Catégorie"),
        required=False,
        empty_label=_("Toutes"),
        to_field_name="slug",
    )
    nature = forms.ChoiceField(label=_("Genre"), required=False, choices=[("", _("Tous")), *Nature.choices])


def found(query: Mapping[str, Any], scope: Scope, form: OfferingFilters, sort: str, *, at: datetime) -> Page[Offering]:
    """One page of what answers to the filters, counted: only the rows that are shown are."""
    page = Paginator(ordered(narrowed(scope.offerings(), form, at=at), sort), PER_PAGE).get_page(query.get("page"))
    shown = [offering.pk for offering in page.object_list]
    counted = enrolment.counted(Offering.objects.filter(pk__in=shown), scope).select_related("category", "season")
    rows = {offering.pk: offering for offering in counted}
    page.object_list = [rows[key] for key in shown]
    return page


def narrowed(offerings: QuerySet[Offering], form: OfferingFilters, *, at: datetime) -> QuerySet[Offering]:
    """By what is valid in the form; a field in error narrows nothing, and says so on the page."""
    form.is_valid()
    wanted = form.cleaned_data
    offerings = offerings.filter(_in_state(wanted.get("status") or "", at))
    for column in ("season", "category", "nature"):
        if value := wanted.get(column):
            offerings = offerings.filter(**{column: value})
    for word in folding.words(wanted.get("q") or ""):
        offerings = offerings.filter(search_text__contains=word)
    return offerings


def ordered(offerings: QuerySet[Offering], sort: str) -> QuerySet[Offering]:
    """By one of SORTS, with a minus before it for the other direction; what has no date comes last."""
    first, *others = SORTS[sort.removeprefix("-")]
    column = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return offerings.order_by(column, *others, "pk")


def sort_of(wanted: str) -> str:
    return wanted if wanted.removeprefix("-") in SORTS else DEFAULT_SORT


def _in_state(wanted: str, at: datetime) -> Q:
    later = Q(status=Status.PUBLISHED, publishes_at__gt=at)
    match wanted:
        case "":
            return ~Q(status=Status.ARCHIVED)
        case "all":
            return Q()
        case "scheduled":
            return later
        case Status.PUBLISHED:
            return Q(status=Status.PUBLISHED) & ~later
    return Q(status=wanted)
