"""« Mes coordonnées »: the account holder's own page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, signed_in
from shared_apps.design.posting import posted
from tenant_apps.families.models import Guardian
from tenant_apps.families.operations import guardians
from tenant_apps.forms import building
from tenant_apps.forms.queries import profile_form
from tenant_apps.organisation.context import profile_of
from tenant_apps.portal import visitor
from tenant_apps.portal.answers import SeeOther, local_path
from tenant_apps.portal.forms.holder import HolderForm, household_form


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def contact_details(request: HttpRequest) -> HttpResponse:
    guardian = visitor.signed_in_guardian(request, at=clock.now())
    said = posted(request)
    version = profile_form()
    holder = HolderForm(said, guardian=guardian, profile=profile_of(request))
    family = household_form(version, guardian, said)
    parts = [part for part in (holder, family) if part is not None]
    following = local_path(request, request.GET.get("next", ""))
    valid = [part.is_valid() for part in parts]
    if said is not None and all(valid):
        household = building.split(version, family.cleaned_data)[1].household if family else {}
        _keep(request, guardian, holder, household)
        return SeeOther(following or reverse("profile"))
    context = {"guardian": guardian, "holder": holder, "family": family, "parts": parts, "next": following}
    return render(request, "portal/account/contact.html", context)


def _keep(request: HttpRequest, guardian: Guardian, holder: HolderForm, household: dict[str, object]) -> None:
    at = clock.now()
    guardians.change_guardian(
        guardian_id=guardian.id, household=household, actor=actor_of(request), at=at, **holder.cleaned_data
    )
    messages.success(request, _("Vos coordonnées sont à jour."))
