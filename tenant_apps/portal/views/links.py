"""Sharing the care of a child: inviting somebody, answering who asks, and the code of a letter."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, signed_in
from shared_apps.design.posting import posted
from tenant_apps.families import custody
from tenant_apps.families import queries as families
from tenant_apps.families.models import GuardianshipRole, LinkRequest
from tenant_apps.families.operations import billing, claims, invitations, letters
from tenant_apps.organisation.context import profile_of
from tenant_apps.portal import relatives
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.portal.forms.links import InvitationForm, LetterForm, RightsForm
from tenant_apps.portal.views.children import standing_or_403
from tenant_apps.portal.views.members import child_or_404, guardian_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    guardian = guardian_of(request)
    child = child_or_404(guardian, participant_id)
    own = standing_or_403(guardian, child)
    if not own.may_enrol or own.role == GuardianshipRole.SELF:
        raise PermissionDenied
    form = InvitationForm(posted(request), own=own)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            invitations.invite(
                guardian_id=guardian.id,
                participant_id=child.id,
                email=email,
                role=form.cleaned_data["role"],
                rights=form.rights(),
                actor=actor_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’invitation est envoyée à %(email)s.") % {"email": email})
            return SeeOther(reverse("child", args=[child.id]))
    return render(request, "portal/account/invitation_form.html", {"form": form, "child": child})


@signed_in
@require_POST
def invitation_resend(request: HttpRequest, request_id: UUID) -> HttpResponse:
    sent = _moved(request, invitations.resend, request_id)
    messages.success(request, _("L’invitation est envoyée de nouveau à %(email)s.") % {"email": sent.email})
    return SeeOther(reverse("child", args=[sent.participant_id]))


@signed_in
@require_POST
def invitation_cancel(request: HttpRequest, request_id: UUID) -> HttpResponse:
    cancelled = _moved(request, invitations.cancel, request_id)
    messages.success(request, _("L’invitation est annulée\u202f: son code ne sert plus."))
    return SeeOther(reverse("child", args=[cancelled.participant_id]))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def invitation(request: HttpRequest) -> HttpResponse:
    """What the mail's address opens: who invites, for whom, with which rights; accepted or refused."""
    guardian = guardian_of(request)
    code = request.POST.get("code") or request.GET.get("code", "")
    actor, at = actor_of(request), clock.now()
    try:
        letters.refuse_guesses(actor=actor, at=at)
        if request.method == "POST" and "refuse" in request.POST:
            invitations.refuse(code=code, guardian_id=guardian.id, actor=actor, at=at)
            messages.info(request, _("Vous avez refusé l’invitation."))
            return SeeOther(reverse("account"))
        if request.method == "POST":
            made = invitations.accept(code=code, guardian_id=guardian.id, actor=actor, at=at)
            messages.success(request, _("%(child)s figure dans votre liste.") % {"child": made.participant.shown_name})
            child = reverse("child", args=[made.participant_id])
            if guardian.first_name:
                return SeeOther(child)
            # Who came by the invitation has typed no name anywhere: the other parent would see none.
            messages.info(request, _("Dites-nous votre nom\u202f: l’autre parent et le personnel le verront."))
            return SeeOther(f"{reverse('contact_details')}?{urlencode({'next': child})}")
        found = invitations.read(code=code, at=at, guardian_id=guardian.id)
    except Refusal as refusal:
        if isinstance(refusal, invitations.NoSuchInvitation):
            letters.count_guess(actor=actor, at=at)
        return render(request, "portal/account/invitation_gone.html", {"reason": refusal})
    rights = invitations.proposed(found)
    territory = profile_of(request).territory
    context = {
        "invitation": found,
        "code": code,
        "inviter": relatives.name_of(found.invited_by),
        "role": GuardianshipRole(found.role).label,
        "rights": relatives.rights_in_words(
            may_enrol=rights.may_enrol, may_see_health=rights.may_see_health, may_pay=rights.may_pay
        ),
        "weeks": relatives.weeks_in_words(custody.read(rights.custody), territory=territory),
        "same_household": rights.same_household,
    }
    return render(request, "portal/account/invitation.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """« Georges Roy demande à suivre le dossier de John »: the guardian who is responsible answers."""
    guardian = guardian_of(request)
    found = families.claims_to_decide(guardian.id).filter(id=request_id).first()
    if found is None:
        raise Http404
    own = standing_or_403(guardian, found.participant)
    form = RightsForm(posted(request), own=own, initial={"role": found.role})
    refuses = "refuse" in request.POST
    if request.method == "POST" and (refuses or form.is_valid()):
        actor, at = actor_of(request), clock.now()
        try:
            if refuses:
                claims.refuse_claim(request_id=found.id, actor=actor, at=at, decided_by=guardian.id)
            else:
                claims.accept_claim(
                    request_id=found.id,
                    role=form.cleaned_data["role"],
                    rights=form.rights(),
                    actor=actor,
                    at=at,
                    decided_by=guardian.id,
                )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Votre réponse est enregistrée et transmise."))
        return SeeOther(reverse("child", args=[found.participant_id]))
    context = {"form": form, "claim": found, "claimant": relatives.name_of(found.guardian)}
    return render(request, "portal/account/claim.html", context)


@signed_in
@require_POST
def claim_withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    try:
        claims.withdraw_claim(
            request_id=request_id, guardian_id=guardian_of(request).id, actor=actor_of(request), at=clock.now()
        )
    except Refusal:
        raise Http404 from None
    messages.success(request, _("Votre demande est retirée."))
    return SeeOther(reverse("profile"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def activate(request: HttpRequest) -> HttpResponse:
    """The code of a letter, typed or read by a telephone (`?code=`), and the child's birth date (O-14)."""
    form = LetterForm(posted(request), initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        guardian, actor = guardian_of(request), actor_of(request)
        try:
            made = letters.use_letter(guardian_id=guardian.id, actor=actor, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if made is not None:
                messages.success(
                    request, _("%(child)s figure dans votre liste.") % {"child": made.participant.shown_name}
                )
                return SeeOther(reverse("account"))
            form.add_error("code", _("Ce code et cette date ne vont pas ensemble, ou le code a déjà servi."))
    return render(request, "portal/account/activate.html", {"form": form})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def billing_ask(request: HttpRequest) -> HttpResponse:
    """« Demander à devenir responsable de la facturation » (S4-22)."""
    guardian = guardian_of(request)
    if guardian.is_billable:
        return SeeOther(reverse("profile"))
    if request.method == "POST":
        billing.ask_to_be_billed(guardian_id=guardian.id, actor=actor_of(request), at=clock.now())
        messages.success(request, _("Votre demande est transmise. Une réponse viendra par courriel."))
        return SeeOther(reverse("profile"))
    return render(request, "portal/account/billing.html", {"guardian": guardian})


def _moved(request: HttpRequest, move: Callable[..., LinkRequest], request_id: UUID) -> LinkRequest:
    """Another family's invitation does not exist."""
    guardian = guardian_of(request)
    try:
        return move(guardian_id=guardian.id, request_id=request_id, actor=actor_of(request), at=clock.now())
    except Refusal:
        raise Http404 from None
