"""One participant: the record, who is responsible, what staff correct, and what is said about health when asked for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.families.models import Participant
from tenant_apps.families.operations import rights
from tenant_apps.forms.models import FormVersion
from tenant_apps.office import acquaintance, answers, dossiers, health
from tenant_apps.office.family_forms import HealthReasonForm, IdentityForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES, FAMILIES_CHANGE, HEALTH, of_request
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Establishment

_KNOWS_HEALTH = tuple(role for role in FAMILIES if role in HEALTH)


@staff(*FAMILIES)
def participant(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    merged = get_object_or_404(Participant, pk=participant_id)
    if merged.merged_into_id:
        return redirect("office:participant", participant_id=merged.merged_into_id)
    found, scope = _found(request, participant_id), of_request(request)
    everyone, at, zone = dossiers.everyone_in(found), clock.now(), profile_of(request).zone
    return page(
        request,
        "office/participant.html",
        {
            "participant": found,
            "facts": [each for each in (found.answers.get("home_group"), found.answers.get("teacher")) if each],
            "links": dossiers.links_of(found),
            "records": dossiers.records_of(found, at=at, zone=zone),
            "consents": dossiers.consents_of(found, at=at, zone=zone),
            "registrations": dossiers.registrations_of(found, scope),
            "events": dossiers.trail_of(everyone),
            "reason_form": HealthReasonForm() if scope.sees_health and found.sealed else None,
        },
        section="families",
    )


@staff(*FAMILIES_CHANGE)
def participant_edit(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    found, scope = _found(request, participant_id), of_request(request)
    establishments = Establishment.objects.all()
    if scope.establishments is not None:
        establishments = establishments.filter(pk__in=scope.establishments)
    form = IdentityForm(posted(request), participant=found, establishments=establishments)
    if request.method == "POST" and form.is_valid():
        rights.correct_participant(
            participant_id=found.pk, columns=form.columns(), actor=actor_of(request), at=clock.now()
        )
        messages.success(request, _("Le dossier est enregistré."))
        return redirect("office:participant", participant_id=found.pk)
    return page(
        request,
        "office/participant_edit.html",
        {"participant": found, "form": form},
        section="families",
        status=422 if form.errors else 200,
    )


@staff(*_KNOWS_HEALTH)
@recently("health")
@require_http_methods(["GET", "HEAD", "POST"])
def participant_health(request: HttpRequest, participant_id: UUID) -> HttpResponse:
    """Shown once for a reason: the answers are in the response to the form, and in no page to come back to."""
    found = _found(request, participant_id)
    form = HealthReasonForm(posted(request))
    said = None
    if request.method == "POST" and form.is_valid():
        versions = FormVersion.objects.select_related("form").order_by("form__position", "form_id", "-number")
        reader = answers.Answers(profile_of(request), with_health=True)
        said = reader.about_health(versions.distinct("form__position", "form_id"), found)
        health.record_reading(
            request,
            subject="participant",
            subject_id=found.pk,
            participants=[found.pk],
            reason=form.cleaned_data["reason"],
        )
    response = page(
        request,
        "office/participant_health.html",
        {"participant": found, "form": form, "answers": said},
        section="families",
        status=422 if form.errors else 200,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(request: HttpRequest, participant_id: UUID) -> Participant:
    known = acquaintance.participants(of_request(request)).select_related("establishment", "level")
    return get_object_or_404(known, pk=participant_id)
