"""« Historique »: who changed what in an offering, from what to what."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shared_apps.accounts.access import staff
from shared_apps.audit.models import Entry
from tenant_apps.office.editor import shell, trail
from tenant_apps.office.pages import page
from tenant_apps.office.scope import ORDERS
from tenant_apps.organisation.context import profile_of

_PER_PAGE = 30


@staff(*ORDERS)
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    offering = shell.found(request, slug)
    options = [option.pk for option in offering.options.all()]
    about = Q(subject="offering", subject_id=offering.pk) | Q(
        subject="option", subject_id__in=options, action="registrations.capacity_set"
    )
    entries = Entry.objects.filter(about).order_by("-at", "-id")
    found = Paginator(entries, _PER_PAGE).get_page(request.GET.get("page"))
    names = {str(option.pk): option.name for option in offering.options.all()}
    moments = trail.moments(found.object_list, names, profile_of(request))
    context = {"offering": offering, "found": found, "moments": moments}
    return page(request, "office/editor/history.html", context, section="offerings")
