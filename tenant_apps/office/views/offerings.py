"""Offerings: the list, one with its places and its participants, and how many places an option has."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.office import enrolment, rosters
from tenant_apps.office.catalogue import bulk_forms, listing
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES, of_request
from tenant_apps.office.waiting import rows as waiting
from tenant_apps.office.waiting.saving import set_capacity
from tenant_apps.organisation.context import profile_of
from tenant_apps.registrations import errors
from tenant_apps.registrations.models import Places

# As many as a column of the database counts.
_MOST_PLACES = 2_147_483_647


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(
        label=gettext_lazy("Nombre de places"),
        required=False,
        min_value=0,
        max_value=_MOST_PLACES,
        help_text=gettext_lazy("Laissez vide pour un nombre illimité."),
    )


@staff()
def offerings(request: HttpRequest) -> HttpResponse:
    scope, at = of_request(request), clock.now()
    form = listing.OfferingFilters(request.GET)
    sort = listing.sort_of(request.GET.get("sort", ""))
    found = listing.found(request.GET, scope, form, sort, at=at)
    context = {
        "form": form,
        "found": found,
        "offerings": found.object_list,
        "sort": sort,
        "now": at,
        "ticks_all": "tout" in request.GET,
        "actions": {name: kind.title for name, kind in bulk_forms.ACTIONS.items()},
        "is_narrowed": any(form.cleaned_data.values()),
    }
    return page(request, "office/offerings.html", context, section="offerings")


@staff()
def offering(request: HttpRequest, slug: str) -> HttpResponse:
    scope = of_request(request)
    found = get_object_or_404(
        enrolment.counted(scope.offerings(), scope).select_related("payee", "consent_form", "opening"), slug=slug
    )
    lines = rosters.lines_of(found, scope.registrations(), at=clock.now(), zone=profile_of(request).zone)
    return page(
        request,
        "office/offering.html",
        {
            "offering": found,
            "options": rosters.options_of(found, at=clock.now()),
            "lines": lines,
            "consents": _consents(found, lines),
            "waiting": waiting.count(found, scope) if scope.sees_families else 0,
        },
        section="offerings",
    )


@staff(*CHANGES)
def capacity(request: HttpRequest, slug: str, option_id: UUID) -> HttpResponse:
    found = get_object_or_404(of_request(request).offerings(), slug=slug)
    option = get_object_or_404(Option, pk=option_id, offering=found)
    places = Places.objects.filter(option_id=option.pk).first()
    form = CapacityForm(request.POST or None, initial={"capacity": places.capacity if places else None})
    back = "waiting" if request.POST.get("back") == "waiting" else ""
    if request.method == "POST" and form.is_valid() and _set(request, option, form):
        return redirect("office:waiting" if back else "office:offering", slug=slug)
    return page(
        request,
        "office/capacity.html",
        {"offering": found, "option": option, "places": places, "form": form, "back": back},
        section="offerings",
        status=422 if form.errors else 200,
    )


def _set(request: HttpRequest, option: Option, form: CapacityForm) -> bool:
    try:
        offered = set_capacity(
            option_id=option.pk, capacity=form.cleaned_data["capacity"], actor=actor_of(request), at=clock.now()
        )
    except errors.CapacityBelowTaken as refusal:
        form.add_error("capacity", str(refusal))
        return False
    told = ngettext(
        "%(count)s demande de la liste d’attente est servie.",
        "%(count)s demandes de la liste d’attente sont servies.",
        offered,
    )
    messages.success(request, _("Le nombre de places est enregistré."))
    if offered:
        messages.success(request, told % {"count": offered})
    return True


def _consents(offering: Offering, lines: list[rosters.Line]) -> list[dict[str, object]]:
    if offering.consent_form is None:
        return []
    counts = rosters.consent_counts(lines)
    return [{"label": words, "value": counts[answer]} for answer, words in rosters.CONSENT_WORDS.items()]
