"""Openings: the list, one with its checklist or its live board, and the form that prepares it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering
from tenant_apps.office import rosters
from tenant_apps.office.editor import shell
from tenant_apps.office.openings import board, checklist, choices, known, priorities, saving, trail
from tenant_apps.office.openings.forms import OpeningForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES, OPENINGS, of_request
from tenant_apps.openings import preparing
from tenant_apps.openings.errors import AlreadyDrawn, OpeningTaken
from tenant_apps.openings.models import Opening
from tenant_apps.openings.ordering import commitment
from tenant_apps.openings.terms import terms_of
from tenant_apps.organisation.context import profile_of


@staff(*OPENINGS)
@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    found = known.listed(of_request(request))
    return page(request, "office/openings/list.html", {"openings": found, "at": clock.now()}, section="openings")


@staff(*OPENINGS)
@require_safe
def opening(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Before: what is missing. During: the board, which renews itself. After: what it came to."""
    scope, at = of_request(request), clock.now()
    found = get_object_or_404(known.openings(scope), pk=opening_id)
    context: dict[str, Any] = {
        "opening": found,
        "at": at,
        "phase": phase(found),
        "terms": terms_of(found),
        "paused": preparing.is_paused(found),
        "commitment": commitment(found.seed),
        "board": board.of(found, scope, at=at),
        "offerings": list(known.offerings(found, scope)),
        "priorities": priorities.shown(found),
        "trail": trail.of(found),
    }
    if context["phase"] in ("coming", "gathering"):
        offerings = list(known.offerings(found, scope).select_related("payee").prefetch_related("options"))
        places = rosters.with_places(known.options(found, scope), at=at)
        context["items"] = checklist.of(found, offerings, places, zone=profile_of(request).zone)
    return page(request, "office/openings/opening.html", context, section="openings")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, opening_id: UUID | None = None) -> HttpResponse:
    """A new one where none is named."""
    scope = of_request(request)
    found = get_object_or_404(known.openings(scope), pk=opening_id) if opening_id else None
    offered = known.choosable(scope, found, today=clock.today(profile_of(request).zone))
    form = OpeningForm.of(found, posted(request), languages=shell.languages(request))
    choices.offer(form, offered, at=clock.now())
    if request.method == "POST" and form.is_valid():
        saved = _save(request, found, form, list(offered))
        if saved is not None:
            messages.success(request, _("L’ouverture est enregistrée."))
            return redirect("office:opening", opening_id=saved.pk)
    status = 422 if form.errors else 200
    return page(
        request, "office/openings/edit.html", {"form": form, "opening": found}, section="openings", status=status
    )


def _save(request: HttpRequest, found: Opening | None, form: OpeningForm, offered: list[Offering]) -> Opening | None:
    try:
        return saving.put(
            opening_id=found.pk if found else None,
            columns=form.columns(),
            offerings=form.cleaned_data["offerings"],
            seen=[each.pk for each in offered],
            actor=actor_of(request),
            at=clock.now(),
        )
    except OpeningTaken as refusal:
        form.add_error("name", str(refusal))
    except AlreadyDrawn as refusal:
        form.add_error("opens_at", str(refusal))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return None


def phase(found: Opening) -> str:
    """ "coming", "gathering", "open" or "ended", as its page shows it."""
    at = clock.now()
    if found.ended_at and found.ended_at <= at:
        return "ended"
    if found.drawn_at or at >= found.opens_at:
        return "open"
    return "gathering" if at >= found.gathers_from else "coming"
