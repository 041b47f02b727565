"""The first day: its list put away, the trial registration explained, and the site opened to families."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from shared_apps.accounts.access import actor_of, recently, staff
from tenant_apps.catalog import queries as catalogue
from tenant_apps.office.first_day import steps
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS
from tenant_apps.organisation import first_day, opening
from tenant_apps.organisation.context import profile_of

_managers = staff(*SETTINGS)
_SHOWN = 6


@_managers
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    first_day.dismiss(actor=actor_of(request), at=clock.now())
    messages.success(request, _("La liste est fermée. Tout se retrouve dans les réglages."))
    return redirect("office:home")


@_managers
@require_safe
def trial(request: HttpRequest) -> HttpResponse:
    """How to register as a family does, before families can."""
    offerings = catalogue.published(at=clock.now()).order_by("title")[:_SHOWN]
    return page(request, "office/first_day/trial.html", {"offerings": offerings}, section="home")


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def go_live(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            opening.open_to_families(actor=actor_of(request), at=clock.now())
        except opening.NoContact as refusal:
            messages.error(request, str(refusal))
            return redirect("office:go_live")
        messages.success(request, _("Le site est ouvert aux familles."))
        return redirect("office:home")
    profile, organisation = profile_of(request), request.organisation  # type: ignore[attr-defined]
    context = {
        "live_at": organisation.live_at,
        "missing": steps.all_of(profile, organisation).missing,
        "lacks_contact": opening.lacks_contact(profile),
    }
    return page(request, "office/first_day/go_live.html", context, section="home")
