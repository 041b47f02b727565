"""Who is responsible for whom: rights and weeks, who is kept away, who is added, and the claims that wait."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.families import custody
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.families.operations import records, rights
from tenant_apps.office import acquaintance, custody_weeks, dossiers
from tenant_apps.office.family_forms import AdultForm, ReasonForm, RightsForm, periods_of
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES_CHANGE, of_request
from tenant_apps.organisation.context import profile_of
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import TAKING


@staff(*FAMILIES_CHANGE)
def link(request: HttpRequest, link_id: UUID) -> HttpResponse:
    found = _found(request, link_id)
    form, periods = RightsForm.of(posted(request), found), periods_of(posted(request), found)
    is_right = request.method == "POST" and form.is_valid() and periods.is_valid()
    if is_right and "preview" not in request.POST:
        rights.set_rights(
            link_id=found.pk,
            role=form.cleaned_data["role"],
            rights=form.rights(periods.periods()),
            actor=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("Les droits et la garde sont enregistrés."))
        return redirect("office:participant", participant_id=found.participant_id)
    typed = periods.periods() if is_right else custody.read(found.custody)
    return page(
        request,
        "office/link.html",
        {
            "link": found,
            "form": form,
            "periods": periods,
            "weeks": _weeks(request, found, typed),
        },
        section="families",
        status=422 if form.errors or periods.total_error_count() else 200,
    )


@staff(*FAMILIES_CHANGE)
def link_block(request: HttpRequest, link_id: UUID) -> HttpResponse:
    found = _found(request, link_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        rights.block(link_id=found.pk, reason=form.cleaned_data["reason"], actor=actor_of(request), at=clock.now())
        messages.success(request, _("L’accès est bloqué."))
        return redirect("office:participant", participant_id=found.participant_id)
    kept = Registration.objects.filter(
        participant=found.participant, basket__guardian=found.guardian, status__in=TAKING
    )
    return page(
        request,
        "office/link_block.html",
        {"link": found, "form": form, "kept": kept.count()},
        section="families",
        status=422 if form.errors else 200,
    )


@staff(*FAMILIES_CHANGE)
@require_POST
def link_unblock(request: HttpRequest, link_id: UUID) -> HttpResponse:
    found = _found(request, link_id)
    rights.unblock(link_id=found.pk, actor=actor_of(request), at=clock.now())
    messages.success(request, _("L’accès est rétabli."))
    return redirect("office:participant", participant_id=found.participant_id)


@staff(*FAMILIES_CHANGE)
def guardian_add(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    participant = get_object_or_404(acquaintance.participants(of_request(request)), pk=participant_id)
    form = AdultForm(posted(request))
    rights_form = RightsForm(posted(request), initial={"may_enrol": True, "may_see_health": True, "may_pay": True})
    is_right = request.method == "POST" and form.is_valid() and rights_form.is_valid()
    if is_right and _added(request, participant, form, rights_form):
        return redirect("office:participant", participant_id=participant.pk)
    return page(
        request,
        "office/guardian_add.html",
        {"participant": participant, "form": form, "rights_form": rights_form},
        section="families",
        status=422 if form.errors or rights_form.errors else 200,
    )


def _added(request: HttpRequest, participant: Participant, form: AdultForm, rights_form: RightsForm) -> bool:
    said, actor, at = form.cleaned_data, actor_of(request), clock.now()
    names = ("email", "first_name", "last_name", "phone")
    try:
        made = rights.add_guardian(
            participant_id=participant.pk,
            person=rights.Person(**{name: said[name] for name in names}),
            role=rights_form.cleaned_data["role"],
            rights=rights_form.rights([]),
            actor=actor,
            at=at,
        )
    except Refusal as refusal:
        form.add_error("email", str(refusal))
        return False
    if said["invite"]:
        records.invite_to_sign_up(guardian_id=made.guardian_id, actor=actor, at=at)
    messages.success(request, _("Le parent est rattaché."))
    return True


def _found(request: HttpRequest, link_id: UUID) -> Guardianship:
    known = acquaintance.links(of_request(request)).select_related("guardian", "participant")
    return get_object_or_404(known, pk=link_id)


def _weeks(request: HttpRequest, link: Guardianship, typed: list[custody.Period]) -> list[custody_weeks.Week]:
    """As they would be: the typed weeks of this adult beside what was settled with the others."""
    links = [each for each in dossiers.links_of(link.participant) if not each.is_blocked]
    claims = [(str(each.guardian), typed if each.pk == link.pk else custody.read(each.custody)) for each in links]
    if not any(periods for _name, periods in claims):
        return []
    return custody_weeks.upcoming(claims, today=clock.today(profile_of(request).zone))
