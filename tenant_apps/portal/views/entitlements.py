"""« Preuves et demandes »: the list, one request, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, signed_in
from tenant_apps.entitlements import queries, telling, wording
from tenant_apps.entitlements.models import Entitlement, Kind
from tenant_apps.entitlements.operations import asking as operations
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian
from tenant_apps.forms.models import Upload
from tenant_apps.organisation.context import profile_of
from tenant_apps.portal import asking, visitor
from tenant_apps.portal.answers import SeeOther
from tenant_apps.registrations import support


@signed_in
@require_safe
def entitlements(request: HttpRequest) -> HttpResponse:
    at, zone = clock.now(), profile_of(request).zone
    guardian = visitor.signed_in_guardian(request, at=at)
    prices = queries.prices()
    context = {
        "asked": asking.asked(guardian, prices, on=clock.local_date(at, zone)),
        "choices": asking.choices(prices, at=at, zone=zone),
    }
    return render(request, "portal/entitlements.html", context)


@signed_in
@recently("health")
@require_safe
def entitlement(request: HttpRequest, entitlement_id: UUID) -> HttpResponse:
    """With the words and the files: whose it is, and nobody else, even of the same home."""
    at, profile = clock.now(), profile_of(request)
    found = _own(visitor.signed_in_guardian(request, at=at), entitlement_id)
    prices = queries.prices()
    context = {
        "entitlement": found,
        "title": wording.title(found, prices),
        "state": wording.state(found, clock.local_date(at, profile.zone)),
        "said": telling.said(found),
        "files": Upload.objects.filter(pk__in=asking.files_of(found), given_by=found.guardian),
        "kept": support.kept_place(found) if found.kind == Kind.SUPPORT else None,
    }
    return render(request, "portal/entitlement.html", context)


@signed_in
@require_POST
def entitlement_withdraw(request: HttpRequest, entitlement_id: UUID) -> HttpResponse:
    at = clock.now()
    guardian = visitor.signed_in_guardian(request, at=at)
    found = _own(guardian, entitlement_id)
    withdraw = support.withdraw if found.kind == Kind.SUPPORT else operations.withdraw
    try:
        withdraw(entitlement_id=found.id, guardian_id=guardian.id, actor=actor_of(request), at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Votre demande est retirée."))
    return SeeOther(reverse("entitlements"))


def _own(guardian: Guardian, entitlement_id: UUID) -> Entitlement:
    """Nothing of a child from whom the guardian is kept away since."""
    own = Entitlement.objects.filter(guardian_id=guardian.id).exclude(
        participant_id__in=families.hidden_from(guardian.id)
    )
    found = own.select_related("participant", "offering", "option", "guardian").filter(pk=entitlement_id).first()
    if found is None:
        raise Http404
    return found
