"""The files that a family sent, given back to who may see the answer they belong to."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import recently, signed_in
from tenant_apps.families.models import Guardian
from tenant_apps.families.standing import standing_of
from tenant_apps.forms import uploads
from tenant_apps.forms.models import Upload
from tenant_apps.portal import visitor


@signed_in
@recently("health")
@require_safe
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    guardian = visitor.signed_in_guardian(request, at=clock.now())
    found = Upload.objects.filter(id=upload_id).first()
    if found is None or not _may_see(guardian, found):
        raise Http404
    return uploads.response(found)


def _may_see(guardian: Guardian, found: Upload) -> bool:
    """Before an answer claims it, a file is its sender's alone."""
    if found.participant_id is None:
        return found.given_by_id == guardian.id
    link = standing_of(guardian.id, found.participant_id)
    return link is not None and (link.may_see_health or not found.is_health)
