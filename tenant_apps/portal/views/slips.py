"""« Attestations fiscales »: what a family may download, what is still missing from it, and giving it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts.access import actor_of, recently, signed_in
from shared_apps.audit.actors import Actor
from shared_apps.design.posting import posted
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations import tax_numbers
from tenant_apps.organisation import national_number
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Payee, Profile
from tenant_apps.portal import visitor
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.slips import SlipsForm
from tenant_apps.slips import documents, queries
from tenant_apps.slips.models import SlipKind
from tenant_apps.slips.readiness import Item

Awaited = Sequence[tuple[Payee, int, Item]]


@signed_in
@recently("data")
@require_http_methods(["GET", "HEAD", "POST"])
def slips(request: HttpRequest) -> HttpResponse:
    at, profile = clock.now(), profile_of(request)
    guardian = visitor.signed_in_guardian(request, at=at)
    today = clock.local_date(at, profile.zone)
    awaited = list(queries.awaited(guardian, on=today, zone=profile.zone))
    form = _form(request, guardian, awaited, profile, at)
    if form is not None and request.method == "POST" and _kept(request, guardian, form, today, at):
        return SeeOther(reverse("slips"))
    context = {"shown": queries.shown_to(guardian.pk), "awaited": awaited, "form": form}
    return render(request, "portal/account/slips.html", context, status=422 if form and form.errors else 200)


@signed_in
@recently("data")
@require_safe
def document(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    """One's own, published, and that names no child from whom one is kept away."""
    guardian = visitor.signed_in_guardian(request, at=clock.now())
    slip = next((each for each in queries.shown_to(guardian.pk) if each.pk == slip_id), None)
    if slip is None:
        raise Http404
    response = HttpResponse(documents.pdf(slip), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{documents.file_name(slip)}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _form(
    request: HttpRequest, guardian: Guardian, awaited: Awaited, profile: Profile, at: datetime
) -> SlipsForm | None:
    """Nothing is asked of who has no slip to come, nor a national number where it may not be asked (R-44)."""
    kinds = {item.kind for _payee, _year, item in awaited}
    if not national_number.holds(profile, at=at):
        kinds.discard(SlipKind.FORM_281_86)
    if not kinds:
        return None
    sees_health, changeable = _children_with_health(guardian), families.changeable_by(guardian.pk)
    children = {
        child.pk: (child, tax_numbers.of_child(child))
        for _payee, _year, item in awaited
        if item.kind == SlipKind.FORM_281_86
        for child in item.children
        if child.pk in changeable
    }
    return SlipsForm(
        posted(request),
        kinds=kinds,
        known=tax_numbers.of_guardian(guardian),
        children=list(children.values()),
        may_see_health=sees_health,
    )


def _children_with_health(guardian: Guardian) -> set[UUID]:
    links = Guardianship.objects.filter(guardian=guardian, is_blocked=False, may_see_health=True)
    return set(links.values_list("participant_id", flat=True))


def _kept(request: HttpRequest, guardian: Guardian, form: SlipsForm, today: date, at: datetime) -> bool:
    if not form.is_valid():
        return False
    try:
        _keep(guardian, form.own(today.isoformat()), form.of_children(), actor=actor_of(request), at=at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("C’est enregistré. Merci."))
    return True


@operation
def _keep(
    guardian: Guardian,
    own: dict[str, Any],
    of_children: Sequence[tuple[Participant, dict[str, Any]]],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """All of it or nothing."""
    tax_numbers.say(guardian_id=guardian.pk, said=own, actor=actor, at=at)
    for child, said in of_children:
        tax_numbers.say_of_child(guardian_id=guardian.pk, participant_id=child.pk, said=said, actor=actor, at=at)
