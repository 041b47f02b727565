"""The files that families sent, for staff who know the child; one about health is a reading, and leaves a trail."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shared_apps.accounts.access import recently, staff
from tenant_apps.forms import uploads
from tenant_apps.forms.models import Upload
from tenant_apps.office import acquaintance, health
from tenant_apps.office.scope import FAMILIES, HEALTH, of_request


@staff(*{*FAMILIES, *HEALTH})
@recently("health")
@require_safe
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    scope = of_request(request)
    found = get_object_or_404(Upload.objects.filter(participant__in=acquaintance.participants(scope)), pk=upload_id)
    if found.is_health and not scope.sees_health:
        raise Http404
    answer = uploads.response(found)
    if found.is_health and found.participant_id:
        health.record_reading(
            request, subject="upload", subject_id=found.pk, participants=[found.participant_id], reason="file"
        )
    return answer
