"""Who is in the family's list: children, other members, and the account's holder; added, modified, removed."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, signed_in
from shared_apps.accounts.limits import AskedTooOften, refuse_too_many_children
from shared_apps.design.posting import posted
from tenant_apps.families import queries as families
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations import adding, participants
from tenant_apps.families.operations.adding import Addition, Outcome
from tenant_apps.families.standing import standing_of
from tenant_apps.forms import building, uploads
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Profile
from tenant_apps.portal import acting, to_do, visitor
from tenant_apps.portal.answers import SeeOther, local_path
from tenant_apps.portal.forms.child import ChildSheet
from tenant_apps.portal.forms.member import MemberForm


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def child_add(request: HttpRequest) -> HttpResponse:
    guardian = guardian_of(request)
    sheet = ChildSheet(guardian, None, None, *_said(request))
    if _is_valid(request, sheet, guardian):
        identity, answers = building.split(sheet.version, sheet.form.cleaned_data)
        try:
            refuse_too_many_children(request)
            addition = adding.add_child(
                guardian_id=guardian.id, identity=identity, answers=answers, actor=actor_of(request), at=clock.now()
            )
        except Refusal as refusal:
            _refuse(sheet, refusal)
        else:
            if addition.participant is not None:
                uploads.claim(answers.plain | answers.sealed, participant_id=addition.participant.id)
            _warn(request, sheet)
            return _added(request, guardian, addition)
    return _form(request, sheet, None)


@signed_in
@recently("health")
@require_http_methods(["GET", "HEAD", "POST"])
def child_edit(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    guardian = guardian_of(request)
    child = _changeable_or_403(guardian, participant_id)
    standing = standing_of(guardian.id, child.id)
    if standing is not None and not acting.may_read_health(request):
        standing = replace(standing, may_see_health=False)
    sheet = ChildSheet(guardian, child, standing, *_said(request))
    acting.note_reading(request, sheet.version, child)
    if _is_valid(request, sheet, guardian):
        identity, answers = building.split(sheet.version, sheet.form.cleaned_data)
        try:
            kept = participants.change_participant(
                guardian_id=guardian.id,
                participant_id=child.id,
                identity=identity,
                answers=answers,
                actor=actor_of(request),
                at=clock.now(),
                asked=sheet.asked,
            )
        except Refusal as refusal:
            _refuse(sheet, refusal)
        else:
            messages.success(request, _("Le dossier de %(child)s est à jour.") % {"child": kept})
            uploads.claim(answers.plain | answers.sealed, participant_id=kept.id)
            _warn(request, sheet)
            return SeeOther(_onward(request, guardian, kept))
    return _form(request, sheet, child)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def child_remove(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    """Off the family's list, after a question; what was registered and paid stays (S1-17)."""
    guardian = guardian_of(request)
    child = _changeable_or_403(guardian, participant_id)
    if request.method != "POST":
        return render(request, "portal/account/child_remove.html", {"child": child})
    actor, at = actor_of(request), clock.now()
    try:
        participants.remove_participant(guardian_id=guardian.id, participant_id=child.id, actor=actor, at=at)
    except Refusal:
        raise PermissionDenied from None
    messages.success(request, _("%(child)s ne figure plus dans votre liste.") % {"child": child})
    return SeeOther(acting.onward(request, "profile"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: HttpRequest) -> HttpResponse:
    """« Je m’inscris aussi »: the account's holder takes part (S2-05)."""
    guardian = guardian_of(request)
    if families.own_membership(guardian.id) is not None:
        return SeeOther(acting.onward(request, "profile"))
    form = MemberForm(posted(request), guardian=guardian)
    if request.method == "POST" and form.is_valid():
        actor, at = actor_of(request), clock.now()
        try:
            member = adding.add_self(
                guardian_id=guardian.id, identity=form.identity(), answers=Answers(), actor=actor, at=at
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(child)s figure dans votre liste.") % {"child": member})
            return SeeOther(_following(request) or reverse("account"))
    return render(request, "portal/account/member_form.html", {"form": form})


def guardian_of(request: HttpRequest) -> Guardian:
    return visitor.signed_in_guardian(request, at=clock.now())


def child_or_404(guardian: Guardian, participant_id: UUID) -> Participant:
    try:
        return families.participant_of(guardian.id, participant_id)
    except Participant.DoesNotExist:
        raise Http404 from None


def _changeable_or_403(guardian: Guardian, participant_id: UUID) -> Participant:
    child = child_or_404(guardian, participant_id)
    if not families.may_change(guardian.id, child.id):
        raise PermissionDenied
    return child


def tell_claimed(request: HttpRequest, profile: Profile) -> None:
    """The same words whether the child is known, another's, or one whom this adult is kept away from."""
    told = _(
        "Votre demande est transmise. %(organisation)s vérifie les renseignements avant d’ajouter cette personne à "
        "votre liste\u202f; un courriel vous donnera la réponse."
    )
    messages.info(request, told % {"organisation": profile.name})


def _added(request: HttpRequest, guardian: Guardian, addition: Addition) -> HttpResponse:
    if addition.participant is None:
        tell_claimed(request, profile_of(request))
        return SeeOther(acting.onward(request, "profile"))
    if addition.outcome is Outcome.LINKED:
        told = _("Nous avons retrouvé le dossier de %(child)s, qui figure maintenant dans votre liste.")
    else:
        told = _("%(child)s figure dans votre liste.")
    messages.success(request, told % {"child": addition.participant})
    return SeeOther(_onward(request, guardian, addition.participant))


def _onward(request: HttpRequest, guardian: Guardian, child: Participant) -> str:
    """The records that are still to be filled in come first (S4-15 to S4-18)."""
    following = _following(request)
    profile = profile_of(request)
    return to_do.onward(guardian, child, at=clock.now(), profile=profile, destination=following) or acting.onward(
        request, "profile"
    )


def _warn(request: HttpRequest, sheet: ChildSheet) -> None:
    for warning in sheet.form.warnings:
        messages.warning(request, warning)


def _form(request: HttpRequest, sheet: ChildSheet, child: Participant | None) -> HttpResponse:
    context = {"form": sheet.form, "child": child, "next": _following(request)}
    return render(request, "portal/account/child_form.html", context)


def _refuse(sheet: ChildSheet, refusal: Refusal) -> None:
    at_field = {participants.NumberTaken: "national_number", AskedTooOften: None}.get(type(refusal), "first_name")
    sheet.form.add_error(at_field if at_field in sheet.form.fields else None, str(refusal))


def _said(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _is_valid(request: HttpRequest, sheet: ChildSheet, guardian: Guardian) -> bool:
    """Files that came with mistakes elsewhere are kept: nothing is chosen twice."""
    if request.method != "POST":
        return False
    is_valid = sheet.form.is_valid()
    uploads.keep_files(sheet.form, guardian_id=guardian.id, at=clock.now())
    return is_valid


def _following(request: HttpRequest) -> str:
    return local_path(request, request.GET.get("next", ""))
