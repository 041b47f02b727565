"""A list to consult: establishments."""

from django.http import HttpRequest, HttpResponse

from shared_apps.accounts.access import staff
from tenant_apps.office.pages import page
from tenant_apps.office.scope import of_request
from tenant_apps.organisation.models import Establishment


@staff()
def establishments(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    found = Establishment.objects.select_related("payee")
    if scope.establishments is not None:
        found = found.filter(pk__in=scope.establishments)
    return page(request, "office/establishments.html", {"establishments": found}, section="establishments")
