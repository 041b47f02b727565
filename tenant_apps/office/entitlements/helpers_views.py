"""The page of helpers: how many are needed in each option, and for whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shared_apps.accounts.access import recently, staff
from tenant_apps.office import health
from tenant_apps.office.entitlements import helpers as needed
from tenant_apps.office.pages import page
from tenant_apps.office.scope import HEALTH, of_request


@staff(*HEALTH)
@recently("health")
@require_safe
def helpers(request: HttpRequest, slug: str) -> HttpResponse:
    scope = of_request(request)
    offering = get_object_or_404(scope.offerings().prefetch_related("options"), slug=slug)
    needs = needed.needs(offering, scope.participants(offering))
    health.record_reading(
        request,
        subject="offering",
        subject_id=offering.pk,
        participants=[each.participant.id for need in needs for each in need.supported],
        reason="request",
    )
    context = {"offering": offering, "needs": needs, "total": sum(need.helpers for need in needs)}
    return page(request, "office/helpers.html", context, section="offerings")
