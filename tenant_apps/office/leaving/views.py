"""« Données et départ »: the organisation takes everything with it, says when it leaves, and stays after all."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff, still_works
from shared_apps.design import formats
from shared_apps.design.posting import posted
from tenant_apps.office.leaving import doing
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Role
from tenants.context import current
from tenants.leaving import asking, departing
from tenants.leaving.forms import LeavingForm
from tenants.models import UNDER_WAY, Domain, Export, WorkState

_LAST_EXPORTS = 10


@staff(*SETTINGS)
@require_safe
def leaving(request: HttpRequest) -> HttpResponse:
    """What is left to do before the dates, where they are said."""
    organisation, departure = current(), departing.announced(current().pk)
    context = {
        "departure": departure,
        "matters": departing.matters(organisation, clock.now()) if departure else [],
        "export": _whole(asking.of_organisation(organisation.pk).filter(state=WorkState.DONE).first()),
        "own_domains": Domain.objects.filter(tenant=organisation, is_own=True).values_list("domain", flat=True),
    }
    return _page(request, "leaving", context)


@still_works
@staff(Role.OWNER)
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: HttpRequest) -> HttpResponse:
    """Nothing happens before the day of closing, and it can be taken back until the day of erasure."""
    name = profile_of(request).name
    closes_on, erases_on = departing.usual_days(current(), clock.now())
    form = LeavingForm(posted(request), organisation=name, initial={"closes_on": closes_on, "erases_on": erases_on})
    if form.is_valid() and _announced(request, form):
        messages.success(request, _("Le départ est annoncé. Les propriétaires et administrateurs sont prévenus."))
        return redirect("office:leaving")
    return _page(request, "announce", {"form": form}, status=422 if form.errors else 200)


@still_works
@staff(Role.OWNER)
@recently("security")
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    try:
        doing.stay(actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Le départ est annulé\u202f: rien n’est effacé."))
    return redirect("office:leaving")


@staff(*SETTINGS)
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """While one is made, the page asks again by itself."""
    found = list(asking.of_organisation(current().pk)[:_LAST_EXPORTS])
    under_way = next((each for each in found if each.state in UNDER_WAY), None)
    return _page(request, "exports", {"exports": found, "under_way": under_way})


@still_works
@staff(Role.OWNER)
@recently("data")
@require_POST
def ask_export(request: HttpRequest) -> HttpResponse:
    try:
        doing.ask_export(actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return redirect("office:exports")


@staff(Role.OWNER)
@recently("data")
@require_safe
def download(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """Opened piece after piece as it leaves. Its owner alone: not an administrator, not the platform's staff."""
    found = _whole(asking.of_organisation(current().pk).filter(pk=export_id, state=WorkState.DONE).first())
    if found is None:
        raise Http404
    doing.take(export=found, actor=actor_of(request), at=clock.now())
    answer = StreamingHttpResponse(asking.content(found), content_type="application/zip")
    name = f"preau-{current().slug}-{found.asked_at:%Y-%m-%d}.zip"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["Content-Length"] = str(found.size)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _announced(request: HttpRequest, form: LeavingForm) -> bool:
    try:
        doing.announce(**form.days(), actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        form.refuse(refusal, formats.locale_for(get_language() or "fr", profile_of(request).territory))
        return False
    return True


def _whole(export: Export | None) -> Export | None:
    """One whose time is over is not there any more, whether or not its file was swept."""
    if export is None or export.expires_at is None or export.expires_at <= clock.now():
        return None
    return export


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    is_owner = request.staff_member.role == Role.OWNER  # type: ignore[attr-defined]
    whole = {**context, "is_owner": is_owner, "now": clock.now()}
    return page(request, f"office/leaving/{template}.html", whole, section="settings", status=status)
