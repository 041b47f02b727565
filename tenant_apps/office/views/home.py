"""What there is to know today."""

from django.http import HttpRequest, HttpResponse

from billing import overview
from kernel import clock
from shared_apps.accounts.access import staff
from tenant_apps.office import acquaintance, figures
from tenant_apps.office.first_day import steps as first_day
from tenant_apps.office.pages import page
from tenant_apps.office.scope import of_request
from tenant_apps.organisation.context import profile_of


@staff()
def home(request: HttpRequest) -> HttpResponse:
    scope, at, zone = of_request(request), clock.now(), profile_of(request).zone
    return page(
        request,
        "office/home.html",
        {
            "at": at,
            "first_day": first_day.of(profile_of(request), request.organisation) if scope.sees_settings else None,  # type: ignore[attr-defined]
            "shown": overview.situation_of(request.organisation, at=at) if scope.sets_prices else None,  # type: ignore[attr-defined]
            "requests": acquaintance.waiting_requests(scope),
            "claims": acquaintance.claims(scope).count() if scope.sees_families else 0,
            "confirmed": figures.confirmed(scope, at=at, zone=zone),
            "received": figures.received_this_week(at=at, zone=zone) if scope.sees_finances else None,
            "almost_full": figures.almost_full(scope, at=at, zone=zone),
            "closing_soon": figures.closing_soon(scope, at=at, zone=zone),
        },
        section="home",
    )
