"""Short honest statements: accessibility and privacy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shared_apps.accounts.access import public
from tenants import regions


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


def data_place(request: HttpRequest) -> str:
    """Said to families in the notice, and to staff where they answer for it."""
    return regions.place_of(request.organisation)  # type: ignore[attr-defined]
