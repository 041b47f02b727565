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
def conditions(request: HttpRequest) -> HttpResponse:
    return page(request, "console/conditions.html")
