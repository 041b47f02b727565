"""Lists to consult: establishments and staff."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse

from shared_apps.accounts.access import staff
from tenant_apps.office.pages import page
from tenant_apps.office.scope import of_request
from tenant_apps.organisation.models import Establishment, StaffMember


@staff()
def establishments(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    found = Establishment.objects.select_related("payee")
    if scope.establishments is not None:
        found = found.filter(pk__in=scope.establishments)
    return page(request, "office/establishments.html", {"establishments": found}, section="establishments")


@staff()
def people(request: HttpRequest) -> HttpResponse:
    """Who works here; whoever is of one establishment sees those who are of it too, and those who are of none."""
    scope = of_request(request)
    found = StaffMember.objects.select_related("user").prefetch_related(
        Prefetch("establishments", queryset=Establishment.objects.order_by("position", "name"))
    )
    if scope.establishments is not None:
        of_others = StaffMember.establishments.through.objects.exclude(establishment_id__in=scope.establishments)
        own = StaffMember.establishments.through.objects.filter(establishment_id__in=scope.establishments)
        found = found.filter(pk__in=own.values("staffmember_id")) | found.exclude(
            pk__in=of_others.values("staffmember_id")
        )
    return page(
        request,
        "office/people.html",
        {"people": found.order_by("role", "user__last_name", "user__first_name")},
        section="people",
    )
