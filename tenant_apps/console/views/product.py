"""The platform's own site: what the product is, for whom, at what price and on what terms."""

from django.http import HttpRequest, HttpResponse

from shared_apps.accounts.access import public
from tenant_apps.console import offers
from tenant_apps.console.views.site import page


@public
def home(request: HttpRequest) -> HttpResponse:
    return page(request, "console/product.html", {"offers": offers.offered()}, section="home")


@public
def prices(request: HttpRequest) -> HttpResponse:
    return page(request, "console/prices.html", {"offers": offers.offered()}, section="console:prices")


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "console/accessibility.html")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """Of who visits the platform's site or asks for a space; each organisation has its own page for families."""
    return page(request, "console/privacy.html")


@public
def conditions(request: HttpRequest) -> HttpResponse:
    return page(request, "console/conditions.html")
