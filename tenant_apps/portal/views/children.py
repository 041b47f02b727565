"""The page of one child: who answers for it, who may fetch it, and what its guardians may do."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, signed_in
from shared_apps.design.posting import posted
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, GuardianshipRole, Participant
from tenant_apps.families.operations import pick_up
from tenant_apps.families.standing import Standing, standing_of
from tenant_apps.organisation.context import profile_of
from tenant_apps.portal import relatives
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.links import PickUpForm
from tenant_apps.portal.views.members import child_or_404, guardian_of


@signed_in
@require_safe
def child(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    guardian = guardian_of(request)
    shown = child_or_404(guardian, participant_id)
    standing = standing_or_403(guardian, shown)
    territory = profile_of(request).territory
    context = {
        "child": shown,
        "standing": standing,
        "is_self": standing.role == GuardianshipRole.SELF,
        "relatives": relatives.of_child(shown, guardian, territory=territory),
        "fetchers": list(relatives.fetchers(shown, guardian, territory=territory)),
        "invitations": families.invitations_of(guardian.id, shown.id),
        "to_decide": relatives.askers(families.claims_to_decide(guardian.id).filter(participant=shown)),
    }
    return render(request, "portal/account/child.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def pick_up_add(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    guardian = guardian_of(request)
    shown = child_or_404(guardian, participant_id)
    _enrolling(standing_or_403(guardian, shown))
    form = PickUpForm(posted(request), territory=profile_of(request).territory)
    if request.method == "POST" and form.is_valid():
        actor, at = actor_of(request), clock.now()
        try:
            pick_up.add_person(
                guardian_id=guardian.id, participant_id=shown.id, actor=actor, at=at, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s figure dans la liste.") % {"name": form.cleaned_data["name"]})
            return SeeOther(reverse("child", args=[shown.id]))
    return render(request, "portal/account/pick_up_form.html", {"form": form, "child": shown})


@signed_in
@require_POST
def pick_up_remove(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    guardian = guardian_of(request)
    shown = child_or_404(guardian, participant_id)
    _enrolling(standing_or_403(guardian, shown))
    pick_up.remove_person(
        guardian_id=guardian.id,
        participant_id=shown.id,
        name=request.POST.get("name", ""),
        actor=actor_of(request),
        at=clock.now(),
    )
    messages.success(request, _("La liste est à jour."))
    return SeeOther(reverse("child", args=[shown.id]))


def standing_or_403(guardian: Guardian, child: Participant) -> Standing:
    standing = standing_of(guardian.id, child.id)
    if standing is None:
        raise PermissionDenied
    return standing


def _enrolling(standing: Standing) -> None:
    if not standing.may_enrol:
        raise PermissionDenied
