"""« Mes données »: what is held and why, who read about health, a copy to take away, and the end of the account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from shared_apps.accounts.access import actor_of, recently, signed_in
from shared_apps.design.posting import posted
from tenant_apps.portal import by_staff
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.erasing import EraseForm
from tenant_apps.portal.views.members import guardian_of
from tenant_apps.privacy import copies, dossier, erasure, notice, obstacles
from tenant_apps.privacy.forgetting import fate_of_children

_PER_PAGE = 20


@signed_in
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    guardian = guardian_of(request)
    names = dossier.names_of_children(guardian)
    read = [(reading, [names[child] for child in reading.children]) for reading in dossier.health_readings(guardian)]
    found = Paginator(read, _PER_PAGE).get_page(request.GET.get("page"))
    context = {"readings": found, "held": notice.for_families(), "visits": by_staff.visits_of(guardian.id)}
    return render(request, "portal/account/my_data.html", context)


@signed_in
@recently("data")
@require_POST
def copy(request: HttpRequest) -> HttpResponseBase:
    at = clock.now()
    file = copies.made(guardian=guardian_of(request), actor=actor_of(request), at=at)
    response = FileResponse(file, as_attachment=True, filename=_("mes-donnees.zip"), content_type="application/zip")
    response.headers["Cache-Control"] = "no-store"
    return response


@signed_in
@recently("data")
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponseBase:
    """What goes, what stays and why; then the word that says yes."""
    guardian, at = guardian_of(request), clock.now()
    form = EraseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            erasure.erase(guardian_id=guardian.id, actor=actor_of(request), at=at)
        except erasure.NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Votre compte est effacé. Merci d’avoir été des nôtres."))
            return SeeOther(reverse("home"))
    context = {
        "form": form,
        "obstacles": obstacles.of_guardian(guardian, at=at),
        "fate": fate_of_children(guardian),
    }
    return render(request, "portal/account/my_data_erase.html", context)
