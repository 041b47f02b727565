"""What an offering asks of the child who is to take a place over, filled in on the way to the transfer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, signed_in
from shared_apps.accounts.addresses import address_of
from tenant_apps.changes import queries
from tenant_apps.changes.models import Kind
from tenant_apps.changes.policy import policy_of
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.standing import standing_of
from tenant_apps.portal import changing, transferring, visitor
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.missing_sheet import MissingSheet
from tenant_apps.portal.forms.sheet import Subject
from tenant_apps.registrations.models import Registration


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_form(request: HttpRequest, registration_id: UUID, participant_id: UUID) -> HttpResponse:
    """Sent twice, or read again once it is filled in, it leads on to the transfer."""
    at = clock.now()
    guardian = visitor.signed_in_guardian(request, at=at)
    registration = queries.registration_of(guardian.id, registration_id)
    if registration is None:
        raise Http404
    policy = policy_of(registration.option.offering, Kind.TRANSFER)
    if changing.refusal_of(registration, policy, guardian.id, at=at):
        return SeeOther(reverse("changes", args=[registration.id]))
    found = changing.transfers(registration, policy, guardian.id, at=at)
    choice = next((each for each in found if each.key == str(participant_id)), None)
    if choice is None or choice.child is None:
        raise Http404
    onward = f"{reverse('change_transfer', args=[registration.id])}?enfant={choice.key}"
    if not choice.missing:
        return SeeOther(onward)
    sheet = _sheet(request, guardian, registration, choice.child, [each.id for each in choice.missing])
    if request.method == "POST" and _is_kept(request, guardian, choice.child, sheet):
        return SeeOther(onward)
    context = {"registration": registration, "child": choice.child, "sheet": sheet}
    return render(request, "portal/transfer_form.html", context)


def _sheet(
    request: HttpRequest, guardian: Guardian, registration: Registration, child: Participant, missing: list[UUID]
) -> MissingSheet:
    standing = standing_of(guardian.id, child.id)
    may_see_health = standing is None or standing.may_see_health
    subject = Subject(guardian, guardian.id, child, may_see_health=may_see_health)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return MissingSheet(registration.option.offering, missing, subject, *sent)


def _is_kept(request: HttpRequest, guardian: Guardian, child: Participant, sheet: MissingSheet) -> bool:
    at, is_valid = clock.now(), sheet.is_valid()
    sheet.keep_files(at=at)
    if not is_valid:
        return False
    entry = sheet.entry(signed_from=address_of(request))
    try:
        transferring.fill_in(guardian=guardian, participant=child, entry=entry, actor=actor_of(request), at=at)
    except Refusal as refusal:
        sheet.refuse(refusal)
        return False
    if sheet.is_refusal:
        messages.info(request, _("Votre refus est enregistré\u202f: l’inscription reste comme elle est."))
    else:
        messages.success(request, _("C’est rempli pour %(name)s.") % {"name": child.shown_name})
    return True
